import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The command under test; MILLRACE_BIN names another build of it. */
const BIN = process.env.MILLRACE_BIN ?? fileURLToPath(new URL('../../../bin/millrace.mjs', import.meta.url));
const ADMIN = 'e2e-admin-token-0123456789-0123456789';

/** A real server in a process of its own, with an empty home and an empty data directory. */
export interface TestServer {
  url: string;
  admin: string;
  dir: string;
  /** What it printed since it was started. */
  printed(): string;
  api<R>(method: string, path: string, body?: unknown): Promise<R>;
  /** Ends the process (SIGTERM, or as given) and waits for it. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port and data. */
  start(): Promise<void>;
  dispose(): Promise<void>;
}

async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** @param args More words of `millrace start`. */
export async function startServer(args: readonly string[] = []): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let output = '';
  const server: TestServer = {
    url,
    admin: ADMIN,
    dir,
    printed: () => output,
    async api(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
      return text === '' ? (undefined as never) : JSON.parse(text);
    },
    async start() {
      output = '';
      const made = spawn(process.execPath, [BIN, 'start', ...args], {
        env: {
          PATH: process.env.PATH,
          HOME: join(dir, 'home'),
          MILLRACE_DATA: join(dir, 'data'),
          PORT: String(port),
          MILLRACE_ADMIN_TOKEN: ADMIN,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = made;
      for (const stream of [made.stdout, made.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          output += chunk.toString();
        });
      }
      for (let tries = 0; tries < 300; tries++) {
        if (made.exitCode !== null) throw new Error(`millrace start ended with ${made.exitCode}:\n${output}`);
        const answered = await fetch(`${url}/healthz`).then(
          (answer) => answer.ok,
          () => false,
        );
        if (answered) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`millrace start did not answer:\n${output}`);
    },
    async stop(signal = 'SIGTERM') {
      const ending = child;
      if (!ending || ending.exitCode !== null) return;
      const ended = new Promise((resolve) => ending.once('exit', resolve));
      ending.kill(signal);
      await ended;
      child = undefined;
    },
    async dispose() {
      await server.stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
  await server.start();
  return server;
}
