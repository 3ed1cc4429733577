import type { RunSetup } from './job.js';
import { isFit, type WorkerInfo } from './registry.js';

/** Slots taken on the workers, by all runs and by one. */
export interface Load {
  /** Tasks on the worker. */
  taken: Map<string, number>;
  /** Tasks of a run on the worker, by `<run>\n<worker>`. */
  ofRun: Map<string, number>;
  /** Tasks of a stage on the worker, by `<run>\n<stage>\n<worker>`. */
  ofStage: Map<string, number>;
}

export const emptyLoad = (): Load => ({ taken: new Map(), ofRun: new Map(), ofStage: new Map() });

export function addLoad(load: Load, run: string, stage: string, worker: string): void {
  increase(load.taken, worker);
  increase(load.ofRun, `${run}\n${worker}`);
  increase(load.ofStage, `${run}\n${stage}\n${worker}`);
}

function withoutOne(load: Load, run: string, stage: string, worker: string): Load {
  const less = (counts: Map<string, number>, id: string) => new Map(counts).set(id, (counts.get(id) ?? 1) - 1);
  return {
    taken: less(load.taken, worker),
    ofRun: less(load.ofRun, `${run}\n${worker}`),
    ofStage: less(load.ofStage, `${run}\n${stage}\n${worker}`),
  };
}

/**
 * A task of a run at work that should move, because its worker has at least two more of the run than another one that fits: workers that
 * have joined get their share. Undefined: all is well.
 */
export function chooseMove(
  tasks: readonly { field: string; stage: string; worker: string }[],
  workers: readonly WorkerInfo[],
  load: Load,
  run: string,
  setup: RunSetup,
): string | undefined {
  const count = (worker: string) => load.ofRun.get(`${run}\n${worker}`) ?? 0;
  for (const { field, stage, worker } of tasks.toSorted((a, b) => count(b.worker) - count(a.worker))) {
    const better = chooseWorker(workers, withoutOne(load, run, stage, worker), run, stage, setup);
    if (better !== undefined && better.id !== worker && count(better.id) + 2 <= count(worker)) return field;
  }
  return undefined;
}

function increase(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

/**
 * The worker a task goes to: one that fits and has a free slot; then the one with the fewest tasks of the same stage, of the same run, and
 * with the largest share of free slots. So a run spreads over the workers. Undefined: there is no slot.
 */
export function chooseWorker(
  workers: readonly WorkerInfo[],
  load: Load,
  run: string,
  stage: string,
  setup: RunSetup,
): WorkerInfo | undefined {
  let best: WorkerInfo | undefined;
  let bestRank: number[] = [];
  for (const worker of workers) {
    const taken = load.taken.get(worker.id) ?? 0;
    if (taken >= worker.slots || !isFit(worker, setup, stage)) continue;
    const rank = [
      load.ofStage.get(`${run}\n${stage}\n${worker.id}`) ?? 0,
      load.ofRun.get(`${run}\n${worker.id}`) ?? 0,
      taken / worker.slots,
    ];
    if (best === undefined || isLess(rank, bestRank)) {
      best = worker;
      bestRank = rank;
    }
  }
  return best;
}

function isLess(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}
