import type { CommitReply, Lease } from '@millrace/engine/ports';

/** A commit on its way to the store thread, flat so that one buffer moves between threads without being copied. */
export interface CommitMessage {
  type: 'commit';
  id: number;
  lease: Lease;
  sequence: number;
  finished: boolean;
  meta: Uint8Array;
  /** Puts and removals: see `packOps`. */
  ops: Uint8Array;
  /** Lane, entries, records for each lane that got something. */
  sent: number[];
  /** Lane, records for each lane that was read. */
  consumed: number[];
  /** Node and blob of each dead letter; the store thread numbers them. */
  deadLetters: { node: string; payload: Uint8Array }[];
  /** Wake cells of tasks that may go on. */
  wake: number[];
}

export interface CommitAnswer {
  id: number;
  reply?: CommitReply;
  error?: { message: string; code: string };
}

/** [key length u32][value length u32, 0xffffffff = remove][key][value] … */
export function packOps(ops: readonly { key: Uint8Array; value: Uint8Array | undefined }[]): Uint8Array {
  let size = 0;
  for (const { key, value } of ops) size += 8 + key.length + (value?.length ?? 0);
  const packed = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  for (const { key, value } of ops) {
    packed.writeUInt32LE(key.length, at);
    packed.writeUInt32LE(value === undefined ? REMOVE : value.length, at + 4);
    packed.set(key, at + 8);
    at += 8 + key.length;
    if (value !== undefined) {
      packed.set(value, at);
      at += value.length;
    }
  }
  return packed;
}

const REMOVE = 0xffffffff;

export function eachOp(
  packed: Uint8Array,
  put: (key: Buffer, value: Buffer) => void,
  remove: (key: Buffer) => void,
): void {
  const buffer = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  for (let at = 0; at < buffer.length; ) {
    const keyLength = buffer.readUInt32LE(at);
    const valueLength = buffer.readUInt32LE(at + 4);
    const key = buffer.subarray(at + 8, at + 8 + keyLength);
    at += 8 + keyLength;
    if (valueLength === REMOVE) remove(key);
    else {
      put(key, buffer.subarray(at, at + valueLength));
      at += valueLength;
    }
  }
}

/** Coordinator → store thread. */
export type StoreRequest =
  | { type: 'attach'; stage: string; index: number; lease: Lease; port: import('node:worker_threads').MessagePort }
  | { type: 'status'; id: number; status: string }
  | { type: 'replay'; id: number; letters: { node: string; number: number }[] }
  | { type: 'export'; id: number; file: string }
  | { type: 'close'; id: number };

/** Coordinator → task thread. */
export type TaskRequest =
  | { type: 'pause' }
  | { type: 'drain' }
  | { type: 'replay' }
  | { type: 'finish' }
  | { type: 'sample'; id: number; edge: string; limit: number };

/** Task thread → coordinator. */
export type TaskMessage =
  | { type: 'report'; report: import('@millrace/engine').TaskReport }
  | { type: 'print'; line: string }
  | {
      type: 'log';
      level: 'debug' | 'info' | 'warn' | 'error';
      message: string;
      fields: { [name: string]: unknown } | undefined;
    }
  | { type: 'sample'; id: number; records: unknown[] }
  | { type: 'ended'; end: import('@millrace/engine').TaskEnd }
  | { type: 'failed'; error: import('@millrace/engine').FailureInfo };
