import type { Plan } from '@millrace/planner';
import type { Catalogue, Clock, Expression, Services } from '@millrace/sdk';
import type { Lease, TaskStore } from './ports/index.js';
import type { ValveState } from './valve.js';

export interface TaskOptions {
  plan: Plan;
  stage: string;
  index: number;
  catalogue: Catalogue;
  store: TaskStore;
  lease: Lease;
  clock: Clock;
  /** `fresh` is set by the task itself. */
  services: Services;
  workflow: string;
  /** Names one numbering of the outboxes; another one when entries are counted from 1 again. Default: none. */
  numbering?: string;
  compile(expression: string, zone: string): Expression;
  /** Keys of state kept in memory per task; more are left in the store. Default 1,000,000. */
  stateLimit?: number;
  /** ms between commits under load. Default 50. */
  commitEvery?: number;
}

/** What a task's commit says about its progress. */
export interface TaskMeta {
  inputs: { [id: string]: unknown };
  nodes: { [id: string]: { watermark: number; firing: boolean; valve: ValveState; counters: number[] } };
  /** Round-robin counters of exchanges. */
  spread: { [exchange: string]: number };
  /** Records sent, by edge. */
  sent: { [edge: string]: number };
  /** Latest birth of a record taken in. */
  born: number;
}
