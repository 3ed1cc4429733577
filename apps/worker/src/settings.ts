import { isAbsolute } from 'node:path';
import { wrongSetting } from '@millrace/bull';
import type { WorkerSettings } from './start-worker.js';

/** Slots of a worker that is not told otherwise. A task that has nothing to do costs next to nothing, so there are more than cores. */
export const DEFAULT_SLOTS = 16;

/** `WORKER_SLOTS`, `MILLRACE_HOST` (name of this machine), `FILE_ROOTS` and `SHARED_FILE_ROOTS` (folders, separated by `:`). */
export function readWorkerSettings(env: NodeJS.ProcessEnv = process.env): Omit<WorkerSettings, 'redis' | 'catalogue'> {
  const slots = env.WORKER_SLOTS?.trim() ? Number(env.WORKER_SLOTS) : DEFAULT_SLOTS;
  if (!Number.isInteger(slots) || slots < 1 || slots > 1024)
    throw wrongSetting('WORKER_SLOTS', 'a whole number from 1 to 1024');
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
  if (list.some((folder) => !isAbsolute(folder.trim()))) throw wrongSetting(name, 'absolute folders, separated by ":"');
  return list.map((folder) => folder.trim());
}
