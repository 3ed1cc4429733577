import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { cartAbandonment } from './cart-abandonment.js';

const compile = compileExpression;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const run = (config: object = {}) => runOperator(cartAbandonment, config, { compile });
const change = (minute: number, action: string, sku: string, more: object = {}) => ({
  port: 'carts',
  value: { customerId: 'ada', action, sku, quantity: 1, price: 10.1, currency: 'EUR', ...more },
  time: minute * MINUTE,
});
const order = (minute: number, more: object = {}) => ({
  port: 'orders',
  value: { customerId: 'ada', orderId: 'O1', ...more },
  time: minute * MINUTE,
});

describe('commerce.cart-abandonment', () => {
  it('does what its examples say', async () => {
    await checkOperator(cartAbandonment, { compile });
  });

  it('follows what is added, taken out, set and cleared, with exact worth', () => {
    const harness = run().feedAll([
      change(0, 'add', 'tea', { quantity: 3 }),
      change(1, 'add', 'cup', { price: 0.2 }),
      change(2, 'remove', 'tea', { quantity: 1 }),
      change(3, 'set', 'cup', { quantity: 4, price: 0.2 }),
      change(4, 'add', 'pot'),
      change(5, 'remove', 'pot', { quantity: null }),
    ]);
    harness.end();
    expect(harness.output('abandoned')).toMatchObject([{ units: 6, value: 21, currency: 'EUR', since: 5 * MINUTE }]);
    expect(
      run()
        .feedAll([change(0, 'add', 'tea'), change(1, 'clear', '')])
        .end()
        .output('abandoned'),
    ).toEqual([]);
  });

  it('reports nobody who ordered, whatever arrives first', () => {
    const harness = run()
      .feedAll([order(20), change(0, 'add', 'tea'), change(19, 'add', 'cup')])
      .end();
    expect([harness.output('abandoned'), harness.output('recovered'), harness.stateSize]).toEqual([[], [], 0]);
  });

  it('reports a cart that is filled again after the order', () => {
    const harness = run()
      .feedAll([change(0, 'add', 'tea'), order(5), change(10, 'add', 'cup')])
      .end();
    expect(harness.output('abandoned').map(({ items }) => items[0].item)).toEqual(['cup']);
  });

  it('leaves small carts alone, and customers that were reminded today', () => {
    expect(
      run({ minValue: 10.11 })
        .feed(change(0, 'add', 'tea'))
        .end()
        .output('abandoned'),
    ).toEqual([]);
    const harness = run({ again: '24 h' });
    for (const minute of [0, 300, 600, 1600]) harness.feed(change(minute, 'add', `sku ${minute}`));
    expect(
      harness
        .end()
        .output('abandoned')
        .map(({ abandonedAt }) => abandonedAt / MINUTE),
    ).toEqual([60, 1660]);
  });

  it('counts as won back only what is ordered in time, and only once', () => {
    const steps = [
      change(0, 'add', 'tea'),
      order(60 + 24 * 60, { orderId: 'O1' }),
      order(60 + 24 * 60 + 1, { orderId: 'O2' }),
    ];
    const inTime = run({ recoverWithin: '24 h' }).feedAll(steps).end();
    expect(inTime.output('recovered')).toEqual([
      {
        customerId: 'ada',
        order: 'O1',
        value: 10.1,
        currency: 'EUR',
        abandonedAt: HOUR,
        orderedAt: 25 * HOUR,
        waited: 24 * HOUR,
      },
    ]);
    expect(run({ recoverWithin: '23 h' }).feedAll(steps).end().output('recovered')).toEqual([]);
  });

  it('gives no sum of different currencies or of missing prices', () => {
    const worth = (more: object) =>
      run()
        .feedAll([change(0, 'add', 'tea'), change(1, 'add', 'cup', more)])
        .end()
        .output('abandoned')[0];
    expect(worth({ currency: 'USD' })).toMatchObject({ value: null, currency: null });
    expect(worth({ price: null })).toMatchObject({ value: null, currency: 'EUR' });
  });

  it('looks at orders that count, filters what is no change, and forgets', () => {
    const harness = run({ orderWhere: "status == 'placed'", recoverWithin: '7 d' });
    harness.feedAll([
      change(0, 'add', 'tea'),
      order(5, { status: 'cancelled' }),
      change(1, 'polish', 'tea'),
      { port: 'carts', value: { sku: 'x' }, time: 0 },
    ]);
    expect(harness.filtered).toBe(3);
    harness.watermark(2 * HOUR);
    expect([harness.output('abandoned').length, harness.stateSize]).toEqual([1, 1]);
    harness.watermark(9 * 24 * HOUR);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('keeps at most two hundred products of a cart and two thousand changes that wait', () => {
    const harness = run();
    for (let i = 0; i < 2500; i++) harness.feed({ ...change(0, 'add', `sku ${i}`), time: i });
    expect(harness.filtered).toBe(500);
    expect(harness.end().output('abandoned')[0].items).toHaveLength(200);
    expect(cartAbandonment.lint!({ after: 0 } as never)).toHaveLength(1);
  });
});
