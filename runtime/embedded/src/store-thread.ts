import { parentPort, workerData } from 'node:worker_threads';
import type { Plan } from '@millrace/planner';
import type { StoreRequest } from './messages.js';
import { Signals } from './signals.js';
import { serveStore } from './store.js';

/** The store in a thread of its own, for hosts whose main thread has other work. */
const { plan, signals, dataDir, durable } = workerData as {
  dataDir: string;
  plan: Plan;
  signals: SharedArrayBuffer;
  durable: boolean;
};
const handle = serveStore({ dataDir, plan, durable, signals: new Signals(plan, signals) }, (id) =>
  parentPort!.postMessage({ id }),
);
parentPort!.on('message', (request: StoreRequest) => {
  handle(request);
  if (request.type === 'close') parentPort!.close();
});
parentPort!.postMessage({ id: 0 });
