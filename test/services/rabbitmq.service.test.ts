import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { crashes } from './support/crashes.js';
import { downAtStart, downInTheMiddle, slowServer, troubleAt } from './support/faults.js';
import { NetworkProxy } from './support/proxy.js';
import { createQueue, depth, drainQueue, onChannel, send } from './support/rabbitmq.js';
import { full, type Row, readLines, writeRecords } from './support/records.js';
import { roundTrip } from './support/round-trip.js';
import { Child, type End, flow, Live, until, writeGraph } from './support/run.js';
import { useServer } from './support/server.js';

const server = useServer('rabbitmq');

let queues = 0;
async function newQueue(type: 'quorum' | 'classic' = 'quorum'): Promise<string> {
  const name = `q${++queues}-${Date.now()}`;
  await createQueue(server.url, name, type);
  return name;
}
const from = (queue: string, more: object = {}): End => ({
  operator: 'rabbitmq.read',
  config: { connection: server.url, queue, ...more },
});
const to = (queue: string, more: object = {}): End => ({
  operator: 'rabbitmq.write',
  config: { connection: server.url, queue, ...more },
});
const files = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});
const out: End = { operator: 'files.write', config: { path: 'out.ndjson' } };

async function feed(queue: string, count: number, rate: number): Promise<void> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count);
  const child = new Child(writeGraph(folder, flow(files(rate), to(queue))), join(folder, 'data'));
  onTestFinished(async () => {
    if (!child.result) await child.kill();
  });
}

