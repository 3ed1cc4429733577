import { randomBytes } from 'node:crypto';
import { encodeBlob, migrateTasks, type OldTask } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { keyGroupRange, MillraceError } from '@millrace/sdk';
import { laneKey, laneName, runKey, taskKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { callScript } from '../redis/script.js';
import { clearLayout, layTask, SWITCH_LAYOUT } from './lay-out.js';
import { fenceTask, runGone } from './lease.js';
import { loadState } from './load-state.js';
import { type RunRecord, readRun, readTasks, type StoredRun } from './runs.js';
import { StateCopy } from './state-copy.js';

/** True if entries lie in any exchange of the run: they were addressed by the stored plan and must be worked off by it (drain). */
export async function hasEntries(redis: RedisClient, run: string): Promise<boolean> {
  const stored = await readRun(redis, run);
  if (stored === undefined) return false;
  const reads = redis.pipeline();
  for (const lane of lanesOf(stored.plan)) reads.xlen(laneKey(run, stored.layout, lane.name));
  for (const [error, length] of (await reads.exec()) ?? []) {
    if (error) throw error;
    if ((length as number) > 0) return true;
  }
  return false;
}

/** Every (exchange, sender, receiver) of a plan. */
export function lanesOf(plan: Plan): { exchange: string; sender: number; receiver: number; name: string }[] {
  return plan.exchanges.flatMap(({ id, senders, receivers }) =>
    Array.from({ length: senders * receivers }, (_, i) => {
      const [sender, receiver] = [Math.floor(i / receivers), i % receivers];
      return { exchange: id, sender, receiver, name: laneName(id, sender, receiver) };
    }),
  );
}

/**
 * Turns a drained run (no entries) into one of another plan: other parallelism, or an edited graph whose nodes are matched by id. Takes
 * the tasks from whoever still holds them, builds the next layout and switches in one step; the old tasks are gone with the old
 * layout. The numbering of the outboxes is new: entries are counted from 1 again, and targets must not take them for old ones. When it
 * fails or is cut short, the old layout stands.
 */
export async function migrateRun(redis: RedisClient, run: string, plan: Plan, graph: string): Promise<void> {
  const stored = await readRun(redis, run);
  if (stored === undefined) throw runGone(run);
  for (const { stage, index } of await readTasks(redis, run, stored)) await fenceTask(redis, run, stage, index);
  if (await hasEntries(redis, run)) throw notDrained(run);
  const before = await readTasks(redis, run, stored);
  const oldTasks: OldTask[] = [];
  for (const { stage, index, finished } of before) {
    const meta = await redis.hgetBuffer(taskKey(run, stored.layout, stage, index), 'meta');
    if (meta) oldTasks.push({ stage, index, finished, meta });
  }
  const layout = stored.layout + 1;
  await clearLayout(redis, run, layout);
  const progress = oldTasks.length === 0 ? [] : migrateTasks(stored.plan, oldTasks, plan);
  const epoch = Math.max(0, ...before.map((task) => task.epoch));
  const generation = 1 + Math.max(0, ...before.map((task) => task.generation));
  for (const stage of plan.stages) {
    for (let index = 0; index < stage.parallelism; index++) {
      const state = await gather(redis, run, stored, plan, stage.id, index);
      const made = progress.find((task) => task.stage === stage.id && task.index === index);
      await layTask(redis, run, layout, plan, { stage: stage.id, index, epoch, generation, ...made }, state);
    }
  }
  const record: RunRecord = {
    graph,
    plan,
    workflow: stored.workflow,
    startedAt: stored.startedAt,
    numbering: randomBytes(6).toString('hex'),
  };
  const switched = await callScript(
    redis,
    SWITCH_LAYOUT,
    [runKey(run)],
    [stored.layout, layout, Buffer.from(encodeBlob(record))],
  );
  if (switched !== 1) {
    await clearLayout(redis, run, layout);
    throw new MillraceError(`The run "${run}" was cut anew by somebody else at the same time.`, {
      code: 'RUN_CHANGED',
      domain: 'internal',
      retry: 'backoff',
      params: { run },
    });
  }
  await clearLayout(redis, run, stored.layout);
}

/** The state of one task of the new plan, from the old tasks that held any of it. */
async function gather(
  redis: RedisClient,
  run: string,
  stored: StoredRun,
  plan: Plan,
  stage: string,
  index: number,
): Promise<StateCopy> {
  const { nodes, parallelism } = plan.stages.find(({ id }) => id === stage)!;
  const mine = new Set(nodes);
  const [first, last] = keyGroupRange(index, parallelism);
  const wanted = (node: string, group: number) => mine.has(node) && group >= first && group <= last;
  const copy = new StateCopy();
  for (const old of stored.plan.stages) {
    if (!old.nodes.some((node) => mine.has(node))) continue;
    for (let i = 0; i < old.parallelism; i++) {
      const [from, to] = keyGroupRange(i, old.parallelism);
      if (to < first || from > last) continue;
      await loadState(
        (send) => send(redis),
        { run, layout: stored.layout, stage: old.id, index: i },
        {
          row: (key, value) => {
            if (wanted(key.node, key.group)) copy.row(key, value);
          },
          timer: (timer, add) => {
            if (wanted(timer.node, timer.group)) copy.timer(timer, add);
          },
        },
      );
    }
  }
  return copy;
}

function notDrained(run: string): MillraceError {
  return new MillraceError(`The run "${run}" has records between its stages; another plan could not address them.`, {
    code: 'RUN_NOT_DRAINED',
    domain: 'internal',
    retry: 'never',
    params: { run },
    hint: 'Let the plan that sent them work them off first: resume the run and pause it with drain.',
  });
}
