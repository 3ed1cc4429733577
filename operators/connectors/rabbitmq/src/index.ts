import type { AnyOperator } from '@millrace/sdk';
import { read } from './read.js';
import { write } from './write.js';

export { read, write };

/** The operators of this package. */
export const rabbitmqOperators: readonly AnyOperator[] = [read, write];
export default rabbitmqOperators;
