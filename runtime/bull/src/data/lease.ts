import type { Lease } from '@millrace/engine/ports';
import { MillraceError } from '@millrace/sdk';
import { runKey, taskKey } from '../keys.js';
import type { RedisClient } from '../redis/connect.js';
import { callScript } from '../redis/script.js';
import { FENCE_TASK, TAKE_TASK } from './lease-scripts.js';

/**
 * Makes `owner` (a name nobody used before) the owner of a task, if `generation` is still the one that counts. From then on every
 * commit of an earlier owner is refused. Throws RUN_GONE when Redis does not know the task.
 */
export async function takeTask(
  redis: RedisClient,
  run: string,
  stage: string,
  index: number,
  generation: number,
  owner: string,
): Promise<Lease | 'obsolete'> {
  const layout = await layoutOf(redis, run);
  const reply = await callScript(
    redis,
    TAKE_TASK,
    [runKey(run), taskKey(run, layout, stage, index)],
    [layout, generation, owner],
  );
  const epoch = checked(run, reply);
  return epoch === 'obsolete' ? 'obsolete' : { owner, epoch };
}

/**
 * Takes a task from whoever holds it: its commits are refused from now on, and the old generation's lease is obsolete. With `expected`
 * only if that generation still counts. Answers the new generation.
 */
export async function fenceTask(
  redis: RedisClient,
  run: string,
  stage: string,
  index: number,
  expected?: number,
): Promise<number | 'obsolete'> {
  const layout = await layoutOf(redis, run);
  const reply = await callScript(
    redis,
    FENCE_TASK,
    [runKey(run), taskKey(run, layout, stage, index)],
    [layout, expected ?? ''],
  );
  return checked(run, reply);
}

async function layoutOf(redis: RedisClient, run: string): Promise<number> {
  const layout = await redis.hget(runKey(run), 'layout');
  if (layout === null) throw runGone(run);
  return Number(layout);
}

function checked(run: string, reply: unknown): number | 'obsolete' {
  if (typeof reply === 'number') return reply;
  if (String(reply) === 'obsolete') return 'obsolete';
  throw runGone(run);
}

export function runGone(run: string): MillraceError {
  return new MillraceError(`Redis does not hold the run "${run}".`, {
    code: 'RUN_GONE',
    domain: 'external',
    retry: 'never',
    params: { run },
    hint: 'It was dropped, or Redis lost its data (was it restarted without an append-only file?). Start the run again, from a savepoint if there is one.',
  });
}
