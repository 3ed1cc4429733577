import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const cassandraOperators: readonly AnyOperator[] = [];
export default cassandraOperators;
