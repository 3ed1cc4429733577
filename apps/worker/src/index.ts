export { readRedis } from '@millrace/bull';
export { DEFAULT_SLOTS, readWorkerSettings } from './settings.js';
export { startWorker, type Worker, type WorkerSettings } from './start-worker.js';
