import { randomUUID } from 'node:crypto';
import {
  checkRedis,
  connect,
  createRun,
  dropRun,
  hasEntries,
  migrateRun,
  type RedisClient,
  readDeadLetters,
  readRun,
} from '@millrace/bull';
import { readRows, runTasks } from '@millrace/bull/testing';
import { graphOf, testCatalogue } from '@millrace/engine/testing';
import { planGraph } from '@millrace/planner';
import { defineOperator, Type } from '@millrace/sdk';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { redisMissing, startRedis, type TestRedis } from '../support/redis.js';

const missing = redisMissing();
const skipped = missing ? ` (skipped: ${missing})` : '';

/** Makes records large. */
const grow = defineOperator({
  type: 'test.grow',
  version: 1,
  docs: { title: 'Grow', summary: 'Adds 20 kB.', category: 'shape' },
  config: Type.Object({}),
  inputs: { in: {} },
  outputs: { out: {} },
  examples: [{ title: 'none', config: {} }],
  create: () => ({
    onRecord: (record, _port, ctx) => ctx.emit('out', { ...record.value, text: 'x'.repeat(20_000) }),
  }),
});

async function own(settings: readonly string[]): Promise<{ server: TestRedis; redis: RedisClient }> {
  const server = await startRedis(settings);
  const redis = connect({ url: server.url }, 'control', 'test');
  onTestFinished(async () => {
    redis.disconnect();
    await server.stop();
  });
  return { server, redis };
}

const codes = async (settings: readonly string[]) =>
  (await checkRedis((await own(settings)).redis)).map(({ severity, code }) => `${severity} ${code}`);

describe.skipIf(missing !== undefined)(`the settings of a Redis server${skipped}`, () => {
  it('are fine when it keeps everything and flushes each write', async () => {
    expect(await codes(['--appendfsync', 'always', '--maxmemory', '100mb'])).toEqual([]);
  });

  it('are refused when it may throw data away', async () => {
    expect(await codes(['--maxmemory-policy', 'allkeys-lru', '--maxmemory', '100mb'])).toEqual([
      'refuse REDIS_EVICTS',
      'warn REDIS_EVERYSEC',
    ]);
  });

  it('are warned about when a restart loses everything, or memory has no end', async () => {
    expect(await codes(['--appendonly', 'no'])).toEqual(['warn REDIS_NO_LIMIT', 'warn REDIS_NO_AOF']);
  });
});

describe.skipIf(missing !== undefined)(`a Redis that fills up${skipped}`, () => {
  it('makes sources rest before it is full, drains by itself, and nothing is lost', { timeout: 120_000 }, async () => {
    const { server, redis } = await own(['--maxmemory', '128mb']);
    // 20 kB a record: 4,000 of them are 80 MB, more than the room that is left. Between two looks at the memory some 15 MB can be sent.
    const count = 4_000;
    const catalogue = testCatalogue([grow]);
    const plan = planGraph(
      graphOf(
        [
          { id: 'src', operator: 'test.list', config: { values: [], count, batch: 20 }, parallelism: 2 },
          { id: 'grow', operator: 'test.grow', parallelism: 2 },
          { id: 'sum', operator: 'test.sum', parallelism: 2 },
          { id: 'sink', operator: 'test.collect' },
        ],
        ['src>grow', 'grow>sum', 'sum>sink'],
      ),
      catalogue,
    );
    const run = `run-${randomUUID()}`;
    await createRun(redis, run, { graph: 'g', plan, workflow: 'w', startedAt: Date.now(), numbering: 'n' });
    const messages: string[] = [];
    let rested!: () => void;
    const resting = new Promise<void>((resolve) => {
      rested = resolve;
    });
    const blocked = new Redis(server.url);
    onTestFinished(() => blocked.disconnect());
    // Somebody else's data takes most of the room.
    const ballast = Array.from({ length: 80 }, (_, i) => `ballast ${i}`);
    for (const key of ballast) await blocked.set(key, 'y'.repeat(1024 * 1024));
    const { ends } = await runTasks({
      ...{ target: { url: server.url }, redis, run, catalogue, commitEvery: 5 },
      log: (_level, message) => {
        messages.push(message);
        if (message.includes('sources rest')) rested();
      },
    });
    await resting;
    const used = async () => Number(/used_memory:(\d+)/.exec(await blocked.info('memory'))![1]);
    expect(await used()).toBeLessThan(128 * 1024 * 1024);
    await blocked.del(...ballast);
    expect(new Set(await ends)).toEqual(new Set(['finished']));
    expect(messages.some((message) => message.includes('has room again'))).toBe(true);
    expect((await readRows(redis, run, 'sink')).length).toBe(count);
    expect(await hasEntries(redis, run)).toBe(false);
  });

  it('still takes commits when it is over its limit: what they consume is what empties it', {
    timeout: 60_000,
  }, async () => {
    const { server, redis } = await own(['--maxmemory', '100mb']);
    const plan = planGraph(
      graphOf(
        [
          { id: 'src', operator: 'test.list', config: { values: [], count: 2_000, pace: 3 }, parallelism: 2 },
          { id: 'sum', operator: 'test.sum', parallelism: 2 },
          { id: 'sink', operator: 'test.collect' },
        ],
        ['src>sum', 'sum>sink'],
      ),
      testCatalogue(),
    );
    const run = `run-${randomUUID()}`;
    await createRun(redis, run, { graph: 'g', plan, workflow: 'w', startedAt: Date.now(), numbering: 'n' });
    let resting = 0;
    const working = await runTasks({
      ...{ target: { url: server.url }, redis, run, catalogue: testCatalogue(), commitEvery: 1 },
      log: (_level, message) => {
        if (message.includes('sources rest')) resting++;
      },
    });
    await redis.config('SET', 'maxmemory', '1mb');
    await expect(redis.set('more', 'x'.repeat(1000))).rejects.toThrow(/OOM/);
    const until = async (reached: () => boolean | Promise<boolean>) => {
      for (const end = Date.now() + 20_000; !(await reached()) && Date.now() < end; )
        await new Promise((resolve) => setTimeout(resolve, 20));
    };
    // The source rests; what it had sent is worked off.
    await until(() => resting === 1);
    await until(async () => !(await hasEntries(redis, run)));
    expect([resting, await hasEntries(redis, run)]).toEqual([1, false]);
    expect((await readRows(redis, run, 'sink')).length).toBeLessThan(2_000);
    await redis.config('SET', 'maxmemory', '100mb');
    expect(new Set(await working.ends)).toEqual(new Set(['finished']));
    expect((await readRows(redis, run, 'sink')).length).toBe(2_000);
  });
});

