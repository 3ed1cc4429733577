import { decodeBlob, encodeBlob } from '@millrace/engine';
import { RUN_KEY, type SavedRun, seal, unseal } from '@millrace/engine/savepoint';
import type { Environment } from './environment.js';

/** The run a data directory belongs to. */
export type RunRecord = SavedRun;

export function readRun(environment: Environment): RunRecord | undefined {
  const stored = environment.get(RUN_KEY);
  return stored ? (decodeBlob(unseal(RUN_KEY, stored), 'The run record') as RunRecord) : undefined;
}

export function writeRun(environment: Environment, run: RunRecord): void {
  environment.putSync(RUN_KEY, seal(RUN_KEY, encodeBlob(run)));
}
