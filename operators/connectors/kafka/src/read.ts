import {
  type ConfigFinding,
  connectionUrl,
  defineSource,
  keepTrying,
  MillraceError,
  parseTime,
  payloadFindings,
  type SourceBehaviour,
  type SourceSetup,
  type Value,
} from '@millrace/sdk';
import { KafkaClient } from './client.js';
import { kafkaConnection } from './connection.js';
import { explainKafka } from './errors.js';
import type { Feed } from './feed.js';
import { Fetcher } from './fetcher.js';
import { listOffset, showProgress } from './offsets.js';
import { type KafkaPosition, PartitionReader } from './partition-reader.js';
import { type ReadConfig, readConfig } from './read-config.js';
import { clusterSettings } from './settings.js';
import { toValue } from './to-value.js';

/** ms between looks for new partitions, and between two updates of the group that shows progress. */
const LOOK_EVERY = 30_000;
const SHOW_EVERY = 1000;

function lint(config: ReadConfig): ConfigFinding[] {
  const { start, startTime, until } = config;
  const findings: ConfigFinding[] = [...payloadFindings(config)];
  const bad = (code: string, path: string, message: string) => findings.push({ code, path, message });
  if (start === 'time' && (startTime === undefined || Number.isNaN(parseTime(startTime))))
    bad('KAFKA_START_TIME', '/startTime', 'Say at which time to begin, such as 2026-11-01T00:00:00Z.');
  if (until === 'end' && start === 'latest')
    bad(
      'KAFKA_NOTHING_TO_READ',
      '/start',
      'Nothing lies between the newest record and the end: begin with the oldest or at a time.',
    );
  return findings;
}

class KafkaSource implements SourceBehaviour {
  readonly live: boolean;
  readonly #config: ReadConfig;
  #client: KafkaClient | undefined;
  #fetcher: Fetcher | undefined;
  #partitions = 0;
  readonly #feeds = new Set<Feed>();
  readonly #shown = new Map<number, number>();
  #lastShown = 0;
  #showing = false;
  #lastLook: number;

  constructor(private readonly setup: SourceSetup<ReadConfig>) {
    this.#config = setup.config;
    this.live = setup.config.until !== 'end';
    this.#lastLook = setup.clock.now();
  }

  async partitions(): Promise<readonly string[]> {
    const { topic, connection } = this.#config;
    const settings = clusterSettings(connectionUrl(connection));
    this.#client ??= await KafkaClient.load(settings);
    const client = this.#client;
    const { leaders } = await keepTrying(this.setup, () => client.topic(topic), { explain: explainKafka });
    this.#partitions = leaders.length;
    return leaders.map((_, partition) => `${topic}/${partition}`);
  }

