import type { Plan } from '@millrace/planner';
import { keyGroupRange } from '@millrace/sdk';
import { snapshotKey, taskKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { keysWith } from '../redis/scan.js';
import type { Script } from '../redis/script.js';
import { Snapshots } from './snapshots.js';
import { StateWriter } from './state-codec.js';
import type { StateCopy } from './state-copy.js';

/** Switches a run to the layout that was built beside the current one. */
export const SWITCH_LAYOUT: Script = {
  name: 'millraceSwitchLayout',
  lua: `#!lua flags=allow-oom
-- KEYS  1 run
-- ARGV  1 current layout   2 next layout   3 run record
-- returns  1 = switched | 0 = another layout counts now
if redis.call('HGET', KEYS[1], 'layout') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'layout', ARGV[2], 'record', ARGV[3])
return 1
`,
};

/** Progress a task of a new layout starts with; without `meta` it starts fresh. */
export interface LaidTask {
  stage: string;
  index: number;
  epoch: number;
  generation: number;
  finished?: boolean;
  meta?: Uint8Array;
}

/** Writes one task of a layout that nobody works in yet. */
export async function layTask(
  redis: RedisClient,
  run: string,
  layout: number,
  plan: Plan,
  task: LaidTask,
  state: StateCopy,
): Promise<void> {
  const { stage, index, epoch, generation, meta, finished } = task;
  const sequence = meta === undefined ? 0 : 1;
  const snapshots = snapshotKey(run, layout, stage, index);
  const parallelism = plan.stages.find(({ id }) => id === stage)!.parallelism;
  const writer = new Snapshots(snapshots, state, new StateWriter(), keyGroupRange(index, parallelism));
  // A group at a time: the state of a task may be larger than what should be on its way at once.
  for (const fields of writer.eachGroup(sequence)) {
    for (const { field, blob } of fields) if (blob) await redis.hset(snapshots, field, blob);
  }
  await redis.hset(taskKey(run, layout, stage, index), {
    owner: '',
    by: 'migration',
    epoch,
    generation,
    sequence,
    ...(meta && { meta: Buffer.from(meta), finished: finished ? 1 : 0 }),
  });
}

/** Removes what a layout holds: one that is over, or one whose building was cut short. */
export async function clearLayout(redis: RedisClient, run: string, layout: number): Promise<void> {
  for await (const keys of keysWith(redis, `{${run}}:${layout}:`)) await redis.unlink(...keys);
}
