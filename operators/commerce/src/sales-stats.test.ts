import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { salesStats } from './sales-stats.js';

const compile = compileExpression;
const run = (config: object) => runOperator(salesStats, config, { compile });

describe('commerce.sales-stats', () => {
  it('does what its examples say', async () => {
    await checkOperator(salesStats, { compile });
  });

  it('rounds the average order to the cents of its currency, exactly', () => {
    const harness = run({ per: 'day' });
    for (const [orderId, total, currency] of [
      [1, 0.01, 'EUR'],
      [2, 0.02, 'EUR'],
      [3, 100, 'JPY'],
      [4, 101, 'JPY'],
      [5, '90071992547409930.01', 'USD'],
    ] as const)
      harness.feed({ value: { orderId, total, currency }, time: 1 });
    harness.end();
    const by = Object.fromEntries(harness.output().map((row) => [row.currency, row]));
    expect([by.EUR.aov, by.JPY.aov]).toEqual([0.02, 101]);
    expect([by.EUR.net, by.USD.gmv, by.USD.aov]).toEqual([0.03, '90071992547409930.01', '90071992547409930.01']);
  });

  it('makes days as long as the clocks of the zone do', () => {
    const harness = run({ per: 'day', zone: 'Europe/Berlin' });
    const at = (text: string) => Date.parse(text);
    harness
      .feed({ value: { orderId: 1, total: 1 }, time: at('2024-03-30T23:00:00Z') })
      .feed({ value: { orderId: 2, total: 1 }, time: at('2024-03-31T21:59:59Z') })
      .feed({ value: { orderId: 3, total: 1 }, time: at('2024-03-31T22:00:00Z') })
      .end();
    expect(
      harness.output().map(({ orders, windowStart, windowEnd }) => [orders, (windowEnd - windowStart) / 3_600_000]),
    ).toEqual([
      [2, 23],
      [1, 24],
    ]);
  });

  it('takes a refund of either sign as paid back, by the rule it is given', () => {
    const harness = run({ per: 'day', refund: "type == 'refund'" });
    harness
      .feed({ value: { orderId: 1, total: 5, quantity: 1 }, time: 1 })
      .feed({ value: { orderId: 1, total: 5, quantity: 1, type: 'refund' }, time: 2 })
      .feed({ value: { orderId: 2, total: -3, quantity: -1, type: 'refund' }, time: 3 })
      .end();
    expect(harness.output()).toMatchObject([
      { gmv: 5, refunds: 8, net: -3, refundedUnits: 2, refundedOrders: 2, orders: 1 },
    ]);
  });

  it('sends every change as a replacement when it is live, and late records apart when it is not', () => {
    const live = run({ per: 'hour', send: 'live' });
    live.feed({ value: { orderId: 1, total: 5 }, time: 1 }).feed({ value: { orderId: 1, total: 5 }, time: 2 });
    expect(live.records().map(({ op, value }) => [op, value.gmv, value.orders])).toEqual([
      ['upsert', 5, 1],
      ['upsert', 10, 1],
    ]);
    const final = run({ per: 'hour' });
    final
      .watermark(3_600_000)
      .feed({ value: { orderId: 1, total: 5 }, time: 1 })
      .end();
    expect([final.late.length, final.output().length, final.stateSize]).toEqual([1, 0, 0]);
  });

  it('says what is wrong with an amount instead of counting nothing', () => {
    const harness = run({ per: 'day' }).feed({ orderId: 1, total: 'ten' }).feed({ orderId: 2 });
    expect(harness.dead.map(({ error }) => error.code)).toEqual(['AMOUNT_INVALID', 'AMOUNT_INVALID']);
    expect(harness.stateSize).toBe(0);
  });
});
