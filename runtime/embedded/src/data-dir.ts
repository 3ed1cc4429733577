import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MillraceError } from '@millrace/sdk';

/** A directory that goes away with the process's run. */
export function temporaryDir(): string {
  return mkdtempSync(join(tmpdir(), 'millrace-'));
}

/** Takes the directory for this process; the answer releases it. Two processes must never write one run. */
export function lockDir(dir: string): () => void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, 'lock');
  for (let attempt = 0; ; attempt++) {
    try {
      const fd = openSync(file, 'wx', 0o600);
      writeSync(fd, String(process.pid));
      closeSync(fd);
      held.add(dir);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 3) throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (owner === process.pid ? held.has(dir) : isAlive(owner)) {
        throw new MillraceError(`The data directory ${dir} is in use by process ${owner}.`, {
          code: 'DATA_DIR_BUSY',
          params: { dir, pid: owner },
          hint: 'Stop that process first, or choose another data directory.',
        });
      }
      rmSync(file, { force: true });
    }
  }
  return () => {
    held.delete(dir);
    rmSync(file, { force: true });
  };
}

/** Directories this process holds: a lock file with our own number may be left over from an earlier process that had it. */
const held = new Set<string>();

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export function hasRun(dir: string): boolean {
  return existsSync(join(dir, 'run', 'data.mdb'));
}

export function dropRun(dir: string): void {
  rmSync(join(dir, 'run'), { recursive: true, force: true });
}
