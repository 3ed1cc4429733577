import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const postgresOperators: readonly AnyOperator[] = [];
export default postgresOperators;
