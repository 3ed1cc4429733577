import type { AnyOperator } from '@millrace/sdk';
import { cartAbandonment } from './cart-abandonment.js';
import { conversionFunnel } from './conversion-funnel.js';
import { customerSegments } from './customer-segments.js';
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
  cartAbandonment,
  conversionFunnel,
  customerSegments,
  demandForecast,
  fraudScore,
  monitor,
  orderLifecycle,
  orderPaymentMatch,
  orderValidate,
  recommend,
  salesStats,
  sessionize,
  stockLevel,
  stockReserve,
  topProducts,
];
export default commerceOperators;
