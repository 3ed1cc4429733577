import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';
import { type Environment, openEnvironment } from './environment.js';

/**
 * A savepoint is one file: "MRSP", format version (u32), then rows of [key length u32][value length u32][key][sealed value], a row of
 * two zeros, the number of rows (f64) and the CRC-32 of all before it. Rows are the environment's own after a drain, so it can be
 * resumed at any parallelism and by any backend that reads them.
 */
const MAGIC = Buffer.from('MRSP');
const FORMAT = 1;

export function writeSavepoint(environment: Environment, file: string): void {
  const part = `${file}.part`;
  const fd = openSync(part, 'w', 0o600);
  let crc = 0;
  let pending: Buffer[] = [];
  let size = 0;
  const flush = () => {
    const bytes = Buffer.concat(pending);
    crc = crc32(bytes, crc);
    writeSync(fd, bytes);
    pending = [];
    size = 0;
  };
  const push = (bytes: Buffer) => {
    pending.push(bytes);
    size += bytes.length;
    if (size > 1 << 20) flush();
  };
  const u32 = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    values.forEach((value, i) => {
      bytes.writeUInt32LE(value, i * 4);
    });
    return bytes;
  };
  push(Buffer.concat([MAGIC, u32(FORMAT)]));
  let rows = 0;
  environment.resetReadTxn();
  for (const { key, value } of environment.getRange({})) {
    push(Buffer.concat([u32(key.length, value.length), key, value]));
    rows++;
  }
  const count = Buffer.alloc(8);
  count.writeDoubleLE(rows);
  push(Buffer.concat([u32(0, 0), count]));
  flush();
  writeSync(fd, u32(crc));
  fsyncSync(fd);
  closeSync(fd);
  renameSync(part, file);
}

/** Fills a new environment from a savepoint; refuses a damaged or foreign file. */
export async function readSavepoint(file: string, dataDir: string): Promise<void> {
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
  const environment = openEnvironment(dataDir);
  environment.transactionSync(() => {
    for (let at = 8; ; ) {
      const keyLength = bytes.readUInt32LE(at);
      const valueLength = bytes.readUInt32LE(at + 4);
      if (keyLength === 0) break;
      at += 8;
      environment.putSync(
        Buffer.from(bytes.subarray(at, at + keyLength)),
        Buffer.from(bytes.subarray(at + keyLength, at + keyLength + valueLength)),
      );
      at += keyLength + valueLength;
    }
  });
  await environment.close();
}
