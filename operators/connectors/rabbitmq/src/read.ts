import { defineSource, payloadFindings } from '@millrace/sdk';
import { rabbitmqConnection } from './connect.js';
import { QueueReader } from './consumer.js';
import { readConfig } from './read-config.js';

/** Takes messages from a queue and acknowledges them once their effects are saved. */
export const read = defineSource({
  type: 'rabbitmq.read',
  version: 1,
  docs: {
    title: 'Read RabbitMQ',
    summary: 'Takes the messages of a RabbitMQ queue as they come.',
    description: [
      'Use it when the systems of your shop leave messages for one another in RabbitMQ: each message of a queue, such as an order or a payment, becomes a record the moment it arrives. It is removed from the queue only when its result is saved, so none is lost by a crash.',
      'Give the node a queue of its own: what another program takes from a queue, the node never sees. A message that cannot be read becomes a dead letter with the reason and blocks no others. When RabbitMQ is down, refuses the password or does not have the queue, the node says so and tries again by itself.',
      '**For your IT helper.** A message that the server delivers again is told by its `message-id`: one that was among the last 10,000 is dropped, also after a restart. With ids **required** each message counts exactly once; without ids a message may count twice after a crash. Messages that cannot be read are acknowledged too. Without a time field, the event time is the timestamp of the message, if it has one. Quorum and classic queues both work. One task reads a queue; use several nodes for several queues.',
    ].join('\n\n'),
    category: 'source',
    icon: 'messages',
    zh: { title: '读取 RabbitMQ', summary: '持续接收一个 RabbitMQ 队列中的消息。' },
  },
  config: readConfig,
  connection: rabbitmqConnection,
  traits: { delivery: 'at-least-once', parallelism: 'single' },
  delivery: ({ messageIds }) => (messageIds === 'required' ? 'exactly-once' : 'at-least-once'),
  summary: ({ queue }) => queue,
  outputs: { out: { title: 'Records' } },
  lint: (config) => payloadFindings(config),
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [{ title: 'Orders of a shop', config: { connection: 'shop-queue', queue: 'orders' }, service: true }],
  create: (setup) => ({
    live: true,
    partitions: () => [setup.config.queue],
    open: (_partition, position) => new QueueReader(setup, position),
  }),
});
