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
let closing = false;
const answer = (id: number) => {
  parentPort!.postMessage({ id });
  // The last word: after it nothing keeps the thread alive.
  if (closing) parentPort!.close();
};
const handle = serveStore({ dataDir, plan, durable, signals: new Signals(plan, signals) }, answer);
parentPort!.on('message', (request: StoreRequest) => {
  closing ||= request.type === 'close';
  handle(request);
});
parentPort!.postMessage({ id: 0 });
