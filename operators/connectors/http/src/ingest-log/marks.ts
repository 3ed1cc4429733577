import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMark, encodeMark } from './format.js';

const MARK_BYTES = 26;

/** A position kept in a small file that is overwritten in place: one writer, any readers, no flush (a stale one only costs work). */
export class Mark {
  readonly #path: string;
  readonly #buffer = Buffer.alloc(MARK_BYTES);
  #fd: number | undefined;
  #last: number | undefined;

  constructor(dir: string, name: 'head' | 'consumed') {
    this.#path = join(dir, name);
  }

  /** The position; undefined when nothing has been written. A read that meets a write in progress gives the last one seen. */
  read(): number | undefined {
    if (this.#fd === undefined) {
      try {
        this.#fd = openSync(this.#path, constants.O_RDWR);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    }
    const bytes = readSync(this.#fd, this.#buffer, 0, MARK_BYTES, 0);
    const position = bytes === MARK_BYTES ? decodeMark(this.#buffer.toString('latin1')) : undefined;
    if (position !== undefined) this.#last = position;
    return this.#last;
  }

  write(position: number): void {
    this.#fd ??= openSync(this.#path, constants.O_RDWR | constants.O_CREAT, 0o600);
    writeSync(this.#fd, encodeMark(position), 0, 'latin1');
    this.#last = position;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
