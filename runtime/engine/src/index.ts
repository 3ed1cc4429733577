export { decodeBatch, encodeBatch } from './batch.js';
export { decodeBlob, encodeBlob, FORMAT } from './codec.js';
export { Histogram } from './histogram.js';
export type { TaskReport } from './metrics.js';
export { migrateTasks, type OldTask } from './migrate.js';
export { Task, type TaskEnd, type TaskMeta, type TaskOptions } from './task.js';
export { WatermarkValve } from './valve.js';
