import { crc32 } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';

/** Version of the blobs this module seals: state deltas and snapshots. Batches, progress and letters are the engine's own blobs. */
const FORMAT = 1;
/** Bytes in front of a sealed body: format version, CRC-32 of where it belongs and what it is. */
export const SEAL_BYTES = 5;

/** Fills in the seal of a blob whose body begins at SEAL_BYTES. `where`: the key it is stored under. */
export function seal(where: string, blob: Buffer): Buffer {
  blob[0] = FORMAT;
  blob.writeUInt32LE(crc32(blob.subarray(SEAL_BYTES), crc32(where)), 1);
  return blob;
}

/** The body; refuses newer formats and damaged bytes. */
export function unseal(where: string, blob: Buffer): Buffer {
  if (blob.length < SEAL_BYTES || blob[0] === 0 || blob[0]! > FORMAT) {
    throw new MillraceError(
      `The state under ${where} has format ${blob[0] ?? 'none'}; this version reads up to ${FORMAT}.`,
      {
        code: 'STORE_FORMAT',
        domain: 'internal',
        retry: 'never',
        params: { where, format: blob[0] },
        hint: 'Use the version that wrote it, or start the run anew.',
      },
    );
  }
  const body = blob.subarray(SEAL_BYTES);
  if (blob.readUInt32LE(1) !== crc32(body, crc32(where))) {
    throw new MillraceError(`The state under ${where} is damaged: its checksum does not match.`, {
      code: 'DATA_DAMAGED',
      domain: 'internal',
      retry: 'never',
      params: { where },
      hint: 'Restore Redis from a copy, or start the run anew from a savepoint.',
    });
  }
  return body;
}
