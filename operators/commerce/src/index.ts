import type { AnyOperator } from '@millrace/sdk';
import { demandForecast } from './demand-forecast.js';
import { fraudScore } from './fraud-score.js';
import { monitor } from './monitor.js';
import { orderLifecycle } from './order-lifecycle.js';
import { orderPaymentMatch } from './order-payment-match.js';
import { orderValidate } from './order-validate.js';
import { recommend } from './recommend.js';
import { salesStats } from './sales-stats.js';
import { sessionize } from './sessionize.js';
import { stockLevel } from './stock-level.js';
import { stockReserve } from './stock-reserve.js';
import { topProducts } from './top-products.js';

/** The operators of this package. */
export const commerceOperators: readonly AnyOperator[] = [
  orderValidate,
  orderLifecycle,
  orderPaymentMatch,
  stockReserve,
  stockLevel,
  salesStats,
  topProducts,
  sessionize,
  recommend,
  monitor,
  fraudScore,
  demandForecast,
];
export default commerceOperators;
