import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { Fleet } from '../chaos/fleet.mjs';
import { redisMissing, startRedis } from '../support/redis.js';
import { publish, serverProcess } from '../support/server.mjs';

const missing = redisMissing();
const KEY = 'a key of the tests that is long enough';

const graph = {
  schema: 1,
  name: 'Orders per country',
  nodes: [
    { id: 'shop', operator: 'generator.shop', config: { seed: 7, rate: 200, kinds: ['orders'] } },
    {
      id: 'all',
      operator: 'core.running-aggregate',
      config: { groupBy: ['country'], aggregates: [{ fn: 'count', as: 'orders' }] },
    },
    { id: 'view', operator: 'view.table', config: { name: 'orders', key: ['country'] } },
  ],
  edges: [
    { id: 'e1', source: 'shop', sourceHandle: 'orders', target: 'all' },
    { id: 'e2', source: 'all', target: 'view' },
  ],
};

it('a run on workers goes on while the server is killed, and a new server takes it up', async (test) => {
  if (missing !== undefined) {
    process.stdout.write(`skipped: ${test.task.name}: ${missing}\n`);
    test.skip(missing);
  }
  const dir = mkdtempSync(join(tmpdir(), 'server-detached-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const fleet = new Fleet({ url: redis.url, instance: 'detached', env: { SECRET_KEY: KEY } });
  onTestFinished(() => fleet.stop());
  await fleet.add(2);
  const env = { TEST_REDIS_URL: redis.url, TEST_INSTANCE: 'detached', SECRET_KEY: KEY };
  let server = await serverProcess(join(dir, 'data'), env);
  onTestFinished(() => server.kill('SIGTERM'));
  const { run } = await publish(server, graph);
  const seen = async () => {
    const { body } = await server.call(`/api/views/orders`);
    return (body.rows ?? []).reduce((sum: number, row: { orders: number }) => sum + row.orders, 0);
  };
  await expect.poll(seen, { timeout: 60_000 }).toBeGreaterThan(50);

  await server.kill('SIGKILL');
  const client = new Redis(redis.url);
  onTestFinished(() => client.disconnect());
  const sequence = async () => {
    const [task] = (await client.keys(`{${run.id}}:*:task:*`)).sort();
    return Number(await client.hget(task!, 'sequence'));
  };
  const before = await sequence();
  await expect.poll(sequence, { timeout: 30_000 }).toBeGreaterThan(before + 5);
  // Now the one that supervises as well.
  await fleet.name();
  const supervisor = (await client.get('{detached}:supervisor'))?.split(':')[0];
  const dies = fleet.workers.find(({ id }) => id === supervisor) ?? fleet.workers[0]!;
  await dies.kill();
  const later = await sequence();
  await expect.poll(sequence, { timeout: 60_000 }).toBeGreaterThan(later + 5);

  server = await serverProcess(join(dir, 'data'), env);
  expect((await server.call(`/api/runs/${run.id}`)).body.status).toBe('running');
  const shown = await seen();
  expect(shown).toBeGreaterThan(50);
  await expect.poll(seen, { timeout: 30_000 }).toBeGreaterThan(shown);
  expect((await server.call(`/api/runs/${run.id}/finish`, { body: {} })).body.status).toBe('finished');
}, 240_000);
