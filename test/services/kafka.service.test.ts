import { join } from 'node:path';
import { write } from '@millrace/connector-kafka';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { addPartitions, createTopic, type Message, produce, readCommitted, Watcher } from './support/kafka.js';
import { full, type Row, readLines, record, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { Child, type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const server = useServer('kafka');

let topics = 0;
async function newTopic(partitions = 2, config: { [name: string]: string } = {}): Promise<string> {
  const name = `t${++topics}-${Date.now()}`;
  await createTopic(server.url, name, partitions, config);
  return name;
}
const rowsOf = (messages: readonly Message[]) => messages.map(({ value }) => JSON.parse(value!) as Row);
const from = (topic: string, more: object = {}): End => ({
  operator: 'kafka.read',
  config: { connection: server.url, topic, ...more },
});
const to = (topic: string, more: object = {}): End => ({
  operator: 'kafka.write',
  config: { connection: server.url, topic, key: 'id', ...more },
});
const files = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});
const out: End = { operator: 'files.write', config: { path: 'out.ndjson' } };

/** Sends records 0 … count − 1 to a topic at a pace, in a run of its own. */
async function feed(topic: string, count: number, rate: number): Promise<void> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count);
  const child = new Child(writeGraph(folder, flow(files(rate), to(topic))), join(folder, 'data'));
  onTestFinished(async () => {
    if (!child.result) await child.kill();
  });
}

async function watch(topic: string): Promise<Watcher> {
  const watcher = new Watcher(server.url, topic);
  onTestFinished(() => watcher.close());
  return watcher;
}

