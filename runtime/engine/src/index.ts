export { decodeBatch, encodeBatch } from './batch.js';
export { decodeBlob, encodeBlob, FORMAT } from './codec.js';
export { Histogram } from './histogram.js';
export type { TaskReport } from './metrics.js';
export { Task, type TaskEnd, type TaskOptions } from './task.js';
export { WatermarkValve } from './valve.js';
