import { once } from 'node:events';
import { createRequire } from 'node:module';
import { less, stopwatch } from '../connectors.mjs';

const require = createRequire(new URL('../../../operators/connectors/rabbitmq/package.json', import.meta.url));
const { connect } = require('amqplib');

export const service = 'rabbitmq';

let names = 0;

/** Against amqplib: persistent messages with confirms into a quorum queue; prefetch 3,000, acknowledged by the thousand. */
export async function cases(url, bench) {
  const newQueue = async () => {
    const connection = await connect(url);
    const channel = await connection.createChannel();
    const queue = `bench-${Date.now()}-${++names}`;
    await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    await connection.close();
    return queue;
  };
  const fromFile = (path) => ({ operator: 'files.read', config: { path } });
  const to = (queue) => ({ operator: 'rabbitmq.write', config: { connection: url, queue } });
  const filled = async () => {
    const queue = await newQueue();
    await bench.graph(fromFile(bench.file), to(queue));
    return queue;
  };

  const send = async () => {
    const queue = await newQueue();
    const connection = await connect(url);
    const channel = await connection.createConfirmChannel();
    let n = 0;
    const seconds = await bench.sendLines(async (lines) => {
      for (const line of lines) {
        const options = { persistent: true, mandatory: true, messageId: `m${n++}` };
        if (!channel.publish('', queue, Buffer.from(JSON.stringify(JSON.parse(line))), options))
          await once(channel, 'drain');
      }
      await channel.waitForConfirms();
    });
    await connection.close();
    return seconds;
  };
  const read = async () => {
    const queue = await filled();
    const connection = await connect(url);
    const channel = await connection.createChannel();
    const out = bench.openResult();
    await channel.prefetch(3000);
    let left = bench.count;
    const since = stopwatch();
    await new Promise((resolve) => {
      channel.consume(queue, (message) => {
        out.write(`${JSON.stringify(JSON.parse(message.content.toString('utf8')))}\n`);
        left--;
        if (left % 1000 === 0) channel.ack(message, true);
        if (left === 0) resolve();
      });
    });
    const used = since();
    out.end();
    await connection.close();
    return used;
  };
  const sink = async () =>
    less(
      await bench.graph(fromFile(bench.file), to(await newQueue())),
      await bench.graph(fromFile(bench.one), to(await newQueue())),
    );
  const source = async () => {
    const taken = async (queue, count) => {
      const into = { operator: 'files.write', config: { path: `ours-${++names}.ndjson` } };
      const from = { operator: 'rabbitmq.read', config: { connection: url, queue, messageIds: 'required' } };
      return bench.graph(from, into, (handle) => (handle.report().nodes.out?.in ?? 0) >= count);
    };
    const one = await newQueue();
    await bench.graph(fromFile(bench.one), to(one));
    return less(await taken(await filled(), bench.count), await taken(one, 1));
  };
  return [
    { name: 'sink', ours: sink, bare: send },
    { name: 'source', ours: source, bare: read },
  ];
}
