export { fenceTask, takeTask } from './data/lease.js';
export {
  askReplays,
  readDeadLetters,
  summarise,
} from './data/letters.js';
export { hasEntries, migrateRun } from './data/migrate-run.js';
export { type RunMemory, readView, runMemory } from './data/queries.js';
export {
  createRun,
  dropRun,
  type RunRecord,
  readRun,
  readTasks,
  type StoredRun,
  setRunStatus,
  type TaskProgress,
} from './data/runs.js';
export { exportSavepoint, importSavepoint } from './data/savepoint.js';
export { openTaskStore, type StoreOptions } from './data/task-store.js';
export { checkRedis, type RedisFinding } from './redis/check.js';
export { connect, type Purpose, type RedisClient, type RedisTarget } from './redis/connect.js';
