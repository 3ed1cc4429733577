import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const mongodbOperators: readonly AnyOperator[] = [];
export default mongodbOperators;
