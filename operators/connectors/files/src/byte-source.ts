import { closeSync, fstatSync, readSync } from 'node:fs';
import { type FileIdentity, fingerprintOf } from './fingerprint.js';

/** Answers of `read` other than a number of bytes. */
export const END = 0;
/** Nothing there now; the reader is woken when that changes. */
export const WAIT = -1;
/** The file was emptied and is read again from its start. */
export const RESTART = -2;

/** Where the bytes of one partition come from. */
export interface ByteSource {
  /** Puts bytes into `into` from `at` on and answers how many, or END, WAIT or RESTART. */
  read(into: Buffer, at: number): number | Promise<number>;
  /** True when `read` answers at once. */
  readonly ready: boolean;
  /** Goes on at this byte (uncompressed). False when it can only read forwards. */
  seek(offset: number): boolean;
  /** After END: opens the file that follows (rotation). False: there is none. */
  next(): boolean;
  /** What a position at `offset` remembers of the file. */
  identity(offset: number): FileIdentity;
  /** Bytes of the file (as it lies on disk) that were read, and its size; absent where there is no end. */
  progress?(): { done: number; total: number };
  close(): void;
}

/** An uncompressed file, read to its present end. Reads are synchronous: from the page cache they cost less than a callback. */
export class PlainSource implements ByteSource {
  readonly ready = true;
  readonly #identity: FileIdentity;
  #at = 0;
  #closed = false;

  constructor(private readonly fd: number) {
    const { size, ino } = fstatSync(fd, { bigint: true });
    this.#identity = { fingerprint: fingerprintOf(fd, Number(size)), size: Number(size), inode: String(ino) };
  }

  read(into: Buffer, at: number): number {
    const bytes = readSync(this.fd, into, at, into.length - at, this.#at);
    this.#at += bytes;
    return bytes;
  }

  seek(offset: number): boolean {
    this.#at = offset;
    return true;
  }

  next(): boolean {
    return false;
  }

  progress(): { done: number; total: number } {
    return { done: Math.min(this.#at, this.#identity.size), total: this.#identity.size };
  }

  identity(offset: number): FileIdentity {
    // The file may have grown while it was read.
    if (offset > this.#identity.size) this.#identity.size = offset;
    return { ...this.#identity };
  }

  close(): void {
    if (!this.#closed) closeSync(this.fd);
    this.#closed = true;
  }
}
