import { MillraceError } from '../errors.js';
import type { Behaviour, Context, Setup } from '../operator.js';
import { fieldReader } from '../path.js';
import type { StreamRecord, Value } from '../record.js';
import { connecting, keepTrying } from '../retry.js';
import { durationMs, Field, Type } from '../schema.js';
import { ColumnNames } from './names.js';

/** Config properties that all lookups share. */
export const lookupFields = {
  key: Field.fields({
    title: 'Match fields',
    description: 'Fields of the record that say which row to look up, such as customerId.',
    minItems: 1,
  }),
  keyColumns: Type.Optional(
    ColumnNames({
      title: 'Match columns',
      description:
        'Columns of the table that hold these values, in the same order. Empty: columns named like the fields.',
      advanced: true,
    }),
  ),
  columns: Type.Optional(
    ColumnNames({ title: 'Columns to take', description: 'Columns of the row that are added. Empty: all.' }),
  ),
  as: Type.Optional(
    Type.String({
      title: 'Put it into',
      description: 'Name of the field that gets the row.',
      minLength: 1,
      maxLength: 256,
      default: 'found',
    }),
  ),
  missing: Type.Optional(
    Type.Union([Type.Literal('null'), Type.Literal('skip'), Type.Literal('dead-letter')], {
      title: 'When there is no row',
      description:
        'null: the field stays empty. skip: the record ends here. dead-letter: the record is kept aside with the reason.',
      default: 'null',
    }),
  ),
  cacheFor: Type.Optional(
    Field.duration({
      title: 'Remember rows for',
      description: 'A row that changes is seen after this time at the latest. 0: always ask.',
      default: '1 min',
    }),
  ),
  cacheSize: Type.Optional(
    Type.Integer({
      title: 'Rows to remember',
      description: 'The rows used longest ago are forgotten first.',
      minimum: 0,
      maximum: 1_000_000,
      default: 10_000,
      'x-ui': { advanced: true },
    }),
  ),
};

export interface LookupConfig {
  key: readonly string[];
  as?: string;
  missing?: 'null' | 'skip' | 'dead-letter';
  cacheFor?: number | string;
  cacheSize?: number;
}

/** One connection to what is looked up. */
export interface LookupClient {
  /** The row of each key in order, null where there is none. All keys are different and without null. */
  rows(keys: readonly (readonly Value[])[]): Promise<(Value | null)[]>;
  close(): Promise<void>;
}

export interface Looking {
  setup: Setup<LookupConfig>;
  connect(): Promise<LookupClient>;
  /** `retry: 'never'` with domain `user` means: a key of the batch is not to be asked for. */
  explain(thrown: unknown): MillraceError;
}

/** Enriches records by key: one question for all keys of a batch that are not remembered. */
export class Lookup implements Behaviour {
  readonly #looking: Looking;
  readonly #readers: ((value: Value) => Value)[];
  readonly #cache: RowCache;
  #client: LookupClient | undefined;

  constructor(looking: Looking) {
    this.#looking = looking;
    const { key, cacheFor = '1 min', cacheSize = 10_000 } = looking.setup.config;
    this.#readers = key.map(fieldReader);
    this.#cache = new RowCache(durationMs(cacheFor), cacheSize);
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const now = ctx.clock.now();
    const ids = records.map(({ value }) => this.#idOf(value));
    const found = new Map<string, Value | null | MillraceError>();
    const asked = new Map<string, readonly Value[]>();
    for (const id of ids) {
      if (id === undefined || found.has(id.text) || asked.has(id.text)) continue;
      const row = this.#cache.get(id.text, now);
      if (row !== undefined) found.set(id.text, row);
      else asked.set(id.text, id.parts);
    }
    if (asked.size > 0) await this.#ask([...asked], found, now);
    for (const [i, record] of records.entries()) this.#answer(record, ids[i], found, ctx);
  }

  #idOf(value: Value): { text: string; parts: readonly Value[] } | undefined {
    const parts = this.#readers.map((read) => read(value));
    return parts.includes(null) ? undefined : { text: JSON.stringify(parts), parts };
  }

  /** Keys that the system refuses are halved until the guilty one is found. */
  async #ask(
    asked: readonly (readonly [string, readonly Value[]])[],
    found: Map<string, Value | null | MillraceError>,
    now: number,
  ): Promise<void> {
    const { setup, connect, explain } = this.#looking;
    const ranges = [asked];
    while (ranges.length > 0) {
      const range = ranges.pop()!;
      let refusal: MillraceError | undefined;
      const rows = await keepTrying(
        setup,
        async () => {
          try {
            this.#client ??= await connecting(connect);
            return await this.#client.rows(range.map(([, parts]) => parts));
          } catch (thrown) {
            const error = explain(thrown);
            if (error.retry !== 'never' || error.domain !== 'user') {
              await this.#disconnect();
              throw error;
            }
            refusal = error;
            return [];
          }
        },
        { explain: (thrown) => thrown as MillraceError },
      );
      if (refusal === undefined) {
        for (const [i, [id]] of range.entries()) {
          found.set(id, rows[i] ?? null);
          this.#cache.set(id, rows[i] ?? null, now);
        }
      } else if (range.length === 1) found.set(range[0]![0], refusal);
      else ranges.push(range.slice(range.length >> 1), range.slice(0, range.length >> 1));
    }
  }

  #answer(
    record: StreamRecord,
    id: { text: string } | undefined,
    found: ReadonlyMap<string, Value | null | MillraceError>,
    ctx: Context,
  ): void {
    const { as = 'found', missing = 'null', key } = this.#looking.setup.config;
    const row = id === undefined ? null : (found.get(id.text) ?? null);
    if (row instanceof MillraceError) ctx.fail(record, row);
    else if (row === null && missing === 'skip') ctx.filtered();
    else if (row === null && missing === 'dead-letter') {
      ctx.fail(
        record,
        new MillraceError(
          `There is no row for ${key.join(', ')} = ${id?.text.slice(1, -1).slice(0, 200) ?? 'nothing'}.`,
          {
            code: 'LOOKUP_MISSING',
            hint: 'Add the row, then process the dead letter again.',
          },
        ),
      );
    } else ctx.emit('out', { ...record.value, [as]: row }, record.time, record.op);
  }

  async #disconnect(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#disconnect();
  }
}

/** Bounded by count and age; the least recently used goes first. */
export class RowCache {
  readonly #rows = new Map<string, { row: Value | null; until: number }>();

  constructor(
    private readonly ttl: number,
    private readonly size: number,
  ) {}

  get(id: string, now: number): Value | null | undefined {
    const kept = this.#rows.get(id);
    if (kept === undefined) return undefined;
    this.#rows.delete(id);
    if (kept.until <= now) return undefined;
    this.#rows.set(id, kept);
    return kept.row;
  }

  set(id: string, row: Value | null, now: number): void {
    if (this.ttl === 0 || this.size === 0) return;
    this.#rows.delete(id);
    this.#rows.set(id, { row, until: now + this.ttl });
    if (this.#rows.size > this.size) this.#rows.delete(this.#rows.keys().next().value!);
  }
}
