export { ControlClient } from './control/client.js';
export type { BullRunHandle } from './control/handle.js';
export { InstanceKey, readInstanceKey } from './control/instance-key.js';
export type { ControlTarget } from './control/keys.js';
export { localNodes, neededEnv } from './control/needs.js';
export { liveWorkers, readWorkers, type WorkerInfo } from './control/registry.js';
export { type LeaseEvent, readControl, readEvents } from './control/run-state.js';
export { readRedis, wrongSetting } from './control/settings.js';
export {
  type BullStartOptions,
  copyBullRun,
  dropBullRun,
  greetRedis,
  isAlive,
  startBullRun,
} from './control/start-run.js';
export { Supervisor } from './control/supervisor.js';
export { BullWorker, type WorkerOptions } from './control/worker.js';
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
