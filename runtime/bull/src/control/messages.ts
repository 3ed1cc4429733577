import type { FailureInfo, TaskEnd, TaskReport } from '@millrace/engine';
import type { Lease } from '@millrace/engine/ports';
import type { Plan } from '@millrace/planner';
import type { RedisTarget } from '../redis/connect.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = { [name: string]: unknown };

/** What a task thread is started with. It has loaded the catalogue by then. */
export interface TaskStart {
  redis: RedisTarget;
  run: string;
  plan: Plan;
  stage: string;
  index: number;
  lease: Lease;
  workflow: string;
  numbering: string;
  baseDir: string;
  overwrite: boolean;
  commitEvery: number | undefined;
  /** Bytes of state one task may hold. */
  stateBytes: number | undefined;
  /** Secrets of the run, by variable name. */
  env: { [name: string]: string };
}

/** Worker → task thread. */
export type TaskRequest =
  | { type: 'start'; task: TaskStart }
  | { type: 'pause' }
  | { type: 'drain' }
  | { type: 'replay' }
  | { type: 'finish' }
  | { type: 'sample'; id: string; edge: string; limit: number };

/** Task thread → worker. */
export type TaskMessage =
  | { type: 'ready' }
  | { type: 'report'; report: TaskReport }
  | { type: 'print'; line: string }
  | { type: 'log'; level: LogLevel; message: string; fields: LogFields | undefined }
  | { type: 'sample'; id: string; records: unknown[] }
  /** The first commit of this lease is stored. */
  | { type: 'claimed' }
  | { type: 'ended'; end: TaskEnd }
  | { type: 'failed'; error: FailureInfo };

/** To all workers, about the tasks of one run. What must not be lost stands in the run's control hash; this only says: look. */
export type Ask =
  | { type: 'look'; run: string }
  /** The worker shall commit the task and hand it over. */
  | { type: 'release'; run: string; field: string; generation: number }
  | { type: 'sample'; run: string; stage: string; edge: string; limit: number; id: string };
