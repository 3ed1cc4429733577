import type { RedisClient } from './connect.js';

/** Something about the server that a run should not meet by surprise. */
export interface RedisFinding {
  /** refuse: nothing may be started on it. warn: it works, and this is what can be lost. */
  severity: 'refuse' | 'warn';
  code: 'REDIS_OLD' | 'REDIS_EVICTS' | 'REDIS_NO_AOF' | 'REDIS_EVERYSEC' | 'REDIS_NO_LIMIT';
  message: string;
  hint: string;
}

/** Looks at version, maxmemory-policy, append-only file and memory limit of the server (of each master of a cluster). */
export async function checkRedis(redis: RedisClient): Promise<RedisFinding[]> {
  throw new Error(`not yet: ${redis.status}`);
}
