import { compileExpression } from '@millrace/graph';
import { Decimal, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { customerSegments } from './customer-segments.js';
import { lifetimeValue, scoreAll, segmentOf } from './segments/rfm.js';
import { haveRealData, print, rowsOf, timeOf } from './shared/testing/real-data.js';

const compile = compileExpression;
const DAY = 86_400_000;
const run = (config: object = {}) => runOperator(customerSegments, config, { compile });
const order = (customerId: string, orderId: number, total: unknown, day: number, more: object = {}) => ({
  value: { customerId, orderId, total, ...more },
  time: day * DAY + orderId,
});

describe('commerce.customer-segments', () => {
  it('keeps the tag of a customer who is known by something personal', () => {
    const type = { fields: { email: 'personal', total: 'number' }, open: true } as const;
    expect(customerSegments.fields?.({ customer: 'email' } as never, { in: type }).out?.fields.customer).toBe(
      'personal',
    );
    expect(customerSegments.fields?.({} as never, { in: type }).out?.fields.customer).toBe('any');
  });

  it('does what its examples say', async () => {
    await checkOperator(customerSegments, { compile });
  });

  it('sends a row only when something about it changed, with the segment before', () => {
    const harness = run();
    harness
      .feed(order('ada', 1, 50, 0))
      .feed(order('ben', 2, 10, 0))
      .watermark(DAY);
    expect(harness.output()).toHaveLength(2);
    harness.watermark(5 * DAY);
    expect(harness.output()).toHaveLength(2);
    const [ada, ben] = harness.output();
    harness.feed(order('ben', 3, 100, 5)).watermark(6 * DAY);
    const rows = harness.output().slice(2);
    // Ben now is ahead of Ada: both of their marks changed.
    expect(rows.map(({ customer, orders, monetary }) => [customer, orders, monetary])).toEqual([
      ['ada', 1, 1],
      ['ben', 2, 3],
    ]);
    expect(rows.map(({ before }) => before)).toEqual([ada.segment, ben.segment]);
  });

  it('takes refunds off without counting them, and customers only from their first order on', () => {
    const harness = run();
    harness
      .feed(order('ada', 1, 30.3, 0))
      .feed(order('ada', 9, -10.1, 1))
      .feed(order('ben', 2, -5, 0))
      .end();
    expect(harness.output().at(-1)).toMatchObject({ customer: 'ada', orders: 1, spent: 20.2, lastOrder: 1 });
    expect(harness.output().some(({ customer }) => customer === 'ben')).toBe(false);
  });

  it('compares customers within their currency', () => {
    const harness = run({ currency: 'currency' });
    harness
      .feed(order('ada', 1, 5, 0, { currency: 'GBP' }))
      .feed(order('ben', 2, 900, 0, { currency: 'JPY' }))
      .end();
    expect(harness.output().map(({ currency, monetary }) => [currency, monetary])).toEqual([
      ['GBP', 1],
      ['JPY', 1],
    ]);
    expect(run({ currency: 'currency' }).feed(order('ada', 1, 5, 0)).filtered).toBe(1);
  });

  it('forgets those who did not buy for longest beyond its limit', () => {
    const harness = run({ maxCustomers: 10, every: '100 d' });
    for (let i = 0; i < 100; i++) harness.feed(order(`c ${i}`, i, 1, 0));
    expect(harness.stateSize).toBeLessThanOrEqual(12);
    const left = harness
      .end()
      .output()
      .map(({ customer }) => customer);
    expect(left).toContain('c 99');
    expect(left).not.toContain('c 5');
  });
});

describe('marks and values', () => {
  it('are fifths, equal for equal customers', () => {
    const customers = [1, 1, 2, 3, 4].map((orders, i) => ({ id: `${i}`, orders, spent: 10 * i, last: -i }));
    const scores = scoreAll(customers);
    expect(customers.map(({ id }) => scores.get(id)!.frequency)).toEqual([1, 1, 3, 4, 5]);
    expect(customers.map(({ id }) => scores.get(id)!.recency)).toEqual([5, 4, 3, 2, 1]);
  });

  it('have a name for every mark', () => {
    const name = (recency: number, frequency: number, monetary: number, orders = 5) =>
      segmentOf({ recency, frequency, monetary }, orders);
    expect([
      name(5, 5, 5),
      name(5, 1, 1, 1),
      name(3, 3, 3),
      name(4, 2, 2),
      name(2, 4, 3),
      name(1, 5, 5),
      name(2, 1, 2),
      name(1, 1, 1),
    ]).toEqual(['champion', 'new', 'loyal', 'promising', 'at-risk', 'cannot-lose', 'sleeping', 'lost']);
  });

  it('follow the formula of Gupta and Lehmann', () => {
    const rates = { margin: 0.5, retention: 0.8, discount: 0.1 };
    expect(lifetimeValue(1000, 0, 2 * 365.25 * DAY, rates)).toBeCloseTo(500 * 0.5 * (0.8 / 0.3), 6);
    expect(lifetimeValue(-5, 0, DAY, rates)).toBe(0);
  });
});

const here = haveRealData('customer-segments.test.ts');
describe.skipIf(!here)('segments of real customers (online_retail)', { timeout: 400_000 }, () => {
  it('equal a recomputation from all lines at once', () => {
    const rows = rowsOf('online_retail').filter((row) => row.customer_id !== null);
    const harness = run({
      customer: 'customer_id',
      order: 'invoice_no',
      amount: 'quantity * unit_price',
      every: '1000 d',
    });
    for (const value of rows) harness.feed({ value, time: timeOf(value) });
    const found = new Map<string, Value>(
      harness
        .end()
        .output()
        .map((row) => [row.customer, row]),
    );

    const known = new Map<string, { orders: Set<string>; spent: Decimal; last: number }>();
    for (const row of rows) {
      const customer = known.get(row.customer_id) ?? { orders: new Set<string>(), spent: Decimal.from(0), last: 0 };
      const amount = Decimal.from(row.quantity).mul(Decimal.from(row.unit_price));
      customer.spent = customer.spent.add(amount);
      if (amount.toNumber() >= 0) {
        customer.orders.add(row.invoice_no);
        customer.last = Math.max(customer.last, timeOf(row));
      }
      known.set(row.customer_id, customer);
    }
    const buyers = [...known].filter(([, { orders }]) => orders.size > 0);
    expect(found.size).toBe(buyers.length);
    const fifth = (value: number, all: number[]) =>
      1 + Math.floor((5 * all.filter((other) => other < value).length) / all.length);
    const all = {
      recency: buyers.map(([, { last }]) => last),
      frequency: buyers.map(([, { orders }]) => orders.size),
      monetary: buyers.map(([, { spent }]) => spent.toNumber()),
    };
    const counts: { [segment: string]: number } = {};
    for (const [id, { orders, spent, last }] of buyers) {
      const row = found.get(id);
      expect([row.orders, row.spent, row.lastOrder]).toEqual([orders.size, spent.toJSON(), last]);
      expect([row.recency, row.frequency, row.monetary]).toEqual([
        fifth(last, all.recency),
        fifth(orders.size, all.frequency),
        fifth(spent.toNumber(), all.monetary),
      ]);
      counts[row.segment] = (counts[row.segment] ?? 0) + 1;
    }
    print(
      `customer-segments, online_retail, ${buyers.length} customers: ${Object.entries(counts)
        .map(([segment, n]) => `${segment} ${n}`)
        .join(', ')}`,
    );
  });
});
