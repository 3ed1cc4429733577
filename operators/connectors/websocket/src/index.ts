import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const websocketOperators: readonly AnyOperator[] = [];
export default websocketOperators;
