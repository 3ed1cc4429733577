import { compileExpression } from '@millrace/graph';
import { encodePart, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runningAggregate } from './running-aggregate.js';

const compile = compileExpression;
const upsert = { compile, inputModes: { in: { mode: 'upsert', key: ['id'] } } } as const;
const all = [
  { fn: 'count', as: 'n' },
  { fn: 'sum', field: 'v', as: 'sum' },
  { fn: 'min', field: 'v', as: 'min' },
  { fn: 'max', field: 'v', as: 'max' },
];

describe('core.running-aggregate', () => {
  it('knows what of its results is personal: values and groups made of a personal field, but no count', () => {
    const type = { fields: { email: 'personal', salary: 'personal', total: 'number' }, open: true } as const;
    const config = {
      groupBy: [{ value: 'lower(email)', as: 'who' }, 'total'],
      aggregates: [
        { fn: 'last', field: 'email', as: 'mail' },
        { fn: 'sum', value: 'salary * 2', as: 'paid' },
        { fn: 'collectList', field: 'email', as: 'all' },
        { fn: 'distinct', field: 'email', as: 'people' },
        { fn: 'count', as: 'n' },
        { fn: 'max', field: 'total', as: 'most' },
      ],
    } as const;
    expect(runningAggregate.fields?.(structuredClone(config) as never, { in: type }).out?.fields).toMatchObject({
      who: 'personal',
      total: 'number',
      mail: 'personal',
      paid: 'personal',
      all: 'personal',
      people: 'number',
      n: 'number',
      most: 'number',
    });
  });

  it('does what its examples say', async () => {
    await checkOperator(runningAggregate, { compile });
  });

  it('sends the new row of the group after every record, as an upsert at the time of the record', () => {
    const harness = runOperator(runningAggregate, { groupBy: ['k'], aggregates: all }, { compile });
    harness.feed({ value: { k: 'a', v: 2 }, time: 5 }).feed({ value: { k: 'a', v: null }, time: 3 });
    expect(harness.records().map(({ value, time, op }) => [value, time, op])).toEqual([
      [{ k: 'a', n: 1, sum: 2, min: 2, max: 2 }, 5, 'upsert'],
      [{ k: 'a', n: 2, sum: 2, min: 2, max: 2 }, 3, 'upsert'],
    ]);
    expect(runningAggregate.mode?.({ groupBy: ['a.k', { value: 'b', as: 'c' }], aggregates: [] } as never, {})).toEqual(
      { out: { mode: 'upsert', key: ['k', 'c'] } },
    );
  });

  it('takes back what a row added before its next version, also the greatest value', () => {
    const harness = runOperator(runningAggregate, { aggregates: all }, upsert);
    const feed = (id: number, v: number | null, op: 'upsert' | 'delete' = 'upsert') =>
      harness.feed({ value: { id, v }, op }).snapshotRestore();
    feed(1, 5);
    feed(2, 9);
    feed(2, null, 'delete');
    feed(1, 7);
    feed(1, null, 'delete');
    feed(9, null, 'delete');
    expect(harness.output().map(({ n, sum, min, max }) => [n, sum, min, max])).toEqual([
      [1, 5, 5, 5],
      [2, 14, 5, 9],
      [1, 5, 5, 5],
      [1, 7, 7, 7],
      [0, null, null, null],
    ]);
    expect([harness.filtered, harness.records().at(-1)?.op, harness.dead]).toEqual([1, 'upsert', []]);
  });

  it('deletes the row of a group that has no rows any more', () => {
    const harness = runOperator(runningAggregate, { groupBy: ['k'], aggregates: all }, upsert);
    harness.feed({ value: { id: 1, k: 'a', v: 1 }, op: 'upsert' }).feed({ value: { id: 1, k: 'a' }, op: 'delete' });
    expect(harness.records().at(-1)).toMatchObject({ value: { k: 'a' }, op: 'delete' });
    expect(harness.stateSize).toBe(0);
  });

  it('leaves the group as it was when a new version of a row cannot be computed', () => {
    const harness = runOperator(runningAggregate, { aggregates: all }, upsert);
    harness
      .feed({ value: { id: 1, v: 4 }, op: 'upsert' })
      .feed({ value: { id: 1, v: 'x' }, op: 'upsert' })
      .feed({ value: { id: 2, v: 1 }, op: 'upsert' });
    expect([harness.dead.length, harness.output().at(-1)]).toEqual([1, { n: 2, sum: 5, min: 1, max: 4 }]);
  });

  it('forgets a quiet group by the clock when told to', () => {
    const harness = runOperator(
      runningAggregate,
      { groupBy: ['k'], aggregates: [{ fn: 'count' }], forgetAfter: '1 min' },
      { compile },
    );
    harness.feed({ k: 'a' }).clock(59_999).feed({ k: 'a' }).clock(119_999).feed({ k: 'a' });
    expect(harness.output().map((row) => row.count)).toEqual([1, 2, 1]);
  });

  it('equals the computation from scratch over any upsert stream, for every aggregate, restored after every record', () => {
    const aggregates = [
      ...all,
      { fn: 'avg', field: 'v', as: 'avg' },
      { fn: 'first', field: 'v', as: 'first' },
      { fn: 'last', field: 'v', as: 'last' },
      { fn: 'distinct', field: 'v', as: 'distinct' },
      { fn: 'concat', field: 'v', as: 'concat' },
      { fn: 'avgInt', field: 'v', as: 'avgInt' },
      { fn: 'stddevPop', field: 'v', as: 'dev' },
      { fn: 'collectList', field: 'v', as: 'list' },
      { fn: 'collectSet', field: 'v', as: 'set' },
      { fn: 'topK', field: 'v', limit: 1, as: 'top' },
      { fn: 'distinctApprox', field: 'v', as: 'about' },
      { fn: 'percentileDisc', field: 'v', quantile: 0.5, as: 'median' },
      { fn: 'percentileCont', field: 'v', quantile: 1, as: 'p100' },
      { fn: 'percentileApprox', field: 'v', quantile: 0, as: 'p0' },
    ];
    const change = fc.record({
      id: fc.integer({ min: 0, max: 4 }),
      v: fc.option(fc.integer({ min: -3, max: 3 })),
      time: fc.integer({ min: 0, max: 5 }),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), fc.boolean(), (changes, restore) => {
        const harness = runOperator(runningAggregate, { aggregates }, upsert);
        let rows: { id: number; v: number | null; time: number }[] = [];
        const expected: Value[] = [];
        for (const { id, v, time, remove } of changes) {
          harness.feed({ value: { id, v }, time, op: remove ? 'delete' : 'upsert' });
          if (restore) harness.snapshotRestore();
          const known = rows.some((row) => row.id === id);
          rows = rows.filter((row) => row.id !== id);
          if (!remove) rows.push({ id, v, time });
          if (!remove || known) expected.push(scratch(rows));
        }
        const rounded = harness.output().map((row) => ({
          ...row,
          dev: row.dev?.toFixed(9) ?? null,
          p0: row.p0 === null ? null : Math.round(row.p0) || 0,
        }));
        expect(rounded).toEqual(expected);
      }),
    );
  });
});

