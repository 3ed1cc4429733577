import type { AnyOperator } from '@millrace/sdk';

/** The operators of this package. */
export const rabbitmqOperators: readonly AnyOperator[] = [];
export default rabbitmqOperators;
