import { compileExpression } from '@millrace/graph';
import { Decimal, MillraceError, type StreamRecord, type Value } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.js';
import type { AggregateConfig } from './config.js';

const record = (value: Value, time = 0): StreamRecord => ({ value, time, key: undefined, born: 0, op: 'insert' });

/** Result of one aggregate over values of field v. */
function over(values: readonly Value[], fn: AggregateConfig['fn'], more: Partial<AggregateConfig> = {}): Value {
  const columns = new Columns([{ fn, field: 'v', as: 'r', ...more }], compileExpression);
  const row = columns.create();
  for (const v of values) {
    columns.prepare(record({ v }));
    columns.add(row, 0);
  }
  const out: { r?: Value } = {};
  columns.write(row, out);
  return out.r;
}

describe('aggregates', () => {
  const all = (values: readonly Value[]) => ({
    count: over(values, 'count'),
    sum: over(values, 'sum'),
    avg: over(values, 'avg'),
    min: over(values, 'min'),
    max: over(values, 'max'),
    distinct: over(values, 'distinct'),
  });

  it('skip nulls, and count rows only without a field', () => {
    expect(all([1, null, 2, null, 6])).toEqual({ count: 3, sum: 9, avg: 3, min: 1, max: 6, distinct: 3 });
    const columns = new Columns([{ fn: 'count' }], compileExpression);
    const row = columns.create();
    for (let i = 0; i < 5; i++) {
      columns.prepare(record({}));
      columns.add(row, 0);
    }
    expect(row).toEqual([5]);
  });

  it('are null over nothing, and 0 for counts', () => {
    expect(all([null, null])).toEqual({ count: 0, sum: null, avg: null, min: null, max: null, distinct: 0 });
    expect([over([], 'first'), over([], 'last'), over([], 'concat')]).toEqual([null, null, null]);
  });

  it('agree over 0..99', () => {
    expect(all(Array.from({ length: 100 }, (_, i) => i))).toEqual({
      count: 100,
      sum: 4950,
      avg: 49.5,
      min: 0,
      max: 99,
      distinct: 100,
    });
  });

  it('take only records where the condition is true', () => {
    expect(over([1, -5, 3], 'sum', { where: 'v > 0' })).toBe(4);
    expect(over([1, null, 3], 'count', { where: 'v != 1' })).toBe(1);
  });

  it('compare numbers and text each in their own order, text by its bytes', () => {
    expect([
      over(['b', 'a', 'ä', '\uffee', '\u{1F600}'], 'min'),
      over(['b', '\uffee', '\u{1F600}', 'z'], 'max'),
    ]).toEqual(['a', '\u{1F600}']);
    expect([over(['10', 9, true], 'min'), over(['10', 9, true], 'max')]).toEqual([true, '10']);
    expect([over([-0.5, 10, 9], 'min'), over([10, 9], 'max')]).toEqual([-0.5, 10]);
  });

  it('tell apart different kinds of values', () => {
    expect(over([1, '1', true, 1, { a: 1, b: 2 }, { b: 2, a: 1 }, [1]], 'distinct')).toBe(5);
  });

  it('take first and last by time, at the same time by arrival', () => {
    const columns = new Columns(
      [
        { fn: 'first', field: 'v', as: 'f' },
        { fn: 'last', field: 'v', as: 'l' },
      ],
      compileExpression,
    );
    const row = columns.create();
    for (const [v, time] of [
      ['c', 5],
      ['a', 1],
      ['b', 1],
      ['d', 9],
      ['e', 9],
      [null, 0],
    ] as const) {
      columns.prepare(record({ v }));
      columns.add(row, time);
    }
    const out = {};
    columns.write(row, out);
    expect(out).toEqual({ f: 'a', l: 'e' });
  });

  it('join texts in the order of arrival', () => {
    expect([over(['b', 'a', 1], 'concat'), over(['b', 'a'], 'concat', { separator: '' })]).toEqual(['b, a, 1', 'ba']);
  });

  it.each([
    ['sum', 'x'],
    ['sum', true],
    ['sum', [1]],
    ['sum', ''],
    ['avg', '1,5'],
    ['min', { a: 1 }],
    ['max', [1]],
    ['concat', { a: 1 }],
  ] as const)('%s refuses %j', (fn, v) => {
    expect(() => over([1, v], fn)).toThrow(MillraceError);
    try {
      over([v], fn);
    } catch (error) {
      expect(error).toMatchObject({ code: 'AGGREGATE_TYPE', domain: 'user', params: { fn } });
    }
  });
});

