import type { Plan } from '@millrace/planner';
import type { Catalogue, Clock, Expression, Services } from '@millrace/sdk';
import { decodeBlob } from '../codec.js';
import type { TaskReport } from '../metrics.js';
import { Task, type TaskEnd } from '../task.js';
import { MemoryBackend } from './memory.js';

export interface MemoryRunOptions {
  plan: Plan;
  catalogue: Catalogue;
  compile(expression: string, zone: string): Expression;
  clock: Clock;
  backend?: MemoryBackend;
  print?: (line: string) => void;
  resolvePath?: (path: string) => string;
  /** ms between commits; 0 = after every chunk. */
  commitEvery?: number;
  stateLimit?: number;
  /** Makes every task pause once the run has accepted this many commits. */
  pauseAfterCommits?: number;
  overwrite?: boolean;
}

export interface MemoryRunResult {
  ends: TaskEnd[];
  reports: TaskReport[];
  backend: MemoryBackend;
  deadLetters: { node: string; code: string; message: string; value: unknown }[];
}

let epoch = 0;

/** Runs all tasks of a plan in this thread on the memory backend; give the backend of an earlier run to resume it. */
export async function runInMemory(options: MemoryRunOptions): Promise<MemoryRunResult> {
  const { plan, catalogue, clock } = options;
  const backend = options.backend ?? new MemoryBackend(plan);
  const services: Services = {
    print: options.print ?? (() => undefined),
    log: () => undefined,
    resolvePath: options.resolvePath ?? ((path) => path),
    overwrite: options.overwrite ?? false,
    fresh: false,
  };
  const tasks: Task[] = [];
  for (const stage of plan.stages) {
    for (let index = 0; index < stage.parallelism; index++) {
      const lease = { owner: `memory-${++epoch}`, epoch };
      tasks.push(
        new Task({
          plan,
          stage: stage.id,
          index,
          catalogue,
          store: backend.open(stage.id, index, lease),
          lease,
          clock,
          services,
          workflow: plan.name,
          compile: options.compile,
          ...(options.commitEvery === undefined ? {} : { commitEvery: options.commitEvery }),
          ...(options.stateLimit === undefined ? {} : { stateLimit: options.stateLimit }),
        }),
      );
    }
  }
  if (options.pauseAfterCommits !== undefined) {
    const limit = backend.commits + options.pauseAfterCommits;
    const before = backend.onCommit;
    backend.onCommit = (commit) => {
      before?.(commit);
      if (backend.commits + 1 >= limit) for (const task of tasks) task.pause();
    };
  }
  // Others may wait for what a failed task will never send.
  const stopAll = (error: unknown): never => {
    for (const task of tasks) task.stop();
    throw error;
  };
  const settled = await Promise.allSettled(tasks.map((task) => task.run().catch(stopAll)));
  backend.onCommit = undefined;
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return {
    ends: settled.map((result) => (result as PromiseFulfilledResult<TaskEnd>).value),
    reports: tasks.map((task) => task.report()),
    backend,
    deadLetters: backend.deadLetters.map(({ payload }) => decodeBlob(payload, 'A dead letter') as never),
  };
}
