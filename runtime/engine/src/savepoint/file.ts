import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';

/**
 * A savepoint is one file: "MRSP", format version (u32), then rows of [key length u32][value length u32][key][sealed value], a row of
 * two zeros, the number of rows (f64) and the CRC-32 of all before it. Keys and values are those of `keys.ts`: every backend writes and
 * reads them, at any parallelism.
 */
const MAGIC = Buffer.from('MRSP');
const FORMAT = 1;

/** Writes a savepoint beside its name and moves it there once it is whole and on the disk. */
export class SavepointWriter {
  readonly #fd: number;
  #crc = 0;
  #pending: Buffer[] = [];
  #size = 0;
  #rows = 0;

  constructor(private readonly file: string) {
    this.#fd = openSync(`${file}.part`, 'w', 0o600);
    this.#push(Buffer.concat([MAGIC, u32(FORMAT)]));
  }

  /** A row; the value must be sealed with its key. */
  row(key: Uint8Array, sealed: Uint8Array): void {
    this.#push(Buffer.concat([u32(key.length, sealed.length), key, sealed]));
    this.#rows++;
  }

  end(): void {
    const count = Buffer.alloc(8);
    count.writeDoubleLE(this.#rows);
    this.#push(Buffer.concat([u32(0, 0), count]));
    this.#flush();
    writeSync(this.#fd, u32(this.#crc));
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    renameSync(`${this.file}.part`, this.file);
  }

  #push(bytes: Buffer): void {
    this.#pending.push(bytes);
    this.#size += bytes.length;
    if (this.#size > 1 << 20) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#pending);
    this.#crc = crc32(bytes, this.#crc);
    writeSync(this.#fd, bytes);
    this.#pending = [];
    this.#size = 0;
  }
}

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    bytes.writeUInt32LE(value, i * 4);
  });
  return bytes;
}

/** Calls `visit` for each row of a savepoint; refuses a damaged or foreign file before the first. Keys and values are views of one buffer. */
export function readSavepointRows(file: string, visit: (key: Buffer, sealed: Buffer) => void): void {
  const bytes = readFileSync(file);
  const bad = (why: string) =>
    new MillraceError(`The savepoint ${file} cannot be used: ${why}.`, {
      code: 'SAVEPOINT_DAMAGED',
      params: { file, why },
      hint: 'Use another savepoint, or start without one.',
    });
  if (bytes.length < 28 || !bytes.subarray(0, 4).equals(MAGIC)) throw bad('it is not a savepoint');
  if (bytes.readUInt32LE(4) > FORMAT)
    throw bad(`it has format ${bytes.readUInt32LE(4)}, this version reads up to ${FORMAT}`);
  if (bytes.readUInt32LE(bytes.length - 4) !== crc32(bytes.subarray(0, -4))) throw bad('its checksum does not match');
  for (let at = 8; ; ) {
    const keyLength = bytes.readUInt32LE(at);
    const valueLength = bytes.readUInt32LE(at + 4);
    if (keyLength === 0) break;
    at += 8;
    visit(bytes.subarray(at, at + keyLength), bytes.subarray(at + keyLength, at + keyLength + valueLength));
    at += keyLength + valueLength;
  }
}
