import { type DeadLetterRow, type RunHandle, readStoredRun, startRun } from '@millrace/embedded';
import type { Clock } from '@millrace/sdk';
import type { Logger } from 'pino';
import type { DeadLetterPage, Engine, LiveRun, RunResult } from './engine.js';
import { Meter } from './meter.js';

type ReadLetters = (options: { after?: { node: string; number: number }; limit: number }) => DeadLetterRow[];

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
        return look({
          view: (nodeId) => stored.view(nodeId),
          deadLetters: ({ limit, cursor }) => deadLetterPage((options) => stored.deadLetters(options), limit, cursor),
        });
      } finally {
        await stored.close();
      }
    },
  };
}

function liveRun(handle: RunHandle, meter: Meter, clock: Clock): LiveRun {
  return {
    done: handle.done.then(({ status, error }): RunResult => {
      if (error === undefined) return { status };
      const { code, message, hint } = error;
      return { status, error: { code, message, ...(hint !== undefined && { hint }) } };
    }),
    pause: (options) => handle.pause(options),
    finish: () => handle.finish(),
    kill: () => handle.kill(),
    savepoint: (file) => handle.savepoint(file),
    metrics: () => {
      const { status, restarts } = handle.report();
      return meter.sample(handle.taskReports(), clock.now(), status, restarts);
    },
    sample: (edgeId, limit) => handle.sample(edgeId, limit),
    deadLetters: async ({ limit, cursor }) => deadLetterPage((options) => handle.deadLetters(options), limit, cursor),
    replay: (ids) => handle.replay(ids.flatMap((id) => placeOf(id) ?? [])),
    view: async (nodeId) => handle.view(nodeId),
  };
}

/** Ids of dead letters are `<node>:<number>`; node ids hold no colon. */
function placeOf(id: string | undefined): { node: string; number: number } | undefined {
  const [node, number] = id?.split(':') ?? [];
  return node !== undefined && number !== undefined && /^\d+$/.test(number)
    ? { node, number: Number(number) }
    : undefined;
}

function deadLetterPage(read: ReadLetters, limit: number, cursor: string | undefined): DeadLetterPage {
  const after = placeOf(cursor);
  const letters = read({ limit, ...(after && { after }) }).map((row) => ({
    id: `${row.node}:${row.number}`,
    nodeId: row.node,
    port: row.port,
    code: row.code,
    message: row.message,
    ...(row.hint !== null && { hint: row.hint }),
    value: row.value,
    time: row.time,
    at: row.at,
    status: row.status ?? 'open',
  }));
  const last = letters.at(-1);
  return { letters, ...(letters.length === limit && last && { next: last.id }) };
}
