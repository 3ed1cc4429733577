import type { AnyOperator } from '@millrace/sdk';
import { demandForecast } from './demand-forecast.js';
import { fraudScore } from './fraud-score.js';
import { monitor } from './monitor.js';
import { recommend } from './recommend.js';
import { stockReserve } from './stock-reserve.js';

/** The operators of this package. */
export const commerceOperators: readonly AnyOperator[] = [demandForecast, fraudScore, monitor, recommend, stockReserve];
export default commerceOperators;
