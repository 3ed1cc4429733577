import type { AnyOperator } from '@millrace/sdk';
import { mongodbRead } from './read.js';
import { mongodbWrite } from './write.js';

export { mongodbRead, mongodbWrite };

/** The operators of this package. */
export const mongodbOperators: readonly AnyOperator[] = [mongodbRead, mongodbWrite];
export default mongodbOperators;
