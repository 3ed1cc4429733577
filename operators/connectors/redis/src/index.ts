import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const redisOperators: readonly AnyOperator[] = [];
export default redisOperators;
