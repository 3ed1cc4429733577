import {
  type Behaviour,
  type ConfigFinding,
  type Context,
  connectionUrl,
  defineOperator,
  fieldReader,
  keepTrying,
  MillraceError,
  type Setup,
  type StreamRecord,
  type Value,
} from '@millrace/sdk';
import { explainRabbit, rabbitmqConnection } from './connect.js';
import { type Outgoing, Publisher } from './publisher.js';
import { type WriteConfig, writeConfig } from './write-config.js';

function lint({ queue, exchange, routingKeyFrom }: WriteConfig): ConfigFinding[] {
  const findings: ConfigFinding[] = [];
  if ((queue === undefined) === (exchange === undefined))
    findings.push({ code: 'RABBITMQ_TARGET', path: '/queue', message: 'Name a queue or an exchange, one of the two.' });
  if (queue !== undefined && routingKeyFrom !== undefined)
    findings.push({
      code: 'RABBITMQ_ROUTING',
      path: '/routingKeyFrom',
      message: 'A routing key goes with an exchange, not with a queue.',
    });
  return findings;
}

class RabbitSink implements Behaviour {
  readonly #publisher: Publisher;
  readonly #keyOf: ((value: Value) => Value) | undefined;
  readonly #contentOf: ((value: Value) => Value) | undefined;

  constructor(private readonly setup: Setup<WriteConfig>) {
    const { connection, queue, exchange, create = 'never', routingKeyFrom, value } = setup.config;
    this.#publisher = new Publisher(
      connectionUrl(connection),
      queue === undefined ? undefined : { name: queue, create },
      exchange,
      (reason) => setup.problem(reason === undefined ? null : blocked(reason)),
    );
    this.#keyOf = routingKeyFrom === undefined ? undefined : fieldReader(routingKeyFrom);
    this.#contentOf = value === undefined ? undefined : fieldReader(value);
  }

  async open(): Promise<void> {
    await keepTrying(this.setup, () => this.#publisher.connect(), { explain: explainRabbit });
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const left = new Set<Outgoing>();
    const recordOf = new Map<Outgoing, StreamRecord>();
    for (const record of records) {
      try {
        const outgoing = this.#outgoing(record, ctx);
        left.add(outgoing);
        recordOf.set(outgoing, record);
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    await keepTrying(
      this.setup,
      async () => {
        const unrouted = await this.#publisher.publish(left);
        if (unrouted.length === 0) return;
        if (this.#keyOf === undefined) {
          // The same for every record: a queue has to be bound, then it goes on.
          for (const message of unrouted) left.add(message);
          throw noRoute(unrouted[0]!, 'backoff');
        }
        for (const message of unrouted) ctx.fail(recordOf.get(message)!, noRoute(message, 'never'));
      },
      { explain: explainRabbit },
    );
  }

  #outgoing(record: StreamRecord, ctx: Context): Outgoing {
    const { queue, exchange, routingKey = '' } = this.setup.config;
    const { value, op, time } = record;
    const part = this.#contentOf === undefined ? value : this.#contentOf(value);
    const isText = this.#contentOf !== undefined && typeof part === 'string';
    return {
      exchange: exchange ?? '',
      routingKey: queue ?? (this.#keyOf === undefined ? routingKey : keyText(this.#keyOf(value), this.setup.config)),
      content: Buffer.from(isText ? part : JSON.stringify(part ?? null)),
      options: {
        messageId: ctx.deliveryId(record),
        persistent: true,
        mandatory: true,
        contentType: isText ? 'text/plain' : 'application/json',
        timestamp: Math.max(0, Math.floor(time / 1000)),
        ...(op !== 'insert' && { headers: { 'millrace-op': op } }),
      },
    };
  }

  async close(): Promise<void> {
    await this.#publisher.close();
  }
}

function keyText(key: Value, { routingKeyFrom }: WriteConfig): string {
  if (typeof key === 'string' && Buffer.byteLength(key) <= 255) return key;
  if (typeof key === 'number' || typeof key === 'boolean') return String(key);
  throw new MillraceError(`Field "${routingKeyFrom}" holds no routing key of at most 255 bytes.`, {
    code: 'RABBITMQ_ROUTING_KEY',
    params: { field: routingKeyFrom },
    hint: 'A routing key is a short text such as orders.paid.',
  });
}

function noRoute({ exchange, routingKey }: Outgoing, retry: 'backoff' | 'never'): MillraceError {
  const where =
    exchange === ''
      ? `There is no queue "${routingKey}"`
      : `No queue of exchange "${exchange}" takes the routing key "${routingKey}"`;
  return new MillraceError(`${where}.`, {
    code: 'RABBITMQ_NO_ROUTE',
    domain: 'user',
    retry,
    params: { exchange, routingKey },
    hint: 'Bind a queue for it. Nothing is thrown away meanwhile.',
  });
}

function blocked(reason: string) {
  return {
    code: 'RABBITMQ_BLOCKED',
    message: `RabbitMQ takes no messages at the moment: ${reason}.`,
    hint: 'It is short of memory or disk space. It goes on by itself once there is room.',
  };
}

/** Sends records to a queue or an exchange and waits for the server to confirm each. */
export const write = defineOperator({
  type: 'rabbitmq.write',
  version: 1,
  docs: {
    title: 'Write to RabbitMQ',
    summary: 'Sends each record to a RabbitMQ queue or exchange.',
    description: [
      'Use it when other systems of your shop take their work from RabbitMQ: each record, such as an order to pack, is put into a queue as a message, and one of them takes it from there.',
      'Nothing is lost: a record counts as delivered only when RabbitMQ has confirmed it. When the confirmation gets lost the message is sent again with the same id (`message-id`), by which a reader can tell the repeat, as Read RabbitMQ does. When RabbitMQ is down, refuses the password or lacks the queue or exchange, the node says so and tries again by itself.',
      '**For your IT helper.** Messages are JSON and persistent: they survive a restart of RabbitMQ. Records of a table, whose rows replace one another, carry the header `millrace-op`: `upsert` (a new or changed row) or `delete`. A message that no queue takes is not thrown away: with a fixed routing key the node shows it and waits until a queue is bound to the exchange; with one from a field the record becomes a dead letter.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'messages',
    zh: { title: '写入 RabbitMQ', summary: '将每条记录发送到 RabbitMQ 队列或交换机。' },
  },
  config: writeConfig,
  connection: rabbitmqConnection,
  inputs: { in: { title: 'Records' } },
  outputs: {},
  traits: { outside: true, delivery: 'at-least-once' },
  summary: ({ queue, exchange }) => queue ?? exchange ?? '',
  lint,
  examples: [
    { title: 'Totals to a queue', config: { connection: 'shop-queue', queue: 'order-totals' }, service: true },
    {
      title: 'Events to an exchange, by their kind',
      config: { connection: 'shop-queue', exchange: 'shop.events', routingKeyFrom: 'kind' },
      service: true,
    },
  ],
  create: (setup) => new RabbitSink(setup),
});
