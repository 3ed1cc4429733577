import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ListState } from '@millrace/sdk';

const pack = promisify(gzip);

/** Plain bytes in one gzip member. Part of the format: changing it changes the bytes of results. */
export const MEMBER_BYTES = 1024 * 1024;

/**
 * Cuts a stream of bytes into gzip members of exactly 1 MiB, so that the packed bytes do not depend on when commits fell. What is not
 * cut yet is kept in task state, piece by piece as it came.
 */
export class GzipMembers {
  #pieces: Buffer[];
  #size: number;
  /** Pieces of the state that are still whole at the front of `#pieces`; -1 after a cut, when the state must be written anew. */
  #stored: number;
  #packing: Promise<Buffer>[] = [];

  constructor(uncut: readonly Uint8Array[]) {
    this.#pieces = uncut.map((piece) => Buffer.from(piece));
    this.#size = this.#pieces.reduce((size, piece) => size + piece.length, 0);
    this.#stored = this.#pieces.length;
  }

  /** Takes bytes in; packs what is complete in another thread. */
  add(bytes: Buffer): void {
    this.#pieces.push(Buffer.from(bytes));
    this.#size += bytes.length;
    while (this.#size >= MEMBER_BYTES) this.#cut(MEMBER_BYTES);
  }

  /** Packs the rest into a last member. `first`: nothing was written before, so that an empty result is a valid file, too. */
  finish(first: boolean): void {
    if (this.#size > 0 || (first && this.#packing.length === 0)) this.#cut(this.#size);
  }

  #cut(bytes: number): void {
    const all = Buffer.concat(this.#pieces);
    const rest = all.subarray(bytes);
    this.#packing.push(pack(all.subarray(0, bytes)));
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    this.#stored = -1;
  }

  /** True when there is nothing for a commit to do. */
  isIdle(): boolean {
    return this.#packing.length === 0 && this.#stored === this.#pieces.length;
  }

  /** The members that became complete since the last call, in order. */
  async packed(): Promise<Buffer[]> {
    const packing = this.#packing;
    this.#packing = [];
    return Promise.all(packing);
  }

  /** Brings the state up to date: adds new pieces, or writes all anew after a cut. */
  store(state: ListState<Uint8Array>): void {
    if (this.#stored < 0) state.set(this.#pieces);
    else for (const piece of this.#pieces.slice(this.#stored)) state.add(piece);
    this.#stored = this.#pieces.length;
  }
}
