import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { orderValidate } from './order-validate.js';

const good = {
  orderId: 1,
  customerId: 'ada',
  currency: 'EUR',
  lines: [
    { sku: 'a', quantity: 1, price: 0.1 },
    { sku: 'b', quantity: 1, price: 0.2 },
  ],
  total: 0.3,
};
const codes = (value: object, config: object = {}) =>
  runOperator(orderValidate, config)
    .feed({ value })
    .output('invalid')
    .flatMap(({ problems }) => problems.map(({ code }: { code: string }) => code));

describe('commerce.order-validate', () => {
  it('does what its examples say', async () => {
    await checkOperator(orderValidate);
  });

  it('adds 0.1 and 0.2 up to 0.3', () => expect(codes(good)).toEqual([]));

  it('lists everything that is wrong, not only the first', () => {
    const broken = {
      orderId: '',
      currency: 'eur',
      lines: [{ quantity: 1.5, price: -1 }, { sku: 'b', quantity: 1, price: 'x', currency: 'USD' }, 'line'],
      shipping: -4,
      total: 'ten',
    };
    expect(codes(broken)).toEqual([
      'no-order-id',
      'no-customer',
      'bad-currency',
      'no-product',
      'bad-quantity',
      'bad-price',
      'mixed-currencies',
      'no-product',
      'bad-quantity',
      'bad-amount',
    ]);
    expect(codes({ ...broken, lines: [] })).toContain('no-lines');
  });

  it.each([
    ['a total that is a cent off', { ...good, total: 0.31 }, ['total-mismatch']],
    ['a total with shipping and discount', { ...good, shipping: 5, discount: 1.3, total: 4 }, []],
    ['a negative discount', { ...good, discount: -1, total: 1.3 }, ['bad-amount']],
    [
      'parts of a cent',
      { ...good, lines: [{ sku: 'a', quantity: 1, price: 0.305 }], total: 0.305 },
      ['too-many-decimals', 'too-many-decimals'],
    ],
    [
      'parts of a yen',
      { ...good, currency: 'JPY', lines: [{ sku: 'a', quantity: 2, price: 9.5 }], total: 19 },
      ['too-many-decimals'],
    ],
    [
      'a line in another currency',
      { ...good, lines: [{ sku: 'a', quantity: 1, price: 0.3, currency: 'USD' }] },
      ['mixed-currencies'],
    ],
    ['an order without a total', { ...good, total: null }, []],
  ])('judges %s', (_what, value, wanted) => expect(codes(value)).toEqual(wanted));

  it('allows a difference when told to', () =>
    expect(codes({ ...good, total: 0.31 }, { tolerance: 0.01 })).toEqual([]));

  it('tells a repeat from another order under the same number, and lets a corrected one pass', () => {
    const harness = runOperator(orderValidate, { rememberFor: '1 d' });
    harness
      .feed({ value: { ...good, total: 9 } })
      .feed({ value: { ...good, receivedBy: 'web' } })
      .snapshotRestore()
      .feed({ value: { ...good, receivedBy: 'app' } })
      .feed({ value: { ...good, customerId: 'lin' } })
      .clock(86_400_001)
      .feed({ value: good });
    expect(harness.output('valid')).toHaveLength(2);
    expect(harness.output('invalid').map(({ problems }) => problems[0].code)).toEqual([
      'total-mismatch',
      'duplicate',
      'order-id-reused',
    ]);
  });
});
