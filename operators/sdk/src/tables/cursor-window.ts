import { createHash } from 'node:crypto';
import { MillraceError } from '../errors.js';
import type { Value } from '../record.js';

/** Exact texts of a row's order column and key columns: its place in the reading order. */
export type Cursor = readonly string[];

/** A row as far as the window cares. */
export interface Placed {
  at: Cursor;
  /** So old that no transaction under way can still put a row in front of it. */
  settled: boolean;
}

interface Slice {
  readAt: number;
  /** How far reading had come. */
  at: Cursor;
  hashes: readonly string[];
  text: string;
}

/** Characters of a row's hash: 66 bits. */
const HASH = 11;

/**
 * What has been read of a table that others write to: everything up to `low`, and between `low` and `at` the rows remembered here.
 * A row whose transaction commits late turns up behind `at` and is known as new because it is not remembered. Immutable.
 */
export class CursorWindow {
  private constructor(
    readonly at: Cursor | null,
    readonly low: Cursor | null,
    private readonly slices: readonly Slice[],
  ) {}

  get remembered(): number {
    return this.slices.reduce((n, slice) => n + slice.hashes.length, 0);
  }

  /** After rows in reading order. `span`: ms of reading one slice covers; `most`: rows to remember at most. */
  forward(rows: readonly Placed[], readAt: number, span: number, most: number): CursorWindow {
    const last = rows.at(-1);
    if (last === undefined) return this;
    let from = rows.length;
    while (from > 0 && !rows[from - 1]!.settled) from--;
    const low = from > 0 ? rows[from - 1]!.at : this.low;
    const kept = from > 0 ? [] : this.slices;
    const slices = grow(kept, rows.slice(from), last.at, readAt, span);
    return new CursorWindow(last.at, low, slices).#within(most);
  }

  /** After rows only, nothing remembered: for reading that ends. */
  plain(rows: readonly Placed[]): CursorWindow {
    return rows.length === 0 ? this : new CursorWindow(rows.at(-1)!.at, null, []);
  }

  /** After rows found behind `at`. */
  late(rows: readonly Placed[], readAt: number, span: number): CursorWindow {
    return new CursorWindow(this.at, this.low, grow(this.slices, rows, this.at!, readAt, span));
  }

  /** Nothing can turn up any more in front of what was read at or before `until`. */
  settle(until: number): CursorWindow {
    let gone = 0;
    while (gone < this.slices.length && this.slices[gone]!.readAt <= until) gone++;
    if (gone === 0) return this;
    return new CursorWindow(this.at, this.slices[gone - 1]!.at, this.slices.slice(gone));
  }

  #within(most: number): CursorWindow {
    let excess = this.remembered - most;
    let gone = 0;
    while (excess > 0) excess -= this.slices[gone++]!.hashes.length;
    if (gone === 0) return this;
    return new CursorWindow(this.at, this.slices[gone - 1]!.at, this.slices.slice(gone));
  }

  /** Hashes of the rows remembered. */
  hashes(): Set<string> {
    return new Set(this.slices.flatMap((slice) => slice.hashes));
  }

  toJson(): Value {
    return { at: this.at, low: this.low, read: this.slices.map(({ readAt, at, text }) => [readAt, at, text]) };
  }

  static fromJson(position: Value): CursorWindow {
    if (position === null) return new CursorWindow(null, null, []);
    if (!isCursor(position?.at) || !isCursor(position.low) || !Array.isArray(position.read)) {
      throw new MillraceError('The stored position of the table cannot be read.', {
        code: 'POSITION_UNREADABLE',
        domain: 'internal',
        retry: 'never',
      });
    }
    const slices = position.read.map(([readAt, at, text]: [number, Cursor, string]) => ({
      readAt,
      at,
      text,
      hashes: text.match(new RegExp(`.{${HASH}}`, 'g')) ?? [],
    }));
    return new CursorWindow(position.at, position.low, slices);
  }
}

function isCursor(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.every((part) => typeof part === 'string'));
}

function grow(slices: readonly Slice[], rows: readonly Placed[], at: Cursor, readAt: number, span: number): Slice[] {
  if (rows.length === 0) return [...slices];
  const hashes = rows.map((row) => hashOf(row.at));
  const last = slices.at(-1);
  if (last !== undefined && readAt - last.readAt < span) {
    // The younger time of the two would keep a slice for ever that is always added to; the older one only forgets up to `span` early.
    const joined = [...last.hashes, ...hashes];
    return [...slices.slice(0, -1), { readAt: last.readAt, at, hashes: joined, text: joined.join('') }];
  }
  return [...slices, { readAt, at, hashes, text: hashes.join('') }];
}

/** A row version: the same row written again has another order value and is read again. */
export function hashOf(at: Cursor): string {
  return createHash('sha1').update(JSON.stringify(at)).digest('base64url').slice(0, HASH);
}
