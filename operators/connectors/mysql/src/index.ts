import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const mysqlOperators: readonly AnyOperator[] = [];
export default mysqlOperators;
