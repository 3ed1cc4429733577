import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { throttle } from './throttle.js';

const compile = compileExpression;
const run = (config: object) => runOperator(throttle, { n: 2, interval: 10, by: ['k'], ...config }, { compile });

describe('core.throttle', () => {
  it('does what its examples say', async () => {
    await checkOperator(throttle, { compile });
  });

  it('lets n records per key and interval pass, drops and counts the rest, over any disorder', () => {
    const record = fc.record({ k: fc.constantFrom('a', 'b', null), time: fc.integer({ min: -30, max: 30 }) });
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 60 }),
        fc.constantFrom('first', 'last'),
        fc.boolean(),
        (rows, keep, restore) => {
          const harness = run({ keep });
          rows.forEach(({ k, time }, i) => {
            harness.feed({ value: { i, k, time }, time });
            if (restore) harness.snapshotRestore();
          });
          harness.end();
          const expected: number[] = [];
          const intervals = new Map<string, { i: number; time: number }[]>();
          rows.forEach(({ k, time }, i) => {
            const id = `${k} ${Math.floor(time / 10)}`;
            intervals.set(id, [...(intervals.get(id) ?? []), { i, time }]);
          });
          for (const list of intervals.values()) {
            const kept =
              keep === 'first' ? list.slice(0, 2) : [...list].sort((a, b) => a.time - b.time || a.i - b.i).slice(-2);
            expected.push(...kept.map(({ i }) => i));
          }
          const numbers = (port: string) =>
            harness
              .output(port)
              .map(({ i }) => i)
              .sort((a, b) => a - b);
          expect(numbers('out')).toEqual(expected.sort((a, b) => a - b));
          expect(numbers('dropped')).toEqual(rows.map((_, i) => i).filter((i) => !expected.includes(i)));
          expect(harness.filtered).toBe(rows.length - expected.length);
          expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
        },
      ),
    );
  });

  it('counts by the clock when told to, and starts again with the next interval', () => {
    const harness = run({ n: 1, time: 'clock' });
    harness.feed({ k: 'a' }).clock(9).feed({ k: 'a' }).snapshotRestore().clock(10).feed({ k: 'a' });
    expect([harness.output().length, harness.filtered]).toEqual([2, 1]);
    harness.clock(20);
    expect(harness.stateSize).toBe(0);
  });

  it('sends the last ones by the clock when the interval is over, never behind the watermark', () => {
    const harness = run({ n: 1, time: 'clock', keep: 'last' });
    harness
      .feed({ value: { k: 'a', i: 1 }, time: 5 })
      .feed({ value: { k: 'a', i: 2 }, time: 3 })
      .watermark(7)
      .clock(10);
    expect(harness.records().map(({ value, time }) => [value.i, time])).toEqual([[2, 8]]);
    expect([harness.output('dropped').length, harness.timersPending, harness.stateSize]).toEqual([1, 0, 0]);
  });

  it('sends what it holds by the clock at the end of input', () => {
    const harness = run({ n: 2, time: 'clock', keep: 'last' });
    harness
      .feed({ value: { k: 'a', i: 1 }, time: 5 })
      .feed({ value: { k: 'a', i: 2 }, time: 3 })
      .end();
    expect(harness.records().map(({ value, time }) => [value.i, time])).toEqual([
      [1, 5],
      [2, 3],
    ]);
    expect(harness.timersPending).toBe(0);
  });

  it('lets records whose interval is over go as late', () => {
    const harness = run({});
    harness
      .watermark(9)
      .feed({ value: { k: 'a' }, time: 9 })
      .feed({ value: { k: 'a' }, time: 10 });
    expect([harness.late.length, harness.output().length]).toEqual([1, 1]);
    expect(throttle.lint?.({ n: 1, interval: 0 } as never)).toHaveLength(1);
  });
});
