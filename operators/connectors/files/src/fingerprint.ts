import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';

/** Bytes at the front of a file by which it is known again. */
const FINGERPRINT_BYTES = 1024;

/** What a position remembers of its file. */
export interface FileIdentity {
  /** Hash of the first `bytes` bytes on disk (compressed, for .gz). */
  fingerprint: { bytes: number; hash: string };
  /** Size on disk, in bytes, when it was looked at last. */
  size: number;
  /** Inode number as text. */
  inode: string;
}

/** Hash of the first bytes of an open file, at most 1 KiB and at most `size`. */
export function fingerprintOf(fd: number, size: number): FileIdentity['fingerprint'] {
  const wanted = Buffer.alloc(Math.min(FINGERPRINT_BYTES, size));
  let bytes = 0;
  while (bytes < wanted.length) {
    const read = readSync(fd, wanted, bytes, wanted.length - bytes, bytes);
    if (read === 0) break;
    bytes += read;
  }
  return { bytes, hash: createHash('sha256').update(wanted.subarray(0, bytes)).digest('hex').slice(0, 16) };
}

/** True when the file still begins as it did. */
export function beginsAsBefore(fd: number, { bytes, hash }: FileIdentity['fingerprint']): boolean {
  const now = fingerprintOf(fd, bytes);
  return now.bytes === bytes && now.hash === hash;
}

/** True when the fingerprint covers all it can: it will not change when the file grows. */
export function isComplete({ bytes }: FileIdentity['fingerprint']): boolean {
  return bytes === FINGERPRINT_BYTES;
}
