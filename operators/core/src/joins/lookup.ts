import {
  type Behaviour,
  type Clock,
  type Context,
  type Expression,
  encodeKey,
  type StreamRecord,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import { neverMatches } from './keys.js';
import type { Pair } from './result.js';

/** The rows of a key; empty when there are none. */
export type Answer = readonly Value[];
export const NO_ROWS: Answer = [];

/** Where rows are looked up: a table in memory, a file, a database. One per task. Keys are encoded by `encodeKey`. */
export interface LookupTarget {
  open?(): Promise<void>;
  /** The answer if it is known without waiting; undefined = `ask`. */
  known(key: string): Answer | undefined;
  /** Rejects when the target cannot answer now; an error with `retry: 'never'` is not asked again. */
  ask(key: string, signal: AbortSignal): Promise<Answer>;
  close?(): Promise<void>;
}

export interface LookupSetup {
  readonly target: LookupTarget;
  readonly key: readonly Expression[];
  /** Are records without a row sent on? */
  readonly keep: boolean;
  readonly pair: Pair;
  readonly accept: (value: Value) => Value;
}

function keyOf({ key }: LookupSetup, record: StreamRecord): string {
  return encodeKey(key.map((part) => part(record.value, record)));
}

/** Of an upsert stream, deletes always pass, and a row that is no longer found is deleted: an earlier version may have been. */
function send(setup: LookupSetup, record: StreamRecord, rows: Answer, ctx: Context): void {
  const { pair } = setup;
  const { value, time, op } = record;
  if (op === 'delete') ctx.emit('out', pair(value, null), time, op);
  else if (rows.length > 0) for (const row of rows) ctx.emit('out', pair(value, row), time, op);
  else if (setup.keep) ctx.emit('out', pair(value, null), time, op);
  else if (op === 'upsert') ctx.emit('out', pair(value, null), time, 'delete');
  else ctx.filtered();
}

/** The key of a deleted row is not looked up: its value may hold only what tells it apart. */
function answerOf(setup: LookupSetup, record: StreamRecord): { key: string; rows: Answer | undefined } {
  setup.accept(record.value);
  if (record.op === 'delete') return { key: '', rows: NO_ROWS };
  const key = keyOf(setup, record);
  return { key, rows: neverMatches(key) ? NO_ROWS : setup.target.known(key) };
}

/** Lookups in a table that is wholly in memory. */
export class DirectLookup implements Behaviour {
  constructor(readonly setup: LookupSetup) {}

  open(): Promise<void> | undefined {
    return this.setup.target.open?.();
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context): void {
    send(this.setup, record, answerOf(this.setup, record).rows ?? NO_ROWS, ctx);
  }

  close(): Promise<void> | undefined {
    return this.setup.target.close?.();
  }
}

export interface AsyncOptions {
  readonly clock: Clock;
  /** Lookups under way at once. */
  readonly concurrency: number;
  /** ms for one record, its repetitions included. */
  readonly timeout: number;
  /** How often a failed lookup is repeated. */
  readonly retries: number;
  /** ms before the first repetition; twice as long before each further one. */
  readonly backoff: number;
}

/**
 * Lookups that may have to wait. What is known is answered without a promise; the rest is asked with bounded concurrency. Records leave in the
 * order they came. A lookup that still fails after its repetitions fails its record (dead letter), never the ones around it.
 */
export class AsyncLookup implements Behaviour {
  constructor(
    readonly setup: LookupSetup,
    readonly options: AsyncOptions,
  ) {}

  open(): Promise<void> | undefined {
    return this.setup.target.open?.();
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const answers: (Answer | undefined)[] = new Array(records.length);
    const unknown: StreamRecord[] = [];
    const keys = new Map<StreamRecord, string>();
    const places: number[] = [];
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      try {
        const { key, rows } = answerOf(this.setup, record);
        answers[i] = rows;
        if (rows !== undefined) continue;
        keys.set(record, key);
        unknown.push(record);
        places.push(i);
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    if (unknown.length > 0) {
      const { concurrency, timeout } = this.options;
      const results = await ctx.map(unknown, (record, signal) => this.#ask(keys.get(record)!, signal), {
        concurrency,
        timeout,
      });
      results.forEach((result, n) => {
        if (result.ok) answers[places[n]!] = result.value;
        else ctx.fail(unknown[n]!, result.error);
      });
    }
    for (let i = 0; i < records.length; i++) {
      const rows = answers[i];
      if (rows !== undefined) send(this.setup, records[i]!, rows, ctx);
    }
  }

  async #ask(key: string, signal: AbortSignal): Promise<Answer> {
    const { clock, retries, backoff } = this.options;
    for (let n = 0; ; n++) {
      try {
        return await this.setup.target.ask(key, signal);
      } catch (thrown) {
        const error = toMillraceError(thrown, 'LOOKUP_FAILED');
        if (n >= retries || signal.aborted || (thrown === error && error.retry === 'never')) throw error;
        await clock.sleep(backoff * 2 ** n, signal);
        if (signal.aborted) throw error;
      }
    }
  }

  close(): Promise<void> | undefined {
    return this.setup.target.close?.();
  }
}
