import type { AnyOperator } from '@millrace/sdk';
import { postgresLookup } from './lookup.js';
import { postgresRead } from './read.js';
import { postgresWrite } from './write.js';

export { postgresLookup, postgresRead, postgresWrite };

/** The operators of this package. */
export const postgresOperators: readonly AnyOperator[] = [postgresRead, postgresWrite, postgresLookup];
export default postgresOperators;
