import { closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import {
  corrupt,
  entryHead,
  entryHolds,
  entryLength,
  FRAME_BYTES,
  HEADER,
  HEADER_BYTES,
  segmentBases,
  segmentName,
} from './format.js';
import type { KeyBook } from './keys.js';

export interface Recovered {
  /** Position of the first entry that is still there. */
  first: number;
  /** Position behind the last whole entry. */
  end: number;
  /** Position of the segment that takes the next entries; undefined in a new log. */
  active: number | undefined;
}

/**
 * Reads a log's segments after a start: takes up their idempotency keys, cuts off what a crash left half written at the very end.
 * Damage anywhere else, and any before `durable` (what was promised), is an error (`INGEST_LOG_CORRUPT`), never skipped.
 */
export function recoverLog(dir: string, keys: KeyBook, durable: number): Recovered {
  const bases = segmentBases(readdirSync(dir));
  let end = bases[0] ?? 0;
  for (const [i, base] of bases.entries()) {
    if (base !== end) throw corrupt(dir, end);
    end = recoverSegment(dir, base, i === bases.length - 1, keys, durable);
  }
  if (bases.length > 0 && end < durable) throw corrupt(dir, end);
  return { first: bases[0] ?? 0, end, active: bases.at(-1) };
}

function recoverSegment(dir: string, base: number, last: boolean, keys: KeyBook, durable: number): number {
  const fd = openSync(join(dir, segmentName(base)), 'r+');
  try {
    const size = fstatSync(fd).size;
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(fd, header, 0, HEADER_BYTES, 0) < HEADER_BYTES || header.toString('latin1') !== HEADER) {
      // A crash while the segment was made: nothing of it has been promised.
      if (!last || size > HEADER_BYTES) throw corrupt(dir, base);
      ftruncateSync(fd, 0);
      fsyncSync(fd);
      return base;
    }
    let at = HEADER_BYTES;
    while (at < size) {
      const length = wholeEntry(fd, at, (bytes) => takeKey(bytes, base + at - HEADER_BYTES, keys));
      if (length > 0) {
        at += length;
        continue;
      }
      const position = base + at - HEADER_BYTES;
      if (!last || position < durable) throw corrupt(dir, position);
      ftruncateSync(fd, at);
      fsyncSync(fd);
      break;
    }
    return base + at - HEADER_BYTES;
  } finally {
    closeSync(fd);
  }
}

function wholeEntry(fd: number, at: number, use: (bytes: Buffer) => void): number {
  const frame = Buffer.alloc(FRAME_BYTES);
  if (readSync(fd, frame, 0, FRAME_BYTES, at) < FRAME_BYTES) return 0;
  const length = entryLength(frame, 0);
  if (length <= 0) return 0;
  const bytes = Buffer.allocUnsafe(length);
  if (readSync(fd, bytes, 0, length, at) < length || !entryHolds(bytes, 0, length)) return 0;
  use(bytes);
  return length;
}

function takeKey(bytes: Buffer, position: number, keys: KeyBook): void {
  const head = entryHead(bytes, 0);
  if (head.key !== undefined && head.hash !== undefined) {
    keys.add(head.key, { hash: head.hash, position, n: head.n, at: head.at }, false);
  }
}
