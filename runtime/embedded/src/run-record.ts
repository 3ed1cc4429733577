import { decodeBlob, encodeBlob, type RunStatus } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import type { Environment } from './environment.js';
import { RUN_KEY } from './keys.js';
import { seal, unseal } from './seal.js';

/** The run a data directory belongs to. */
export interface RunRecord {
  /** Identifies the graph: nodes, configs and edges, without parallelism, labels or positions. */
  graph: string;
  plan: Plan;
  status: RunStatus;
  workflow: string;
  startedAt: number;
  /** Names the numbering of the outboxes: new for a fresh run and when tasks are cut anew, kept when the run goes on as it was. */
  numbering?: string;
  /** Highest epoch handed out; every new owner gets a higher one, also after a restart of the process. */
  epoch: number;
}

export function readRun(environment: Environment): RunRecord | undefined {
  const stored = environment.get(RUN_KEY);
  return stored ? (decodeBlob(unseal(RUN_KEY, stored), 'The run record') as RunRecord) : undefined;
}

export function writeRun(environment: Environment, run: RunRecord): void {
  environment.putSync(RUN_KEY, seal(RUN_KEY, encodeBlob(run)));
}
