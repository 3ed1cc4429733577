import { fromBufferKey, toBufferKey } from 'ordered-binary';
import type { RowKey, TimerRow } from '../ports/index.js';

/**
 * The portable form of a run, as it lies in an LMDB environment (the embedded backend) and in a savepoint file. Every key is an
 * ordered-binary tuple that begins with a letter:
 *
 *   r                                        the run: format, plan, status
 *   m stage index                            a task: owner, epoch, sequence, finished, meta
 *   s node table group key [sub]             a row of keyed state (group = key group)
 *   t node kind time key name                a timer; value = key group
 *   q exchange receiver sender               last sequence given out
 *   x exchange receiver sender sequence      an exchange entry; value = record count (4 bytes) + payload
 *   d node number                            a dead letter
 *   p node number                            a request to process that dead letter again
 *
 * Keyed rows do not name a task: whoever owns the key group reads them, so changing the parallelism moves no data.
 */
type Part = string | number;

export function keyOf(...parts: Part[]): Buffer {
  return toBufferKey(parts as never) as Buffer;
}

export function partsOf(key: Uint8Array): Part[] {
  const parts = fromBufferKey(Buffer.from(key.buffer, key.byteOffset, key.byteLength)) as unknown as Part | Part[];
  // A tuple of one comes back as its only part.
  return Array.isArray(parts) ? parts : [parts];
}

export const RUN_KEY = keyOf('r');
export const taskKey = (stage: string, index: number) => keyOf('m', stage, index);
export const deadLetterKey = (node: string, number: number) => keyOf('d', node, number);

export const replayKey = (node: string, number: number) => keyOf('p', node, number);

export function rowKey({ node, table, group, key, sub }: RowKey): Buffer {
  return sub === undefined ? keyOf('s', node, table, group, key) : keyOf('s', node, table, group, key, sub);
}

export function rowOfKey(parts: Part[]): RowKey {
  const [, node, table, group, key, sub] = parts as [string, string, string, number, string, Part?];
  return sub === undefined ? { node, table, group, key } : { node, table, group, key, sub };
}

export const timerKey = (timer: TimerRow) => keyOf('t', timer.node, timer.kind, timer.time, timer.key, timer.name);
export const sequenceKey = (exchange: string, receiver: number, sender: number) =>
  keyOf('q', exchange, receiver, sender);
export const entryKey = (exchange: string, receiver: number, sender: number, sequence: number) =>
  keyOf('x', exchange, receiver, sender, sequence);
