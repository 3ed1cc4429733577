import { compileExpression } from '@millrace/graph';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { windowAggregate } from '../window-aggregate.js';

const sum = { aggregates: [{ fn: 'sum', field: 'v' }], groupBy: ['key'] };
type Step = [time: number, key: string, v?: number] | { wm: number } | 'restore';

function run(config: object, steps: readonly Step[]): OperatorHarness {
  const harness = runOperator(windowAggregate, { ...sum, ...config }, { compile: compileExpression });
  for (const step of steps) {
    if (step === 'restore') harness.snapshotRestore();
    else if ('wm' in step) harness.watermark(step.wm);
    else harness.feed({ value: { key: step[1], v: step[2] ?? 1 }, time: step[0] });
  }
  return harness;
}
/** [key, sum, start, end, time] of every result. */
const rows = (harness: OperatorHarness) =>
  harness.records().map(({ value, time }) => [value.key, value.sum_v, value.windowStart, value.windowEnd, time]);

describe('count windows', () => {
  it('send a result for every so many records of a key, and nothing for the rest', () => {
    const harness = run({ window: 'count', count: 3 }, [
      [5, 'a'],
      [9, 'a'],
      [1, 'b'],
      'restore',
      [2, 'a', 5],
      [7, 'a'],
    ]).end();
    expect(rows(harness)).toEqual([['a', 7, 2, 10, 2]]);
    expect(harness.stateSize).toBe(2);
  });
});