  async open(name: string, position: Value | null): Promise<PartitionReader> {
    const client = this.#client!;
    const { headersAs, whenGone = 'stop' } = this.#config;
    this.#fetcher ??= new Fetcher(this.setup, client, { headers: headersAs !== undefined, whenGone });
    const fetcher = this.#fetcher;
    const partition = Number(name.slice(name.lastIndexOf('/') + 1));
    const { topic } = this.#config;
    const start = (position as KafkaPosition | null) ?? (await this.#start(partition));
    const feed = await keepTrying(
      this.setup,
      () => fetcher.add(topic, partition, start.offset, () => this.setup.wake()),
      { explain: explainKafka },
    );
    this.#feeds.add(feed);
    return new PartitionReader(
      feed,
      start,
      toValue(this.#config),
      (offset) => this.#committed(partition, offset),
      () => {
        this.#feeds.delete(feed);
        fetcher.remove(feed);
      },
    );
  }

  /** Where a partition begins that has no position yet. One that came up while the run was going on is read from its start. */
  #start(partition: number): Promise<KafkaPosition> {
    const { topic, start = 'earliest', startTime, until } = this.#config;
    const client = this.#client!;
    const isNew = !this.setup.services.fresh;
    const which = isNew ? 'earliest' : start === 'time' ? parseTime(startTime) : start;
    return keepTrying(
      this.setup,
      async () => {
        const leader = (await client.topic(topic)).leaders[partition]!;
        const offset = await listOffset(client, leader, topic, partition, which);
        if (until !== 'end') return { offset };
        const end = await listOffset(client, leader, topic, partition, 'latest');
        return { offset, begin: offset, end };
      },
      {
        explain: (error) => {
          client.forget();
          return explainKafka(error);
        },
      },
    );
  }

  /** After a commit: shows progress to tools, and looks for new partitions now and then. Neither holds the task up. */
  #committed(partition: number, offset: number): void {
    this.#shown.set(partition, offset);
    const now = this.setup.clock.now();
    if (this.live && now - this.#lastLook >= LOOK_EVERY) {
      this.#lastLook = now;
      void this.#lookForPartitions().catch(() => undefined);
    }
    if (this.#showing || now - this.#lastShown < SHOW_EVERY) return;
    this.#lastShown = now;
    this.#showing = true;
    void this.#show().finally(() => {
      this.#showing = false;
    });
  }

  async #show(): Promise<void> {
    const { workflow, nodeId, services } = this.setup;
    const { topic, group = `millrace-${workflow}-${nodeId}` } = this.#config;
    try {
      await showProgress(this.#client!, group, topic, new Map(this.#shown));
    } catch (error) {
      // Only tools that watch the group miss it.
      services.log('debug', 'The progress could not be shown in Kafka.', { group, reason: (error as Error).message });
      this.#lastShown = this.setup.clock.now() + LOOK_EVERY;
    }
  }

  async #lookForPartitions(): Promise<void> {
    const { topic } = this.#config;
    this.#client!.forget();
    const { leaders } = await this.#client!.topic(topic);
    const { parallelism, taskIndex } = this.setup;
    for (let partition = this.#partitions; partition < leaders.length; partition++) {
      if (partition % parallelism !== taskIndex) continue;
      const error = new MillraceError(`Topic "${topic}" has new partitions; the task starts again to read them.`, {
        code: 'KAFKA_NEW_PARTITIONS',
        domain: 'external',
        params: { topic, partitions: leaders.length },
      });
      for (const feed of this.#feeds) feed.fail(error);
      return;
    }
  }

  async close(): Promise<void> {
    this.#fetcher?.close();
    await this.#client?.close();
  }
}

/** Reads a Kafka topic. Where to go on is part of the task's commit, so each record counts once in the results. */
export const read = defineSource({
  type: 'kafka.read',
  version: 1,
  docs: {
    title: 'Read Kafka',
    summary: 'Reads the messages of a Kafka topic as they come.',
    description: [
      'Use it when the systems of your shop tell each other what happens through Kafka, a store of messages that larger companies run: each message, such as an order or a payment, becomes a record the moment it arrives. Without Kafka in your company you need another source: a database, a web API or files.',
      'Each message counts exactly once in the results, also after a crash. One that cannot be read becomes a dead letter with its place and the reason; reading goes on. When Kafka is down, refuses the password or does not know the topic, the node says so and tries again by itself.',
      '**For your IT helper.** The partitions of the topic (the parts in which Kafka keeps it) are read side by side, dealt out to the tasks of the node; new ones are found within half a minute and read from their start. How far each was read is saved with the run: no consumer group takes part in that, nothing is rebalanced, and the group that is updated only lets other tools see the progress. Only messages of committed transactions are read. Whole numbers beyond 2^53 are kept as text. Without a time field, the event time is the timestamp of the message.',
    ].join('\n\n'),
    category: 'source',
    icon: 'topology-star-3',
    zh: { title: '读取 Kafka', summary: '持续读取一个 Kafka 主题中的消息。' },
  },
  config: readConfig,
  connection: kafkaConnection,
  traits: { delivery: 'exactly-once' },
  summary: ({ topic, until }) => (until === 'end' ? `${topic}, to its end` : topic),
  outputs: { out: { title: 'Records' } },
  lint,
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [
    {
      title: 'Orders of a shop, as they come',
      config: { connection: 'shop', topic: 'orders' },
      service: true,
    },
  ],
  create: (setup) => new KafkaSource(setup),
});
