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

function send(setup: LookupSetup, record: StreamRecord, rows: Answer, ctx: Context): void {
  const { pair } = setup;
  for (const row of rows) ctx.emit('out', pair(record.value, row), record.time, record.op);
  if (rows.length > 0) return;
  if (setup.keep) ctx.emit('out', pair(record.value, null), record.time, record.op);
  else ctx.filtered();
}

/** Lookups in a table that is wholly in memory. */
export class DirectLookup implements Behaviour {
  constructor(readonly setup: LookupSetup) {}

  open(): Promise<void> | undefined {
    return this.setup.target.open?.();
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context): void {
    this.setup.accept(record.value);
    const key = keyOf(this.setup, record);
    send(this.setup, record, neverMatches(key) ? NO_ROWS : (this.setup.target.known(key) ?? NO_ROWS), ctx);
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
    const { target } = this.setup;
    const answers: (Answer | undefined)[] = new Array(records.length);
    const unknown: StreamRecord[] = [];
    const keys = new Map<StreamRecord, string>();
    const places: number[] = [];
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      try {
        this.setup.accept(record.value);
        const key = keyOf(this.setup, record);
        answers[i] = neverMatches(key) ? NO_ROWS : target.known(key);
        if (answers[i] !== undefined) continue;
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
