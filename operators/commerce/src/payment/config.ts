import { type ConfigFinding, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { finding } from '../shared/finding.js';

export const paymentConfig = Type.Object(
  {
    within: Type.Optional(
      Field.duration({
        title: 'Paid within',
        description: 'Time from the order to its payment, the last moment included. After that the order is reported.',
        default: '1 d',
      }),
    ),
    tolerance: Type.Optional(
      Type.Number({
        title: 'May differ by',
        description: 'Payment and order count as equal up to this, in units of the currency. 0: to the last cent.',
        minimum: 0,
        default: 0,
      }),
    ),
    due: Type.Optional(
      Field.expression({
        title: 'To be paid',
        description: 'Amount of an order record.',
        returns: 'any',
        default: 'total',
        ui: { port: 'orders' },
      }),
    ),
    addUp: Type.Optional(
      Type.Boolean({
        title: 'Orders come in parts',
        description:
          'An order comes as several records, such as its lines, whose amounts add up. Otherwise a second one is reported.',
        default: false,
      }),
    ),
    amount: Type.Optional(
      Field.expression({
        title: 'Paid',
        description: 'Amount of a payment record. Below 0: paid back.',
        returns: 'any',
        default: 'amount',
        ui: { port: 'payments' },
      }),
    ),
    counts: Type.Optional(
      Field.expression({
        title: 'A payment counts when',
        description: 'Such as only those that were not declined. Empty: always.',
        returns: 'boolean',
        examples: ["status == 'captured'"],
        ui: { port: 'payments' },
      }),
    ),
    waitForOrder: Type.Optional(
      Field.duration({
        title: 'A payment waits for its order',
        description: 'A payment may come before its order. After this long without one it is reported.',
        default: '1 h',
        ui: { advanced: true },
      }),
    ),
    forgetAfter: Type.Optional(
      Field.duration({
        title: 'Forget an order after',
        description: 'How long after its last news an order is known, for payments that come too late.',
        default: '90 d',
        ui: { advanced: true },
      }),
    ),
    order: Type.Optional(
      Field.field({
        title: 'Field: order, in orders',
        description: 'Number of the order.',
        default: 'orderId',
        ui: { port: 'orders', advanced: true },
      }),
    ),
    paymentOrder: Type.Optional(
      Field.field({
        title: 'Field: order, in payments',
        description: 'Number of the order that is paid for.',
        default: 'orderId',
        ui: { port: 'payments', advanced: true },
      }),
    ),
    currency: Type.Optional(
      Field.field({ title: 'Field: currency, in orders', default: 'currency', ui: { port: 'orders', advanced: true } }),
    ),
    paymentCurrency: Type.Optional(
      Field.field({
        title: 'Field: currency, in payments',
        default: 'currency',
        ui: { port: 'payments', advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
export type PaymentConfig = Static<typeof paymentConfig>;

export function lintPayment({ within, forgetAfter }: PaymentConfig): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const limit = durationMs(within ?? '1 d');
  if (limit <= 0)
    found.push(finding('PAYMENT_WITHIN', '/within', 'Say how long a customer has to pay, such as "1 d".'));
  if (durationMs(forgetAfter ?? '90 d') < limit)
    found.push(
      finding('PAYMENT_FORGET', '/forgetAfter', 'An order must be known for at least as long as it may be paid.'),
    );
  return found;
}
