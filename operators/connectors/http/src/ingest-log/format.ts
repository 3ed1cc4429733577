import { crc32 } from 'node:zlib';
import { MillraceError, type Value } from '@millrace/sdk';

/**
 * The files of an ingest log, format 1. A directory holds:
 * - `<16 digits>.log`: a segment, named by the log position of its first entry. Line 1 is `HEADER`, then entries:
 *   8 hex digits CRC-32 of the payload, a space, 8 hex digits payload length, LF, payload, LF.
 *   Payload: one line of JSON (`EntryHead`), LF, a JSON array of record values.
 * - `head`: the position behind the last durable entry; readers stop there.
 * - `consumed`: the position behind the last entry whose effects are committed.
 * - `keys-<10 digits>.log`: idempotency keys by the hour they came, lines of `<crc> <json>`.
 * Positions count bytes of entries since the log began, headers left out; they never go back and never repeat.
 */
export const HEADER = 'millrace-ingest 1\n';
export const HEADER_BYTES = HEADER.length;
export const FRAME_BYTES = 18;
/** Largest payload a reader believes: the body limit and room for text that grows in encoding. */
export const MAX_PAYLOAD = 16 * 1024 * 1024;

/** What an entry says of itself: one request to the ingest route. */
export interface EntryHead {
  /** When it arrived, ms. */
  at: number;
  /** Records in it. */
  n: number;
  /** Idempotency key, and the hash of the body that came with it. */
  key?: string;
  hash?: string;
}

export interface Entry {
  head: EntryHead;
  values: Value[];
  /** Bytes the entry takes in the log. */
  bytes: number;
}

const LF = 10;

export function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** An entry as bytes. `values` are JSON texts. */
export function encodeEntry(head: EntryHead, values: readonly string[]): Buffer {
  const payload = Buffer.from(`${JSON.stringify(head)}\n[${values.join(',')}]`, 'utf8');
  const frame = Buffer.allocUnsafe(FRAME_BYTES + payload.length + 1);
  frame.write(`${hex8(crc32(payload))} ${hex8(payload.length)}\n`, 0, 'latin1');
  payload.copy(frame, FRAME_BYTES);
  frame[frame.length - 1] = LF;
  return frame;
}

/** Length of the entry at `at` in bytes; 0 when its frame is not complete, -1 when it is none. */
export function entryLength(bytes: Buffer, at: number): number {
  if (bytes.length - at < FRAME_BYTES) return 0;
  const frame = bytes.toString('latin1', at, at + FRAME_BYTES);
  if (!/^[0-9a-f]{8} [0-9a-f]{8}\n$/.test(frame)) return -1;
  const length = Number.parseInt(frame.slice(9, 17), 16);
  return length > MAX_PAYLOAD ? -1 : FRAME_BYTES + length + 1;
}

/** True if the whole entry at `at` is there and its checksum holds. */
export function entryHolds(bytes: Buffer, at: number, length: number): boolean {
  if (length <= 0 || bytes.length - at < length || bytes[at + length - 1] !== LF) return false;
  const payload = bytes.subarray(at + FRAME_BYTES, at + length - 1);
  return hex8(crc32(payload)) === bytes.toString('latin1', at, at + 8);
}

export function entryHead(bytes: Buffer, at: number): EntryHead {
  return JSON.parse(bytes.toString('utf8', at + FRAME_BYTES, bytes.indexOf(LF, at + FRAME_BYTES))) as EntryHead;
}

export function decodeEntry(bytes: Buffer, at: number, length: number): Entry {
  const split = bytes.indexOf(LF, at + FRAME_BYTES);
  const head = JSON.parse(bytes.toString('utf8', at + FRAME_BYTES, split)) as EntryHead;
  return { head, values: JSON.parse(bytes.toString('utf8', split + 1, at + length - 1)) as Value[], bytes: length };
}

/** Content of a `head` or `consumed` file. */
export function encodeMark(position: number): string {
  const text = String(position).padStart(16, '0');
  return `${text} ${hex8(crc32(text))}\n`;
}

/** The position in a mark; undefined when the bytes are no whole mark. */
export function decodeMark(text: string): number | undefined {
  const match = /^(\d{16}) ([0-9a-f]{8})\n$/.exec(text);
  return match && hex8(crc32(match[1]!)) === match[2] ? Number(match[1]) : undefined;
}

export function segmentName(base: number): string {
  return `${String(base).padStart(16, '0')}.log`;
}

/** Positions of the segments among file names, in order. */
export function segmentBases(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d{16}\.log$/.test(name))
    .map((name) => Number(name.slice(0, 16)))
    .sort((a, b) => a - b);
}

export function corrupt(dir: string, position: number): MillraceError {
  return new MillraceError(`The ingest log ${dir} is damaged at position ${position}.`, {
    code: 'INGEST_LOG_CORRUPT',
    domain: 'internal',
    retry: 'never',
    params: { dir, position },
    hint: 'The records before it are safe. Restore the folder from a backup, or move the damaged segment away to go on with the next one.',
  });
}
