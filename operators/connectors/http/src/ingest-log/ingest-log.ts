import { mkdirSync, readdirSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, MillraceError, systemClock } from '@millrace/sdk';
import { encodeEntry, HEADER, HEADER_BYTES, segmentBases, segmentName } from './format.js';
import { KeyBook } from './keys.js';
import { Mark } from './marks.js';
import { recoverLog } from './recover.js';
import { announcer } from './wake.js';

export interface IngestLogOptions {
  /** Bytes that may wait to be consumed before `append` answers `INGEST_FULL`. Default 256 MiB. */
  maxBytes?: number;
  /** A segment is closed when it is larger. Default 8 MiB. */
  segmentBytes?: number;
  /** Requests that may wait for the disk. Default 1,000. */
  maxWaiting?: number;
  clock?: Clock;
}

/** Ids of the records of one request: `<position>` for one, `<position>.<index>` for several. */
export interface Appended {
  position: number;
  n: number;
  /** The same key and body came before; nothing was added. */
  repeated: boolean;
}

interface Waiting {
  bytes: Buffer;
  n: number;
  key: string | undefined;
  hash: string | undefined;
  at: number;
  resolve(appended: Appended): void;
  reject(error: unknown): void;
}

/**
 * The write-ahead log of one ingest node: `append` resolves when its records are on disk. Requests that arrive while the disk is
 * busy share the next flush, so one flush serves many under load and a lone request waits for none but its own.
 */
export class IngestLog {
  readonly dir: string;
  readonly #options: Required<IngestLogOptions>;
  readonly #keys: KeyBook;
  readonly #inFlight = new Map<string, string>();
  readonly #head: Mark;
  readonly #consumed: Mark;
  readonly #announcer = announcer();
  #first: number;
  #end: number;
  #base: number;
  #segment: FileHandle | undefined;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;
  #mustRepair = true;
  #nextTrim = 0;
  #closed = false;

  private constructor(dir: string, options: IngestLogOptions) {
    this.dir = dir;
    this.#options = {
      maxBytes: 256 * 1024 * 1024,
      segmentBytes: 8 * 1024 * 1024,
      maxWaiting: 1000,
      clock: systemClock,
      ...options,
    };
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#keys = KeyBook.load(dir, this.#options.clock.now());
    this.#head = new Mark(dir, 'head');
    this.#consumed = new Mark(dir, 'consumed');
    const found = recoverLog(dir, this.#keys, this.#head.read() ?? 0);
    this.#first = found.first;
    this.#end = found.end;
    this.#base = found.active ?? found.end;
    this.#head.write(this.#end);
    this.#announcer.announce(dir);
  }

  /** Opens a log, or makes one. One writer at a time: the server that holds the data directory. */
  static open(dir: string, options: IngestLogOptions = {}): IngestLog {
    return new IngestLog(dir, options);
  }

  /** Bytes that no committed run has consumed yet, and the bound. */
  get fill(): { bytes: number; maxBytes: number } {
    return {
      bytes: this.#end - Math.max(this.#consumed.read() ?? this.#first, this.#first),
      maxBytes: this.#options.maxBytes,
    };
  }