describe('money', () => {
  const sumOf = (n: number, v: Value) => {
    const columns = new Columns(
      [
        { fn: 'sum', field: 'v', as: 'r' },
        { fn: 'avg', field: 'v', as: 'a' },
      ],
      compileExpression,
    );
    const row = columns.create();
    columns.prepare(record({ v }));
    for (let i = 0; i < n; i++) columns.add(row, 0);
    const out: { r?: Value; a?: Value } = {};
    columns.write(row, out);
    return [out.r, out.a];
  };

  it('adds 0.1 ten million times to one million', () => {
    expect(sumOf(10_000_000, 0.1)).toEqual([1_000_000, 0.1]);
  });

  it('adds 0.07 three times to 0.21, and mixed scales exactly', () => {
    expect(sumOf(3, 0.07)[0]).toBe(0.21);
    expect(over([1.1, 2.22, 3.333, -0.0004, 100], 'sum')).toBe(106.6526);
    expect(over([0.1, 0.2, -0.3], 'sum')).toBe(0);
    expect(over([1e-7, 1e-7], 'sum')).toBe(2e-7);
  });

  it('stays exact across 2^53, as text when a double would lose digits', () => {
    const cents = '90071992547409.91';
    expect(over([cents, 0.01, 0.01], 'sum')).toBe('90071992547409.93');
    expect(over([cents, 0.01, 0.01, '-90071992547409.91'], 'sum')).toBe(0.02);
    // As a number this is 90071992547409.9: the double nearest to it has no other shortest decimal.
    expect(over([Number(cents), 0.01, 0.01, -Number(cents)], 'sum')).toBe(0.02);
    expect(over([9_007_199_254_740.99, 0.01], 'sum')).toBe(9_007_199_254_741);
    expect(over([2 ** 53 - 1, 2, -1], 'sum')).toBe('9007199254740992');
    expect(over([2 ** 53 - 1, 2, -2], 'sum')).toBe(2 ** 53 - 1);
    expect(over(['9007199254740993', '0.5'], 'sum')).toBe('9007199254740993.5');
  });

  it('rounds -0.005 away from zero where a rule does', () => {
    expect(over([-0.005, -0.005], 'sum', { field: undefined, value: 'round(v, 2)' } as never)).toBe(-0.02);
    expect(over([-0.005], 'sum')).toBe(-0.005);
  });

  it('equals integer arithmetic in cents, whatever the order and the grouping into parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 4 })), { maxLength: 40 }),
        fc.integer({ min: 0, max: 40 }),
        (values, cut) => {
          const columns = new Columns([{ fn: 'sum', field: 'v', as: 'r' }], compileExpression);
          const parts = [columns.create(), columns.create()] as const;
          let exact = 0n;
          values.forEach(([units, scale], i) => {
            exact += BigInt(units) * 10n ** BigInt(4 - scale);
            columns.prepare(record({ v: units / 10 ** scale }));
            columns.add(parts[i < cut ? 0 : 1], 0);
          });
          columns.merge(parts[0], parts[1]);
          const out: { r?: Value } = {};
          columns.write(parts[0], out);
          expect(out.r).toBe(values.length === 0 ? null : new Decimal(exact, 4).toJSON());
        },
      ),
    );
  });
});
