import { isAbsolute, relative, sep } from 'node:path';
import type { RedisClient } from '../redis/connect.js';
import { callScript, type Script } from '../redis/script.js';
import type { RunSetup } from './job.js';
import type { InstanceKeys } from './keys.js';

/** What a worker says of itself. */
export interface WorkerInfo {
  id: string;
  host: string;
  pid: number;
  /** Tasks it takes at a time. */
  slots: number;
  /** Takes only runs of this pool; '' is the common one. */
  pool: string;
  /** Folders of its own disk that tasks may use; they fit runs whose files are on the same host. */
  files: string[];
  /** Folders that are the same on all machines (a network volume). */
  sharedFiles: string[];
  startedAt: number;
}

/** The name its main connection has in CLIENT LIST. */
export const connectionNameOf = (worker: string) => `millrace-worker-${worker}`;

const BEAT: Script = {
  name: 'millraceBeat',
  lua: `#!lua flags=allow-oom
-- KEYS  1 workers hash   2 beats
-- ARGV  1 worker   2 what it announces, '' = only if it is known
-- returns  1 | 0: it was given up, and must come back under another name
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
elseif redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
local now = redis.call('TIME')
redis.call('ZADD', KEYS[2], now[1] * 1000 + math.floor(now[2] / 1000), ARGV[1])
return 1
`,
};

export async function announce(redis: RedisClient, keys: InstanceKeys, info: WorkerInfo): Promise<void> {
  await callScript(redis, BEAT, [keys.workers, keys.beats], [info.id, JSON.stringify(info)]);
}

/** A sign of life. False: the supervisor has given this worker up. */
export async function beat(redis: RedisClient, keys: InstanceKeys, worker: string): Promise<boolean> {
  return (await callScript(redis, BEAT, [keys.workers, keys.beats], [worker, ''])) === 1;
}

export async function forget(redis: RedisClient, keys: InstanceKeys, worker: string): Promise<void> {
  await redis.multi().hdel(keys.workers, worker).zrem(keys.beats, worker).exec();
}

export async function readWorkers(redis: RedisClient, keys: InstanceKeys): Promise<WorkerInfo[]> {
  return Object.values(await redis.hgetall(keys.workers)).map((text) => JSON.parse(text) as WorkerInfo);
}

/** Latest heartbeats by Redis' clock, and that clock, ms. */
export async function readBeats(
  redis: RedisClient,
  keys: InstanceKeys,
): Promise<{ now: number; beats: Map<string, number> }> {
  const [[seconds, micros], flat] = await Promise.all([
    redis.time(),
    redis.zrange(keys.beats, '0', '-1', 'WITHSCORES'),
  ]);
  const beats = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) beats.set(flat[i]!, Number(flat[i + 1]));
  return { now: Number(seconds) * 1000 + Math.floor(Number(micros) / 1000), beats };
}

/** Workers with a fresh heartbeat, for somebody who does not supervise. */
export async function liveWorkers({ redis, keys }: { redis: RedisClient; keys: InstanceKeys }): Promise<WorkerInfo[]> {
  const [workers, { now, beats }] = await Promise.all([readWorkers(redis, keys), readBeats(redis, keys)]);
  return workers.filter(({ id, slots }) => slots > 0 && now - (beats.get(id) ?? 0) < 2_000);
}

/** True if the worker may run tasks of the stage. */
export function isFit(worker: WorkerInfo, setup: RunSetup, stage: string): boolean {
  if (worker.pool !== setup.pool) return false;
  if (!setup.localStages.includes(stage)) return true;
  if (worker.sharedFiles.some((folder) => covers(folder, setup.baseDir))) return true;
  return worker.host === setup.host && worker.files.some((folder) => covers(folder, setup.baseDir));
}

function covers(folder: string, path: string): boolean {
  const inner = relative(folder, path);
  return inner === '' || (inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner));
}
