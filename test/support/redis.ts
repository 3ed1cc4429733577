import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

/** A Redis server of a test's own, in a folder of its own. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again on its port, with its data. */
  start(): Promise<void>;
  /** Copies what is on the disk now. */
  remember(): void;
  /** After `kill`: puts the copy back, as if everything since had not reached the disk before a power cut. */
  forget(): void;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** Why no Redis can be started here; undefined when one can. With CI=true its absence is an error. */
export function redisMissing(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    if (process.env.CI === 'true') throw new Error('redis-server is needed: apt-get install redis-server');
    return 'there is no redis-server (apt-get install redis-server)';
  }
}

export async function startRedis(settings: readonly string[] = []): Promise<TestRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(
      'redis-server',
      [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
        ...['--appendonly', 'yes', '--appendfsync', 'everysec', ...settings],
      ],
      { stdio: 'ignore' },
    );
    const client = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    await client.ping();
    client.disconnect();
  };
  const kill = async () => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    start,
    remember() {
      rmSync(`${dir}.copy`, { recursive: true, force: true });
      cpSync(dir, `${dir}.copy`, { recursive: true });
    },
    forget() {
      rmSync(dir, { recursive: true, force: true });
      cpSync(`${dir}.copy`, dir, { recursive: true });
    },
    async stop() {
      await kill();
      for (const folder of [dir, `${dir}.copy`]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A free port whose cluster bus (port + 10000) is a port too. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => (port < 55_000 ? resolve(port) : freePort().then(resolve, reject)));
    });
  });
}
