import { randomUUID } from 'node:crypto';
import { Task, type TaskEnd } from '@millrace/engine';
import type { Lease } from '@millrace/engine/ports';
import { compileExpression } from '@millrace/graph/expression';
import { type Catalogue, type Clock, systemClock } from '@millrace/sdk';
import { fenceTask, takeTask } from '../data/lease.js';
import { readRun } from '../data/runs.js';
import { openTaskStore, type StoreOptions } from '../data/task-store.js';
import type { RedisClient, RedisTarget } from '../redis/connect.js';

export interface RunTasksOptions {
  target: RedisTarget;
  redis: RedisClient;
  run: string;
  catalogue: Catalogue;
  clock?: Clock;
  commitEvery?: number;
  stateLimit?: number;
  stateBytes?: number;
  log?: StoreOptions['log'];
  print?: (line: string) => void;
}

export interface RunningTasks {
  tasks: { stage: string; index: number; task: Task; end: Promise<TaskEnd> }[];
  /** How they ended; rejects with the first failure once all have ended. */
  ends: Promise<TaskEnd[]>;
  /** Works off what lies in the exchanges, stage after stage, sources at rest. */
  drain(): Promise<void>;
}

/** Works on all tasks of a run in this thread, each under a lease of its own: for tests and measurements without workers. */
export async function runTasks(options: RunTasksOptions): Promise<RunningTasks> {
  const { redis, run } = options;
  const stored = await readRun(redis, run);
  if (stored === undefined) throw new TypeError(`no run ${run}`);
  const { plan, numbering, workflow } = stored;
  const places = plan.stages.flatMap((stage) =>
    Array.from({ length: stage.parallelism }, (_, index) => ({ stage: stage.id, index })),
  );
  const opened = await Promise.all(
    places.map(async ({ stage, index }) => {
      const generation = (await fenceTask(redis, run, stage, index)) as number;
      const lease = (await takeTask(redis, run, stage, index, generation, randomUUID())) as Lease;
      const { target, stateBytes, log } = options;
      const store = await openTaskStore({
        redis: target,
        ...{ run, plan, stage, index, lease },
        ...(stateBytes !== undefined && { stateBytes }),
        ...(log && { log }),
      });
      return { stage, index, lease, store };
    }),
  );
  const tasks = opened.map(({ stage, index, lease, store }) => {
    const task = new Task({
      ...{ plan, stage, index, lease, store, workflow, numbering },
      catalogue: options.catalogue,
      clock: options.clock ?? systemClock,
      services: {
        print: options.print ?? (() => undefined),
        log: () => undefined,
        resolvePath: (path) => path,
        overwrite: false,
        fresh: false,
      },
      compile: (expression, zone) => compileExpression(expression, { zone }),
      ...(options.commitEvery !== undefined && { commitEvery: options.commitEvery }),
      ...(options.stateLimit !== undefined && { stateLimit: options.stateLimit }),
    });
    return { stage, index, task, end: task.run() };
  });
  const ends = Promise.allSettled(tasks.map(({ end }) => end)).then((settled) => {
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return settled.map((result) => (result as PromiseFulfilledResult<TaskEnd>).value);
  });
  ends.catch(() => undefined);
  return {
    tasks,
    ends,
    async drain() {
      for (const stage of plan.stages) {
        const mine = tasks.filter((task) => task.stage === stage.id);
        for (const { task } of mine) task.drain();
        await Promise.all(mine.map(({ end }) => end));
      }
    },
  };
}
