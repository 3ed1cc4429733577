import type { AnyOperator } from '@millrace/sdk';
import { read } from './read.js';
import { write } from './write.js';

export type { FilePosition } from './file-reader.js';
export { read } from './read.js';
export { write } from './write.js';

/** NDJSON and CSV files as source and sink. */
export const fileOperators: readonly AnyOperator[] = [read, write];

export default fileOperators;
