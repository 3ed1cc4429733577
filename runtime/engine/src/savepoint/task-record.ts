import type { Plan } from '@millrace/planner';
import { decodeBlob, encodeBlob } from '../codec.js';
import type { RunStatus } from '../run/report.js';

/** The run that a data directory or a savepoint belongs to. */
export interface SavedRun {
  /** Identifies the graph: nodes, configs and edges, without parallelism, labels or positions. */
  graph: string;
  plan: Plan;
  status: RunStatus;
  workflow: string;
  startedAt: number;
  /** Names the numbering of the outboxes: new for a fresh run and when tasks are cut anew, kept when the run goes on as it was. */
  numbering?: string;
  /** Highest epoch handed out; every new owner gets a higher one, also after a restart of the process. */
  epoch: number;
}

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
