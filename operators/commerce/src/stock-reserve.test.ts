import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { stockReserve } from './stock-reserve.js';

const run = (config: object) => runOperator(stockReserve, { mode: 'line', pool: [], openingStock: 5, ...config });
const results = (harness: ReturnType<typeof run>, port: string) =>
  harness.output(port).map(({ orderId, result, reason }) => [orderId, result, ...(reason ? [reason] : [])]);
const lastRow = (harness: ReturnType<typeof run>, sku = 'x') =>
  harness.output('ledger').findLast((row) => row.sku === sku);

describe('commerce.stock-reserve', () => {
  it('does what its examples say', async () => {
    await checkOperator(stockReserve);
  });

  it('refuses what is not a whole number of units above 0, and changes nothing', () => {
    const harness = run({});
    const bad = [-1, 0, 1.5, '2', null, Number.MAX_SAFE_INTEGER];
    for (const quantity of bad) harness.feed({ orderId: 1, sku: 'x', quantity });
    harness.feed({
      orderId: 2,
      lines: [
        { sku: 'x', quantity: 1 },
        { sku: 'y', quantity: -1 },
      ],
    });
    harness.feed({ action: 'restock', sku: 'x', quantity: -3 });
    expect(harness.output('refused').map(({ reason }) => reason)).toEqual(new Array(8).fill('bad-quantity'));
    expect([harness.stateSize, harness.output('ledger').length]).toEqual([0, 0]);
  });

  it('says which part of a request is missing', () => {
    const harness = run({});
    harness
      .feed({ orderId: 1, quantity: 1 })
      .feed({ sku: 'x', quantity: 1 })
      .feed({ orderId: 1, lines: [] })
      .feed({ action: 'buy', orderId: 1, sku: 'x', quantity: 1 })
      .feed({ action: 'commit', orderId: 9 })
      .feed({ action: 'release', orderId: 9 });
    expect(harness.output('refused').map(({ reason }) => reason)).toEqual([
      'no-product',
      'no-order-id',
      'no-lines',
      'unknown-action',
      'unknown-order',
      'unknown-order',
    ]);
    harness.feed('text');
    expect(harness.dead[0]?.error.code).toBe('NOT_AN_OBJECT');
  });

  it('gives as much as there is when told to', () => {
    const harness = run({ mode: 'partial' });
    for (const orderId of [1, 2, 3]) harness.feed({ orderId, sku: 'x', quantity: 3 });
    expect(harness.output('accepted').map(({ reserved, short }) => [reserved, short])).toEqual([
      [3, 0],
      [2, 1],
    ]);
    expect(harness.output('refused')).toMatchObject([{ orderId: 3, reserved: 0, short: 3, reason: 'sold-out' }]);
  });

  it('counts the same product twice in one order against the same stock', () => {
    const lines = [
      { sku: 'x', quantity: 3 },
      { sku: 'x', quantity: 3 },
    ];
    expect(results(run({ mode: 'order' }).feed({ orderId: 1, lines }), 'refused')).toEqual([
      [1, 'refused', 'not-enough'],
    ]);
    const byLine = run({ mode: 'line' }).feed({ orderId: 1, lines });
    expect(byLine.output('accepted')[0]).toMatchObject({ result: 'partly-reserved', reserved: 3, short: 3 });
    expect(lastRow(byLine)).toMatchObject({ available: 2, reserved: 3, balanced: true, oversold: 0 });
  });

  it('knows a repeated order, and an order number used for something else', () => {
    const harness = run({});
    harness
      .feed({ orderId: 1, sku: 'x', quantity: 2 })
      .snapshotRestore()
      .feed({ orderId: 1, sku: 'x', quantity: 2 })
      .feed({ orderId: 1, sku: 'x', quantity: 1 })
      .feed({ orderId: 1, sku: 'y', quantity: 1 })
      .feed({ orderId: '1', sku: 'x', quantity: 1 });
    expect(results(harness, 'accepted').length).toBe(3);
    expect(results(harness, 'repeats')).toEqual([[1, 'reserved']]);
    expect(results(harness, 'refused')).toEqual([[1, 'refused', 'order-id-reused']]);
    expect(lastRow(harness)).toMatchObject({ available: 2, reserved: 3 });
    expect(harness.filtered).toBe(1);
  });

  it('tells requests of one order apart by their numbers', () => {
    const harness = run({});
    harness
      .feed({ orderId: 1, requestId: 'a', sku: 'x', quantity: 2 })
      .feed({ orderId: 1, requestId: 'b', sku: 'x', quantity: 2 })
      .feed({ orderId: 1, requestId: 'a', sku: 'x', quantity: 2 })
      .feed({ action: 'restock', requestId: 'c', sku: 'x', quantity: 4 })
      .feed({ action: 'restock', requestId: 'c', sku: 'x', quantity: 4 })
      .feed({ action: 'commit', orderId: 1 });
    expect(lastRow(harness)).toMatchObject({ restocked: 4, available: 5, reserved: 0, sold: 4, balanced: true });
    expect(results(harness, 'repeats')).toEqual([
      [1, 'reserved'],
      [undefined, 'restocked'],
    ]);
  });

  it('gives units back once, whether the time ran out or the order was cancelled first', () => {
    const harness = run({ expireAfter: 10 });
    harness
      .feed({ value: { orderId: 1, sku: 'x', quantity: 2 }, time: 0 })
      .feed({ value: { orderId: 2, sku: 'x', quantity: 2 }, time: 5 })
      .feed({ value: { action: 'release', orderId: 2 }, time: 6 })
      .snapshotRestore()
      .watermark(20)
      .feed({ value: { action: 'release', orderId: 1 }, time: 21 })
      .feed({ value: { action: 'commit', orderId: 1 }, time: 22 })
      .feed({ value: { action: 'commit', orderId: 2 }, time: 22 });
    expect(results(harness, 'updates')).toEqual([
      [2, 'released'],
      [1, 'expired'],
    ]);
    expect(results(harness, 'repeats')).toEqual([[1, 'expired']]);
    expect(results(harness, 'refused')).toEqual([
      [1, 'refused', 'already-expired'],
      [2, 'refused', 'already-released'],
    ]);
    expect(lastRow(harness)).toMatchObject({ available: 5, released: 2, expired: 2, balanced: true });
  });

  it('does not give back what was paid in time', () => {
    const harness = run({ expireAfter: 10 });
    harness
      .feed({ value: { orderId: 1, sku: 'x', quantity: 2 }, time: 0 })
      .feed({ value: { action: 'commit', orderId: 1 }, time: 9 })
      .feed({ value: { action: 'release', orderId: 1 }, time: 9 })
      .end();
    expect(lastRow(harness)).toMatchObject({ available: 3, sold: 2, expired: 0 });
    expect(results(harness, 'refused')).toEqual([[1, 'refused', 'already-committed']]);
    expect(harness.timersPending).toBe(0);
  });

  it('holds the limit per customer, and gives it back with the units', () => {
    const harness = run({ limitPerCustomer: 2, afterReserve: 'hold' });
    harness
      .feed({ orderId: 1, customerId: 'ada', sku: 'x', quantity: 2 })
      .feed({ orderId: 2, customerId: 'ada', sku: 'x', quantity: 1 })
      .feed({ orderId: 3, customerId: 'lin', sku: 'x', quantity: 3 })
      .feed({ orderId: 4, sku: 'x', quantity: 1 })
      .feed({ action: 'release', orderId: 1 })
      .snapshotRestore()
      .feed({ orderId: 5, customerId: 'ada', sku: 'x', quantity: 2 });
    expect(results(harness, 'accepted').map(([order]) => order)).toEqual([1, 5]);
    expect(results(harness, 'refused')).toEqual([
      [2, 'refused', 'over-limit'],
      [3, 'refused', 'over-limit'],
      [4, 'refused', 'no-customer'],
    ]);
  });

  it('sells at once when there is no payment step', () => {
    const harness = run({ afterReserve: 'sell' }).feed({ orderId: 1, sku: 'x', quantity: 5 });
    expect(lastRow(harness)).toMatchObject({ available: 0, reserved: 0, sold: 5 });
    expect(harness.output('alerts')).toEqual([{ sku: 'x', alert: 'sold-out', available: 0 }]);
  });

  it('forgets orders a while after their last change, but never those that hold units', () => {
    const harness = run({ mode: 'partial', openingStock: 2, rememberFor: 80 });
    harness
      .feed({ value: { orderId: 1, sku: 'x', quantity: 1 }, time: 0 })
      .feed({ value: { orderId: 2, sku: 'x', quantity: 1 }, time: 1 });
    for (let i = 0; i < 300; i++) harness.feed({ value: { orderId: `late ${i}`, sku: 'x', quantity: 1 }, time: 2 });
    harness.feed({ value: { action: 'commit', orderId: 1 }, time: 5 });
    expect(harness.stateSize).toBeGreaterThan(300);
    harness.watermark(100).snapshotRestore();
    harness.feed({ value: { action: 'commit', orderId: 1 }, time: 101 });
    harness.feed({ value: { action: 'commit', orderId: 2 }, time: 101 });
    expect(results(harness, 'refused').at(-1)).toEqual([1, 'refused', 'unknown-order']);
    expect(results(harness, 'updates').at(-1)).toEqual([2, 'committed']);
    harness.end();
    expect([harness.stateSize, harness.timersPending]).toEqual([1, 0]);
    expect(lastRow(harness)).toMatchObject({ sold: 2, balanced: true });
  });
});
