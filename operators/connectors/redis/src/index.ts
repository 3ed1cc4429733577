import type { AnyOperator } from '@millrace/sdk';
import { lookup } from './lookup.js';
import { readStream } from './read-stream.js';
import { set } from './set.js';
import { writeStream } from './write-stream.js';

export { lookup, readStream, set, writeStream };

/** The operators of this package. */
export const redisOperators: readonly AnyOperator[] = [readStream, writeStream, set, lookup];
export default redisOperators;