function scratch(rows: readonly { v: number | null; time: number }[]): Value {
  const held = rows.filter((row) => row.v !== null) as { v: number; time: number }[];
  const v = held.map((row) => row.v);
  const sum = v.reduce((a, b) => a + b, 0);
  const byTime = held.map((row, i) => ({ ...row, i }));
  const first = [...byTime].sort((a, b) => a.time - b.time || a.i - b.i)[0];
  const last = [...byTime].sort((a, b) => b.time - a.time || b.i - a.i)[0];
  return {
    n: rows.length,
    sum: v.length === 0 ? null : sum,
    min: v.length === 0 ? null : Math.min(...v),
    max: v.length === 0 ? null : Math.max(...v),
    avg: v.length === 0 ? null : sum / v.length || 0,
    first: first?.v ?? null,
    last: last?.v ?? null,
    distinct: new Set(v).size,
    concat: v.length === 0 ? null : v.join(', '),
    avgInt: v.length === 0 ? null : Math.trunc(sum / v.length) || 0,
    dev: v.length === 0 ? null : Math.sqrt(v.reduce((a, x) => a + (x - sum / v.length) ** 2, 0) / v.length).toFixed(9),
    list: v,
    set: [...new Set(v)],
    top: mostFrequent(v),
    about: new Set(v).size,
    median: v.length === 0 ? null : ([...v].sort((a, b) => a - b)[Math.ceil(v.length / 2) - 1] ?? null),
    p100: v.length === 0 ? null : Math.max(...v),
    p0: v.length === 0 ? null : Math.min(...v),
  };
}

function mostFrequent(values: readonly number[]): Value[] {
  const ranked = [...new Set(values)].map((value) => ({
    value,
    count: values.filter((other) => other === value).length,
  }));
  return ranked.sort((a, b) => b.count - a.count || (encodePart(a.value) < encodePart(b.value) ? -1 : 1)).slice(0, 1);
}
