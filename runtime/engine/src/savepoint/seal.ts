import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';

/**
 * Values are stored behind a CRC-32 of key and value, so that a flipped bit in either is found when the row is read.
 */
export function seal(key: Uint8Array, value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(value.length + 4);
  sealed.set(value, 4);
  sealed.writeUInt32LE(crc32(value, crc32(key)), 0);
  return sealed;
}

export function unseal(key: Uint8Array, sealed: Uint8Array): Buffer {
  const buffer = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const value = buffer.subarray(4);
  if (buffer.length < 4 || buffer.readUInt32LE(0) !== crc32(value, crc32(key)))
    throw damaged('A row of the run data has a wrong checksum.');
  return value;
}

export function damaged(message: string): MillraceError {
  return new MillraceError(message, {
    code: 'DATA_DAMAGED',
    domain: 'internal',
    retry: 'never',
    hint: 'Restore the data directory from a copy or a savepoint, or start again with an empty one.',
  });
}
