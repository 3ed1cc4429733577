import { type Clock, MillraceError } from '@millrace/sdk';
import type { API } from '@platformatic/kafka';
import type { KafkaClient } from './client.js';
import { answerCodes, Code, KafkaAnswer, ProducerLost } from './errors.js';
import { isLost, type ProducerIdentity } from './sending.js';

/** ms after which the broker ends a transaction by itself. */
const TRANSACTION_TIMEOUT = 60_000;
/** ms between two looks whether the transaction before is over, and how many. */
const BUSY_WAIT = 10;
const BUSY_TRIES = 500;
/** Places of refused records that fit into the note beside an offset (4096 bytes). */
const NOTED = 100;
/** Bits for the place within an outbox entry. */
const OFFSET_BITS = 24n;

/** Place in the outbox up to which everything is delivered, and the places of records in it that the broker refused. */
export interface DeliveredUpTo {
  sequence: number;
  offset: number;
  refused: ReadonlySet<string>;
}

const BUSY: readonly number[] = [Code.CONCURRENT_TRANSACTIONS, Code.UNSTABLE_OFFSET_COMMIT];
const COORDINATOR: readonly number[] = [Code.COORDINATOR_LOADING, Code.COORDINATOR_NOT_AVAILABLE, Code.NOT_COORDINATOR];

/**
 * One transactional producer. The place in the outbox is committed as the offset of a group of the same name in the transaction that
 * holds the records: (sequence << 24 | offset) of the last one. Whoever takes over asks for it after `begin`, which ends what an
 * earlier owner had open.
 */
export class TransactionalProducer implements ProducerIdentity {
  readonly sequences = new Map<string, number>();
  readonly #enlisted = new Set<string>();

  private constructor(
    private readonly client: KafkaClient,
    private readonly clock: Clock,
    readonly transactionalId: string,
    readonly id: bigint,
    readonly epoch: number,
    private readonly coordinator: number,
  ) {}

  static async introduce(client: KafkaClient, clock: Clock, name: string): Promise<TransactionalProducer> {
    const coordinator = await client.coordinator(1, name);
    const { initProducerIdV4 } = client.library;
    const { producerId, producerEpoch } = await whenFree(clock, () =>
      client.call(initProducerIdV4.api, coordinator, name, TRANSACTION_TIMEOUT, -1n, -1),
    );
    return new TransactionalProducer(client, clock, name, producerId, producerEpoch, coordinator);
  }

  /** True when something was sent since the last commit. */
  get open(): boolean {
    return this.#enlisted.size > 0;
  }

  async enlist(partitions: readonly { topic: string; partition: number }[]): Promise<void> {
    const topics = new Map<string, number[]>();
    for (const { topic, partition } of partitions) {
      if (this.#enlisted.has(`${topic}/${partition}`)) continue;
      const list = topics.get(topic);
      if (list) list.push(partition);
      else topics.set(topic, [partition]);
    }
    if (topics.size === 0) return;
    await this.#call(this.client.library.addPartitionsToTxnV3.api, [
      {
        transactionalId: this.transactionalId,
        producerId: this.id,
        producerEpoch: this.epoch,
        verifyOnly: false,
        topics: [...topics].map(([name, list]) => ({ name, partitions: list })),
      },
    ]);
    for (const [topic, list] of topics) for (const partition of list) this.#enlisted.add(`${topic}/${partition}`);
  }

  /** How far earlier owners got. */
  async deliveredUpTo(): Promise<DeliveredUpTo> {
    const { client } = this;
    const group = this.transactionalId;
    const coordinator = await client.coordinator(0, group);
    const { groups } = await whenFree(this.clock, () =>
      client.call(
        client.library.offsetFetchV8.api,
        coordinator,
        [{ groupId: group, memberEpoch: -1, topics: null }],
        true,
      ),
    );
    let best = { at: -1n, note: '' };
    for (const { partitions } of groups[0]?.topics ?? []) {
      for (const { committedOffset, metadata, errorCode } of partitions) {
        if (errorCode !== 0) throw new KafkaAnswer(errorCode, 'position');
        if (committedOffset > best.at) best = { at: committedOffset, note: metadata ?? '' };
      }
    }
    if (best.at < 0n) return { sequence: 0, offset: -1, refused: new Set() };
    return {
      sequence: Number(best.at >> OFFSET_BITS),
      offset: Number(best.at & ((1n << OFFSET_BITS) - 1n)),
      refused: new Set(best.note.split(' ').filter(Boolean)),
    };
  }

  /** Ends the transaction with the place up to which the outbox is delivered. */
  async commit(topic: string, upTo: DeliveredUpTo): Promise<void> {
    const { library } = this.client;
    const group = this.transactionalId;
    await this.#call(library.addOffsetsToTxnV3.api, group, this.id, this.epoch, group);
    const groupCoordinator = await this.client.coordinator(0, group);
    const offset = {
      partitionIndex: 0,
      committedOffset: (BigInt(upTo.sequence) << OFFSET_BITS) | BigInt(upTo.offset),
      committedLeaderEpoch: -1,
      committedMetadata: [...upTo.refused].slice(-NOTED).join(' '),
    };
    const topics = [{ name: topic, partitions: [offset] }];
    await this.#callAt(
      groupCoordinator,
      library.txnOffsetCommitV3.api,
      group,
      group,
      this.id,
      this.epoch,
      -1,
      '',
      null,
      topics,
    );
    await this.end(true);
  }

  /** Makes what was sent visible, or takes it back. */
  async end(commit: boolean): Promise<void> {
    await this.#call(this.client.library.endTxnV3.api, this.transactionalId, this.id, this.epoch, commit);
    this.#enlisted.clear();
  }

  #call<A extends unknown[], R>(api: API<A, R>, ...args: A): Promise<R> {
    return this.#callAt(this.coordinator, api, ...args);
  }

  async #callAt<A extends unknown[], R>(broker: number, api: API<A, R>, ...args: A): Promise<R> {
    try {
      return await whenFree(this.clock, () => this.client.call(api, broker, ...args));
    } catch (error) {
      const codes = answerCodes(error);
      // Without an answer, or with a coordinator that has moved, it is not known what has happened to the transaction.
      const unknown = codes.length === 0 || codes.some((code) => COORDINATOR.includes(code));
      if (isLost(codes)) throw new ProducerLost(`error ${codes.join(', ')}`);
      if (unknown && !(error instanceof MillraceError)) throw Object.assign(error as Error, { uncertain: true });
      throw error;
    }
  }
}

/** Repeats what the broker puts off because the transaction before is still being ended: a matter of milliseconds. */
async function whenFree<T>(clock: Clock, call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries >= BUSY_TRIES || !answerCodes(error).some((code) => BUSY.includes(code))) throw error;
      await clock.sleep(BUSY_WAIT);
    }
  }
}
