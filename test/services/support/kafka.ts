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

/** Everything that readers of committed records see, with the client library's consumer. */
export async function readCommitted(url: string, topic: string, quiet = 1500): Promise<Message[]> {
  const consumer = new Consumer({
    ...base(url),
    groupId: `test-${Math.random()}`,
    isolationLevel: 'READ_COMMITTED' as never,
  });
  const found: Message[] = [];
  try {
    const stream = await consumer.consume({
      topics: [topic],
      mode: 'earliest',
      autocommit: false,
      isolationLevel: 1,
      maxWaitTime: 200,
    } as never);
    let last = Date.now();
    stream.on('data', (message) => {
      last = Date.now();
      found.push({
        partition: message.partition,
        offset: message.offset,
        key: text(message.key as Buffer),
        value: text(message.value as Buffer),
        headers: Object.fromEntries(
          [...message.headers].map(([name, value]) => [text(name as Buffer), text(value as Buffer)]),
        ),
        timestamp: Number(message.timestamp),
      });
    });
    const started = Date.now();
    while (Date.now() - last < quiet || (found.length === 0 && Date.now() - started < 5000)) await pause(50);
    await stream.close();
  } finally {
    await consumer.close(true);
  }
  return found;
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
