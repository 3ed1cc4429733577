import type { RunDoc, RunStatus } from '../store/port.js';

/** A run as the API tells of it. Times in ms. */
export interface RunSummary {
  id: string;
  workflowId: string;
  version: number;
  status: RunStatus;
  startedAt: number;
  endedAt?: number;
  error?: { code: string; message: string; hint?: string };
}

export function summaryOf({ id, workflowId, version, status, startedAt, endedAt, error }: RunDoc): RunSummary {
  return {
    id,
    workflowId,
    version,
    status,
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(error && { error }),
  };
}
