import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { MillraceError } from '@millrace/sdk';

/** Who holds a data directory. */
export interface Holder {
  pid: number;
  host: string;
  /** Start of the process in clock ticks since boot, where the system tells: a process id alone comes around again. */
  started: string | null;
  /** ISO time. */
  since: string;
  /** Address of the server, once it listens. */
  url?: string;
}

export interface DataDirLock {
  /** Writes the address into the lock, for `millrace login` and for the text another start shows. */
  announce(url: string): void;
  release(): void;
}

/** The holder touches its lock this often; one from another machine counts as gone after six missed touches. */
const TOUCH_EVERY = 5000;
const GONE_AFTER = 6 * TOUCH_EVERY;

/** Takes the directory for this process, or throws DATA_DIR_IN_USE naming who has it. A lock left by a crash is taken over. */
export function lockDataDir(path: string, now: () => number = Date.now): DataDirLock {
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    started: processStart(process.pid),
    since: new Date(now()).toISOString(),
  };
  const own = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(own, JSON.stringify(me), { mode: 0o600 });
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        linkSync(own, path);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 4) throw error;
        removeIfStale(path, now);
      }
    }
  } finally {
    unlinkSync(own);
  }
  return holdLock(path, me);
}

function holdLock(path: string, me: Holder): DataDirLock {
  const timer = setInterval(() => {
    const at = new Date();
    try {
      utimesSync(path, at, at);
    } catch {
      // Someone removed the lock by hand; the next touch is no better, and the data is still held by the process.
    }
  }, TOUCH_EVERY);
  timer.unref();
  return {
    announce: (url) => {
      const next = `${path}.next`;
      writeFileSync(next, JSON.stringify({ ...me, url }), { mode: 0o600 });
      renameSync(next, path);
    },
    release: () => {
      clearInterval(timer);
      if (readHolder(path)?.pid === me.pid) unlinkSync(path);
    },
  };
}

/** Who holds the directory now; undefined when nobody does. */
export function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function removeIfStale(path: string, now: () => number): void {
  const holder = readHolder(path);
  if (holder !== undefined && isAlive(holder, path, now)) throw inUse(path, holder);
  // Renaming first makes sure that exactly one of two starters takes the stale lock away.
  const aside = `${path}.stale-${randomBytes(6).toString('hex')}`;
  try {
    renameSync(path, aside);
    unlinkSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function isAlive(holder: Holder, path: string, now: () => number): boolean {
  if (holder.host !== hostname()) {
    try {
      return now() - statSync(path).mtimeMs < GONE_AFTER;
    } catch {
      return false;
    }
  }
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === null ? holder.pid !== process.pid : processStart(holder.pid) === holder.started;
}

/** Field 22 of /proc/<pid>/stat (proc(5)); null where there is no /proc. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function inUse(path: string, holder: Holder): MillraceError {
  const where = holder.url ? ` at ${holder.url}` : '';
  const dir = dirname(path);
  return new MillraceError(
    `A Millrace server is already running with ${dir}${where} (process ${holder.pid} on ${holder.host}, since ${holder.since}).`,
    {
      code: 'DATA_DIR_IN_USE',
      params: { dir, ...holder },
      hint: `Open that one (\`millrace login\` prints a link), stop it first, or start this one with its own folder: MILLRACE_DATA=${join(dirname(dir), 'millrace-2')}.`,
    },
  );
}
