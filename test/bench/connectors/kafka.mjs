import { once } from 'node:events';
import { Admin, Consumer, Producer, stringSerializers } from '@platformatic/kafka';
import { less, stopwatch } from '../connectors.mjs';

export const service = 'kafka';

let topics = 0;

/** Against the producer and consumer of @platformatic/kafka: idempotent, all acknowledged; read committed, in its own group. */
export async function cases(url, bench) {
  const base = { clientId: 'bench', bootstrapBrokers: [new URL(url).host] };
  const admin = new Admin(base);
  const newTopic = async () => {
    const topic = `bench-${Date.now()}-${++topics}`;
    await admin.createTopics({ topics: [topic], partitions: 3, replicas: 1 });
    return topic;
  };
  const fromFile = (path) => ({ operator: 'files.read', config: { path } });
  const to = (topic, more) => ({ operator: 'kafka.write', config: { connection: url, topic, key: 'id', ...more } });
  const filled = await newTopic();
  const empty = await newTopic();
  await bench.graph(fromFile(bench.file), to(filled));
  await bench.graph(fromFile(bench.one), to(empty));

  const send = async (options) => {
    const producer = new Producer({ ...base, idempotent: true, serializers: stringSerializers, ...options });
    const topic = await newTopic();
    await producer.metadata({ topics: [topic] });
    try {
      return await bench.sendLines((lines) =>
        producer.send({ messages: lines.map((value) => ({ topic, key: JSON.parse(value).id, value })), acks: -1 }),
      );
    } finally {
      await producer.close();
    }
  };
  const read = async () => {
    const consumer = new Consumer({ ...base, groupId: `bench-${Math.random()}` });
    const out = bench.openResult();
    const stream = await consumer.consume({ topics: [filled], mode: 'earliest', isolationLevel: 1, autocommit: false });
    let since;
    let left = bench.count;
    for await (const message of stream) {
      since ??= stopwatch();
      if (!out.write(`${JSON.stringify(JSON.parse(message.value.toString('utf8')))}\n`)) await once(out, 'drain');
      if (--left === 0) break;
    }
    const used = since();
    out.end();
    await consumer.close(true);
    return used;
  };
  const sink = async (more) =>
    less(
      await bench.graph(fromFile(bench.file), to(await newTopic(), more)),
      await bench.graph(fromFile(bench.one), to(await newTopic(), more)),
    );
  const source = async () => {
    const into = () => ({ operator: 'files.write', config: { path: `ours-${++topics}.ndjson` } });
    const from = (topic) => ({ operator: 'kafka.read', config: { connection: url, topic, until: 'end' } });
    return less(await bench.graph(from(filled), into()), await bench.graph(from(empty), into()));
  };
  return [
    { name: 'sink, exactly once', ours: () => sink({}), bare: send },
    { name: 'sink, at least once', ours: () => sink({ delivery: 'at-least-once' }), bare: send },
    { name: 'source', ours: source, bare: read },
  ];
}
