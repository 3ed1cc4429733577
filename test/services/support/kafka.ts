import { setTimeout as pause } from 'node:timers/promises';
import { Admin, Consumer, Producer, stringSerializers } from '@platformatic/kafka';

/** What lies in a topic, as any other client sees it. */
export interface Message {
  partition: number;
  offset: bigint;
  key: string | null;
  value: string | null;
  headers: { [name: string]: string };
  timestamp: number;
}

const base = (url: string) => ({
  clientId: 'test',
  bootstrapBrokers: [new URL(url).host],
  retries: 5,
  timeout: 10_000,
});
const text = (bytes: Buffer | null | undefined) => (bytes ? bytes.toString('utf8') : null);

export async function createTopic(url: string, topic: string, partitions = 2, config: { [name: string]: string } = {}) {
  const admin = new Admin(base(url));
  try {
    const configs = Object.entries(config).map(([name, value]) => ({ name, value }));
    await admin.createTopics({ topics: [topic], partitions, replicas: 1, configs });
  } finally {
    await admin.close();
  }
}

export async function addPartitions(url: string, topic: string, count: number) {
  const admin = new Admin(base(url));
  try {
    await admin.createPartitions({ topics: [{ name: topic, count, assignments: null }] });
  } finally {
    await admin.close();
  }
}

/** Sends messages with the client library's producer. */
export async function produce(
  url: string,
  topic: string,
  messages: {
    key?: string;
    value: string | null;
    partition?: number;
    headers?: { [name: string]: string };
    timestamp?: number;
  }[],
) {
  const producer = new Producer({
    ...base(url),
    serializers: { ...stringSerializers, value: (v?: string | null) => (v == null ? (null as never) : Buffer.from(v)) },
  });
  try {
    for (let from = 0; from < messages.length; from += 500) {
      await producer.send({
        messages: messages.slice(from, from + 500).map(({ timestamp, ...message }) => ({
          topic,
          ...message,
          ...(timestamp !== undefined && { timestamp: BigInt(timestamp) }),
        })) as never,
        acks: -1,
      });
    }
  } finally {
    await producer.close();
  }
}

/** Bits of a batch's attributes. */
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

interface Batch {
  attributes: number;
  firstOffset: bigint;
  lastOffsetDelta: number;
  firstTimestamp: bigint;
  producerId: bigint;
  records: {
    offsetDelta: number;
    timestampDelta: bigint;
    key: Buffer | null;
    value: Buffer | null;
    headers: readonly (readonly [Buffer, Buffer])[] | ReadonlyMap<Buffer, Buffer>;
  }[];
}

/**
 * Everything that readers of committed records see, in the order of each partition. Which transactions were taken back is told from
 * their markers: the client library's own consumer knows of one such transaction per producer and answer, and so passes on records of
 * the others, or drops committed ones.
 */
export async function readCommitted(url: string, topic: string): Promise<Message[]> {
  const consumer = new Consumer({ ...base(url), groupId: `test-${Math.random()}` });
  try {
    const metadata = await consumer.metadata({ topics: [topic] });
    const { id, partitions } = metadata.topics.get(topic)!;
    const found: Message[] = [];
    for (const [partition, { leader }] of Object.entries(partitions)) {
      found.push(...(await readPartition(consumer, leader, id, Number(partition))));
    }
    return found;
  } finally {
    await consumer.close(true);
  }
}

async function readPartition(consumer: Consumer, node: number, topicId: string, partition: number) {
  const seen: Message[] = [];
  /** What the open transaction of a producer holds. */
  const open = new Map<bigint, Message[]>();
  const from = { partition, partitionMaxBytes: 4 * 1024 * 1024, currentLeaderEpoch: -1, lastFetchedEpoch: -1 };
  for (let offset = 0n; ; ) {
    const answer = await consumer.fetch({
      node,
      isolationLevel: 0,
      maxWaitTime: 200,
      minBytes: 1,
      maxBytes: 8 * 1024 * 1024,
      topics: [{ topicId, partitions: [{ ...from, fetchOffset: offset }] }],
    } as never);
    const part = answer.responses[0]?.partitions[0] as { records?: Batch[]; highWatermark: bigint } | undefined;
    for (const batch of part?.records ?? []) {
      offset = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
      if (batch.attributes & CONTROL) {
        const committed = batch.records[0]?.key?.readInt16BE(2) === 1;
        if (committed) seen.push(...(open.get(batch.producerId) ?? []));
        open.delete(batch.producerId);
        continue;
      }
      const messages = messagesOf(batch, partition);
      if (!(batch.attributes & TRANSACTIONAL)) seen.push(...messages);
      else open.set(batch.producerId, [...(open.get(batch.producerId) ?? []), ...messages]);
    }
    if (part === undefined || offset >= part.highWatermark) break;
  }
  return seen.sort((a, b) => (a.offset < b.offset ? -1 : 1));
}

function messagesOf({ firstOffset, firstTimestamp, records }: Batch, partition: number): Message[] {
  return records.map(({ offsetDelta, timestampDelta, key, value, headers }) => ({
    partition,
    offset: firstOffset + BigInt(offsetDelta),
    key: text(key),
    value: text(value),
    headers: Object.fromEntries([...headers].map(([name, content]) => [text(name), text(content)])),
    timestamp: Number(firstTimestamp + BigInt(timestampDelta)),
  }));
}

/** Counts what readers of committed records see of a topic, as it comes; comes back when the broker does. */
export class Watcher {
  readonly #seen = new Set<string>();
  #closed = false;
  readonly #done: Promise<void>;

  constructor(
    private readonly url: string,
    private readonly topic: string,
  ) {
    this.#done = this.#watch();
  }

  get count(): number {
    return this.#seen.size;
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      const consumer = new Consumer({ ...base(this.url), groupId: `watch-${Math.random()}` });
      try {
        const stream = await consumer.consume({
          topics: [this.topic],
          mode: 'earliest',
          autocommit: false,
          isolationLevel: 1,
          maxWaitTime: 100,
        } as never);
        const broken = new Promise<void>((resolve) => {
          stream.once('error', () => resolve());
          stream.once('close', () => resolve());
        });
        stream.on('data', ({ partition, offset }) => this.#seen.add(`${partition}/${offset}`));
        while (
          !this.#closed &&
          (await Promise.race([broken.then(() => true), pause(100).then(() => false)])) === false
        );
        stream.destroy();
      } catch {
        await pause(200);
      } finally {
        await Promise.race([Promise.resolve(consumer.close(true)).catch(() => undefined), pause(1000)]);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#done;
  }
}