  /**
   * Adds the records of one request, all or none. Rejects with `INGEST_FULL` (wait and try again), `INGEST_UNAVAILABLE` (the disk
   * refuses), `IDEMPOTENCY_IN_FLIGHT`, `IDEMPOTENCY_MISMATCH` (the key came with another body).
   */
  append(values: readonly string[], idempotency?: { key: string; hash: string }): Promise<Appended> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw unavailable(undefined);
      const at = this.#options.clock.now();
      if (idempotency) {
        const before = this.#repeated(idempotency, at);
        if (before) return resolve(before);
      }
      if (this.#waiting.length >= this.#options.maxWaiting || this.fill.bytes >= this.#options.maxBytes)
        throw full(this.fill);
      const head = { at, n: values.length, ...idempotency };
      if (idempotency) this.#inFlight.set(idempotency.key, idempotency.hash);
      this.#waiting.push({
        bytes: encodeEntry(head, values),
        n: values.length,
        key: idempotency?.key,
        hash: idempotency?.hash,
        at,
        resolve,
        reject,
      });
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
      });
    });
  }

  #repeated({ key, hash }: { key: string; hash: string }, now: number): Appended | undefined {
    const flying = this.#inFlight.get(key);
    const kept = this.#keys.get(key, now);
    const known = flying ?? kept?.hash;
    if (known === undefined) return undefined;
    if (known !== hash) {
      throw new MillraceError('This Idempotency-Key was used with another body.', {
        code: 'IDEMPOTENCY_MISMATCH',
        hint: 'Use a new key for new content.',
      });
    }
    if (kept === undefined) {
      throw new MillraceError('The first request with this Idempotency-Key is still being stored.', {
        code: 'IDEMPOTENCY_IN_FLIGHT',
        retry: 'backoff',
        hint: 'Try again in a second; the answer will be the same.',
      });
    }
    return { position: kept.position, n: kept.n, repeated: true };
  }

  async #flush(): Promise<void> {
    // Lets the other requests of this turn of the event loop join the first flush.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch);
      } catch (error) {
        this.#mustRepair = true;
        for (const one of batch) this.#settle(one, () => one.reject(unavailable(error)));
      }
      await this.#trimNow().catch(() => undefined);
    }
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    if (this.#mustRepair) await this.#repair();
    if (this.#end - this.#base >= this.#options.segmentBytes) await this.#roll();
    const bytes = batch.length === 1 ? batch[0]!.bytes : Buffer.concat(batch.map((one) => one.bytes));
    const at = this.#end - this.#base + HEADER_BYTES;
    for (let written = 0; written < bytes.length; ) {
      written += (await this.#segment!.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
    }
    await this.#segment!.datasync();
    let position = this.#end;
    this.#end += bytes.length;
    this.#head.write(this.#end);
    this.#announcer.announce(this.dir);
    for (const one of batch) {
      const appended = { position, n: one.n, repeated: false };
      if (one.key !== undefined && one.hash !== undefined)
        this.#keys.add(one.key, { hash: one.hash, position, n: one.n, at: one.at });
      position += one.bytes.length;
      this.#settle(one, () => one.resolve(appended));
    }
  }

  #settle(one: Waiting, done: () => void): void {
    if (one.key !== undefined) this.#inFlight.delete(one.key);
    done();
  }

  /** Opens the active segment and cuts it to what is known durable: after a start, and after a write that failed half-way. */
  async #repair(): Promise<void> {
    await this.#segment?.close().catch(() => undefined);
    this.#segment = undefined;
    this.#segment = await this.#openSegment(this.#base);
    await this.#segment.truncate(this.#end - this.#base + HEADER_BYTES);
    await this.#segment.datasync();
    this.#mustRepair = false;
  }

  async #roll(): Promise<void> {
    const next = await this.#openSegment(this.#end);
    await this.#segment?.close();
    this.#segment = next;
    this.#base = this.#end;
  }

  async #openSegment(base: number): Promise<FileHandle> {
    const path = join(this.dir, segmentName(base));
    const file = await open(path, 'r+').catch(() => open(path, 'wx+', 0o600));
    if ((await file.stat()).size < HEADER_BYTES) {
      await file.write(HEADER, 0, 'latin1');
      await file.sync();
      const dir = await open(this.dir, 'r');
      await dir.sync();
      await dir.close();
    }
    return file;
  }

  /** Removes segments that are consumed whole, at most once a second; their idempotency keys are made durable first. */
  async #trimNow(): Promise<void> {
    const now = this.#options.clock.now();
    if (now < this.#nextTrim) return;
    this.#nextTrim = now + 1000;
    await this.trim();
  }

  async trim(): Promise<void> {
    const consumed = Math.min(this.#consumed.read() ?? this.#first, this.#end);
    const bases = segmentBases(readdirSync(this.dir));
    const gone = bases.filter((base, i) => base < this.#base && (bases[i + 1] ?? this.#end) <= consumed);
    if (gone.length === 0) return;
    await this.#keys.flush(this.#options.clock.now());
    for (const base of gone) await unlink(join(this.dir, segmentName(base)));
    this.#first = bases[gone.length] ?? this.#end;
  }

  /** Waits for what is being stored, then lets go of the files. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#flushing;
    await this.#keys.flush(this.#options.clock.now()).catch(() => undefined);
    await this.#segment?.close();
    this.#head.close();
    this.#consumed.close();
    this.#announcer.close();
  }
}

function full({ bytes, maxBytes }: { bytes: number; maxBytes: number }): MillraceError {
  return new MillraceError('The node takes no more records until the ones that wait are processed.', {
    code: 'INGEST_FULL',
    domain: 'external',
    params: { bytes, maxBytes },
    hint: 'Send the request again after the time in Retry-After. If it stays full: is the workflow running?',
  });
}

function unavailable(cause: unknown): MillraceError {
  return new MillraceError('The records could not be written to disk.', {
    code: 'INGEST_UNAVAILABLE',
    domain: 'external',
    params: { reason: (cause as NodeJS.ErrnoException | undefined)?.code ?? 'CLOSED' },
    hint: 'Send the request again later; nothing of it was taken.',
    cause,
  });
}
