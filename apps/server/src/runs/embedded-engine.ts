import { constants, existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { type RunHandle, readStoredRun, startRun } from '@millrace/embedded';
import type { Clock } from '@millrace/sdk';
import type { Logger } from 'pino';
import { letterPage, letterPlace, letterQuery } from './dead-letters.js';
import { type Engine, type LiveRun, resultOf } from './engine.js';
import { Meter } from './meter.js';

/** The engine of one machine: every task in a worker thread of this process. */
export function embeddedEngine(catalogue: { module: string; plugins: string[] }, clock: Clock, logger: Logger): Engine {
  return {
    start: async (options) => {
      const log = logger.child({ workflow: options.workflow });
      const handle = await startRun({
        ...options,
        catalogue,
        overwrite: true,
        print: (line) => log.info({ line }, 'printed'),
        log: (level, message, fields) => log[level](fields ?? {}, message),
      });
      return liveRun(handle, new Meter(options.plan), clock);
    },
    inspect: async (dataDir, look) => {
      const stored = readStoredRun(dataDir);
      if (stored === undefined) return undefined;
      try {
        return await look({
          view: (nodeId) => stored.view(nodeId),
          deadLetters: ({ limit, cursor }) => letterPage(stored.deadLetters(letterQuery(limit, cursor)), limit),
        });
      } finally {
        await stored.close();
      }
    },
    copy: async (from, to) => {
      if (existsSync(from)) await cp(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
    },
    remove: (dataDir) => rm(dataDir, { recursive: true, force: true }),
  };
}

function liveRun(handle: RunHandle, meter: Meter, clock: Clock): LiveRun {
  return {
    done: handle.done.then(resultOf),
    pause: (options) => handle.pause(options),
    finish: () => handle.finish(),
    kill: () => handle.kill(),
    savepoint: (file) => handle.savepoint(file),
    metrics: () => {
      const { status, restarts } = handle.report();
      return meter.sample(handle.taskReports(), clock.now(), status, restarts);
    },
    sample: (edgeId, limit) => handle.sample(edgeId, limit),
    deadLetters: async ({ limit, cursor }) => letterPage(handle.deadLetters(letterQuery(limit, cursor)), limit),
    replay: (ids) => handle.replay(ids.flatMap((id) => letterPlace(id) ?? [])),
    view: async (nodeId) => handle.view(nodeId),
  };
}
