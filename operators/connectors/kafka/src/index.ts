import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const kafkaOperators: readonly AnyOperator[] = [];
export default kafkaOperators;
