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
const late = (harness: OperatorHarness) => harness.late.map(({ time }) => time);

describe('session windows', () => {
  const session = { window: 'session', gap: 3000 };

  it('end with the last record and the pause, whatever the order of arrival', () => {
    const harness = run(session, [
      [0, 'key2', 1],
      [1000, 'key2', 2],
      [2500, 'key2', 3],
      [10, 'key1', 1],
      [1000, 'key1', 2],
      'restore',
      [2500, 'key1', 3],
      [5501, 'key2', 4],
      [6000, 'key2', 5],
      [6000, 'key2', 5],
      [6050, 'key2', 6],
      { wm: 12000 },
      [15000, 'key2', 10],
      [15000, 'key2', 20],
      { wm: 18000 },
    ]);
    expect(rows(harness).map((row) => row.slice(0, 4))).toEqual([
      ['key1', 6, 10, 5500],
      ['key2', 6, 0, 5500],
      ['key2', 20, 5501, 9050],
      ['key2', 30, 15000, 18000],
    ]);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('merge when the pause is met exactly, also after a watermark in between, and split one ms later', () => {
    const window = (steps: Step[]) => rows(run(session, steps).end()).map((row) => row.slice(1, 4));
    expect(
      window([
        [0, 'k', 1],
        [3000, 'k', 2],
      ]),
    ).toEqual([[3, 0, 6000]]);
    expect(window([[0, 'k', 1], { wm: 2999 }, [3000, 'k', 2]])).toEqual([[3, 0, 6000]]);
    expect(
      window([
        [0, 'k', 1],
        [3001, 'k', 2],
      ]),
    ).toEqual([
      [1, 0, 3000],
      [2, 3001, 6001],
    ]);
    expect(
      window([
        [0, 'k', 1],
        [5000, 'k', 2],
        [2500, 'k', 4],
      ]),
    ).toEqual([[7, 0, 8000]]);
  });

  it('take a late record that touches an open session, and refuse one that touches none', () => {
    const harness = run(session, [
      [1000, 'k'],
      { wm: 3999 },
      [999, 'k'],
      [500, 'j'],
      [1000, 'j'],
      { wm: 4000 },
      [1000, 'k'],
    ]);
    expect([rows(harness).map((row) => row.slice(0, 4)), late(harness)]).toEqual([
      [
        ['j', 1, 1000, 4000],
        ['k', 2, 999, 4000],
      ],
      [500, 1000],
    ]);
  });

  it('give results that are never late for a window after them', () => {
    const harness = run(session, [[0, 'k'], { wm: 2999 }, { wm: 3000 }]);
    expect(harness.records()[0]?.time).toBe(3000);
  });
});
