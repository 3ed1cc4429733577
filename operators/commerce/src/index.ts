import type { AnyOperator } from '@millrace/sdk';
import { stockReserve } from './stock-reserve.js';

/** The operators of this package. */
export const commerceOperators: readonly AnyOperator[] = [stockReserve];
export default commerceOperators;
