import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Fleet } from '../chaos/fleet.mjs';
import { ownFolder } from '../support/folder.js';
import { redisMissing, startRedis } from '../support/redis.js';
import { root } from '../support/shared.js';

const missing = redisMissing();
const KEY = 'a key of the tests that is long enough';

/** A command that runs on the workers of a fleet, and knows a connection that they do not know. */
async function start(workerKey: string) {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const fleet = new Fleet({ url: redis.url, instance: 'secrets', env: { SECRET_KEY: workerKey } });
  onTestFinished(() => fleet.stop());
  await fleet.add(1);
  const folder = ownFolder();
  writeFileSync(join(folder, 'orders.ndjson'), Array.from({ length: 100 }, (_, n) => `{"orderId":"A${n}"}\n`).join(''));
  const graph = {
    schema: 1,
    name: 'Orders into a stream',
    nodes: [
      { id: 'orders', operator: 'files.read', config: { path: 'orders.ndjson', rate: 50 } },
      { id: 'out', operator: 'redis.write-stream', config: { connection: 'shop-redis', stream: 'orders-out' } },
    ],
    edges: [{ id: 'e1', source: 'orders', target: 'out' }],
  };
  writeFileSync(join(folder, 'graph.json'), JSON.stringify(graph));
  const child = spawn(
    process.execPath,
    [join(root, 'bin/millrace.mjs'), 'run', join(folder, 'graph.json'), '--backend', 'bull'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        REDIS_URL: redis.url,
        MILLRACE_INSTANCE: 'secrets',
        SECRET_KEY: KEY,
        MILLRACE_CONNECTION_SHOP_REDIS: redis.url,
      },
    },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  return { redis, client, ended, said: () => stderr };
}

describe('secrets of a run on workers', () => {
  beforeEach((test) => {
    if (missing === undefined) return;
    process.stdout.write(`skipped: ${test.task.name}: ${missing}\n`);
    test.skip(missing);
  });

  it('reach the tasks, and nobody can read them in Redis', async () => {
    const { redis, client, ended } = await start(KEY);
    const sealed = await expect
      .poll(async () => (await client.keys('*:env'))[0], { timeout: 60_000 })
      .toBeDefined()
      .then(async () => client.getBuffer((await client.keys('*:env'))[0]!));
    expect(sealed?.length).toBeGreaterThan(28);
    expect(sealed?.includes(redis.url)).toBe(false);
    expect(await ended).toBe(0);
    expect(await client.xlen('orders-out')).toBe(100);
    expect(await client.keys('*:env')).toEqual([]);
  }, 120_000);

  it('stay closed to a worker with another key, and the run says so', async () => {
    const { client, said } = await start('another key of the tests, long enough');
    // Which of the two comes first depends on who supervises: a lease signed with the other key, or secrets sealed with it.
    await expect.poll(said, { timeout: 60_000 }).toMatch(/JOB_REFUSED|SECRET_KEY_WRONG/);
    expect(await client.exists('orders-out')).toBe(0);
  }, 120_000);
});
