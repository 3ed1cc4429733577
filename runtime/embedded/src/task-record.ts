import { decodeBlob, encodeBlob } from '@millrace/engine';

/** What the store knows of one task: who committed last, and how far it is. */
export interface TaskRecord {
  owner: string;
  epoch: number;
  sequence: number;
  finished: boolean;
  meta: Uint8Array;
}

export function writeTask(record: TaskRecord): Uint8Array {
  return encodeBlob(record);
}

export function readTask(blob: Uint8Array): TaskRecord {
  return decodeBlob(blob, 'A task record') as TaskRecord;
}
