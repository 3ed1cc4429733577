import { compileExpression } from '@millrace/graph';
import { MAX_TIME, type StreamRecord, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topN } from './top-n.js';

const compile = compileExpression;
const upsert = { compile, inputModes: { in: { mode: 'upsert', key: ['id'] } } } as const;
const base = { n: 2, groupBy: ['k'], orderBy: [{ field: 'v' }], per: 'so-far' };

/** The table that a list of changes makes; a delete of a row that is not there fails. */
function materialise(records: readonly StreamRecord[], key: readonly string[]): Value[] {
  const table = new Map<string, Value>();
  for (const { op, value } of records) {
    const id = JSON.stringify(key.map((field) => value[field]));
    if (op === 'delete') {
      if (!table.delete(id)) throw new Error(`delete of a missing row ${id}`);
    } else table.set(id, value);
  }
  return [...table.values()];
}

interface Row {
  id: number;
  k: string;
  v: number | null;
}
const text = (a: Value, b: Value) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

/** The list from scratch; rows are given in order of first arrival. */
function best(rows: readonly Row[], n: number, all: boolean): (Row & { rank: number })[] {
  const found: (Row & { rank: number })[] = [];
  for (const k of new Set(rows.map((row) => row.k))) {
    const value = ({ v }: Row) => v ?? Number.POSITIVE_INFINITY;
    const sorted = rows.filter((row) => row.k === k).sort((a, b) => value(a) - value(b) || 0);
    sorted.forEach((row, i) => {
      const rank = all ? sorted.findIndex((other) => other.v === row.v) + 1 : i + 1;
      if (rank <= n) found.push({ ...row, rank });
    });
  }
  return found;
}

const rows = fc.array(
  fc.record({
    k: fc.constantFrom('a', 'b'),
    v: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 8 }),
  }),
  { maxLength: 40 },
);
const change = (ids: number) =>
  fc.record({
    id: fc.integer({ min: 0, max: ids }),
    v: fc.option(fc.integer({ min: 0, max: 9 }), { freq: 8 }),
    remove: fc.integer({ min: 0, max: 3 }).map((die) => die === 0),
  });
/** Small groups, and ones of which only the best rows are kept in order. */
const changes = fc.oneof(
  fc.array(change(9), { maxLength: 40 }),
  fc.array(change(60), { minLength: 120, maxLength: 160 }),
);

