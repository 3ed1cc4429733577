import { isAbsolute, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf, Task } from '@millrace/engine';
import type { TaskStore } from '@millrace/engine/ports';
import { compileExpression } from '@millrace/graph/expression';
import { type Catalogue, type Services, systemClock } from '@millrace/sdk';
import { openTaskStore } from '../data/task-store.js';
import type { TaskMessage, TaskRequest, TaskStart } from './messages.js';

/**
 * One task in a thread of its own, so that no operator's work can hold up the worker's heartbeat and lock renewal. The thread loads the
 * operators first and then waits for its task: a spare one takes over without that delay.
 */
export interface TaskThreadData {
  catalogue: { module: string; plugins: string[] };
}

/** ms between two reports. */
const REPORT_EVERY = 250;

const { catalogue: catalogueOf } = workerData as TaskThreadData;
const port = parentPort!;
const send = (message: TaskMessage) => port.postMessage(message);

async function main(): Promise<void> {
  const { loadCatalogue } = (await import(catalogueOf.module)) as {
    loadCatalogue(plugins: string[]): Promise<Catalogue>;
  };
  const loading = loadCatalogue(catalogueOf.plugins);
  // A plugin that cannot be loaded is the failure of the first task, not of a spare thread.
  loading.catch(() => undefined);
  const early: TaskRequest[] = [];
  const start = await new Promise<TaskStart>((resolve) => {
    const first = (request: TaskRequest) => {
      if (request.type === 'start') {
        port.off('message', first);
        port.on('message', (later: TaskRequest) => early.push(later));
        resolve(request.task);
      }
    };
    port.on('message', first);
    send({ type: 'ready' });
  });
  try {
    await runTask(start, await loading, early);
  } catch (thrown) {
    send({ type: 'failed', error: failureOf(thrown) });
  } finally {
    port.close();
  }
}

async function runTask(start: TaskStart, catalogue: Catalogue, early: readonly TaskRequest[]): Promise<void> {
  Object.assign(process.env, start.env);
  const services: Services = {
    print: (line) => send({ type: 'print', line }),
    log: (level, message, fields) => send({ type: 'log', level, message, fields }),
    resolvePath: (path) => (isAbsolute(path) ? path : resolve(start.baseDir, path)),
    overwrite: start.overwrite,
    fresh: false,
  };
  const store = await openTaskStore({
    redis: start.redis,
    run: start.run,
    plan: start.plan,
    stage: start.stage,
    index: start.index,
    lease: start.lease,
    ...(start.stateBytes === undefined ? {} : { stateBytes: start.stateBytes }),
    log: services.log,
  });
  const task = new Task({
    plan: start.plan,
    stage: start.stage,
    index: start.index,
    catalogue,
    store: withClaim(store),
    lease: start.lease,
    clock: systemClock,
    services,
    workflow: start.workflow,
    numbering: start.numbering,
    compile: (expression, zone) => compileExpression(expression, { zone }),
    ...(start.commitEvery === undefined ? {} : { commitEvery: start.commitEvery }),
  });
  const obey = (request: TaskRequest) => {
    if (request.type === 'pause') task.pause();
    else if (request.type === 'replay') task.replay();
    else if (request.type === 'drain') task.drain();
    else if (request.type === 'finish') task.finish();
    else if (request.type === 'sample')
      send({ type: 'sample', id: request.id, records: task.sample(request.edge, request.limit) });
  };
  port.removeAllListeners('message');
  for (const request of early) obey(request);
  port.on('message', obey);
  const reporting = setInterval(() => send({ type: 'report', report: task.report() }), REPORT_EVERY);
  try {
    const end = await task.run();
    send({ type: 'report', report: task.report() });
    send({ type: 'ended', end });
  } catch (thrown) {
    send({ type: 'report', report: task.report() });
    throw thrown;
  } finally {
    clearInterval(reporting);
  }
}

/** Tells of the first commit that is stored: from then on this owner is at work. */
function withClaim(store: TaskStore): TaskStore {
  const commit = store.commit.bind(store);
  store.commit = async (change) => {
    const reply = await commit(change);
    if (reply !== 'FENCED') {
      store.commit = commit;
      send({ type: 'claimed' });
    }
    return reply;
  };
  return store;
}

main().catch((thrown: unknown) => {
  send({ type: 'failed', error: failureOf(thrown) });
  port.close();
});
