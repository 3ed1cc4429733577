import { closeSync, fstatSync, readSync } from 'node:fs';
import { createGunzip, type Gunzip } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';
import { type ByteSource, END } from './byte-source.js';
import { type FileIdentity, fingerprintOf } from './fingerprint.js';

/** Unpacked bytes that may wait to be read. */
const READ_AHEAD = 4 * 1024 * 1024;
/** Packed bytes given to zlib at a time: bounds what one piece can unpack to (at most some 1000 times as much). */
const PACKED_PIECE = 32 * 1024;

/**
 * A gzip file, of one or many members. The next piece is unpacked in a thread of the pool while the one before is parsed. A resume
 * unpacks again from the start: gzip cannot be entered in the middle.
 */
export class GzipSource implements ByteSource {
  readonly #identity: FileIdentity;
  readonly #gunzip: Gunzip;
  readonly #chunks: Buffer[] = [];
  /** Bytes of the first chunk that were read. */
  #used = 0;
  #queued = 0;
  #full = false;
  #ended: boolean;
  #closed = false;
  #failed: unknown;
  #wake: (() => void) | undefined;
  /** Packed bytes given to zlib. */
  #packed = 0;

  constructor(
    private readonly fd: number,
    private readonly name: string,
  ) {
    const { size, ino } = fstatSync(fd, { bigint: true });
    this.#identity = { fingerprint: fingerprintOf(fd, Number(size)), size: Number(size), inode: String(ino) };
    this.#ended = size === 0n;
    this.#gunzip = createGunzip({ chunkSize: 1024 * 1024 });
    this.#gunzip.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#queued += chunk.length;
      this.#answer();
    });
    this.#gunzip.on('end', () => {
      this.#ended = true;
      this.#answer();
    });
    this.#gunzip.on('error', (error) => {
      this.#failed ??= error;
      this.#answer();
    });
    if (!this.#ended) this.#pump();
  }

  /** Feeds zlib piece by piece, and says that the input ended only after the last piece gave all its bytes. */
  #pump(): void {
    if (this.#closed || this.#failed !== undefined) return;
    this.#full = this.#queued >= READ_AHEAD;
    if (this.#full) return;
    const piece = Buffer.allocUnsafe(PACKED_PIECE);
    try {
      const bytes = readSync(this.fd, piece, 0, PACKED_PIECE, null);
      this.#packed += bytes;
      if (bytes === 0) this.#gunzip.end();
      else this.#gunzip.write(piece.subarray(0, bytes), () => this.#pump());
    } catch (error) {
      this.#failed = error;
      this.#answer();
    }
  }

  #answer(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  progress(): { done: number; total: number } {
    return { done: Math.min(this.#packed, this.#identity.size), total: this.#identity.size };
  }

  get ready(): boolean {
    return this.#queued > 0 || this.#ended || this.#failed !== undefined;
  }

  read(into: Buffer, at: number): number | Promise<number> {
    if (this.#queued > 0) return this.#copy(into, at);
    if (this.#failed !== undefined) throw this.#broken(this.#failed);
    if (this.#ended || this.#closed) return END;
    return new Promise<void>((resolve) => {
      this.#wake = resolve;
    }).then(() => this.read(into, at));
  }

  #copy(into: Buffer, at: number): number {
    let to = at;
    while (to < into.length && this.#chunks.length > 0) {
      const chunk = this.#chunks[0]!;
      const bytes = chunk.copy(into, to, this.#used);
      to += bytes;
      this.#used += bytes;
      if (this.#used < chunk.length) break;
      this.#chunks.shift();
      this.#used = 0;
    }
    this.#queued -= to - at;
    if (this.#full && this.#queued < READ_AHEAD / 2) this.#pump();
    return to - at;
  }

  #broken(cause: unknown): MillraceError {
    const reason = (cause as Error).message;
    return new MillraceError(`"${this.name}" could not be unpacked: ${reason}.`, {
      code: 'FILE_GZIP_BROKEN',
      params: { file: this.name, reason },
      hint: 'The file is damaged, cut off or no gzip file. The records before the damage were read.',
      cause,
    });
  }

  seek(): boolean {
    return false;
  }

  next(): boolean {
    return false;
  }

  identity(): FileIdentity {
    return this.#identity;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#gunzip.destroy();
    closeSync(this.fd);
    this.#answer();
  }
}
