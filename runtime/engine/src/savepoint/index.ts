export * from './file.js';
export * from './keys.js';
export * from './seal.js';
export * from './task-record.js';
