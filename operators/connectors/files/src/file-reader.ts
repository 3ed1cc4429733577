import type { Clock, SourceBatch, SourceReader, Value } from '@millrace/sdk';
import { type ByteSource, END, RESTART, WAIT } from './byte-source.js';
import { ByteWindow } from './byte-window.js';
import type { Decoder } from './decoder.js';
import { fileError } from './file-error.js';
import type { FileIdentity } from './fingerprint.js';
import type { Throttle } from './throttle.js';

/** Where a partition goes on. Kept in the commit. */
export interface FilePosition extends FileIdentity {
  /** Bytes of the stream (uncompressed) up to the end of the last whole record. */
  offset: number;
  /** Lines up to there. */
  line: number;
}

/** Bytes turned into records in one poll: enough to be quick, few enough to stay in the young generation. */
const POLL_BYTES = 256 * 1024;

export interface ReaderOptions {
  /** Name in messages. */
  name: string;
  source: ByteSource;
  decoder: Decoder;
  /** Position to go on from. */
  from?: FilePosition;
  live: boolean;
  throttle?: Throttle;
  clock: Clock;
  wake(): void;
}

/** Reads one file (or one rotated series of files) record by record. */
export class FileReader implements SourceReader {
  readonly #window = new ByteWindow();
  readonly #options: ReaderOptions;
  readonly #closing = new AbortController();
  /** Offset and line to move to once the decoder has seen the start of the file. */
  #target: { offset: number; line: number } | undefined;
  #begun = false;
  #ended = false;
  #asleep = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
    if (options.from !== undefined && options.from.offset > 0) {
      this.#target = { offset: options.from.offset, line: options.from.line };
    }
  }

  poll(max: number): SourceBatch | null | Promise<SourceBatch | null> {
    const { throttle } = this.#options;
    if (this.#closing.signal.aborted) return null;
    const limit = throttle === undefined ? max : Math.min(max, throttle.allowed());
    if (limit === 0) return this.#sleep(max);
    const answer = this.#fill([], limit, this.#window.offset);
    if (throttle === undefined) return answer;
    return answer instanceof Promise ? answer.then((batch) => this.#count(batch)) : this.#count(answer);
  }

  progress(): { done: number; total: number } {
    return this.#options.source.progress?.() ?? { done: 0, total: 0 };
  }

  #count(batch: SourceBatch | null): SourceBatch | null {
    if (batch !== null) this.#options.throttle?.sent(batch.values.length);
    return batch;
  }

  /** Nothing may go for a moment. */
  #sleep(max: number): null | Promise<SourceBatch | null> {
    const { clock, throttle, live, wake } = this.#options;
    const slept = clock.sleep(throttle?.wait() ?? 1, this.#closing.signal);
    if (!live) return slept.then(() => this.poll(max));
    if (!this.#asleep) {
      this.#asleep = true;
      void slept.then(() => {
        this.#asleep = false;
        wake();
      });
    }
    return null;
  }

  /** Adds values until there are enough, nothing is there now, or the input ends. */
  #fill(values: Value[], limit: number, from: number): SourceBatch | null | Promise<SourceBatch | null> {
    const { source, decoder } = this.#options;
    const window = this.#window;
    for (;;) {
      if (this.#begin()) {
        while (values.length < limit && decoder.take(window, values, limit - values.length, this.#ended)) {
          if (window.offset - from >= POLL_BYTES) break;
        }
      }
      if (values.length >= limit || window.offset - from >= POLL_BYTES) {
        if (values.length > 0) return this.#batch(values);
        from = window.offset;
        continue;
      }
      if (this.#ended) {
        if (!source.next()) {
          window.release();
          return { ...this.#batch(values), end: true };
        }
        this.#restart();
        continue;
      }
      if (values.length > 0 && !source.ready) return this.#batch(values);
      window.makeRoom();
      const read = this.#read();
      if (typeof read !== 'number') return read.then((bytes) => this.#took(bytes, values, limit, from));
      if (read === WAIT) return values.length > 0 ? this.#batch(values) : null;
      this.#taken(read);
    }
  }

  #read(): number | Promise<number> {
    const { source, name } = this.#options;
    try {
      return source.read(this.#window.buffer, this.#window.end);
    } catch (error) {
      throw fileError(error, name, 'read');
    }
  }

  #took(bytes: number, values: Value[], limit: number, from: number): SourceBatch | null | Promise<SourceBatch | null> {
    if (this.#closing.signal.aborted) return null;
    this.#taken(bytes);
    return this.#fill(values, limit, from);
  }

  #taken(read: number): void {
    if (read === END) this.#ended = true;
    else if (read === RESTART) this.#restart();
    else this.#window.end += read;
  }

  /** Begins a file: its mark and header first, then on to the position. False: more bytes are needed. */
  #begin(): boolean {
    const { source, decoder } = this.#options;
    const window = this.#window;
    if (!this.#begun) {
      if (!decoder.begin(window, this.#ended)) return false;
      this.#begun = true;
    }
    if (this.#target === undefined) return true;
    const { offset, line } = this.#target;
    if (window.offset < offset && source.seek(offset)) {
      window.moveTo(offset, line);
      this.#ended = false;
    } else if (window.readTo < offset && !this.#ended) {
      window.consume(window.length, 0);
      return false;
    } else if (window.offset < offset) window.consume(Math.min(window.length, offset - window.offset), 0);
    window.line = line;
    this.#target = undefined;
    return true;
  }

  #restart(): void {
    this.#window.moveTo(0, 0);
    this.#begun = false;
    this.#ended = false;
    this.#target = undefined;
  }

  #batch(values: Value[]): SourceBatch {
    const { offset, line } = this.#window;
    const position: FilePosition = { offset, line, ...this.#options.source.identity(offset) };
    return { values, position };
  }

  close(): void {
    this.#closing.abort();
    this.#options.source.close();
    this.#window.release();
  }
}
