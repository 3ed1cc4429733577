import { compileExpression } from '@millrace/graph';
import { checkOperator, type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { windowAggregate } from './window-aggregate.js';

const compile = compileExpression;
const sum = { aggregates: [{ fn: 'sum', field: 'v' }], groupBy: ['key'] };
type Step = [time: number, key: string, v?: number] | { wm: number } | 'restore';

function run(config: object, steps: readonly Step[]): OperatorHarness {
  const harness = runOperator(windowAggregate, { ...sum, ...config }, { compile });
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

describe('core.window-aggregate', () => {
  it('does what its examples say', async () => {
    await checkOperator(windowAggregate, { compile });
  });

  it('fires a window when the watermark reaches its end - 1, not one ms before', () => {
    const harness = run({ window: 'tumbling', size: 3000 }, [[2999, 'k'], { wm: 2998 }, [0, 'k']]);
    expect(rows(harness)).toEqual([]);
    expect(rows(harness.watermark(2999))).toEqual([['k', 2, 0, 3000, 2999]]);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('refuses a record whose window is closed, and sends it to the late output with its own time', () => {
    const harness = run({ window: 'tumbling', size: 2000 }, [
      [1000, 'key2'],
      { wm: 1985 },
      [1980, 'key2'],
      { wm: 1999 },
      [1998, 'key2'],
      [2001, 'key2'],
      { wm: 2999 },
      { wm: 3999 },
    ]);
    expect(rows(harness)).toEqual([
      ['key2', 2, 0, 2000, 1999],
      ['key2', 1, 2000, 4000, 3999],
    ]);
    expect(harness.records('late').map((r) => r.time)).toEqual([1998]);
  });

  it('hops over the same input as Flink, restored in between', () => {
    const steps: Step[] = [
      [3999, 'key2'],
      [3000, 'key2'],
      [20, 'key1'],
      [0, 'key1'],
      [999, 'key1'],
      [1998, 'key2'],
      [1999, 'key2'],
      [1000, 'key2'],
      { wm: 999 },
      { wm: 1999 },
      'restore',
      { wm: 2999 },
      { wm: 3999 },
      { wm: 4999 },
      { wm: 5999 },
      { wm: 6999 },
      { wm: 7999 },
    ];
    const harness = run({ window: 'hopping', size: 3000, slide: 1000 }, steps);
    expect(rows(harness)).toEqual([
      ['key1', 3, -2000, 1000, 999],
      ['key1', 3, -1000, 2000, 1999],
      ['key2', 3, -1000, 2000, 1999],
      ['key1', 3, 0, 3000, 2999],
      ['key2', 3, 0, 3000, 2999],
      ['key2', 5, 1000, 4000, 3999],
      ['key2', 2, 2000, 5000, 4999],
      ['key2', 2, 3000, 6000, 5999],
    ]);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('counts a record in those of its hopping windows that are still open, and calls it late when none is', () => {
    const harness = run({ window: 'hopping', size: 3000, slide: 1000 }, [
      [1000, 'key2'],
      { wm: 1999 },
      [2000, 'key2'],
      { wm: 3000 },
      [3001, 'key1'],
      [2400, 'key2'],
      [2400, 'key2'],
      [3001, 'key1'],
      [3900, 'key2'],
      { wm: 6000 },
      [3001, 'key1'],
      { wm: 25000 },
    ]);
    expect(rows(harness)).toEqual([
      ['key2', 1, -1000, 2000, 1999],
      ['key2', 2, 0, 3000, 2999],
      ['key1', 2, 1000, 4000, 3999],
      ['key2', 5, 1000, 4000, 3999],
      ['key1', 2, 2000, 5000, 4999],
      ['key2', 4, 2000, 5000, 4999],
      ['key1', 2, 3000, 6000, 5999],
      ['key2', 1, 3000, 6000, 5999],
    ]);
    expect(late(harness)).toEqual([3001]);
  });

  it('takes late records within the allowed lateness and sends the whole result again, as an upsert', () => {
    const config = { window: 'tumbling', size: 2000, allowedLateness: 500 };
    const harness = run(config, [
      [500, 'key2'],
      { wm: 1500 },
      [1300, 'key2'],
      { wm: 2300 },
      [1997, 'key2'],
      { wm: 6000 },
      [1998, 'key2'],
      { wm: 7000 },
    ]);
    expect(rows(harness)).toEqual([
      ['key2', 2, 0, 2000, 1999],
      ['key2', 3, 0, 2000, 1999],
    ]);
    expect(harness.records().map((r) => r.op)).toEqual(['upsert', 'upsert']);
    expect(late(harness)).toEqual([1998]);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
    const edge = run(config, [[10, 'k'], { wm: 2498 }, [20, 'k'], { wm: 2499 }, [30, 'k']]);
    expect([rows(edge), late(edge)]).toEqual([
      [
        ['k', 1, 0, 2000, 1999],
        ['k', 2, 0, 2000, 1999],
      ],
      [30],
    ]);
    expect(windowAggregate.mode?.({ ...sum, ...config } as never, {})).toMatchObject({
      out: { mode: 'upsert', key: ['key', 'windowStart', 'windowEnd'] },
    });
  });

  it('corrects every finished hopping window that a late record is in, and forgets all panes in the end', () => {
    const config = { window: 'hopping', size: 30, slide: 10, allowedLateness: 20 };
    const harness = run(config, [[5, 'k'], { wm: 25 }, [6, 'k'], 'restore', { wm: 40 }, [7, 'k']]);
    expect(rows(harness).map(([, n, , end]) => [n, end])).toEqual([
      [1, 10],
      [1, 20],
      [2, 10],
      [2, 20],
      [2, 30],
      [3, 30],
    ]);
    expect(rows(run(config, [[5, 'k'], { wm: 29 }, [6, 'k']])).map(([, n, , end]) => [n, end])).toEqual([
      [1, 10],
      [1, 20],
      [1, 30],
      [2, 20],
      [2, 30],
    ]);
    harness.end();
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('keeps a late record of a new group that arrives after all its windows have fired', () => {
    const harness = run({ window: 'tumbling', size: 10, allowedLateness: 100 }, [
      { wm: 50 },
      [5, 'k'],
      'restore',
      [6, 'k'],
    ]);
    expect(rows(harness)).toEqual([
      ['k', 1, 0, 10, 9],
      ['k', 2, 0, 10, 9],
    ]);
    expect([harness.timersPending, harness.end().stateSize]).toEqual([1, 0]);
  });

  it('sends today so far, every step', () => {
    const harness = run({ window: 'cumulating', size: 30, slide: 10 }, [[1, 'k'], [25, 'k'], [31, 'k'], { wm: 100 }]);
    expect(rows(harness)).toEqual([
      ['k', 1, 0, 10, 9],
      ['k', 1, 0, 20, 19],
      ['k', 2, 0, 30, 29],
      ['k', 1, 30, 40, 39],
      ['k', 1, 30, 50, 49],
      ['k', 1, 30, 60, 59],
    ]);
  });

  it('shows no windows without records, but every window with one', () => {
    expect(
      rows(run({ window: 'hopping', size: 20, slide: 10 }, [[5, 'k'], [95, 'k'], { wm: 500 }])).map((row) => row[2]),
    ).toEqual([-10, 0, 80, 90]);
    const gaps = run({ window: 'hopping', size: 5, slide: 10 }, [[4, 'k'], [5, 'k'], [12, 'k'], { wm: 100 }]);
    expect([rows(gaps).map((row) => row[2]), gaps.filtered]).toEqual([[0, 10], 1]);
  });

  it('closes everything at the end of input', () => {
    const harness = run({ window: 'tumbling', size: 10 }, [
      [5, 'b'],
      [5, 'a'],
      [15, 'a'],
    ]).end();
    expect(rows(harness)).toEqual([
      ['a', 1, 0, 10, 9],
      ['b', 1, 0, 10, 9],
      ['a', 1, 10, 20, 19],
    ]);
  });

  it('moves windows by an offset', () => {
    expect(
      rows(run({ window: 'tumbling', size: 10, offset: 3 }, [[2, 'k'], [3, 'k'], { wm: 100 }])).map((row) => row[2]),
    ).toEqual([-7, 3]);
  });

  it('uses the time zone of the workflow for days unless it has its own', () => {
    const day = { groupBy: [], aggregates: [{ fn: 'count' }], window: 'calendar', period: 'day' };
    const inBerlin = runOperator(windowAggregate, day, { compile, timeZone: 'Europe/Berlin' });
    const inTokyo = runOperator(
      windowAggregate,
      { ...day, zone: 'Asia/Tokyo' },
      { compile, timeZone: 'Europe/Berlin' },
    );
    const start = (harness: OperatorHarness) =>
      new Date(
        harness
          .feed({ value: {}, time: Date.UTC(2024, 0, 15, 12) })
          .end()
          .output()[0].windowStart,
      ).toISOString();
    expect([start(inBerlin), start(inTokyo)]).toEqual(['2024-01-14T23:00:00.000Z', '2024-01-14T15:00:00.000Z']);
  });

  it('leaves no trace of a record whose value cannot be computed', () => {
    const config = {
      window: 'tumbling',
      size: 10,
      groupBy: ['key'],
      aggregates: [
        { fn: 'count', as: 'n' },
        { fn: 'sum', value: 'v * 2', as: 's' },
      ],
    };
    const harness = runOperator(windowAggregate, config, { compile });
    harness
      .feed({ value: { key: 'a', v: 'x' }, time: 1 })
      .feed({ value: { key: 'b', v: 1 }, time: 1 })
      .feed({ value: { key: 'b', v: true }, time: 2 })
      .end();
    expect(harness.output()).toEqual([{ key: 'b', n: 1, s: 2, windowStart: 0, windowEnd: 10 }]);
    expect(harness.dead).toHaveLength(2);
  });

  it('groups by several fields, paths, expressions and missing values', () => {
    const config = {
      window: 'tumbling',
      size: 10,
      groupBy: ['shop.Land Code', { value: 'lower(sku)', as: 'item' }],
      aggregates: [{ fn: 'count' }],
    };
    const harness = runOperator(windowAggregate, config, { compile });
    for (const value of [
      { shop: { 'Land Code': 'DE' }, sku: 'A' },
      { shop: { 'Land Code': 'DE' }, sku: 'a' },
      { sku: 'b' },
    ])
      harness.feed({ value, time: 0 });
    expect(harness.end().output()).toEqual([
      { 'Land Code': null, item: 'b', count: 1, windowStart: 0, windowEnd: 10 },
      { 'Land Code': 'DE', item: 'a', count: 2, windowStart: 0, windowEnd: 10 },
    ]);
  });

  it('tells what is wrong with a config in sentences', () => {
    const codes = (config: object) =>
      windowAggregate.lint?.({ ...sum, ...config } as never).map((f) => [f.code, f.path]);
    expect(codes({ window: 'tumbling' })).toEqual([['WINDOW_SPAN_MISSING', '/size']]);
    expect(codes({ window: 'hopping', size: '1 h', slide: 0 })).toEqual([['WINDOW_SPAN_MISSING', '/slide']]);
    expect(codes({ window: 'hopping', size: 1000, slide: 2000 })).toEqual([['WINDOW_GAPS', '/slide']]);
    expect(codes({ window: 'hopping', size: 86_400_000, slide: 7001 })).toEqual([['WINDOW_PANES', '/slide']]);
    expect(codes({ window: 'cumulating', size: 10, slide: 3 })).toEqual([['WINDOW_STEP', '/slide']]);
    expect(codes({ window: 'tumbling', size: 10, offset: 10 })).toEqual([['WINDOW_OFFSET', '/offset']]);
    expect(codes({ window: 'calendar' })).toEqual([['WINDOW_PERIOD_MISSING', '/period']]);
    expect(codes({ window: 'count', count: 2, allowedLateness: '1 s' })).toEqual([
      ['WINDOW_LATENESS', '/allowedLateness'],
    ]);
    expect(codes({ window: 'count' })).toEqual([['WINDOW_COUNT_MISSING', '/count']]);
    const tumbling = { window: 'tumbling', size: 10 };
    expect(codes({ ...tumbling, groupBy: ['lower(x)'] })).toEqual([['GROUP_IS_EXPRESSION', '/groupBy/0']]);
    expect(codes({ ...tumbling, groupBy: ['a.id', 'b.id'] })).toEqual([['FIELD_TWICE', '/groupBy/1']]);
    expect(
      codes({
        ...tumbling,
        aggregates: [{ fn: 'sum' }, { fn: 'count', value: 'a + 1' }, { fn: 'max', field: 'a', as: 'windowEnd' }],
      }),
    ).toEqual([
      ['AGGREGATE_INPUT_MISSING', '/aggregates/0/field'],
      ['AGGREGATE_NAME_MISSING', '/aggregates/1/as'],
      ['FIELD_TWICE', '/aggregates/2/as'],
    ]);
  });

  it('knows the fields that come out', () => {
    const input = { fields: { key: 'text', v: 'number', at: 'time' }, open: false } as const;
    const config = {
      window: 'tumbling',
      size: 10,
      groupBy: ['key'],
      aggregates: [{ fn: 'count' }, { fn: 'max', field: 'at' }],
    };
    expect(windowAggregate.fields?.(config as never, { in: input }).out).toEqual({
      fields: { key: 'text', count: 'number', max_at: 'time', windowStart: 'time', windowEnd: 'time' },
      open: false,
    });
  });
});
