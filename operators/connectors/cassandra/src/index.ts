import type { AnyOperator } from '@millrace/sdk';
import { cassandraLookup } from './lookup.js';
import { cassandraWrite } from './write.js';

export { cassandraLookup, cassandraWrite };

/** The operators of this package. */
export const cassandraOperators: readonly AnyOperator[] = [cassandraWrite, cassandraLookup];
export default cassandraOperators;
