import { decodeBlob, encodeBlob, type RunStatus } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import { runKey, taskKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { keysWith } from '../redis/scan.js';
import { callScript } from '../redis/script.js';
import { CREATE_RUN } from './lease-scripts.js';

/** What a run is started from. */
export interface RunRecord {
  /** Identifies the graph: nodes, configs and edges, without parallelism, labels or positions. */
  graph: string;
  plan: Plan;
  workflow: string;
  /** Wall clock, ms. */
  startedAt: number;
  /** Names the numbering of the outboxes: new for a fresh run and when tasks are cut anew, kept when the run goes on as it was. */
  numbering: string;
}

export interface StoredRun extends RunRecord {
  status: RunStatus;
  /** The current cut into tasks; counts up with every migration. */
  layout: number;
  /** Commits of owners that had lost their task. */
  refused: number;
}

/** Where a task stands, for the supervisor. */
export interface TaskProgress {
  stage: string;
  index: number;
  owner: string;
  epoch: number;
  generation: number;
  sequence: number;
  finished: boolean;
}

/** Writes a new run with all its tasks, none of them owned. Throws RUN_EXISTS when its name is taken: drop that run first. */
export async function createRun(
  redis: RedisClient,
  run: string,
  record: RunRecord,
  status: RunStatus = 'starting',
): Promise<void> {
  const tasks = record.plan.stages.flatMap(({ id, parallelism }) =>
    Array.from({ length: parallelism }, (_, index) => taskKey(run, 1, id, index)),
  );
  const created = await callScript(
    redis,
    CREATE_RUN,
    [runKey(run), ...tasks],
    [Buffer.from(encodeBlob(record)), status],
  );
  if (created === 1) return;
  throw new MillraceError(`There is a run "${run}" already.`, {
    code: 'RUN_EXISTS',
    params: { run },
    hint: 'Resume it, or drop it first.',
  });
}

/** The run, or undefined when there is none. */
export async function readRun(redis: RedisClient, run: string): Promise<StoredRun | undefined> {
  const [record, layout, status, refused] = await redis.hmgetBuffer(
    runKey(run),
    ...['record', 'layout', 'status', 'refused'],
  );
  if (!record || !layout || !status) return undefined;
  return {
    ...(decodeBlob(record, 'The run record') as RunRecord),
    layout: Number(layout.toString()),
    refused: Number(refused?.toString() ?? 0),
    status: status.toString() as RunStatus,
  };
}

export async function setRunStatus(redis: RedisClient, run: string, status: RunStatus): Promise<void> {
  await redis.hset(runKey(run), 'status', status);
}

/** Where all tasks of the run's current layout stand. */
export async function readTasks(redis: RedisClient, run: string, stored: StoredRun): Promise<TaskProgress[]> {
  const reads = redis.pipeline();
  const tasks: { stage: string; index: number }[] = [];
  for (const stage of stored.plan.stages) {
    for (let index = 0; index < stage.parallelism; index++) {
      tasks.push({ stage: stage.id, index });
      reads.hmget(taskKey(run, stored.layout, stage.id, index), 'owner', 'epoch', 'generation', 'sequence', 'finished');
    }
  }
  const replies = (await reads.exec()) ?? [];
  return tasks.map((task, i) => {
    const [error, values] = replies[i]!;
    if (error) throw error;
    const [owner, epoch, generation, sequence, finished] = values as (string | null)[];
    return {
      ...task,
      owner: owner ?? '',
      epoch: Number(epoch ?? 0),
      generation: Number(generation ?? 0),
      sequence: Number(sequence ?? 0),
      finished: finished === '1',
    };
  });
}

/** Removes everything of a run, whatever begins with its tag. */
export async function dropRun(redis: RedisClient, run: string): Promise<void> {
  // The run itself first: from here on every commit of its tasks meets GONE, or FENCED.
  await redis.unlink(runKey(run));
  for await (const keys of keysWith(redis, runKey(run))) await redis.unlink(...keys);
}