describe.skipIf(missing !== undefined)(`a Redis Cluster${skipped}`, () => {
  const servers: TestRedis[] = [];

  beforeAll(async () => {
    for (let i = 0; i < 3; i++)
      servers.push(await startRedis(['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000']));
    // The slots in thirds, and every node told of the first.
    const nodes = servers.map(({ port }) => new Redis(port, '127.0.0.1'));
    for (const [i, node] of nodes.entries()) {
      const [from, to] = [Math.ceil((16_384 * i) / 3), Math.ceil((16_384 * (i + 1)) / 3) - 1];
      await node.call('CLUSTER', 'ADDSLOTSRANGE', from, to);
      if (i > 0) await node.call('CLUSTER', 'MEET', '127.0.0.1', servers[0]!.port);
    }
    for (const node of nodes) {
      while (!/cluster_state:ok[\s\S]*cluster_known_nodes:3/.test(String(await node.call('CLUSTER', 'INFO'))))
        await new Promise((resolve) => setTimeout(resolve, 50));
      node.disconnect();
    }
  }, 60_000);
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  it('runs, migrates and drops runs, each in the slot of its own, without a CROSSSLOT', {
    timeout: 60_000,
  }, async () => {
    const target = { url: servers.map(({ url }) => url).join(','), cluster: true };
    const redis = connect(target, 'control', 'test');
    onTestFinished(() => redis.disconnect());
    const plan = (parallelism: number) =>
      planGraph(
        graphOf(
          [
            { id: 'src', operator: 'test.list', config: { values: [], count: 1_000, pace: 2 } },
            { id: 'sum', operator: 'test.sum' },
            { id: 'fail', operator: 'test.fail', onError: 'dead-letter' },
            { id: 'sink', operator: 'test.collect' },
          ],
          ['src>sum', 'src>fail', 'sum>sink'],
        ),
        testCatalogue(),
        { parallelism },
      );
    const homes = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const run = `run-${randomUUID()}`;
      homes.add(String(await redis.cluster('KEYSLOT', `{${run}}`)));
      await createRun(redis, run, { graph: 'g', plan: plan(2), workflow: 'w', startedAt: Date.now(), numbering: 'n' });
      const first = await runTasks({ target, redis, run, catalogue: testCatalogue(), commitEvery: 5 });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await first.drain();
      await migrateRun(redis, run, plan(3), 'g');
      const second = await runTasks({ target, redis, run, catalogue: testCatalogue(), commitEvery: 5 });
      expect(new Set(await second.ends)).toEqual(new Set(['finished']));
      expect((await readRows(redis, run, 'sink')).length).toBe(1_000);
      expect(await readDeadLetters(redis, run)).toEqual([]);
      expect((await readRun(redis, run))!.layout).toBe(2);
      await dropRun(redis, run);
    }
    expect(homes.size).toBeGreaterThan(1);
    for (const { port } of servers) {
      const node = new Redis(port, '127.0.0.1');
      expect(await node.dbsize()).toBe(0);
      node.disconnect();
    }
  });
});
