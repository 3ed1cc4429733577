import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stockLevel } from './stock-level.js';

describe('commerce.stock-level', () => {
  it('does what its examples say', async () => {
    await checkOperator(stockLevel);
  });

  it('has the level of the order in time, whatever the order of arrival within the bound', () => {
    const event = fc.record({
      forward: fc.integer({ min: 1, max: 4 }),
      back: fc.integer({ min: 0, max: 5 }),
      change: fc.integer({ min: -5, max: 5 }),
      count: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 5 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let now = 0;
        const placed = events.map(({ forward, back, change, count }, i) => {
          now += forward * 10;
          // Every time once: at equal times arrival decides.
          return {
            time: now,
            arrives: now + back * 10 + i / 1000,
            value: count === null ? { sku: 'a', change } : { sku: 'a', count },
          };
        });
        const harness = runOperator(stockLevel, { by: ['sku'] });
        let newest = 0;
        for (const { time, value } of [...placed].sort((a, b) => a.arrives - b.arrives)) {
          newest = Math.max(newest, time);
          harness
            .feed({ value, time })
            .watermark(newest - 51)
            .snapshotRestore();
        }
        let level = 0;
        for (const { value } of placed) level = 'count' in value ? value.count! : level + value.change!;
        expect(harness.output().at(-1)?.level ?? 0).toBe(level);
      }),
    );
  });

  it('says when more went out than came in, and refuses what is no number', () => {
    const harness = runOperator(stockLevel, { by: ['sku'], low: 1 });
    for (const change of [1, 1, -1, -1, -0.5]) harness.feed({ sku: 'a', change });
    harness.feed({ sku: 'a', change: 'x' }).feed({ sku: 'a' });
    expect(harness.output().map(({ level, state }) => [level, state])).toEqual([
      [1, 'low'],
      [2, 'in-stock'],
      [1, 'low'],
      [0, 'out'],
      [-0.5, 'below-zero'],
    ]);
    expect(harness.dead).toHaveLength(2);
  });
});
