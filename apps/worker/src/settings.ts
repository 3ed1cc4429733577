import { isAbsolute } from 'node:path';
import type { ControlTarget } from '@millrace/bull';
import { MillraceError } from '@millrace/sdk';
import type { WorkerSettings } from './start-worker.js';

/** Slots of a worker that is not told otherwise. A task that has nothing to do costs next to nothing, so there are more than cores. */
export const DEFAULT_SLOTS = 16;

/**
 * Where Redis is: `REDIS_URL`, `REDIS_CLUSTER=1` when it is a Redis Cluster, `MILLRACE_INSTANCE` when several installations share it.
 * Undefined: none is configured.
 */
export function readRedis(env: NodeJS.ProcessEnv = process.env): ControlTarget | undefined {
  const url = env.REDIS_URL?.trim();
  if (!url) return undefined;
  for (const part of url.split(',')) {
    if (!URL.canParse(part.trim()) || !/^rediss?:$/.test(new URL(part.trim()).protocol))
      throw wrong(
        'REDIS_URL',
        'an address such as redis://127.0.0.1:6379 (several, separated by commas, for a cluster)',
      );
  }
  const instance = env.MILLRACE_INSTANCE?.trim();
  if (instance && !/^[a-z0-9][a-z0-9_-]{0,63}$/i.test(instance))
    throw wrong('MILLRACE_INSTANCE', 'letters, digits, - and _');
  return { url, ...(env.REDIS_CLUSTER === '1' && { cluster: true }), ...(instance && { instance }) };
}

/** `WORKER_SLOTS`, `MILLRACE_HOST` (name of this machine), `FILE_ROOTS` and `SHARED_FILE_ROOTS` (folders, separated by `:`). */
export function readWorkerSettings(env: NodeJS.ProcessEnv = process.env): Omit<WorkerSettings, 'redis' | 'catalogue'> {
  const slots = env.WORKER_SLOTS?.trim() ? Number(env.WORKER_SLOTS) : DEFAULT_SLOTS;
  if (!Number.isInteger(slots) || slots < 1 || slots > 1024)
    throw wrong('WORKER_SLOTS', 'a whole number from 1 to 1024');
  const host = env.MILLRACE_HOST?.trim();
  const files = folders('FILE_ROOTS', env);
  const sharedFiles = folders('SHARED_FILE_ROOTS', env);
  return {
    slots,
    ...(host && { host }),
    ...(files.length > 0 && { files }),
    ...(sharedFiles.length > 0 && { sharedFiles }),
  };
}

function folders(name: string, env: NodeJS.ProcessEnv): string[] {
  const list = (env[name] ?? '').split(':').filter((folder) => folder.trim() !== '');
  if (list.some((folder) => !isAbsolute(folder.trim()))) throw wrong(name, 'absolute folders, separated by ":"');
  return list.map((folder) => folder.trim());
}

function wrong(name: string, expected: string): MillraceError {
  return new MillraceError(`${name} cannot be used: it must be ${expected}.`, {
    code: 'SETTING_WRONG',
    params: { name, expected, exitCode: 2 },
    hint: `Change ${name}.`,
  });
}
