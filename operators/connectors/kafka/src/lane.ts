import { keepTrying, type Setup } from '@millrace/sdk';
import type { KafkaClient } from './client.js';
import type { Compression } from './encode-batch.js';
import { explainKafka, ProducerLost } from './errors.js';
import type { ProduceApi } from './produce-request.js';
import { type Outgoing, type ProducerIdentity, type Refused, Sending } from './sending.js';

/** What lanes share. */
export interface LaneTools {
  setup: Setup<unknown>;
  client: KafkaClient;
  api: ProduceApi;
  compression: Compression | undefined;
}

/** Delivers the records of one partition of the outbox. */
export interface Lane {
  /** Resolves when the brokers have taken the records; answers with those they refuse for good. */
  write(records: readonly Outgoing[]): Promise<Refused[]>;
  /** Before the task's commit: makes visible what was written. */
  commit(): Promise<void>;
  close(): Promise<void>;
}

/**
 * At least once: records are sent again when it is not known whether they arrived. Within one producer the brokers recognise what
 * they have; after a restart of the task the header `millrace-id` tells repeats apart.
 */
export class PlainLane implements Lane {
  #producer: ProducerIdentity | undefined;
  #turn = 0;

  constructor(private readonly tools: LaneTools) {}

  async write(records: readonly Outgoing[]): Promise<Refused[]> {
    const { setup, client, api, compression } = this.tools;
    const turn = this.#turn++;
    let rest: readonly Outgoing[] = records;
    let sending: Sending | undefined;
    const refused: Refused[] = [];
    await keepTrying(
      setup,
      async () => {
        this.#producer ??= await this.#introduce();
        sending ??= new Sending(client, api, this.#producer, rest, compression, turn);
        try {
          await sending.attempt();
        } catch (error) {
          if (!(error instanceof ProducerLost)) throw error;
          this.#producer = undefined;
          refused.push(...sending.refused);
          rest = sending.unsent();
          sending = undefined;
          throw error;
        }
        refused.push(...sending.refused);
      },
      { explain: explainKafka },
    );
    return refused;
  }

  async #introduce(): Promise<ProducerIdentity> {
    const { client } = this.tools;
    const { initProducerIdV4 } = client.library;
    const { producerId, producerEpoch } = await client.call(initProducerIdV4.api, undefined, null, 0x7fffffff, -1n, -1);
    return {
      id: producerId,
      epoch: producerEpoch,
      transactionalId: null,
      sequences: new Map(),
      enlist: () => Promise.resolve(),
    };
  }

  commit(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
