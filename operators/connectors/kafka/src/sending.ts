import type { StreamRecord } from '@millrace/sdk';
import type { KafkaClient } from './client.js';
import { type Compression, encodeBatch, type OutRecord, recordSize } from './encode-batch.js';
import { Code, KafkaAnswer, ProducerLost } from './errors.js';
import { partitionOfKey } from './murmur2.js';
import type { ProduceApi, ProduceTopic } from './produce-request.js';

/** A record on its way to a topic. */
export interface Outgoing extends OutRecord {
  topic: string;
  record: StreamRecord;
  /** Place in the outbox. */
  sequence: number;
  offset: number;
}

export interface Refused {
  outgoing: Outgoing;
  reason: string;
}

/** What a producer is known by at the brokers, and how far it has counted. */
export interface ProducerIdentity {
  id: bigint;
  epoch: number;
  transactionalId: string | null;
  /** Records sent, by `topic/partition`. */
  sequences: Map<string, number>;
  /** Called before the first batch to a partition of a transaction. */
  enlist(partitions: { topic: string; partition: number }[]): Promise<void>;
}

/** Bytes of a batch: well below the megabyte that brokers take. */
const BATCH_BYTES = 512 * 1024;
/** ms a broker may wait for its replicas. */
const ACK_TIMEOUT = 30_000;

/** The broker will not take this record, however often it is sent. */
const REFUSED: readonly number[] = [Code.MESSAGE_TOO_LARGE, 18, 32, Code.INVALID_RECORD];
/** Producer id, epoch, sequence or transaction are not what the broker expects. */
const LOST: readonly number[] = [Code.OUT_OF_ORDER_SEQUENCE, Code.INVALID_PRODUCER_EPOCH, 48, 49, 59, 90, 120];

interface Queue {
  topic: string;
  partition: number;
  leader: number;
  batches: Outgoing[][];
}

/**
 * Records that are being delivered: batches per partition, one on its way at a time, so that a broker that is asked again recognises
 * what it has. `attempt` can be called until it works; what is acknowledged is not sent again.
 */
export class Sending {
  readonly refused: Refused[] = [];
  #queues: Queue[] | undefined;

  constructor(
    private readonly client: KafkaClient,
    private readonly api: ProduceApi,
    private readonly producer: ProducerIdentity,
    private readonly records: readonly Outgoing[],
    private readonly compression: Compression | undefined,
    /** Chooses the partition of records without a key. */
    private readonly turn: number,
  ) {}

  async attempt(): Promise<void> {
    this.#queues ??= await this.#plan();
    for (;;) {
      const open = this.#queues.filter(({ batches }) => batches.length > 0);
      if (open.length === 0) return;
      await this.#lead(open);
      await this.producer.enlist(open);
      const byLeader = new Map<number, Queue[]>();
      for (const queue of open) {
        const list = byLeader.get(queue.leader);
        if (list) list.push(queue);
        else byLeader.set(queue.leader, [queue]);
      }
      const outcomes = await Promise.allSettled([...byLeader].map(([leader, queues]) => this.#send(leader, queues)));
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason as unknown);
      if (failed.length === 0) continue;
      this.client.forget();
      throw failed.find((reason) => reason instanceof ProducerLost) ?? failed[0];
    }
  }

  /** Records that no broker has acknowledged or refused. */
  unsent(): Outgoing[] {
    return this.#queues?.flatMap(({ batches }) => batches.flat()) ?? [...this.records];
  }

  async #plan(): Promise<Queue[]> {
    const queues = new Map<string, Queue>();
    const counts = new Map<string, number>();
    for (const { topic } of this.records)
      if (!counts.has(topic)) counts.set(topic, (await this.client.topic(topic)).leaders.length);
    const sizes = new Map<Queue, number>();
    for (const outgoing of this.records) {
      const { topic, key } = outgoing;
      const count = counts.get(topic)!;
      const partition = key === null ? this.turn % count : partitionOfKey(key, count);
      const name = `${topic}/${partition}`;
      let queue = queues.get(name);
      if (queue === undefined) {
        queue = { topic, partition, leader: -1, batches: [[]] };
        queues.set(name, queue);
      }
      const size = recordSize(outgoing);
      let filled = (sizes.get(queue) ?? 0) + size;
      if (filled > BATCH_BYTES && queue.batches.at(-1)!.length > 0) {
        queue.batches.push([]);
        filled = size;
      }
      sizes.set(queue, filled);
      queue.batches.at(-1)!.push(outgoing);
    }
    return [...queues.values()];
  }

  /** Leaders as they are now. */
  async #lead(queues: readonly Queue[]): Promise<void> {
    for (const queue of queues) {
      const leader = (await this.client.topic(queue.topic)).leaders[queue.partition];
      if (leader === undefined) throw new KafkaAnswer(Code.UNKNOWN_TOPIC_OR_PARTITION, 'partition', queue.topic);
      queue.leader = leader;
    }
  }

  async #send(leader: number, queues: readonly Queue[]): Promise<void> {
    const { id, epoch, transactionalId, sequences } = this.producer;
    const topics = new Map<string, ProduceTopic>();
    for (const { topic, partition, batches } of queues) {
      const sequence = sequences.get(`${topic}/${partition}`) ?? 0;
      const producer = { id, epoch, sequence, transactional: transactionalId !== null };
      const bytes = encodeBatch(batches[0]!, producer, this.compression, this.client.library.crc32c);
      let entry = topics.get(topic);
      if (entry === undefined) {
        entry = { name: topic, partitions: [] };
        topics.set(topic, entry);
      }
      entry.partitions.push({ partition, bytes });
    }
    const results = await this.client.call(this.api, leader, transactionalId, ACK_TIMEOUT, [...topics.values()]);
    let failure: unknown;
    for (const { topic, partition, errorCode, message } of results) {
      const queue = queues.find((one) => one.topic === topic && one.partition === partition);
      if (queue === undefined) continue;
      if (errorCode === 0 || errorCode === Code.DUPLICATE_SEQUENCE) this.#acknowledged(queue);
      else if (REFUSED.includes(errorCode)) this.#refusedBatch(queue, message ?? `error ${errorCode}`);
      else if (LOST.includes(errorCode)) failure = new ProducerLost(`error ${errorCode} of ${topic}/${partition}`);
      else failure ??= new KafkaAnswer(errorCode, 'produce', topic);
    }
    if (failure !== undefined) throw failure;
  }

  #acknowledged({ topic, partition, batches }: Queue): void {
    const { sequences } = this.producer;
    const name = `${topic}/${partition}`;
    sequences.set(name, ((sequences.get(name) ?? 0) + batches.shift()!.length) % 0x80000000);
  }

  /** One record spoils its batch: halves are sent until it stands alone. */
  #refusedBatch({ batches }: Queue, reason: string): void {
    const batch = batches.shift()!;
    if (batch.length === 1) {
      this.refused.push({ outgoing: batch[0]!, reason });
      return;
    }
    const middle = batch.length >> 1;
    batches.unshift(batch.slice(0, middle), batch.slice(middle));
  }
}

/** True when a call of a transaction failed because the broker does not know this producer any more. */
export function isLost(codes: readonly number[]): boolean {
  return codes.some((code) => LOST.includes(code));
}
