import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderPaymentMatch } from './order-payment-match.js';

const compile = compileExpression;
const run = (config: object = {}) =>
  runOperator(orderPaymentMatch, { within: 10, waitForOrder: 5, forgetAfter: 50, ...config }, { compile });
const order = (time: number, total: unknown, more: object = {}) => ({
  port: 'orders',
  value: { orderId: 1, total, ...more },
  time,
});
const pay = (time: number, amount: unknown, more: object = {}) => ({
  port: 'payments',
  value: { orderId: 1, amount, ...more },
  time,
});
const story = (harness: ReturnType<typeof run>) =>
  ['paid', 'open', 'wrong', 'orphans']
    .flatMap((port) => harness.records(port))
    .sort((a, b) => a.time - b.time)
    .map(({ value, time }) => `${time} ${value.status}${value.late ? ' late' : ''}`);

describe('commerce.order-payment-match', () => {
  it('does what its examples say', async () => {
    await checkOperator(orderPaymentMatch, { compile });
  });

  it('counts a payment at the last moment, and reports one after it as late', () => {
    expect(story(run().feed(order(0, 5)).feed(pay(10, 5)).end())).toEqual(['10 paid']);
    expect(story(run().feed(order(0, 5)).feed(pay(11, 5)).end())).toEqual(['10 unpaid', '11 paid late']);
  });

  it('tells a story step by step: partly, then paid, then too much', () => {
    const harness = run().feed(order(0, 5)).feed(pay(1, 2)).feed(pay(12, 3)).feed(pay(13, 1)).snapshotRestore().end();
    expect(story(harness)).toEqual(['10 partly-paid', '12 paid late', '13 overpaid late']);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('never pays back more than was paid without saying so', () => {
    expect(story(run().feed(order(0, 5)).feed(pay(1, 5)).feed(pay(2, -3)).feed(pay(3, -3)).end())).toEqual([
      '1 paid',
      '3 refund-exceeds-paid',
    ]);
  });

  it('leaves declined payments out, and lets a payment wait for its order', () => {
    const harness = run({ counts: "status == 'captured'" });
    harness
      .feed(order(0, 5))
      .feed(pay(1, 5, { status: 'declined' }))
      .end();
    expect([story(harness), harness.filtered]).toEqual([['10 unpaid'], 1]);
    expect(story(run().feed(pay(0, 5)).feed(order(5, 5)).end())).toEqual(['5 paid']);
    expect(story(run().feed(pay(0, 5)).feed(order(6, 5)).end())).toEqual(['5 no-order', '6 paid']);
  });

  it('adds the lines of an order up when told to, and otherwise reports a second order', () => {
    expect(story(run({ addUp: true }).feed(order(0, 5)).feed(order(0, 2.5)).feed(pay(3, 7.5)).end())).toEqual([
      '3 paid',
    ]);
    expect(story(run().feed(order(0, 5)).feed(order(0, 2)).feed(pay(3, 5)).end())).toEqual(['0 order-twice', '3 paid']);
  });

  it('tells the same story whichever of the two systems is faster', () => {
    const news = fc.record({
      kind: fc.constantFrom('order', 'pay', 'pay'),
      time: fc.integer({ min: 0, max: 20 }),
      amount: fc.constantFrom(0.1, 0.2, 0.3, 1),
    });
    fc.assert(
      fc.property(fc.array(news, { maxLength: 8 }), fc.nat(), (events, seed) => {
        const rows = events.map(({ kind, time, amount }) =>
          kind === 'order' ? order(time, amount) : pay(time, amount),
        );
        const shuffled = rows
          .map((row, i) => ({ row, at: (Math.imul(i + 1, seed + 7919) >>> 0) % 1009 }))
          .sort((a, b) => a.at - b.at)
          .map(({ row }) => row);
        const tell = (list: typeof rows) => story(run({ addUp: true }).feedAll(list).end());
        expect(tell(shuffled)).toEqual(tell(rows));
      }),
    );
  });
});
