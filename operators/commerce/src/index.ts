import type { AnyOperator } from '@millrace/sdk';
import { demandForecast } from './demand-forecast.js';
import { recommend } from './recommend.js';
import { stockReserve } from './stock-reserve.js';

/** The operators of this package. */
export const commerceOperators: readonly AnyOperator[] = [demandForecast, recommend, stockReserve];
export default commerceOperators;
