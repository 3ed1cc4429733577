import type { Lease, TaskStore } from '@millrace/engine/ports';
import type { Plan } from '@millrace/planner';
import type { RedisTarget } from '../redis/connect.js';

export interface StoreOptions {
  redis: RedisTarget;
  run: string;
  plan: Plan;
  stage: string;
  index: number;
  lease: Lease;
  /** Bytes of keyed state and timers one task may hold in memory; more ends it with STATE_LIMIT. Default 256 MiB. */
  stateBytes?: number;
  log?(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }): void;
}

/**
 * The store of one task on Redis, to be used inside the task's thread. It has connections of its own. When the server behind them
 * turns out to be another one than before (restart, failover), every call rejects with STORE_RESTARTED (retry: backoff): open the task
 * anew with the same lease (or a new one), it resumes from what is stored.
 */
export function openTaskStore(options: StoreOptions): Promise<TaskStore> {
  throw new Error(`not yet: ${options.run}`);
}