describe('Kafka', () => {
  it('gives back what was written, every kind of value', async () => {
    const topic = await newTopic(3);
    await roundTrip({ sink: to(topic), source: from(topic, { until: 'end' }) });
  });

  it('loses and doubles nothing from topic to topic over five kills and a bounce', async () => {
    const [source, target] = [await newTopic(2), await newTopic(2)];
    const count = full ? 90_000 : 60_000;
    await feed(source, count, 1500);
    const folder = ownFolder();
    const watcher = await watch(target);
    const result = await crashes({
      graph: writeGraph(folder, flow(from(source), to(target))),
      dataDir: join(folder, 'data'),
      count,
      server: server.instance,
      progress: () => watcher.count,
      read: async () => rowsOf(await readCommitted(server.url, target)),
    });
    expect(result).toMatchObject({ live: 5, lost: [], duplicates: [], changed: [], strange: [] });
  });

  it('gives a record that is sent again the same id, where transactions are not wanted', async () => {
    const target = await newTopic(2);
    const count = 45_000;
    const folder = ownFolder();
    await writeRecords(join(folder, 'in.ndjson'), count);
    const watcher = await watch(target);
    const result = await crashes({
      graph: writeGraph(folder, flow(files(1500), to(target, { delivery: 'at-least-once' }))),
      dataDir: join(folder, 'data'),
      count,
      server: server.instance,
      progress: () => Math.min(watcher.count, count - 1),
      read: async () =>
        (await readCommitted(server.url, target)).map(({ value, headers }) => ({
          ...(JSON.parse(value!) as Row),
          delivery: headers['millrace-id'],
        })),
      tidy: ({ delivery: _, ...row }) => row as Row,
      deliveryId: (row) => String(row.delivery ?? ''),
    });
    expect(result).toMatchObject({ live: 5, lost: [], changed: [], strange: [], unlike: [] });
  });

  describe('says at the node what is wrong, and goes on once it is put right', () => {
    it('a wrong password', async () => {
      const topic = await newTopic();
      const connection = server.env.KAFKA_SASL_URL!.replace(/:[^:@/]+@/, ':not-it@');
      for (const [node, graph] of [
        ['in', flow(from(topic, { connection }), out)],
        ['out', flow(files(), to(topic, { connection }))],
      ] as const) {
        const folder = ownFolder();
        await writeRecords(join(folder, 'in.ndjson'), 10);
        expect(await troubleAt({ folder, graph, node }, 'not-it')).toMatchObject({
          code: 'KAFKA_LOGIN',
          failed: false,
        });
      }
    });

    it('the right password, to be sure', async () => {
      const topic = await newTopic();
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 100);
      const live = await Live.start(folder, flow(files(), to(topic, { connection: server.env.KAFKA_SASL_URL })));
      await live.finished();
      expect(await readCommitted(server.url, topic)).toHaveLength(100);
    });

    it('a topic that is not there', async () => {
      const topic = `later-${Date.now()}`;
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 100);
      const live = await Live.start(folder, flow(files(), to(topic)));
      expect(await live.trouble('out')).toMatchObject({ code: 'KAFKA_TOPIC_UNKNOWN', failed: false });
      const reader = ownFolder();
      const reading = await Live.start(reader, flow(from(topic), out));
      expect(await reading.trouble('in')).toMatchObject({ code: 'KAFKA_TOPIC_UNKNOWN', failed: false });
      await createTopic(server.url, topic);
      await live.finished();
      await until('the records', () => readLines(join(reader, 'out.ndjson')).length === 100);
      expect(live.handle.report().restarts).toBe(0);
      expect(reading.handle.report().restarts).toBe(0);
    });

    it('a broker that is down at the start', async () => {
      const topic = await newTopic();
      await feedWhole(topic, 500);
      const reader = ownFolder();
      await downAtStart(
        { folder: reader, graph: flow(from(topic), out), node: 'in' },
        server.instance,
        () => readLines(join(reader, 'out.ndjson')).length === 500,
      );
      const target = await newTopic();
      const watcher = await watch(target);
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 500);
      await downAtStart(
        { folder, graph: flow(files(), to(target)), node: 'out' },
        server.instance,
        () => watcher.count === 500,
      );
    });

    it('a broker that goes down in the middle', async () => {
      const target = await newTopic();
      const watcher = await watch(target);
      const folder = ownFolder();
      const count = 12_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      await downInTheMiddle({ folder, graph: flow(files(1500), to(target)), node: 'out' }, server.instance, {
        moving: () => watcher.count > 500,
        arrived: () => watcher.count >= count,
      });
      expect(rowsOf(await readCommitted(server.url, target))).toHaveLength(count);
    });

    it('a broker that does not answer for a while', async () => {
      const target = await newTopic();
      const watcher = await watch(target);
      const folder = ownFolder();
      const count = full ? 400_000 : 200_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      await slowServer(
        { folder, graph: flow(files(60_000), to(target)), node: 'out' },
        { begin: () => server.instance.freeze(), end: () => server.instance.thaw() },
        { moving: () => watcher.count > 500, arrived: () => watcher.count >= count, ms: 8000 },
      );
    });
  });

  it('makes dead letters of messages that cannot be read, with place and reason, and reads on', async () => {
    const topic = await newTopic(1);
    await produce(server.url, topic, [
      { key: 'a', value: '{"n":1}', headers: { shop: 'de' }, timestamp: 1_700_000_000_000 },
      { key: 'b', value: '{"n":' },
      { key: 'c', value: null },
      { value: '{"n":9007199254740993}' },
    ]);
    const folder = ownFolder();
    const added = { keyAs: 'key', headersAs: 'headers', placeAs: 'place', deletedAs: 'deleted' };
    const live = await Live.start(folder, flow(from(topic, added), out));
    await until('three records', () => readLines(join(folder, 'out.ndjson')).length === 3);
    await until('the letter', () => live.handle.deadLetters().length === 1);
    const [first, second, third] = readLines(join(folder, 'out.ndjson'));
    const place = { topic, offset: 0, timestamp: 1_700_000_000_000 };
    expect(first).toEqual({ n: 1, key: 'a', headers: { shop: 'de' }, place });
    expect(second).toMatchObject({ key: 'c', deleted: true });
    expect(third).toMatchObject({ n: '9007199254740993', key: null });
    expect(live.handle.deadLetters()).toMatchObject([
      {
        node: 'in',
        code: 'JSON_INVALID',
        message: expect.stringContaining(`Offset 1 of topic "${topic}"`),
        value: '{"n":',
      },
    ]);
  });

  it('sends keys, deletions, event times and ids as other clients expect them, and refuses alone what is too large', async () => {
    const topic = await newTopic(1, { 'max.message.bytes': '20000' });
    const sink = runOperator(write, { connection: server.url, topic, key: 'id', delivery: 'at-least-once' });
    await sink.settled();
    await sink
      .feedAll([
        { value: { id: 'a', n: 1 }, time: 1_700_000_000_000, op: 'upsert' },
        { value: { id: 'b', text: 'x'.repeat(30_000) }, time: 5, op: 'upsert' },
        { value: { id: 'a', n: 1 }, time: 7, op: 'delete' },
        { value: { n: 3 }, time: 8, op: 'upsert' },
      ])
      .settled();
    await sink.close().settled();
    expect(await readCommitted(server.url, topic)).toMatchObject([
      {
        key: 'a',
        value: '{"id":"a","n":1}',
        timestamp: 1_700_000_000_000,
        headers: { 'millrace-id': 'test:node:0:0' },
      },
      { key: 'a', value: null, timestamp: 7 },
    ]);
    expect(sink.dead.map(({ error }) => error.code).sort()).toEqual(['KAFKA_KEY_MISSING', 'KAFKA_REFUSED']);
  });

  it('finds partitions that are added while it reads', async () => {
    const topic = await newTopic(1);
    const folder = ownFolder();
    const live = await Live.start(folder, flow(from(topic, { start: 'latest' }), out));
    let n = 0;
    const seen = () => readLines(join(folder, 'out.ndjson')).map(({ id }) => id);
    await until('the first record', async () => {
      await produce(server.url, topic, [{ value: JSON.stringify({ id: `old ${n++}` }), partition: 0 }]);
      return seen().length > 0;
    });
    await addPartitions(server.url, topic, 2);
    await until('the new partition to take records', async () => {
      try {
        await produce(server.url, topic, [{ value: '{"id":"new"}', partition: 1 }]);
        return true;
      } catch {
        return false;
      }
    });
    await until(
      'the record of the new partition',
      async () => {
        await produce(server.url, topic, [{ value: JSON.stringify({ id: `old ${n++}` }), partition: 0 }]);
        return seen().includes('new');
      },
      90_000,
    );
    expect(live.handle.report().error).toBeUndefined();
  }, 120_000);
});

/** Puts records 0 … count − 1 into a topic. */
async function feedWhole(topic: string, count: number): Promise<void> {
  await produce(
    server.url,
    topic,
    Array.from({ length: count }, (_, n) => ({ key: record(n).id, value: JSON.stringify(record(n)) })),
  );
}
