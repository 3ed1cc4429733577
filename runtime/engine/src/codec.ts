import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';
import { Packr } from 'msgpackr';

/** Version of every stored blob. A build reads its own and older versions, and refuses newer ones. */
export const FORMAT = 1;
const HEADER = 5;

// moreTypes would tag class instances; state and records are plain data. Records share their structure inside one blob only.
const packr = new Packr({ useRecords: true, variableMapSize: false, moreTypes: true, int64AsType: 'bigint' });

/** msgpack of a value behind 1 byte format version and 4 bytes CRC-32 of the rest. */
export function encodeBlob(value: unknown): Uint8Array {
  const body = packr.pack(value);
  const blob = Buffer.allocUnsafe(HEADER + body.length);
  blob[0] = FORMAT;
  blob.writeUInt32LE(crc32(body), 1);
  body.copy(blob, HEADER);
  return blob;
}

/** The value of a blob; refuses other format versions and damaged bytes. */
export function decodeBlob(blob: Uint8Array, what: string): unknown {
  const buffer = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (buffer.length < HEADER || buffer[0] === 0 || buffer[0]! > FORMAT) {
    throw new MillraceError(`${what} is stored in format ${buffer[0] ?? 'none'}; this version reads up to ${FORMAT}.`, {
      code: 'STORE_FORMAT',
      domain: 'internal',
      retry: 'never',
      params: { what, format: buffer[0] },
      hint: 'Use the version that wrote the data, or start with a new data directory.',
    });
  }
  const body = buffer.subarray(HEADER);
  if (buffer.readUInt32LE(1) !== crc32(body)) {
    throw new MillraceError(`${what} is damaged: its checksum does not match.`, {
      code: 'STORE_DAMAGED',
      domain: 'internal',
      retry: 'never',
      params: { what },
      hint: 'Restore the data directory from a copy or a savepoint, or start with a new one.',
    });
  }
  return packr.unpack(body);
}
