import { defineOperator, fieldExpression } from '@millrace/sdk';
import { Matcher, type PaymentState } from './payment/account.js';
import { lintPayment, type PaymentConfig, paymentConfig } from './payment/config.js';
import { durationWords, lastStep } from './shared/fields.js';

const hour = 3_600_000;
const row = (more: object) => ({
  orderId: 1,
  status: 'paid',
  due: 0,
  paid: 0,
  difference: 0,
  refunded: 0,
  currency: 'EUR',
  payments: 0,
  orderedAt: 0,
  late: false,
  ...more,
});
const order = (orderId: number, total: number) => ({ orderId, total, currency: 'EUR' });
const payment = (orderId: number, amount: number, currency = 'EUR') => ({ orderId, amount, currency });

/** Finds the payments of each order. News is heard in the order of its time, so it does not matter which of the two systems is faster. */
export const orderPaymentMatch = defineOperator<typeof paymentConfig, PaymentState>({
  type: 'commerce.order-payment-match',
  version: 1,
  docs: {
    title: 'Match payments',
    summary: 'Finds the payments of each order and reports what is unpaid, partly paid or overpaid.',
    description: `Two streams come in, orders and payments; each order leaves with what became of it.

| Leaves through | \`status\` | When |
|---|---|---|
| Paid | \`paid\` | at once, when the payments reach the amount; the field \`late\` says whether that was after the deadline |
| Open | \`unpaid\`, \`partly-paid\` | at the deadline |
| Wrong | \`overpaid\` | at once, whenever more was paid than ordered |
| Wrong | \`other-currency\` | a payment in another currency than its order; it is not counted |
| Wrong | \`refund-exceeds-paid\` | more was paid back than was ever paid |
| Wrong | \`order-twice\` | a second order under the same number; the first stands |
| Without order | \`no-order\` | a payment whose order did not come |

Each row says what was \`due\`, what was \`paid\`, the \`difference\` between them (above 0: too much), what was \`refunded\`, the number of \`payments\` and when it was \`orderedAt\` (ms). In a row \`other-currency\`, \`paid\` and \`currency\` are those of that one payment. Amounts are added exactly, to the last cent. Several payments of one order add up; a payment may come before its order.`,
    category: 'commerce',
    icon: 'receipt',
    zh: { title: '订单与付款核对', summary: '为每个订单匹配付款，找出未付、部分付款和多付。' },
  },
  config: paymentConfig,
  inputs: {
    orders: { title: 'Orders', accepts: 'append', kind: 'order' },
    payments: { title: 'Payments', accepts: 'append', kind: 'money' },
  },
  outputs: {
    paid: { title: 'Paid', kind: 'order' },
    open: { title: 'Open', description: 'Unpaid and partly paid at the deadline.', kind: 'order' },
    wrong: {
      title: 'Wrong',
      description: 'Overpaid, other currency, too much paid back, ordered twice.',
      kind: 'order',
    },
    orphans: { title: 'Without order', description: 'Payments whose order did not come.', side: true, kind: 'money' },
  },
  key: ({ order: own, paymentOrder }: PaymentConfig, port) => [
    fieldExpression(port === 'payments' ? (paymentOrder ?? 'orderId') : (own ?? 'orderId')),
  ],
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { waiting: { kind: 'map' }, account: { kind: 'value' } },
  lint: lintPayment,
  summary: ({ within }: PaymentConfig) => `Within ${durationWords(within ?? '1 d')}`,
  mode: () => ({
    paid: { mode: 'append' },
    open: { mode: 'append' },
    wrong: { mode: 'append' },
    orphans: { mode: 'append' },
  }),
  fields: ({ order: own }: PaymentConfig, inputs) => {
    const type = {
      fields: {
        [lastStep(own ?? 'orderId')]: inputs.orders?.fields[own ?? 'orderId'] ?? 'any',
        status: 'text',
        due: 'number',
        paid: 'number',
        difference: 'number',
        refunded: 'number',
        currency: 'text',
        payments: 'number',
        orderedAt: 'time',
        late: 'boolean',
      },
      open: false,
      kind: 'order',
    } as const;
    return { paid: type, open: type, wrong: type, orphans: type };
  },
  examples: [
    {
      title: 'Paid in two parts, unpaid, overpaid, and a payment before its order',
      config: { within: '1 h' },
      input: [
        { port: 'payments', value: payment(4, 7), time: 0 },
        { port: 'orders', value: order(1, 0.3), time: 1 },
        { port: 'orders', value: order(2, 5), time: 2 },
        { port: 'orders', value: order(3, 5), time: 3 },
        { port: 'orders', value: order(4, 7), time: 4 },
        { port: 'payments', value: payment(1, 0.1), time: 10 },
        { port: 'payments', value: payment(1, 0.2), time: 20 },
        { port: 'payments', value: payment(3, 5.01), time: 30 },
        { port: 'payments', value: payment(2, 5, 'USD'), time: 40 },
        { watermark: 2 * hour },
      ],
      output: {
        paid: [
          row({ orderId: 4, due: 7, paid: 7, payments: 1, orderedAt: 4 }),
          row({ orderId: 1, due: 0.3, paid: 0.3, payments: 2, orderedAt: 1 }),
        ],
        open: [row({ orderId: 2, status: 'unpaid', due: 5, difference: -5, orderedAt: 2 })],
        wrong: [
          row({ orderId: 3, status: 'overpaid', due: 5, paid: 5.01, difference: 0.01, payments: 1, orderedAt: 3 }),
          row({ orderId: 2, status: 'other-currency', due: 5, paid: 5, currency: 'USD', orderedAt: 2 }),
        ],
      },
    },
  ],
  create: ({ config: options, compile }) => new Matcher(options, compile),
});
