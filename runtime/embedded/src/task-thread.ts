import { isAbsolute, resolve } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { failureOf, Task } from '@millrace/engine';
import type { Lease } from '@millrace/engine/ports';
import { compileExpression } from '@millrace/graph/expression';
import type { Plan } from '@millrace/planner';
import { type Catalogue, type Services, systemClock } from '@millrace/sdk';
import { openEnvironment } from './environment.js';
import type { TaskMessage, TaskRequest } from './messages.js';
import { Signals } from './signals.js';
import { EmbeddedTaskStore } from './task-store.js';

/** One task in a thread of its own. It only reads the environment; see store-thread.ts for why. */
export interface TaskThreadData {
  plan: Plan;
  stage: string;
  index: number;
  lease: Lease;
  workflow: string;
  numbering: string | undefined;
  dataDir: string;
  baseDir: string;
  overwrite: boolean;
  catalogue: { module: string; plugins: string[] };
  signals: SharedArrayBuffer;
  port: MessagePort;
  commitEvery: number | undefined;
  stateLimit: number | undefined;
  finishing: boolean;
}

const data = workerData as TaskThreadData;
const send = (message: TaskMessage) => parentPort!.postMessage(message);

async function main(): Promise<void> {
  const { loadCatalogue } = (await import(data.catalogue.module)) as {
    loadCatalogue(plugins: string[]): Promise<Catalogue>;
  };
  const catalogue = await loadCatalogue(data.catalogue.plugins);
  const services: Services = {
    print: (line) => send({ type: 'print', line }),
    log: (level, message, fields) => send({ type: 'log', level, message, fields }),
    resolvePath: (path) => (isAbsolute(path) ? path : resolve(data.baseDir, path)),
    overwrite: data.overwrite,
    fresh: false,
  };
  const environment = openEnvironment(data.dataDir, { readOnly: true });
  const store = new EmbeddedTaskStore(
    data.plan,
    data.stage,
    data.index,
    data.lease,
    environment,
    new Signals(data.plan, data.signals),
    data.port,
  );
  const task = new Task({
    plan: data.plan,
    stage: data.stage,
    index: data.index,
    catalogue,
    store,
    lease: data.lease,
    clock: systemClock,
    services,
    workflow: data.workflow,
    ...(data.numbering === undefined ? {} : { numbering: data.numbering }),
    compile: (expression, zone) => compileExpression(expression, { zone }),
    ...(data.commitEvery === undefined ? {} : { commitEvery: data.commitEvery }),
    ...(data.stateLimit === undefined ? {} : { stateLimit: data.stateLimit }),
  });
  parentPort!.on('message', (request: TaskRequest) => {
    if (request.type === 'pause') task.pause();
    else if (request.type === 'replay') task.replay();
    else if (request.type === 'drain') task.drain();
    else if (request.type === 'finish') task.finish();
    else send({ type: 'sample', id: request.id, records: task.sample(request.edge, request.limit) });
  });
  if (data.finishing) task.finish();
  const reporting = setInterval(() => send({ type: 'report', report: task.report() }), 250);
  try {
    const end = await task.run();
    send({ type: 'report', report: task.report() });
    send({ type: 'ended', end });
  } catch (thrown) {
    send({ type: 'report', report: task.report() });
    send({ type: 'failed', error: failureOf(thrown) });
  } finally {
    clearInterval(reporting);
    parentPort!.close();
  }
}

main().catch((thrown: unknown) => {
  send({ type: 'failed', error: failureOf(thrown) });
  parentPort!.close();
});
