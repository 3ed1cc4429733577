import {
  closeSync,
  constants,
  existsSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';
import { fileError } from './file-error.js';

/** What a commit says about the file. */
export interface Written {
  /** Bytes that count. What stands behind them was never committed. */
  length: number;
  /** CRC-32 of the last 4 KiB of them: tells our file from another that took its place. */
  tail: number;
}

const TAIL_BYTES = 4096;

/**
 * A file that grows by whole commits. Bytes may be on disk before the commit that counts them; opening the file again cuts it back
 * to what was committed. Nothing is ever written before the first commit has claimed the file.
 */
export class ResultFile {
  readonly #fd: number;
  #length = 0;
  #tail = Buffer.alloc(0);

  private constructor(
    readonly name: string,
    fd: number,
  ) {
    this.#fd = fd;
  }

  /**
   * Takes a file for a new result and leaves it empty. An empty file is free to take: it is what a crash before the first commit
   * leaves behind, and holds nothing to lose.
   */
  static claim(name: string, absolute: string, overwrite: boolean): ResultFile {
    const file = new ResultFile(name, create(name, absolute));
    try {
      const stats = fstatSync(file.#fd);
      if (!stats.isFile()) throw notRegular(name);
      if (stats.size > 0) {
        if (!overwrite) throw exists(name, stats.size);
        ftruncateSync(file.#fd, 0);
      }
      fsyncSync(file.#fd);
      syncFolder(dirname(absolute));
      return file;
    } catch (error) {
      file.close();
      throw fileError(error, name, 'written');
    }
  }

  /** Opens the file of an earlier commit and cuts off what came after it. */
  static resume(name: string, absolute: string, { length, tail }: Written): ResultFile {
    if (length > 0 && !existsSync(absolute)) throw shorter(name, 0, length);
    const file = new ResultFile(name, create(name, absolute));
    try {
      const { size } = fstatSync(file.#fd);
      if (size < length) throw shorter(name, size, length);
      file.#length = length;
      file.#tail = Buffer.alloc(Math.min(TAIL_BYTES, length));
      readSync(file.#fd, file.#tail, 0, file.#tail.length, length - file.#tail.length);
      if (file.tailChecksum !== tail) throw replaced(name);
      if (size > length) ftruncateSync(file.#fd, length);
      return file;
    } catch (error) {
      file.close();
      throw fileError(error, name, 'opened');
    }
  }

  get length(): number {
    return this.#length;
  }

  get tailChecksum(): number {
    return crc32(this.#tail);
  }

  /** Writes bytes behind those written so far. */
  append(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#length + done);
      }
    } catch (error) {
      throw fileError(error, this.name, 'written');
    }
    this.#length += bytes.length;
    const kept = Math.min(this.#tail.length, Math.max(0, TAIL_BYTES - bytes.length));
    this.#tail = Buffer.concat([
      this.#tail.subarray(this.#tail.length - kept),
      bytes.subarray(Math.max(0, bytes.length - TAIL_BYTES)),
    ]);
  }

  /** Throws when somebody else has changed the length of the file: two writers must not mix their bytes. */
  checkAlone(): void {
    const { size } = fstatSync(this.#fd);
    if (size !== this.#length) throw disturbed(this.name, size, this.#length);
  }

  /** Resolves when all bytes are on disk. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.#fd, (error) => (error === null ? resolve() : reject(fileError(error, this.name, 'written'))));
    });
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function create(name: string, absolute: string): number {
  try {
    mkdirSync(dirname(absolute), { recursive: true });
    return openSync(absolute, constants.O_RDWR | constants.O_CREAT, 0o644);
  } catch (error) {
    throw fileError(error, name, 'opened');
  }
}

/** Makes the name of a new file as durable as its bytes. Not every system can. */
function syncFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch {
    // The file itself is synced; a lost name shows as a missing file at the next start.
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function exists(name: string, size: number): MillraceError {
  return new MillraceError(`"${name}" exists already (${size} bytes) and is not a result of this run.`, {
    code: 'RESULT_EXISTS',
    params: { file: name, size },
    hint: 'Choose another path, move the file away, or allow it to be replaced with --overwrite.',
  });
}

function shorter(name: string, size: number, length: number): MillraceError {
  return new MillraceError(
    `"${name}" has ${size} bytes, but ${length} were written and committed: a part of the result is gone.`,
    {
      code: 'RESULT_SHORTER',
      params: { file: name, size, committed: length },
      hint: 'Put the file back as it was to go on, or start a new run with --overwrite.',
    },
  );
}

function replaced(name: string): MillraceError {
  return new MillraceError(`"${name}" is not the file that this run was writing: its committed bytes are different.`, {
    code: 'RESULT_REPLACED',
    params: { file: name },
    hint: 'Put the file back as it was to go on, or start a new run with another path or --overwrite.',
  });
}

function disturbed(name: string, size: number, length: number): MillraceError {
  return new MillraceError(`Somebody else writes to "${name}": it has ${size} bytes instead of ${length}.`, {
    code: 'RESULT_DISTURBED',
    params: { file: name, size, expected: length },
    domain: 'external',
    hint: 'Give every node and every run a file of its own. What is not committed is cut off when the run goes on.',
  });
}

function notRegular(name: string): MillraceError {
  return new MillraceError(`"${name}" is a device, pipe or socket, not a file.`, {
    code: 'FILE_NOT_REGULAR',
    params: { file: name },
    hint: 'Name a regular file.',
  });
}
