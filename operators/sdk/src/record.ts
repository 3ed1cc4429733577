/** What a record does to the table it belongs to. Append streams carry only `insert`. */
export type Op = 'insert' | 'upsert' | 'delete';

/** A JSON value. Integers beyond 2^53 are kept as text from source to sink. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of user data is not known at compile time
export type Value = any;

/** One datum on its way through a graph. Operators never change a record they were given; they emit new values. */
export interface StreamRecord {
  /** The user's data, usually a JSON object. Treat as frozen: other nodes may hold the same object. */
  readonly value: Value;
  /** Event time in ms since 1970-01-01T00:00Z. */
  readonly time: number;
  /** Encoded key of the by-key node the record is addressed to (see `encodeKey`), otherwise undefined. */
  key: string | undefined;
  /** When the record (or the latest record it was made of) entered the system, ms of wall clock. */
  readonly born: number;
  readonly op: Op;
}

/** Watermark before any record. */
export const MIN_TIME = Number.MIN_SAFE_INTEGER;
/** Watermark after the end of input: every window and timer fires. */
export const MAX_TIME = Number.MAX_SAFE_INTEGER;
