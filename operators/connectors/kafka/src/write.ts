import {
  type Behaviour,
  type ConfigFinding,
  type Context,
  connectionUrl,
  defineOperator,
  keepTrying,
  MillraceError,
  type Setup,
  type StreamRecord,
} from '@millrace/sdk';
import { KafkaClient } from './client.js';
import { kafkaConnection } from './connection.js';
import { explainKafka } from './errors.js';
import { type Lane, type LaneTools, PlainLane } from './lane.js';
import { produceApi } from './produce-request.js';
import type { Outgoing } from './sending.js';
import { clusterSettings } from './settings.js';
import { toOutgoing } from './to-outgoing.js';
import { TransactionalLane } from './transactional-lane.js';
import { type WriteConfig, writeConfig } from './write-config.js';

function lint({ topic, topicFrom }: WriteConfig): ConfigFinding[] {
  if ((topic === undefined) !== (topicFrom === undefined)) return [];
  return [{ code: 'KAFKA_TOPIC', path: '/topic', message: 'Name a topic, or the field that names it, not both.' }];
}

class KafkaSink implements Behaviour {
  readonly #lanes = new Map<string, Lane>();
  readonly #outgoing: ReturnType<typeof toOutgoing>;
  #tools: LaneTools | undefined;

  constructor(private readonly setup: Setup<WriteConfig>) {
    this.#outgoing = toOutgoing(setup.config);
  }

  async open(): Promise<void> {
    const { connection, topic, compression = 'none' } = this.setup.config;
    const client = await KafkaClient.load(clusterSettings(connectionUrl(connection)));
    const codec = client.library.compressionsAlgorithms[compression];
    this.#tools = {
      setup: this.setup,
      client,
      api: produceApi(client.library),
      compression:
        compression === 'none' ? undefined : { bitmask: codec.bitmask, compress: (data) => codec.compressSync(data) },
    };
    if (topic !== undefined) await keepTrying(this.setup, () => client.topic(topic), { explain: explainKafka });
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const byLane = new Map<string, Outgoing[]>();
    for (const record of records) {
      try {
        const outgoing = this.#outgoing(record, ctx);
        const { partition } = ctx.delivery(record);
        const list = byLane.get(partition);
        if (list) list.push(outgoing);
        else byLane.set(partition, [outgoing]);
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    for (const [partition, outgoing] of byLane) {
      for (const { outgoing: one, reason } of await this.#lane(partition).write(outgoing)) {
        ctx.fail(one.record, refused(one, reason));
      }
    }
  }

  #lane(partition: string): Lane {
    let lane = this.#lanes.get(partition);
    if (lane === undefined) {
      const { workflow, nodeId, config } = this.setup;
      lane =
        config.delivery === 'at-least-once'
          ? new PlainLane(this.#tools!)
          : new TransactionalLane(this.#tools!, `millrace:${workflow}:${nodeId}:${partition}`);
      this.#lanes.set(partition, lane);
    }
    return lane;
  }

  async prepareCommit(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane.commit();
  }

  async close(): Promise<void> {
    for (const lane of this.#lanes.values()) await lane.close();
    await this.#tools?.client.close();
  }
}

function refused({ topic, value, key }: Outgoing, reason: string): MillraceError {
  const bytes = (key?.length ?? 0) + (value?.length ?? 0);
  return new MillraceError(`Topic "${topic}" does not take the record (${bytes} bytes): ${reason}.`, {
    code: 'KAFKA_REFUSED',
    params: { topic, bytes, reason },
    hint: 'A topic limits the size of a message (max.message.bytes); a compacted one wants a key.',
  });
}

/** Writes records to Kafka topics: exactly once through transactions, or at least once with an id. */
export const write = defineOperator({
  type: 'kafka.write',
  version: 1,
  docs: {
    title: 'Write to Kafka',
    summary: 'Sends each record to a Kafka topic.',
    description: [
      'Use it when other systems of your shop listen to Kafka, a store of messages that larger companies run: each record, such as a paid order or a new total, is sent to them as a message.',
      'Readers that are set up for it see each record once, also after a crash. A record that the topic does not take, because it is too large for example, becomes a dead letter with the reason; the others go on. When Kafka is down, refuses the password or does not know the topic, the node says so and tries again by itself.',
      '**For your IT helper.** Messages are JSON, with the event time as timestamp and an id in the header `millrace-id` that stays the same when a record is sent again. Records of one key keep their order and go to the partition that other Kafka clients choose for it. Rows of a table are sent with their key; a deleted row becomes a message without value, which compacted topics (those that keep the last message of each key) understand. Needs Kafka 3.0 or newer.',
      '**Exactly once** (the default): records and the place up to which they were delivered go into one transaction that ends just before the task saves its progress. Readers that ask for committed records (`isolation.level=read_committed`) see each record once. The transactional ids and the groups that keep the place are named `millrace:<workflow>:<node>:…`. A workflow paused for longer than Kafka keeps the offsets of quiet groups (7 days unless set otherwise) falls back to at least once for its last moments.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'topology-star-3',
    zh: { title: '写入 Kafka', summary: '将每条记录发送到 Kafka 主题。' },
  },
  config: writeConfig,
  connection: kafkaConnection,
  inputs: { in: { title: 'Records' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  delivery: ({ delivery = 'exactly-once' }) => delivery,
  summary: ({ topic, topicFrom, delivery }) =>
    `${topic ?? `Topic from ${topicFrom}`}${delivery === 'at-least-once' ? ', at least once' : ''}`,
  lint,
  examples: [
    {
      title: 'Totals per order, one message a row',
      config: { connection: 'shop', topic: 'order-totals', key: 'orderId' },
      service: true,
    },
  ],
  create: (setup) => new KafkaSink(setup),
});
