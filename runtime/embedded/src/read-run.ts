import type { DeadLetterRow } from '@millrace/engine';
import { hasRun } from './data-dir.js';
import { openEnvironment } from './environment.js';
import { readDeadLetters, readView } from './queries.js';

/** What a run has left in its directory, once it does not run any more. */
export interface StoredRun {
  deadLetters(options?: { after?: { node: string; number: number }; limit?: number }): DeadLetterRow[];
  /** Rows of a view node, in no order. */
  view(nodeId: string): unknown[];
  close(): Promise<void>;
}

/** Opens the data directory of a run that is paused or has ended, to look at; undefined when there is none. */
export function readStoredRun(dataDir: string): StoredRun | undefined {
  if (!hasRun(dataDir)) return undefined;
  const environment = openEnvironment(dataDir, { readOnly: true });
  return {
    deadLetters: (options = {}) => readDeadLetters(environment, options),
    view: (nodeId) => readView(environment, nodeId),
    close: () => environment.close(),
  };
}
