import { readRun, readTasks, setRunStatus } from '../data/runs.js';
import type { ControlClient } from './client.js';
import { controlKey, tasksKey } from './keys.js';
import { fieldOf, newTask } from './run-state.js';

/**
 * Puts a stored run that rests (or is new) under supervision: every task that has not finished gets a worker. Throws when there is no run.
 */
export async function wakeRun(client: ControlClient, run: string): Promise<void> {
  const { redis, keys } = client;
  const stored = await readRun(redis, run);
  if (stored === undefined) throw new TypeError(`Redis holds no run "${run}"`);
  const now = Date.now();
  const entries: { [field: string]: string } = {};
  for (const { stage, index, generation, finished } of await readTasks(redis, run, stored)) {
    const entry = finished
      ? { ...newTask(now), generation, state: 'ended', end: 'finished' }
      : { ...newTask(now), generation };
    entries[fieldOf(stage, index)] = JSON.stringify(entry);
  }
  await redis
    .multi()
    .del(tasksKey(run))
    .hset(tasksKey(run), entries)
    .hdel(controlKey(run), 'goal', 'drain', 'draining', 'finishing', 'error', 'endedAt', 'lacking')
    .hset(controlKey(run), { status: 'starting', startedAt: now })
    .exec();
  await setRunStatus(redis, run, 'running');
  await redis.sadd(keys.runs, run);
  await client.poke(run);
}
