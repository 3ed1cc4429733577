import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceBatch, SourceReader, Value } from '@millrace/sdk';
import {
  corrupt,
  decodeEntry,
  type Entry,
  entryHolds,
  entryLength,
  HEADER_BYTES,
  segmentBases,
  segmentName,
} from './format.js';
import { Mark } from './marks.js';
import { onGrowth } from './wake.js';

/** How often a reader looks by itself when nobody tells it that the log has grown, ms. */
const LOOK_EVERY = 100;
const CHUNK = 256 * 1024;

export interface IngestReaderOptions {
  dir: string;
  /** Where to start; null: behind what earlier runs have consumed. */
  position: number | null;
  wake(): void;
  /** Makes the record value of an entry's value. */
  shape(value: Value, entry: Entry): Value;
}

/** Reads an ingest log to its durable end and goes on as it grows. Runs in the thread of the source's task. */
export class IngestReader implements SourceReader {
  readonly #options: IngestReaderOptions;
  readonly #head: Mark;
  readonly #consumed: Mark;
  readonly #stopListening: () => void;
  readonly #timer: NodeJS.Timeout;
  #position: number;
  #base = -1;
  #fd: number | undefined;
  #chunk = Buffer.alloc(0);
  /** Log position of the chunk's first byte. */
  #chunkAt = 0;
  #seenHead = 0;

  constructor(options: IngestReaderOptions) {
    this.#options = options;
    this.#head = new Mark(options.dir, 'head');
    this.#consumed = new Mark(options.dir, 'consumed');
    const first = this.#bases()[0] ?? 0;
    const wanted = options.position ?? this.#consumed.read() ?? first;
    // An older savepoint may point at entries that are trimmed: they were consumed by the workflow before. A position behind the
    // end means that the log was taken away and begins anew.
    this.#position = Math.max(Math.min(wanted, this.#head.read() ?? 0), first);
    this.#stopListening = onGrowth(options.dir, options.wake);
    this.#timer = setInterval(() => {
      if ((this.#head.read() ?? 0) > this.#seenHead) options.wake();
    }, LOOK_EVERY);
    this.#timer.unref();
  }

  #bases(): number[] {
    return existsSync(this.#options.dir) ? segmentBases(readdirSync(this.#options.dir)) : [];
  }

  poll(max: number): SourceBatch | null {
    const head = this.#head.read() ?? 0;
    this.#seenHead = head;
    const values: Value[] = [];
    while (this.#position < head && values.length < max) {
      const entry = this.#entry(head);
      for (const value of entry.values) values.push(this.#options.shape(value, entry));
      this.#position += entry.bytes;
    }
    return values.length === 0 ? null : { values, position: this.#position };
  }

  #entry(head: number): Entry {
    let at = this.#position - this.#chunkAt;
    let length = at >= 0 && at < this.#chunk.length ? entryLength(this.#chunk, at) : 0;
    if (length <= 0 || this.#chunk.length - at < length) {
      this.#load(Math.min(head - this.#position, CHUNK));
      at = 0;
      length = entryLength(this.#chunk, 0);
      if (length > this.#chunk.length) this.#load(length);
    }
    if (!entryHolds(this.#chunk, at, length)) throw corrupt(this.#options.dir, this.#position);
    return decodeEntry(this.#chunk, at, length);
  }

  /** Reads bytes at the position; where the open segment has none, the next one goes on. */
  #load(bytes: number): void {
    if (this.#fd === undefined || !this.#read(bytes)) {
      this.#openSegment();
      this.#read(bytes);
    }
  }

  #read(bytes: number): boolean {
    const chunk = Buffer.allocUnsafe(bytes);
    const got = readSync(this.#fd!, chunk, 0, bytes, this.#position - this.#base + HEADER_BYTES);
    this.#chunk = chunk.subarray(0, got);
    this.#chunkAt = this.#position;
    return got > 0;
  }

  #openSegment(): void {
    const base = this.#bases().findLast((candidate) => candidate <= this.#position);
    if (base === undefined) throw corrupt(this.#options.dir, this.#position);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#base = base;
    this.#fd = openSync(join(this.#options.dir, segmentName(base)), 'r');
  }

  committed(position: Value): void {
    if (typeof position === 'number' && position > (this.#consumed.read() ?? -1)) this.#consumed.write(position);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopListening();
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#head.close();
    this.#consumed.close();
  }
}
