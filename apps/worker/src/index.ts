export { readRedis, readWorkerSettings } from './settings.js';
export { startWorker, type Worker, type WorkerSettings } from './start-worker.js';
