import type { RedisClient } from '../redis/connect.js';

/** Rows of a view node, in no order. Reads the tasks' committed state; do not call it many times a second. */
export async function readView(redis: RedisClient, run: string, node: string): Promise<unknown[]> {
  throw new Error(`not yet: ${run} ${redis.status} ${node}`);
}

/** Bytes of Redis memory the run takes, by what it is for. */
export interface RunMemory {
  total: number;
  state: number;
  exchanges: number;
  deadLetters: number;
}

export async function runMemory(redis: RedisClient, run: string): Promise<RunMemory> {
  throw new Error(`not yet: ${run} ${redis.status}`);
}