describe('RabbitMQ', () => {
  it.each(['quorum', 'classic'] as const)('gives back what was written to a %s queue', async (type) => {
    const queue = await newQueue(type);
    await roundTrip({ sink: to(queue), source: from(queue, { messageIds: 'required' }) });
    expect(await depth(server.url, queue)).toBe(0);
  });

  it.each(['quorum', 'classic'] as const)(
    'counts each message of a %s queue once over five kills and a bounce',
    async (type) => {
      const queue = await newQueue(type);
      const count = full ? 90_000 : 45_000;
      // The sender sees the bounce too and sends again what was not confirmed, with the same id.
      await feed(queue, count, 1500);
      const folder = ownFolder();
      const seen = () => readLines(join(folder, 'out.ndjson'));
      const result = await crashes({
        graph: writeGraph(folder, flow(from(queue, { messageIds: 'required' }), out)),
        dataDir: join(folder, 'data'),
        count,
        server: server.instance,
        progress: () => seen().length,
        read: seen,
      });
      expect(result).toMatchObject({ live: 5, lost: [], duplicates: [], changed: [], strange: [] });
      expect(await depth(server.url, queue)).toBe(0);
    },
  );

  it('gives a message that is sent again the same id', async () => {
    const queue = await newQueue();
    const count = 36_000;
    const folder = ownFolder();
    await writeRecords(join(folder, 'in.ndjson'), count);
    const result = await crashes({
      graph: writeGraph(folder, flow(files(1500), to(queue))),
      dataDir: join(folder, 'data'),
      count,
      server: server.instance,
      progress: async () => Math.min(await depth(server.url, queue), count - 1),
      read: async () =>
        (await drainQueue(server.url, queue)).map(({ id, text }) => ({ ...(JSON.parse(text) as Row), delivery: id })),
      tidy: ({ delivery: _, ...row }) => row as Row,
      deliveryId: (row) => String(row.delivery ?? ''),
    });
    expect(result).toMatchObject({ live: 5, lost: [], changed: [], strange: [], unlike: [] });
  });

  describe('says at the node what is wrong, and goes on once it is put right', () => {
    it('a wrong password', async () => {
      const queue = await newQueue();
      const connection = server.url.replace(/:[^:@/]+@/, ':not-it@');
      for (const [node, graph] of [
        ['in', flow(from(queue, { connection }), out)],
        ['out', flow(files(), to(queue, { connection }))],
      ] as const) {
        const folder = ownFolder();
        await writeRecords(join(folder, 'in.ndjson'), 10);
        expect(await troubleAt({ folder, graph, node }, 'not-it')).toMatchObject({
          code: 'RABBITMQ_LOGIN',
          failed: false,
        });
      }
    });

    it('a queue that is not there', async () => {
      const queue = `later-${Date.now()}`;
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 100);
      const sending = await Live.start(folder, flow(files(), to(queue)));
      expect(await sending.trouble('out')).toMatchObject({ code: 'RABBITMQ_UNKNOWN', failed: false });
      const reader = ownFolder();
      const reading = await Live.start(reader, flow(from(queue), out));
      expect(await reading.trouble('in')).toMatchObject({ code: 'RABBITMQ_UNKNOWN', failed: false });
      await createQueue(server.url, queue);
      await sending.finished();
      await until('the records', () => readLines(join(reader, 'out.ndjson')).length === 100);
      expect(sending.handle.report().restarts + reading.handle.report().restarts).toBe(0);
    });

    it('a routing key that no queue takes, and nothing is thrown away', async () => {
      const exchange = `e-${Date.now()}`;
      await onChannel(server.url, (channel) => channel.assertExchange(exchange, 'topic'));
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 50);
      const config = { connection: server.url, exchange, routingKey: 'orders.paid' };
      const live = await Live.start(folder, flow(files(), { operator: 'rabbitmq.write', config }));
      expect(await live.trouble('out')).toMatchObject({ code: 'RABBITMQ_NO_ROUTE', failed: false });
      const queue = await newQueue();
      await onChannel(server.url, (channel) => channel.bindQueue(queue, exchange, 'orders.#'));
      await live.finished();
      expect(await drainQueue(server.url, queue)).toHaveLength(50);
    });

    it('a server that is down at the start', async () => {
      // RabbitMQ 3.10 loses a quorum queue that was made just before its process is killed: it stays without a leader.
      const queue = await newQueue('classic');
      const reader = ownFolder();
      const folder = ownFolder();
      await writeRecords(join(folder, 'in.ndjson'), 500);
      await downAtStart(
        { folder, graph: flow(files(), to(queue)), node: 'out' },
        server.instance,
        async () => (await depth(server.url, queue)) === 500,
      );
      await downAtStart(
        { folder: reader, graph: flow(from(queue), out), node: 'in' },
        server.instance,
        () => readLines(join(reader, 'out.ndjson')).length === 500,
      );
    });

    it('a server that goes down in the middle', async () => {
      const queue = await newQueue();
      const folder = ownFolder();
      const count = 12_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      await downInTheMiddle({ folder, graph: flow(files(1500), to(queue)), node: 'out' }, server.instance, {
        moving: async () => (await depth(server.url, queue)) > 500,
        arrived: async () => (await depth(server.url, queue)) >= count,
      });
      const ids = (await drainQueue(server.url, queue)).map(({ text }) => (JSON.parse(text) as Row).id);
      expect(new Set(ids).size).toBe(count);
    });

    it('a network that stalls for a while', async () => {
      const queue = await newQueue();
      const proxy = await NetworkProxy.before(server.url);
      const folder = ownFolder();
      const count = full ? 300_000 : 150_000;
      await writeRecords(join(folder, 'in.ndjson'), count);
      const connection = proxy.through(server.url);
      await slowServer(
        { folder, graph: flow(files(40_000), to(queue, { connection })), node: 'out' },
        { begin: () => proxy.stall(), end: () => proxy.heal() },
        {
          moving: async () => (await depth(server.url, queue)) > 500,
          arrived: async () => (await depth(server.url, queue)) >= count,
        },
      );
    });
  });

  it('makes dead letters of messages that cannot be read, empties the queue and tells repeats by their id', async () => {
    const queue = await newQueue();
    await send(server.url, queue, [
      { text: '{"n":1}', id: 'm1', timestamp: 1_700_000_000 },
      { text: '{"n":1}', id: 'm1' },
      { text: '{"n":', id: 'm2' },
      { text: Buffer.from([0xff, 0xfe, 0x00]), id: 'm3' },
      { text: '{"n":4}' },
    ]);
    const folder = ownFolder();
    const live = await Live.start(folder, flow(from(queue, { messageIds: 'required', propertiesAs: 'amqp' }), out));
    await until('the letters', () => live.handle.deadLetters().length === 3);
    await until('the queue to be empty', async () => (await depth(server.url, queue)) === 0);
    expect(readLines(join(folder, 'out.ndjson'))).toEqual([
      {
        n: 1,
        amqp: {
          exchange: '',
          routingKey: queue,
          messageId: 'm1',
          type: null,
          timestamp: 1_700_000_000_000,
          headers: {},
        },
      },
    ]);
    expect(live.handle.deadLetters().map(({ code }) => code)).toEqual([
      'JSON_INVALID',
      'RABBITMQ_NOT_UTF8',
      'RABBITMQ_NO_ID',
    ]);
  });
});
