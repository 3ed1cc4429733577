export { checkData } from './check-data.js';
export { graphIdentity } from './data-dir.js';
export type { DeadLetterRow } from './queries.js';
export { readStoredRun, type StoredRun } from './read-run.js';
export {
  Backoff,
  DEFAULT_RESTARTS,
  FailureRate,
  FixedDelay,
  type RestartPolicy,
  type RestartStrategy,
} from './restart-policy.js';
export type { RunHandle } from './run.js';
export type { RunStatus } from './run-record.js';
export { type DeadLetterSummary, type NodeReport, nodeReports, type RunReport } from './run-report.js';
export { type StartOptions, startRun } from './start-run.js';
