import type { Plan } from '@millrace/planner';
import type { RedisClient } from '../redis/connect.js';

/** True if entries lie in any exchange of the run: they were addressed by the stored plan and must be worked off by it (drain). */
export async function hasEntries(redis: RedisClient, run: string): Promise<boolean> {
  throw new Error(`not yet: ${run} ${redis.status}`);
}

/**
 * Turns a drained run (no task owned, no entries) into one of another plan: other parallelism, or an edited graph whose nodes are
 * matched by id. Builds the next layout and switches in one step; the old tasks are gone with the old layout (their leases are obsolete,
 * all new tasks have generation 1 + the highest old one). The numbering is new. When it fails or is cut short, the old layout stands.
 */
export async function migrateRun(redis: RedisClient, run: string, plan: Plan, graph: string): Promise<void> {
  throw new Error(`not yet: ${run} ${redis.status} ${plan.name} ${graph}`);
}
