export { decodeBatch, encodeBatch } from './batch.js';
export { decodeBlob, encodeBlob, FORMAT } from './codec.js';
export { Histogram } from './histogram.js';
export type { TaskReport } from './metrics.js';
export { migrateTasks, type OldTask } from './migrate.js';
export { crashOf, type FailureInfo, failureOf, isFinal, lostTask } from './run/failure.js';
export { graphIdentity, sameShape } from './run/identity.js';
export {
  type DeadLetterRow,
  type DeadLetterSummary,
  type NodeReport,
  nodeReports,
  type RunReport,
  type RunStatus,
  runReport,
} from './run/report.js';
export {
  Backoff,
  type BackoffState,
  DEFAULT_RESTARTS,
  FailureRate,
  FixedDelay,
  type RestartPolicy,
  type RestartStrategy,
} from './run/restart-policy.js';
export { Task, type TaskEnd } from './task.js';
export type { TaskMeta, TaskOptions } from './task-options.js';
export { WatermarkValve } from './valve.js';
