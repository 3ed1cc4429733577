import type { Plan } from '@millrace/planner';
import type { RedisClient } from '../redis/connect.js';

/** Copies a drained run into one portable file, which every backend reads. */
export async function exportSavepoint(redis: RedisClient, run: string, file: string): Promise<void> {
  throw new Error(`not yet: ${run} ${redis.status} ${file}`);
}

/** Creates a run from a savepoint file, as `createRun` does from nothing; the plan may differ from the file's. */
export async function importSavepoint(
  redis: RedisClient,
  run: string,
  file: string,
  record: { plan: Plan; graph: string; workflow: string },
): Promise<void> {
  throw new Error(`not yet: ${run} ${redis.status} ${file} ${record.workflow}`);
}
