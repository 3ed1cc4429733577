import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, type OrderState, STATES } from './lifecycle/machine.js';
import { orderLifecycle } from './order-lifecycle.js';

const run = (config: object = {}) => runOperator(orderLifecycle, { timeouts: [], ...config });
const moves = (harness: ReturnType<typeof run>) => harness.output('changes').map(({ from, to }) => `${from} > ${to}`);

describe('commerce.order-lifecycle', () => {
  it('does what its examples say', async () => {
    await checkOperator(orderLifecycle);
  });

  it.each<[OrderState, OrderState, string]>([
    ['created', 'paid', 'move'],
    ['created', 'delivered', 'move'],
    ['created', 'refunded', 'illegal'],
    ['paid', 'cancelled', 'move'],
    ['shipped', 'cancelled', 'illegal'],
    ['shipped', 'paid', 'behind'],
    ['cancelled', 'shipped', 'illegal'],
    ['cancelled', 'refunded', 'move'],
    ['delivered', 'returned', 'move'],
    ['refunded', 'returned', 'illegal'],
  ])('from %s to %s is a %s', (from, to, kind) => expect(judge(from, to, new Set([from])).kind).toBe(kind));

  it('names what was skipped', () => {
    expect(judge('created', 'delivered', new Set(['created']))).toEqual({ kind: 'move', skipped: ['paid', 'shipped'] });
    expect(judge(undefined, 'paid', new Set())).toEqual({ kind: 'move', skipped: ['created'] });
    expect(judge(undefined, 'cancelled', new Set())).toEqual({ kind: 'move', skipped: ['created'] });
  });

  it('tells the same story whatever the order of arrival within the bound', () => {
    const news = fc.record({ state: fc.constantFrom(...STATES), time: fc.integer({ min: 0, max: 50 }) });
    fc.assert(
      fc.property(fc.array(news, { maxLength: 12 }), fc.nat(), (events, seed) => {
        const config = { timeouts: [{ in: 'created', after: 7, as: 'unpaid' }] };
        const tell = (rows: typeof events) => {
          const harness = run(config);
          for (const { state, time } of rows)
            harness.feed({ value: { orderId: 1, status: state }, time }).snapshotRestore();
          harness.end();
          expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
          return harness.outputs();
        };
        const shuffled = events
          .map((event, i) => ({ event, at: (Math.imul(i + 1, seed + 7919) >>> 0) % 1009 }))
          .sort((a, b) => a.at - b.at)
          .map(({ event }) => event);
        expect(tell(shuffled)).toEqual(tell(events));
      }),
    );
  });

  it('reports an unpaid order once, at the moment, and not one that was paid in time', () => {
    const harness = run({
      timeouts: [
        { in: 'created', after: 10, as: 'unpaid' },
        { in: 'paid', after: 10, as: 'unsent' },
      ],
    });
    harness
      .feed({ value: { orderId: 1, status: 'created' }, time: 0 })
      .feed({ value: { orderId: 2, status: 'created' }, time: 0 })
      .feed({ value: { orderId: 2, status: 'paid' }, time: 10 })
      .watermark(10)
      .snapshotRestore();
    expect(harness.records('overdue').map(({ value, time }) => [value.orderId, value.overdue, time])).toEqual([
      [1, 'unpaid', 10],
    ]);
    harness.feed({ value: { orderId: 1, status: 'paid' }, time: 12 }).end();
    expect(harness.output('overdue').map(({ orderId, overdue }) => [orderId, overdue])).toEqual([
      [1, 'unpaid'],
      [2, 'unsent'],
      [1, 'unsent'],
    ]);
  });

  it('judges news that comes after its time was over when it comes', () => {
    const harness = run();
    harness
      .feed({ value: { orderId: 1, status: 'created' }, time: 0 })
      .watermark(100)
      .feed({ value: { orderId: 1, status: 'paid' }, time: 50 })
      .feed({ value: { status: 'paid' }, time: 101 });
    expect(moves(harness)).toEqual(['null > created', 'created > paid']);
    expect(harness.filtered).toBe(1);
  });
});
