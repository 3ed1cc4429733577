import { compileExpression } from '@millrace/graph';
import { runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAggregate } from '../window-aggregate.js';

const exact = [
  { fn: 'count', as: 'n' },
  { fn: 'sum', field: 'v', as: 'sum' },
  { fn: 'avg', field: 'v', as: 'avg' },
  { fn: 'avgInt', field: 'v', as: 'whole' },
  { fn: 'stddev', field: 'v', as: 'spread' },
];

/** Values whose sums change their scale, outgrow a double and come back. */
const value = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -5000, max: 100_000 }).map((cents) => cents / 100) },
  { weight: 2, arbitrary: fc.constantFrom(0, 0.1, -7, 1e-7, 12.3456789) },
  { weight: 1, arbitrary: fc.constantFrom(9e15, -9e15, '123456789012345678.5', '-0.00000000000000000001', null) },
);
const step = fc.record({
  forward: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 5 }) },
    { weight: 1, arbitrary: fc.constant(70) },
  ),
  back: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 120 })),
  key: fc.constantFrom('a', 'b'),
  value,
  /** How far the watermark stays behind; null: it does not move. */
  behind: fc.option(fc.integer({ min: -3, max: 20 }), { freq: 2 }),
  restore: fc.nat({ max: 12 }).map((n) => n === 0),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(config: object, more: readonly object[], steps: readonly Step[], restores: boolean) {
  const harness = runOperator(
    windowAggregate,
    { ...config, groupBy: ['k'], aggregates: [...exact, ...more] },
    { compile: compileExpression },
  );
  let now = 0;
  for (const { forward, back, key, value: v, behind, restore } of steps) {
    now += forward;
    harness.feed({ value: { k: key, v }, time: now - back });
    if (behind !== null) harness.watermark(now - behind);
    if (restores && restore) harness.snapshotRestore();
  }
  harness.end();
  expect([harness.dead, harness.stateSize, harness.timersPending]).toEqual([[], 0, 0]);
  const rows = harness.output().map(({ k, n, sum, avg, whole, spread, windowStart, windowEnd }) => ({
    ...{ k, n, sum, avg, whole, spread },
    ...{ windowStart, windowEnd },
  }));
  return { rows, late: harness.late.length };
}

const kinds: [string, object][] = [
  ['hopping 40 every 1', { window: 'hopping', size: 40, slide: 1 }],
  ['hopping 30 every 10', { window: 'hopping', size: 30, slide: 10 }],
  ['hopping 25 every 10 at 4', { window: 'hopping', size: 25, slide: 10, offset: 4 }],
  ['hopping 5 every 8', { window: 'hopping', size: 5, slide: 8 }],
  ['cumulating 40 by 10', { window: 'cumulating', size: 40, slide: 10 }],
  ['hopping 40 every 1, late by 15', { window: 'hopping', size: 40, slide: 1, allowedLateness: 15 }],
  ['cumulating 40 by 10, late by 15', { window: 'cumulating', size: 40, slide: 10, allowedLateness: 15 }],
];

describe.each(kinds)('Running totals of %s', (_name, config) => {
  it('are those of panes put together anew for each window, with stacks beside them or not, through restores', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // A set is too large to slide: its windows are put together from all their panes.
        const anew = play(config, [{ fn: 'distinct', field: 'v', as: 'users' }], steps, false);
        expect(play(config, [], steps, false)).toEqual(anew);
        expect(play(config, [{ fn: 'min', field: 'n', as: 'low' }], steps, false)).toEqual(anew);
        expect(play(config, [], steps, true)).toEqual(anew);
      }),
      { numRuns: 100 },
    );
  });
});
