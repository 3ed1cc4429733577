export {
  type DeadLetterRow,
  type DeadLetterSummary,
  graphIdentity,
  type NodeReport,
  nodeReports,
  type RunReport,
  type RunStatus,
} from '@millrace/engine';
export { checkData } from './check-data.js';
export { readStoredRun, type StoredRun } from './read-run.js';
export type { RunHandle } from './run.js';
export { type StartOptions, startRun } from './start-run.js';
