import { compileExpression } from '@millrace/graph';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
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

describe('session windows that take late records', () => {
  const session = { window: 'session', gap: 3000, allowedLateness: 10_000 };
  /** [op, sum, start, end] of every change of the table. */
  const changes = (harness: OperatorHarness) =>
    harness.records().map(({ value, op }) => [op, value.sum_v ?? null, value.windowStart, value.windowEnd]);

  it('send a closed session again, and replace the results of sessions that a late record joins', () => {
    const harness = run(session, [
      [1000, 'k', 1],
      { wm: 4000 },
      [8000, 'k', 2],
      { wm: 11_000 },
      [1500, 'k', 4],
      'restore',
      [4600, 'k', 8],
      [6500, 'k', 16],
    ]);
    expect(changes(harness)).toEqual([
      ['upsert', 1, 1000, 4000],
      ['upsert', 2, 8000, 11_000],
      ['delete', null, 1000, 4000],
      ['upsert', 5, 1000, 4500],
      ['upsert', 8, 4600, 7600],
      ['delete', null, 4600, 7600],
      ['delete', null, 8000, 11_000],
      ['upsert', 26, 4600, 11_000],
    ]);
    expect([harness.end().stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('stay open when a late record makes them reach beyond the watermark, and keep the old result until then', () => {
    const harness = run(session, [[1000, 'k', 1], { wm: 4500 }, [4000, 'k', 2], { wm: 6999 }]);
    expect(changes(harness)).toEqual([['upsert', 1, 1000, 4000]]);
    harness.watermark(7000);
    expect(changes(harness).slice(1)).toEqual([
      ['delete', null, 1000, 4000],
      ['upsert', 3, 1000, 7000],
    ]);
  });

  it('are gone when the lateness is over', () => {
    const harness = run(session, [[1000, 'k', 1], { wm: 13_999 }, [1000, 'k', 2], { wm: 14_000 }, [1000, 'k', 4]]);
    expect(changes(harness).map((row) => row[1])).toEqual([1, 3]);
    expect(late(harness)).toEqual([1000]);
    expect(harness.stateSize).toBe(0);
  });

  it('end with the same table whatever the order of arrival, as long as nothing is late', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 20 }), fc.nat(), (times, turn) => {
        const table = (order: readonly number[]) => {
          const rowsByKey = new Map<string, number>();
          const harness = runOperator(windowAggregate, { ...sum, ...session, gap: 5, allowedLateness: 100 });
          for (const time of order) harness.feed({ value: { key: 'k', v: 1 }, time }).watermark(time);
          harness.end();
          for (const { value, op } of harness.records()) {
            const key = `${value.windowStart}-${value.windowEnd}`;
            if (op === 'delete') rowsByKey.delete(key);
            else rowsByKey.set(key, value.sum_v);
          }
          return [...rowsByKey].sort();
        };
        const cut = turn % times.length;
        const sorted = [...times].sort((a, b) => a - b);
        expect(table([...times.slice(cut), ...times.slice(0, cut)])).toEqual(table(sorted));
      }),
    );
  });
});

describe('sessions with a pause per record', () => {
  it('last until the furthest pause is over', () => {
    const harness = run({ window: 'session', gapBy: 'v == 10 ? 1000 : 2000' }, [
      [9000, 'k', 1],
      [10_000, 'k', 2],
      [10_500, 'k', 10],
      { wm: 13_000 },
      [13_100, 'k', 10],
      [14_101, 'k', 10],
    ]);
    harness.end();
    expect(rows(harness).map((row) => row.slice(1, 4))).toEqual([
      [13, 9000, 12_000],
      [10, 13_100, 14_100],
      [10, 14_101, 15_101],
    ]);
  });

  it('refuse a record whose pause is no time', () => {
    const harness = run({ window: 'session', gapBy: 'v * 0' }, [[9000, 'k', 1]]);
    expect(harness.dead.map(({ error }) => error.code)).toEqual(['SESSION_PAUSE']);
  });
});