describe('core.top-n', () => {
  it('does what its examples say', async () => {
    await checkOperator(topN, { compile });
  });

  it('keeps no more rows than the list holds over a stream of new records', () => {
    const harness = runOperator(topN, { ...base, groupBy: [] }, { compile });
    for (let v = 500; v > 0; v--) harness.feed({ v });
    for (let v = 3; v < 500; v++) harness.feed({ v });
    expect([harness.stateSize, harness.filtered]).toEqual([1, 497]);
    expect(materialise(harness.records(), ['rank'])).toEqual([
      { v: 1, rank: 1 },
      { v: 2, rank: 2 },
    ]);
  });

  it('orders by several fields, numbers before text, missing values last in both directions', () => {
    const harness = runOperator(
      topN,
      {
        n: 9,
        orderBy: [
          { field: 'a', direction: 'desc' },
          { field: 'b', direction: 'asc' },
        ],
        per: 'window',
        size: 10,
      },
      { compile },
    );
    const feed = [{ a: 1 }, { a: null, b: 1 }, { a: 'x' }, { a: 2, b: 'z' }, { a: 2, b: 3 }, { a: [1] }];
    harness.feedAll(feed).end();
    expect(harness.output().map(({ a, b }) => [a, b])).toEqual([
      [[1], undefined],
      ['x', undefined],
      [2, 3],
      [2, 'z'],
      [1, undefined],
      [null, 1],
    ]);
  });

  it('names its table key: group and rank, or group and row', () => {
    const mode = (more: object, input?: object) =>
      topN.mode?.({ ...base, groupBy: ['a.k', { value: 'x', as: 'y' }], ...more } as never, (input ?? {}) as never).out;
    expect(mode({})).toEqual({ mode: 'upsert', key: ['a.k', 'y', 'rank'] });
    expect(mode({ rank: 'place' })).toEqual({ mode: 'upsert', key: ['a.k', 'y', 'place'] });
    expect(mode({ rows: 'rows', rowKey: ['id'] })).toEqual({ mode: 'upsert', key: ['a.k', 'y', 'id'] });
    expect(mode({ rows: 'rows', rowKey: ['id'] }, { in: { mode: 'upsert', key: ['y', 'o'] } })).toEqual({
      mode: 'upsert',
      key: ['a.k', 'y', 'o'],
    });
    expect(mode({ per: 'given-window' })).toEqual({ mode: 'append' });
  });

  it.each([
    [{ ties: 'all' }, 'TOP_N_TIES'],
    [{ rows: 'rows' }, 'TOP_N_ROW_KEY'],
    [{ per: 'window' }, 'TOP_N_SIZE'],
    [{ rank: 'k' }, 'FIELD_TWICE'],
    [{ per: 'window', size: 5, rank: 'windowEnd' }, 'FIELD_TWICE'],
    [{ rank: 'a.b' }, 'FIELD_NAME'],
  ])('finds fault with %j: %s', (config, code) => {
    expect(topN.lint?.({ ...base, ...config } as never).map((found) => found.code)).toEqual([code]);
  });

  it('sends a list per window once, adds the window, and lets late records go', () => {
    const harness = runOperator(
      topN,
      {
        n: 1,
        groupBy: [{ value: 'lower(k)', as: 'g' }],
        orderBy: [{ field: 'v' }],
        per: 'window',
        size: 10,
        rank: 'r',
      },
      { compile },
    );
    harness
      .feed({ value: { k: 'A', v: 2 }, time: 3 })
      .feed({ value: { k: 'a', v: 1 }, time: 12 })
      .feed({ value: { k: 'a', v: 1 }, time: 9 })
      .snapshotRestore()
      .watermark(9)
      .feed({ value: { k: 'a', v: 0 }, time: 5 })
      .end();
    expect(harness.records().map(({ value, time, op }) => [value, time, op])).toEqual([
      [{ k: 'a', v: 1, g: 'a', windowStart: 0, windowEnd: 10, r: 1 }, 9, 'insert'],
      [{ k: 'a', v: 1, g: 'a', windowStart: 10, windowEnd: 20, r: 1 }, 19, 'insert'],
    ]);
    expect([harness.late.length, harness.stateSize, harness.dead]).toEqual([1, 0, []]);
  });

  it('takes session totals, whose results carry the end of their window, and refuses rows without one', () => {
    const harness = runOperator(topN, { n: 1, orderBy: [{ field: 'v' }], per: 'given-window' }, { compile });
    harness.watermark(9).feed({ value: { v: 1, windowStart: 0, windowEnd: 10 }, time: 10 });
    harness.feed({ value: { v: 1, windowStart: 0 }, time: 10 }).watermark(10);
    expect(harness.records().map(({ time }) => time)).toEqual([10]);
    expect(harness.dead.map(({ error }) => error.code)).toEqual(['TOP_N_NO_WINDOW']);
  });

  it('over new records equals the batch list after every one of them, ranked or not', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 4 }), fc.boolean(), (input, n, restore) => {
        const places = runOperator(topN, { ...base, n }, { compile });
        const each = runOperator(topN, { ...base, n, rows: 'rows', rowKey: ['id'] }, { compile });
        const ties = runOperator(
          topN,
          { ...base, n, rows: 'rows', rowKey: ['id'], ties: 'all', rank: 'rank' },
          { compile },
        );
        const seen: Row[] = [];
        input.forEach((row, id) => {
          seen.push({ id, ...row });
          for (const harness of [places, each, ties]) {
            harness.feed({ id, ...row });
            if (restore) harness.snapshotRestore();
          }
          const expected = best(seen, n, false);
          expect(materialise(places.records(), ['k', 'rank']).sort(text)).toEqual(expected.sort(text));
          const plain = expected.map(({ rank: _rank, ...rest }) => rest);
          expect(materialise(each.records(), ['k', 'id']).sort(text)).toEqual(plain.sort(text));
          const shared = best(seen, n, true);
          expect(materialise(ties.records(), ['k', 'id']).sort(text)).toEqual(shared.sort(text));
        });
      }),
      { numRuns: 40 },
    );
  });

  it('over a table equals the batch list after every change: a deleted row brings the next one back', () => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 1, max: 3 }), fc.boolean(), (input, n, restore) => {
        const config = { ...base, n, groupBy: [] };
        const places = runOperator(topN, config, upsert);
        const each = runOperator(topN, { ...config, rows: 'rows', rowKey: ['id'] }, upsert);
        const ties = runOperator(topN, { ...config, rows: 'rows', rowKey: ['id'], ties: 'all', rank: 'rank' }, upsert);
        const table = new Map<number, Row>();
        input.forEach(({ id, v, remove }, at) => {
          const row = { id, k: '', v };
          if (remove) table.delete(id);
          else table.set(id, row);
          for (const harness of [places, each, ties]) {
            harness.feed({ value: row, op: remove ? 'delete' : 'upsert' });
            if (restore && at % 5 === 0) harness.snapshotRestore();
          }
        });
        const now = [...table.values()];
        const expected = best(now, n, false);
        expect(materialise(places.records(), ['rank']).sort(text)).toEqual(expected.sort(text));
        const plain = expected.map(({ rank: _rank, ...rest }) => rest);
        expect(materialise(each.records(), ['id']).sort(text)).toEqual(plain.sort(text));
        expect(materialise(ties.records(), ['id']).sort(text)).toEqual(best(now, n, true).sort(text));
      }),
      { numRuns: 60 },
    );
  });

  it('searches the others when many of the best have left, and forgets a group without rows', () => {
    const harness = runOperator(topN, { ...base, groupBy: [] }, upsert);
    for (let id = 0; id < 200; id++) harness.feed({ value: { id, v: (id * 37) % 200 }, op: 'upsert' });
    for (let v = 0; v < 150; v++) {
      const id = [...Array(200).keys()].find((i) => (i * 37) % 200 === v)!;
      harness.feed({ value: { id }, op: 'delete' });
    }
    expect(materialise(harness.records(), ['rank']).map(({ v }) => v)).toEqual([150, 151]);
    for (let id = 0; id < 200; id++) harness.feed({ value: { id }, op: 'delete' });
    expect([materialise(harness.records(), ['rank']), harness.stateSize, harness.filtered]).toEqual([[], 0, 150]);
  });

  it('per window over a table takes the last version of each row', () => {
    const harness = runOperator(topN, { n: 2, orderBy: [{ field: 'v' }], per: 'given-window' }, upsert);
    const feed = (id: number, v: number, op: 'upsert' | 'delete' = 'upsert') =>
      harness.feed({ value: { id, v, windowStart: 0, windowEnd: 10 }, time: 9, op }).snapshotRestore();
    feed(1, 1);
    feed(2, 2);
    feed(3, 3);
    feed(1, 9);
    feed(2, 0, 'delete');
    harness.watermark(MAX_TIME);
    expect(harness.output().map(({ id, v }) => [id, v])).toEqual([
      [3, 3],
      [1, 9],
    ]);
    expect(harness.stateSize).toBe(0);
  });
});
