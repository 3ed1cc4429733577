import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

// The client is a dependency of the connector alone.
const require = createRequire(
  fileURLToPath(new URL('../../../operators/connectors/rabbitmq/package.json', import.meta.url)),
);
const { connect } = require('amqplib') as typeof import('amqplib');

type Channel = Awaited<ReturnType<Awaited<ReturnType<typeof connect>>['createChannel']>>;

/** A channel for the length of some work. */
export async function onChannel<T>(url: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await work(channel);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

export async function createQueue(url: string, queue: string, type: 'quorum' | 'classic' = 'quorum'): Promise<void> {
  await onChannel(url, (channel) => channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': type } }));
}

/** Messages that lie in a queue and are not with a consumer. */
export async function depth(url: string, queue: string): Promise<number> {
  return onChannel(url, async (channel) => (await channel.checkQueue(queue)).messageCount);
}

export interface QueueMessage {
  id: string | undefined;
  text: string;
  headers: { [name: string]: unknown };
  timestamp: number | undefined;
}

/** Takes everything out of a queue. */
export async function drainQueue(url: string, queue: string): Promise<QueueMessage[]> {
  return onChannel(url, async (channel) => {
    const { messageCount } = await channel.checkQueue(queue);
    const found: QueueMessage[] = [];
    if (messageCount === 0) return found;
    await new Promise<void>((resolve) => {
      void channel.consume(
        queue,
        (message) => {
          const { messageId, headers, timestamp } = message!.properties as {
            messageId?: string;
            headers?: object;
            timestamp?: number;
          };
          found.push({ id: messageId, text: message!.content.toString('utf8'), headers: { ...headers }, timestamp });
          if (found.length === messageCount) resolve();
        },
        { noAck: true },
      );
    });
    return found;
  });
}

export async function send(
  url: string,
  queue: string,
  messages: readonly { text: string | Buffer; id?: string; timestamp?: number }[],
): Promise<void> {
  await onChannel(url, async (channel) => {
    for (const { text, id, timestamp } of messages) {
      const room = channel.sendToQueue(queue, Buffer.from(text as string), {
        persistent: true,
        ...(id !== undefined && { messageId: id }),
        ...(timestamp !== undefined && { timestamp }),
      });
      if (!room) await new Promise<void>((resolve) => channel.once('drain', () => resolve()));
    }
    // An answer means that all before it have been handled.
    await channel.checkQueue(queue);
  });
}
