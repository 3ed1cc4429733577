export { decodeBatch, encodeBatch } from './batch.js';
export { decodeBlob, encodeBlob, FORMAT } from './codec.js';
export { Histogram } from './histogram.js';
export type { TaskReport } from './metrics.js';
export { migrateTasks, type OldTask } from './migrate.js';
export { Task, type TaskEnd } from './task.js';
export type { TaskMeta, TaskOptions } from './task-options.js';
export { WatermarkValve } from './valve.js';
