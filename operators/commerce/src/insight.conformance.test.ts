import { compileExpression } from '@millrace/graph';
import type { OperatorSpec, Value } from '@millrace/sdk';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cartAbandonment } from './cart-abandonment.js';
import { conversionFunnel } from './conversion-funnel.js';
import { customerSegments } from './customer-segments.js';
import { demandForecast } from './demand-forecast.js';
import { fraudScore } from './fraud-score.js';
import { monitor } from './monitor.js';
import { recommend } from './recommend.js';

const HOUR = 3_600_000;

/** Random happenings in a tiny shop: few customers and products, so that they meet; hours apart, up to one out of order. */
const happening = fc.record({
  forward: fc.integer({ min: 0, max: 9 * HOUR }),
  back: fc.integer({ min: 0, max: HOUR }),
  customer: fc.constantFrom('ada', 'ben', 'lin', null),
  sku: fc.constantFrom('tea', 'cup', 'lamp'),
  order: fc.integer({ min: 1, max: 6 }),
  quantity: fc.integer({ min: 1, max: 4 }),
  action: fc.constantFrom('add', 'remove', 'set'),
  port: fc.nat({ max: 3 }),
  market: fc.constantFrom('DE', 'FR'),
});
interface Step {
  port: number;
  value: Value;
  time: number;
}
const story = fc.array(happening, { maxLength: 50 }).map((parts) => {
  let now = 40 * HOUR;
  return parts.map(({ forward, back, port, customer, order, ...rest }): Step => {
    now += forward;
    const value = {
      ...rest,
      customerId: customer,
      orderId: order,
      sessionId: order,
      total: rest.quantity * 9.99,
      price: 9.99,
      currency: 'EUR',
      onHand: rest.quantity * 5,
    };
    return { port, value, time: now - back };
  });
});

const cases: [string, OperatorSpec, object, string[]][] = [
  [
    'recommend',
    recommend,
    { minTogether: 1, refresh: '6 h', by: ['market'], neighbours: 10, maxItems: 10 },
    ['purchases', 'views'],
  ],
  [
    'demand-forecast',
    demandForecast,
    { season: 2, horizon: 3, by: ['sku', 'market'], forgetAfter: 5 },
    ['sales', 'sales', 'stock'],
  ],
  ['monitor z-score', monitor, { check: 'z-score', value: 'quantity', by: ['sku'], warmUp: 3, limit: 1.5 }, ['in']],
  ['monitor seasonal', monitor, { check: 'seasonal', value: 'quantity', warmUp: 1, limit: 1 }, ['in']],
  ['monitor absence', monitor, { check: 'absence', within: '5 h', by: ['sku'] }, ['in']],
  [
    'fraud-score',
    fraudScore,
    {
      by: ['market'],
      checks: [
        { check: 'velocity', per: ['customerId'], moreThan: 1, within: '6 h', points: 40 },
        { check: 'velocity', per: ['customerId'], different: 'sku', moreThan: 1, within: '1 d', points: 40 },
        { check: 'amount', value: 'total', per: ['sku'], times: 2, learn: 2, points: 30 },
        { check: 'change', field: 'sku', per: ['customerId'], within: '3 h', points: 30 },
      ],
    },
    ['in'],
  ],
  ['cart-abandonment', cartAbandonment, { after: '3 h', again: '1 h' }, ['carts', 'carts', 'carts', 'orders']],
  ['conversion-funnel', conversionFunnel, { gap: '4 h' }, ['views', 'carts', 'checkouts', 'purchases']],
  ['customer-segments', customerSegments, { by: ['market'], currency: 'currency' }, ['in']],
];

function play(
  spec: OperatorSpec,
  config: object,
  ports: string[],
  steps: readonly Step[],
  way: 'straight' | 'restored' | 'batches',
): OperatorHarness {
  const harness = runOperator(spec, config, { compile: compileExpression });
  let newest = 0;
  let waiting: { value: Value; time: number; port: string }[] = [];
  for (const { port, value, time } of steps) {
    const fed = { value, time, port: ports[port % ports.length]! };
    if (way === 'batches') waiting.push(fed);
    else harness.feed(fed);
    if (way === 'restored') harness.snapshotRestore();
    if (time > newest) {
      newest = time;
      harness.feedAll(waiting);
      waiting = [];
      // Watermarks are where the records put them, in every way of running.
      harness.watermark(newest - HOUR - 1);
      if (way === 'restored') harness.snapshotRestore();
    }
  }
  harness.feedAll(waiting);
  return harness.end();
}

describe.each(cases)('commerce.%s', (_name, spec, config, ports) => {
  it('gives the same whether it is restored after every record or fed in batches, and fails at none', () => {
    fc.assert(
      fc.property(story, (steps) => {
        const straight = play(spec, config, ports, steps, 'straight');
        expect(straight.dead).toEqual([]);
        for (const way of ['restored', 'batches'] as const) {
          const other = play(spec, config, ports, steps, way);
          expect(other.outputs()).toEqual(straight.outputs());
          expect([other.filtered, other.late.length]).toEqual([straight.filtered, straight.late.length]);
        }
        expect(straight.late).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});

/** What is decided by event time alone must not depend on which of two inputs comes first. */
const byTime = cases.filter(([name]) =>
  ['demand-forecast', 'cart-abandonment', 'conversion-funnel', 'monitor absence'].includes(name),
);
describe.each(byTime)('commerce.%s', (_name, spec, config, ports) => {
  it('gives the same whatever the order of arrival', () => {
    fc.assert(
      fc.property(story, fc.infiniteStream(fc.nat({ max: 1000 })), (steps, places) => {
        // Same times may come in any order; where that may matter, times differ.
        const apart = steps.map((step, i) => ({ ...step, time: step.time + i }));
        const sorted = [...apart].sort((a, b) => a.time - b.time);
        const shuffled = [...apart]
          .map((step) => ({ step, place: places.next().value as number }))
          .sort((a, b) => a.place - b.place)
          .map(({ step }) => step);
        const run = (list: readonly Step[], marks: boolean) => {
          const harness = runOperator(spec, config, { compile: compileExpression });
          if (!marks) harness.feedAll(list.map(({ port, ...fed }) => ({ ...fed, port: ports[port % ports.length]! })));
          else
            for (const { port, ...fed } of list) {
              harness.watermark(fed.time - 1);
              harness.feed({ ...fed, port: ports[port % ports.length]! });
            }
          // So far everybody must have come to the same point in time before the end.
          return harness.watermark(sorted.at(-1)?.time ?? 0).end();
        };
        expect(run(shuffled, false).outputs()).toEqual(run(sorted, true).outputs());
      }),
      { numRuns: 30 },
    );
  });
});
