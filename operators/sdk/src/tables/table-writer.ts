import type { MillraceError } from '../errors.js';
import type { Behaviour, Context, Setup } from '../operator.js';
import type { StreamRecord } from '../record.js';
import { connecting, keepTrying } from '../retry.js';
import { type Delivery, OutboxPosition, type StoredPosition } from './outbox-position.js';

/** One connection to a table of a database with transactions. */
export interface TransactionalTable {
  /** Makes the row of a partition the epoch's own and reads it; a row of a later epoch is left as it is. */
  claim(partition: string, epoch: number): Promise<StoredPosition>;
  /**
   * Writes the deliveries and moves the position from `from` to `to`, all or nothing. False: the row was not at `from` with this epoch
   * any more, nothing was written.
   */
  write(
    deliveries: readonly Delivery[],
    position: {
      partition: string;
      epoch: number;
      from: { sequence: number; offset: number };
      to: Omit<StoredPosition, 'epoch'>;
    },
  ): Promise<boolean>;
  close(): Promise<void>;
}

export interface TableWriting {
  setup: Pick<Setup<unknown>, 'clock' | 'signal' | 'problem' | 'epoch'>;
  connect(): Promise<TransactionalTable>;
  /** `retry: 'never'` with domain `user` means: the database refuses a record of what was written. */
  explain(thrown: unknown): MillraceError;
  /** Why a record cannot be written at all, before the database is asked. */
  check?(record: StreamRecord): MillraceError | undefined;
}

const MOST_PARTITIONS = 1000;

/**
 * Writes outbox records into a table exactly once: records and outbox position in one transaction, read back whenever the outcome of
 * one is unknown. What the database refuses is halved until the guilty record is found; it alone becomes a dead letter.
 */
export class TableWriter implements Behaviour {
  readonly #writing: TableWriting;
  readonly #positions = new Map<string, OutboxPosition>();
  /** Refused places by partition; they outlive connections. */
  readonly #refused = new Map<string, Map<string, number>>();
  #table: TransactionalTable | undefined;
  /** Number of commits that have been prepared: letters of generation n are in commit n + 1. */
  #generation = 0;

  constructor(writing: TableWriting) {
    this.#writing = writing;
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    let group: Delivery[] = [];
    for (const record of records) {
      const place = ctx.delivery(record);
      if (group.length > 0 && group[0]!.place.partition !== place.partition) {
        await this.#deliver(group, ctx);
        group = [];
      }
      group.push({ record, place });
    }
    if (group.length > 0) await this.#deliver(group, ctx);
  }

  async #deliver(group: readonly Delivery[], ctx: Context): Promise<void> {
    const { partition } = group[0]!.place;
    const refused = new Map<StreamRecord, MillraceError>();
    let todo = group;
    const check = this.#writing.check;
    if (check) {
      for (const { record } of group) {
        const error = check(record);
        if (error) refused.set(record, error);
      }
      todo = group.filter(({ record }) => !refused.has(record));
    }
    const ranges: (readonly Delivery[])[] = todo.length > 0 ? [todo] : [];
    while (ranges.length > 0) {
      const range = ranges.pop()!;
      const error = await this.#write(partition, range);
      if (error === undefined) continue;
      if (range.length === 1) {
        refused.set(range[0]!.record, error);
        this.#positions.get(partition)!.refuse(range[0]!.place, this.#generation);
        continue;
      }
      const middle = range.length >> 1;
      ranges.push(range.slice(middle), range.slice(0, middle));
    }
    for (const [record, error] of refused) ctx.fail(record, error);
  }

  /** Writes what is still to be written; answers why the database refuses it. */
  async #write(partition: string, range: readonly Delivery[]): Promise<MillraceError | undefined> {
    const { setup, connect, explain } = this.#writing;
    let refusal: MillraceError | undefined;
    await keepTrying(
      setup,
      async () => {
        try {
          this.#table ??= await connecting(connect);
          const table = this.#table;
          for (;;) {
            const position = await this.#position(table, partition);
            const due = range.filter(({ place }) => position.isDue(place));
            if (due.length === 0) return;
            const from = { sequence: position.sequence, offset: position.offset };
            const to = position.after(due);
            if (await table.write(due, { partition, epoch: setup.epoch, from, to })) {
              position.moved(to, due, this.#generation);
              return;
            }
            // Somebody moved it: a write of ours whose answer was lost, or another owner. Reading it again tells.
            this.#positions.delete(partition);
          }
        } catch (thrown) {
          const error = explain(thrown);
          if (error.retry === 'never' && error.domain === 'user') {
            refusal = error;
            return;
          }
          await this.#forget();
          throw error;
        }
      },
      { explain: (thrown) => thrown as MillraceError },
    );
    return refusal;
  }

  async #position(table: TransactionalTable, partition: string): Promise<OutboxPosition> {
    const known = this.#positions.get(partition);
    if (known) return known;
    const { epoch } = this.#writing.setup;
    const refused = this.#refused.get(partition) ?? new Map<string, number>();
    const position = new OutboxPosition(await table.claim(partition, epoch), epoch, refused);
    this.#refused.set(partition, refused);
    // Dead letters that are processed again have a partition each.
    for (const [old, places] of this.#refused) {
      if (this.#refused.size <= MOST_PARTITIONS) break;
      if (places.size > 0) continue;
      this.#refused.delete(old);
      this.#positions.delete(old);
    }
    this.#positions.set(partition, position);
    return position;
  }

  /** The outcome of what was under way is unknown: everything is read again over a new connection. */
  async #forget(): Promise<void> {
    const table = this.#table;
    this.#table = undefined;
    this.#positions.clear();
    await table?.close().catch(() => undefined);
  }

  prepareCommit(): void {
    this.#generation++;
    // One commit is in flight at a time: the one before this is durable.
    const sure = this.#generation - 2;
    for (const places of this.#refused.values())
      for (const [place, generation] of places) if (generation <= sure) places.delete(place);
  }

  async close(): Promise<void> {
    await this.#forget();
  }
}
