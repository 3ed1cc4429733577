import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const commerceOperators: readonly AnyOperator[] = [];
export default commerceOperators;
