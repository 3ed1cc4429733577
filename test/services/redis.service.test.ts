import { join } from 'node:path';
import { lookup, set } from '@millrace/connector-redis';
import { runOperator } from '@millrace/sdk/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { NetworkProxy } from './support/proxy.js';
import { full, type Row, readLines, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { Child, type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const server = useServer('redis');
let redis: Redis;
beforeAll(() => {
  redis = new Redis(server.url, { maxRetriesPerRequest: 1, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
});
afterAll(() => redis.disconnect());

let names = 0;
const newStream = () => `s${++names}-${Date.now()}`;
const from = (stream: string, more: object = {}): End => ({
  operator: 'redis.read-stream',
  config: { connection: server.url, stream, ...more },
});
const to = (stream: string, more: object = {}): End => ({
  operator: 'redis.write-stream',
  config: { connection: server.url, stream, ...more },
});
const files = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});
const out: End = { operator: 'files.write', config: { path: 'out.ndjson' } };
const length = async (stream: string) => Math.max(0, await redis.xlen(stream).catch(() => -1));

async function rows(stream: string): Promise<Row[]> {
  return (await redis.xrange(stream, '-', '+')).map(([, texts]) => JSON.parse(texts[1]!) as Row);
}

describe('Redis', () => {
  it('gives back what was written to a stream, every kind of value', async () => {
    const stream = newStream();
    await roundTrip({ sink: to(stream), source: from(stream, { until: 'end' }) });
  });

  it('loses and doubles nothing from stream to stream over five kills and a bounce', async () => {
    const [source, target] = [newStream(), newStream()];
    const count = full ? 60_000 : 36_000;
    const feeding = ownFolder();
    await writeRecords(join(feeding, 'in.ndjson'), count);
    const feeder = new Child(writeGraph(feeding, flow(files(1500), to(source))), join(feeding, 'data'));
    onTestFinished(async () => {
      if (!feeder.result) await feeder.kill();
    });
    const folder = ownFolder();
    const result = await crashes({
      graph: writeGraph(folder, flow(from(source), to(target))),
      dataDir: join(folder, 'data'),
      count,
      server: server.instance,
      progress: () => length(target),
      read: () => rows(target),
    });
    expect(result).toMatchObject({ live: 5, lost: [], duplicates: [], changed: [], strange: [] });
  });

  describe('says at the node what is wrong, and goes on once it is put right', () => {
    it('a wrong password', async () => {
      const connection = server.env.REDIS_AUTH_URL!.replace(/:[^:@/]+@/, ':not-it@');
      for (const [node, graph] of [
        ['in', flow(from(newStream(), { connection }), out)],
        ['out', flow(files(), to(newStream(), { connection }))],
      ] as const) {
        const folder = ownFolder();
        await writeRecords(join(folder, 'in.ndjson'), 10);
        expect(await troubleAt({ folder, graph, node }, 'not-it')).toMatchObject({
          code: 'REDIS_LOGIN',
          failed: false,
        });
      }
    });

    it('a key that holds something else', async () => {
      const stream = newStream();
      await redis.set(stream, 'a text');
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 10);
      const live = await Live.start(folder, flow(files(), to(stream)));
      expect(await live.trouble('out')).toMatchObject({ code: 'REDIS_WRONG_TYPE', failed: false });
      await redis.del(stream);
      await live.finished();
      expect(await length(stream)).toBe(10);
    });

    it('a server that is down at the start', async () => {
      const stream = newStream();
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 500);
      const sending = { folder, graph: flow(files(), to(stream)), node: 'out' as const };
      await downAtStart(sending, server.instance, async () => (await length(stream)) === 500);
      const reader = ownFolder();
      const reading = { folder: reader, graph: flow(from(stream), out), node: 'in' as const };
      await downAtStart(reading, server.instance, () => readLines(join(reader, 'out.ndjson')).length === 500);
    });

    it('a server that goes down in the middle', async () => {
      const stream = newStream();
      const folder = ownFolder();
      const count = 12_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      await downInTheMiddle({ folder, graph: flow(files(1500), to(stream)), node: 'out' }, server.instance, {
        moving: async () => (await length(stream)) > 500,
        arrived: async () => (await length(stream)) >= count,
      });
      expect(await length(stream)).toBe(count);
    });

    it('a network that stalls for a while', async () => {
      const stream = newStream();
      const proxy = await NetworkProxy.before(server.url);
      const folder = ownFolder();
      const count = full ? 300_000 : 150_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      await slowServer(
        { folder, graph: flow(files(40_000), to(stream, { connection: proxy.through(server.url) })), node: 'out' },
        { begin: () => proxy.stall(), end: () => proxy.heal() },
        {
          moving: async () => (await length(stream)) > 500,
          arrived: async () => (await length(stream)) >= count,
        },
      );
      expect(await length(stream)).toBe(count);
    });
  });

  it('makes dead letters of entries that cannot be read, with id and reason, and reads on', async () => {
    const stream = newStream();
    await redis.xadd(stream, '5-1', 'data', '{"n":1}');
    await redis.xadd(stream, '5-2', 'data', '{"n":');
    await redis.xadd(stream, '5-3', 'other', 'x');
    await redis.xadd(stream, '5-4', 'data', '{"n":9007199254740993}');
    const folder = ownFolder();
    const live = await Live.start(folder, flow(from(stream, { idAs: 'id' }), out));
    await until('the letters', () => live.handle.deadLetters().length === 2);
    await until('the records', () => readLines(join(folder, 'out.ndjson')).length === 2);
    expect(readLines(join(folder, 'out.ndjson'))).toEqual([
      { n: 1, id: '5-1' },
      { n: '9007199254740993', id: '5-4' },
    ]);
    expect(live.handle.deadLetters()).toMatchObject([
      { code: 'JSON_INVALID', message: expect.stringContaining('Entry 5-2') },
      { code: 'REDIS_NO_FIELD', message: expect.stringContaining('Entry 5-3') },
    ]);
  });

  it('keeps the latest of each key, and a delivery that comes again changes nothing', async () => {
    const config = { connection: server.url, key: 'sku', prefix: `stock-${Date.now()}:`, value: 'qty', ttl: '1 h' };
    const steps = [
      { value: { sku: 'A', qty: 3 }, op: 'upsert' as const },
      { value: { sku: 'B', qty: 'none' }, op: 'upsert' as const },
      { value: { sku: 'A', qty: 2 }, op: 'upsert' as const },
      { value: { sku: 'B', qty: 0 }, op: 'delete' as const },
      { value: { qty: 9 }, op: 'upsert' as const },
    ];
    const deliver = async () => {
      const sink = runOperator(set, config, { workflow: config.prefix });
      await sink.settled();
      await sink.feedAll(steps).settled();
      await sink.close().settled();
      return sink.dead.map(({ error }) => error.code);
    };
    expect(await deliver()).toEqual(['REDIS_KEY_MISSING']);
    expect(await redis.get(`${config.prefix}A`)).toBe('2');
    expect(await redis.exists(`${config.prefix}B`)).toBe(0);
    expect(await redis.pttl(`${config.prefix}A`)).toBeGreaterThan(3_500_000);
    // Somebody else has changed it; the same deliveries come again after a crash.
    await redis.set(`${config.prefix}A`, '77');
    expect(await deliver()).toEqual(['REDIS_KEY_MISSING']);
    expect(await redis.get(`${config.prefix}A`)).toBe('77');
  });

  it('adds what is kept under a key, asks once for each, and says what is missing', async () => {
    const prefix = `product-${Date.now()}:`;
    await redis.set(`${prefix}A`, '{"name":"Tea","price":4.5}');
    const config = { connection: server.url, key: 'sku', prefix, as: 'product' };
    const run = async (more: object, values: object[]) => {
      const node = runOperator(lookup, { ...config, ...more });
      await node.feedAll(values).settled();
      await node.close().settled();
      return { out: node.outputs().out, dead: node.dead.map(({ error }) => error.code) };
    };
    const lines = [{ sku: 'A', n: 1 }, { sku: 'X', n: 2 }, { sku: 'A', n: 3 }, { n: 4 }];
    const tea = { name: 'Tea', price: 4.5 };
    expect(await run({}, lines)).toEqual({
      out: [
        { sku: 'A', n: 1, product: tea },
        { sku: 'X', n: 2, product: null },
        { sku: 'A', n: 3, product: tea },
        { n: 4, product: null },
      ],
      dead: [],
    });
    expect(await run({ missing: 'fail' }, lines)).toMatchObject({ dead: ['LOOKUP_MISSING', 'LOOKUP_MISSING'] });
    await redis.hset(`${prefix}H`, { name: 'Mug', stock: '3' });
    expect((await run({ kind: 'hash' }, [{ sku: 'H' }])).out).toEqual([
      { sku: 'H', product: { name: 'Mug', stock: '3' } },
    ]);
  });
});
