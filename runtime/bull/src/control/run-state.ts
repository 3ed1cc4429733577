import type { BackoffState, FailureInfo, RunStatus } from '@millrace/engine';
import type { RedisClient } from '../redis/connect.js';
import { callScript, type Script } from '../redis/script.js';
import { controlKey, eventsKey, tasksKey } from './keys.js';

/** What people want of a run beyond running. */
export type Goal = 'paused' | 'failed' | 'killed';

/** A run as it is steered: wishes of people and failures lead to a goal, the supervisor leads the tasks there. */
export interface RunControl {
  goal: Goal | undefined;
  /** Sources rest first and exchanges are worked off. */
  drain: boolean;
  /** Stages that may drain now: all before them have ended. */
  draining: string[];
  finishing: boolean;
  /** Counts the wishes to replay dead letters. */
  replays: number;
  status: RunStatus;
  error: FailureInfo | undefined;
  restarts: number;
  /** Commits of owners that had lost their lease, all refused. */
  fenced: number;
  startedAt: number;
  endedAt: number | undefined;
  /** Tasks that wait for a free slot. */
  lacking: number;
}

export type TaskState = 'waiting' | 'placed' | 'running' | 'released' | 'failed' | 'ended';

/** Where one task is. `generation` counts its leases; whoever holds an older one may not change the entry. */
export interface TaskEntry {
  state: TaskState;
  generation: number;
  worker: string | null;
  /** Time of the latest change, ms. */
  since: number;
  /** waiting: not before this time, ms. */
  notBefore: number;
  end: 'finished' | 'paused' | null;
  error: FailureInfo | null;
  backoff: BackoffState | null;
  /** Times in a row its worker was lost before it had got further. */
  losses: number;
  /** Records taken in when it last failed: more than that is progress. */
  reached: number;
}

export function newTask(now: number): TaskEntry {
  return {
    state: 'waiting',
    generation: 0,
    worker: null,
    since: now,
    notBefore: 0,
    end: null,
    error: null,
    backoff: null,
    losses: 0,
    reached: 0,
  };
}

export const fieldOf = (stage: string, index: number) => `${stage}/${index}`;

export function placeOf(field: string): { stage: string; index: number } {
  const at = field.lastIndexOf('/');
  return { stage: field.slice(0, at), index: Number(field.slice(at + 1)) };
}

export async function readControl(redis: RedisClient, run: string): Promise<RunControl | undefined> {
  const fields = await redis.hgetall(controlKey(run));
  return fields.status === undefined ? undefined : controlOf(fields);
}

export function controlOf(fields: { [name: string]: string }): RunControl {
  return {
    goal: (fields.goal || undefined) as Goal | undefined,
    drain: fields.drain === '1',
    draining: JSON.parse(fields.draining || '[]') as string[],
    finishing: fields.finishing === '1',
    replays: Number(fields.replays ?? 0),
    status: fields.status as RunStatus,
    error: fields.error ? (JSON.parse(fields.error) as FailureInfo) : undefined,
    restarts: Number(fields.restarts ?? 0),
    fenced: Number(fields.fenced ?? 0),
    startedAt: Number(fields.startedAt ?? 0),
    endedAt: fields.endedAt ? Number(fields.endedAt) : undefined,
    lacking: Number(fields.lacking ?? 0),
  };
}

/** A task's entry beside the text it was read from, which a change is compared with. */
export interface KnownTask {
  field: string;
  raw: string;
  entry: TaskEntry;
}

export async function readEntries(redis: RedisClient, run: string): Promise<KnownTask[]> {
  return entriesOf(await redis.hgetall(tasksKey(run)));
}

export function entriesOf(fields: { [name: string]: string }): KnownTask[] {
  return Object.entries(fields).map(([field, raw]) => ({ field, raw, entry: JSON.parse(raw) as TaskEntry }));
}

const CHANGE_TASK: Script = {
  name: 'millraceChangeTask',
  lua: `#!lua flags=allow-oom
-- KEYS  1 tasks hash
-- ARGV  1 task   2 entry as it was read   3 new entry
-- returns  1 | 0: somebody else was first
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
`,
};

/** Writes a task's entry if it is still as it was read. */
export async function changeTask(
  redis: RedisClient,
  run: string,
  { field, raw }: KnownTask,
  entry: TaskEntry,
): Promise<boolean> {
  return (await callScript(redis, CHANGE_TASK, [tasksKey(run)], [field, raw, JSON.stringify(entry)])) === 1;
}

/** For the holder of a lease: changes the task's entry, unless a newer lease exists. */
export async function changeOwnTask(
  redis: RedisClient,
  run: string,
  field: string,
  generation: number,
  change: Partial<TaskEntry>,
): Promise<boolean> {
  for (;;) {
    const raw = await redis.hget(tasksKey(run), field);
    if (raw === null) return false;
    const entry = JSON.parse(raw) as TaskEntry;
    if (entry.generation !== generation) return false;
    if (await changeTask(redis, run, { field, raw, entry }, { ...entry, ...change })) return true;
  }
}

/** Something that happened to a lease, for people and tests that look for the reason of a pause. */
export interface LeaseEvent {
  /** By the clock of the process that saw it, ms. */
  at: number;
  /**
   * lost: its worker was gone, frozen or full of silence; taken: the next owner has it; claimed: the next owner's first commit is stored;
   * fenced: a former owner's commit was refused.
   */
  type: 'lost' | 'taken' | 'claimed' | 'fenced';
  task: string;
  worker: string;
  why?: string;
}

export async function noteEvent(redis: RedisClient, run: string, event: LeaseEvent): Promise<void> {
  await redis.xadd(eventsKey(run), 'MAXLEN', '~', 2000, '*', 'event', JSON.stringify(event));
}

export async function readEvents(redis: RedisClient, run: string): Promise<LeaseEvent[]> {
  const rows = await redis.xrange(eventsKey(run), '-', '+');
  return rows.map(([, fields]) => JSON.parse(fields[1]!) as LeaseEvent);
}
