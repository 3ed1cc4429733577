import { graphIdentity, type RunHandle, startRun } from '@millrace/embedded';
import type { Clock } from '@millrace/sdk';
import type { Logger } from 'pino';
import type { DeadLetterPage, Engine, LiveRun } from './engine.js';
import { Meter } from './meter.js';

/** The engine of one machine: every task in a worker thread of this process. */
export function embeddedEngine(catalogue: { module: string; plugins: string[] }, clock: Clock, logger: Logger): Engine {
  return {
    start: async ({ plan, workflow, baseDir, dataDir }) => {
      const log = logger.child({ workflow });
      const handle = await startRun({
        plan,
        workflow,
        baseDir,
        dataDir,
        catalogue,
        overwrite: true,
        print: (line) => log.info({ line }, 'printed'),
        log: (level, message, fields) => log[level](fields ?? {}, message),
      });
      return liveRun(handle, new Meter(plan), clock);
    },
    carriesOver: (before, next) => {
      const tasks = (plan: typeof before) =>
        plan.stages
          .map((stage) => `${stage.id}/${stage.parallelism}`)
          .sort()
          .join();
      return graphIdentity(before) === graphIdentity(next) && tasks(before) === tasks(next);
    },
  };
}

function liveRun(handle: RunHandle, meter: Meter, clock: Clock): LiveRun {
  return {
    done: handle.done.then(({ status, error }) => ({
      status,
      ...(error && {
        error: { code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) },
      }),
    })),
    pause: () => handle.pause(),
    finish: () => handle.finish(),
    kill: () => handle.kill(),
    metrics: () => {
      const { status, restarts } = handle.report();
      return meter.sample(handle.taskReports(), clock.now(), status, restarts);
    },
    sample: (edgeId, limit) => handle.sample(edgeId, limit),
    deadLetters: async ({ limit, cursor }) => deadLetterPage(handle, limit, cursor),
    view: async (nodeId) => handle.view(nodeId),
  };
}

/** Ids of dead letters are `<node>:<number>`; node ids hold no colon. */
function deadLetterPage(handle: RunHandle, limit: number, cursor: string | undefined): DeadLetterPage {
  const [node, number] = cursor?.split(':') ?? [];
  const after = node !== undefined && number !== undefined ? { after: { node, number: Number(number) } } : {};
  const rows = handle.deadLetters({ ...after, limit });
  const letters = rows.map((row) => ({
    id: `${row.node}:${row.number}`,
    nodeId: row.node,
    port: row.port,
    code: row.code,
    message: row.message,
    ...(row.hint !== null && { hint: row.hint }),
    value: row.value,
    time: row.time,
    at: row.at,
    status: 'open' as const,
  }));
  const last = letters.at(-1);
  return { letters, ...(letters.length === limit && last && { next: last.id }) };
}
