import { keepTrying } from '@millrace/sdk';
import { explainKafka, ProducerLost } from './errors.js';
import type { Lane, LaneTools } from './lane.js';
import { type Outgoing, type Refused, Sending } from './sending.js';
import { type DeliveredUpTo, TransactionalProducer } from './transaction.js';

/** ms for taking back what is open when the task ends. */
const CLOSE_TIMEOUT = 2000;

/**
 * Exactly once: the records and the place in the outbox are one transaction, which ends just before the task's commit. After a crash
 * the next owner reads the place back and passes over what is there. When the broker ends a transaction, all of it is sent again.
 */
export class TransactionalLane implements Lane {
  #producer: TransactionalProducer | undefined;
  #sending: Sending | undefined;
  #done: DeliveredUpTo | undefined;
  /** Records since the last commit. */
  #pending: Outgoing[] = [];
  #turn = 0;
  readonly #refused = new Set<string>();

  constructor(
    private readonly tools: LaneTools,
    private readonly name: string,
  ) {}

  async write(records: readonly Outgoing[]): Promise<Refused[]> {
    await this.#try(() => this.#ready());
    const { sequence, offset, refused } = this.#done!;
    const again: Refused[] = [];
    const fresh: Outgoing[] = [];
    for (const outgoing of records) {
      if (outgoing.sequence > sequence || (outgoing.sequence === sequence && outgoing.offset > offset))
        fresh.push(outgoing);
      else if (refused.has(placeOf(outgoing))) again.push({ outgoing, reason: 'refused before' });
    }
    if (fresh.length === 0) return again;
    for (const outgoing of fresh) this.#pending.push(outgoing);
    this.#turn++;
    let rejected: readonly Refused[] = [];
    await this.#try(async () => {
      const fromStart = await this.#ready();
      this.#sending ??= this.#send(fromStart ? this.#missing() : fresh);
      await this.#sending.attempt();
      rejected = this.#sending.refused;
      this.#sending = undefined;
    });
    for (const { outgoing } of rejected) this.#refused.add(placeOf(outgoing));
    const inThisCall = new Set(fresh);
    return [...again, ...rejected.filter(({ outgoing }) => inThisCall.has(outgoing))];
  }

  async commit(): Promise<void> {
    const last = this.#pending.at(-1);
    if (last === undefined) return;
    await this.#try(async () => {
      if (await this.#ready()) {
        this.#sending ??= this.#send(this.#missing());
      }
      await this.#sending?.attempt();
      for (const { outgoing, reason } of this.#sending?.refused ?? []) {
        // Taken before and refused now: the limits of the topic were changed in between.
        if (!this.#refused.has(placeOf(outgoing)))
          this.tools.setup.services.log('error', 'Kafka refused a record that it had taken before.', { reason });
      }
      this.#sending = undefined;
      const upTo = { sequence: last.sequence, offset: last.offset, refused: this.#refused };
      // Nothing is open when all of it turned out to be delivered, or was refused.
      if (this.#producer!.open) await this.#producer!.commit(last.topic, upTo);
      this.#done = { ...upTo, refused: new Set() };
    });
    this.#pending = [];
    this.#refused.clear();
  }

  async close(): Promise<void> {
    const producer = this.#producer;
    this.#producer = undefined;
    if (!producer?.open) return;
    // Left open, it would keep readers of committed records waiting until the broker ends it.
    const end = producer.end(false).catch(() => undefined);
    await Promise.race([end, this.tools.setup.clock.sleep(CLOSE_TIMEOUT)]);
  }

  /** Introduces the producer if it is not; true when it is new and everything pending has to be looked at again. */
  async #ready(): Promise<boolean> {
    if (this.#producer !== undefined) return false;
    const { client, setup } = this.tools;
    const producer = await TransactionalProducer.introduce(client, setup.clock, this.name);
    this.#done = await producer.deliveredUpTo();
    this.#producer = producer;
    return true;
  }

  #missing(): Outgoing[] {
    const { sequence, offset } = this.#done!;
    return this.#pending.filter((one) => one.sequence > sequence || (one.sequence === sequence && one.offset > offset));
  }

  #send(records: readonly Outgoing[]): Sending {
    const { client, api, compression } = this.tools;
    return new Sending(client, api, this.#producer!, records, compression, this.#turn);
  }

  #try<T>(attempt: () => Promise<T>): Promise<T> {
    return keepTrying(
      this.tools.setup,
      async () => {
        try {
          return await attempt();
        } catch (error) {
          if (isUncertain(error)) {
            this.#producer = undefined;
            this.#sending = undefined;
          }
          throw error;
        }
      },
      { explain: explainKafka },
    );
  }
}

/** The transaction may have ended this way or that: only a new introduction tells. */
function isUncertain(error: unknown): boolean {
  return error instanceof ProducerLost || (error as { uncertain?: boolean }).uncertain === true;
}

function placeOf({ sequence, offset }: Outgoing): string {
  return `${sequence}-${offset}`;
}
