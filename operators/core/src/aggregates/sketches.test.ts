import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Columns } from './columns.js';
import type { AggregateConfig } from './config.js';
import { addHash, estimate, mergeRegisters, murmur3, type Registers } from './hyper-log-log.js';

type Options = Omit<AggregateConfig, 'fn' | 'field' | 'value' | 'as' | 'where'>;

/** Result over values, in one row, or put together from parts cut at the given places. */
function over(
  values: readonly Value[],
  fn: AggregateConfig['fn'],
  options: Options = {},
  cuts: readonly number[] = [],
): Value {
  const columns = new Columns([{ fn, field: 'v', as: 'r', ...options }], compileExpression);
  const total = columns.create();
  const bounds = [0, ...cuts, values.length];
  for (let part = 1; part < bounds.length; part++) {
    const row = columns.create();
    for (const v of values.slice(bounds[part - 1], bounds[part])) {
      columns.prepare({ value: { v }, time: 0, key: undefined, born: 0, op: 'insert' });
      columns.add(row, 0);
    }
    columns.merge(total, row);
  }
  const out: { r?: Value } = {};
  columns.write(total, out);
  return out.r;
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('avgInt', () => {
  it.each([
    [[1, 2], 1],
    [[2, 3, 3], 2],
    [[-1, -2], -1],
    [[10], 10],
    [[], null],
    [[null], null],
    [[-1, 0], 0],
  ])('of %j is %j', (values, expected) => {
    expect(over(values, 'avgInt')).toBe(expected);
  });
});

describe('stddev', () => {
  it('is that of a sample; stddevPop that of a population', () => {
    expect(over([2, 4, 4, 4, 5, 5, 7, 9], 'stddevPop')).toBe(2);
    expect(over([1, 2, 3, 4], 'stddev')).toBeCloseTo(1.2909944487358056, 15);
    expect([over([5], 'stddev'), over([5], 'stddevPop'), over([], 'stddevPop')]).toEqual([null, 0, null]);
  });

  it('loses nothing for large values that differ little, and does not depend on grouping', () => {
    expect(over([1e9 + 0.1, 1e9 + 0.2, 1e9 + 0.3], 'stddev')).toBeCloseTo(0.1, 14);
    const values = upTo(50).map((i) => ((i * 7919) % 1000) / 7);
    expect(over(values, 'stddev', {}, [10, 20])).toBe(over(values, 'stddev'));
  });
});

describe('collectList, collectSet and topK', () => {
  it('keep values in the order of arrival, up to the limit', () => {
    expect(over(['b', 'a', 'b', null, { x: 1 }], 'collectList')).toEqual(['b', 'a', 'b', { x: 1 }]);
    expect(over(['b', 'a', 'b', { x: 1, y: 2 }, { y: 2, x: 1 }], 'collectSet')).toEqual(['b', 'a', { x: 1, y: 2 }]);
    expect([
      over(upTo(5), 'collectList', { limit: 2 }, [1]),
      over([1, 1, 2, 3], 'collectSet', { limit: 2 }, [2]),
    ]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect([over([], 'collectList'), over([], 'collectSet'), over([], 'topK')]).toEqual([[], [], []]);
  });

  it('give the most frequent values, ties by value', () => {
    expect(over(['b', 'a', 'c', 'a', 'b', 'd'], 'topK', { limit: 3 }, [3])).toEqual([
      { value: 'a', count: 2 },
      { value: 'b', count: 2 },
      { value: 'c', count: 1 },
    ]);
  });
});

describe('percentiles', () => {
  it('over 1..100', () => {
    const q = [0.5, 0.9, 0.95, 0.99, 0, 1];
    expect(q.map((quantile) => over(upTo(100), 'percentileCont', { quantile }))).toEqual([
      50.5, 90.1, 95.05, 99.01, 1, 100,
    ]);
    expect(q.map((quantile) => over(upTo(100), 'percentileDisc', { quantile }))).toEqual([50, 90, 95, 99, 1, 100]);
  });

  it('over few, unsorted values with duplicates', () => {
    expect([
      over([15, 20, 35, 40, 50], 'percentileCont', { quantile: 0.4 }),
      over([15, 20, 35, 40, 50], 'percentileDisc', { quantile: 0.4 }),
    ]).toEqual([29, 20]);
    const few = [7, 1, 7, 3];
    expect([0.5, 0.25].map((quantile) => over(few, 'percentileCont', { quantile }))).toEqual([5, 2.5]);
    expect([0.5, 0.25].map((quantile) => over(few, 'percentileDisc', { quantile }))).toEqual([3, 1]);
    expect([
      over([], 'percentileCont', { quantile: 0.5 }),
      over([null], 'percentileApprox', { quantile: 0.5 }),
    ]).toEqual([null, null]);
  });

  it('approximately, within the relative error, for any values and grouping', () => {
    const values = fc.array(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(0)), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        values,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.constantFrom(0.01, 0.05),
        fc.nat(200),
        (v, quantile, accuracy, cut) => {
          const got = over(v, 'percentileApprox', { quantile, accuracy }, [Math.min(cut, v.length)]);
          const sorted = [...v].sort((a, b) => a - b);
          const exact = sorted[Math.floor(quantile * (v.length - 1))]!;
          expect(Math.abs(got - exact)).toBeLessThanOrEqual(Math.abs(exact) * accuracy * 1.0001 + 1e-12);
        },
      ),
    );
  });
});

describe('distinctApprox', () => {
  const registersOf = (from: number, to: number): Registers => {
    let registers: Registers = new Map();
    for (let i = from; i < to; i++) registers = addHash(registers, murmur3(`user-${i}`));
    return registers;
  };

  it.each([1000, 10_000, 30_000, 45_000, 60_000, 100_000, 1_000_000])('is within 2.44 %% at %i values', (n) => {
    expect(Math.abs(estimate(registersOf(0, n)) - n) / n).toBeLessThan(0.0244);
  });

  it('is within 2 at up to 100 values, whatever the duplicates', () => {
    for (const n of [0, 1, 2, 10, 50, 100]) {
      const values = upTo(n).flatMap((i) => Array(10).fill(`u${i}`));
      expect(Math.abs(over(values, 'distinctApprox') - n)).toBeLessThanOrEqual(2);
    }
  });

  it('of two parts together equals that of all, in every mix of sizes', () => {
    for (const [a, b] of [
      [100, 5000],
      [5000, 100],
      [3000, 4000],
      [50, 60],
    ] as const) {
      const union = mergeRegisters(registersOf(0, a), registersOf(a / 2, a + b));
      expect(estimate(union)).toBe(estimate(registersOf(0, a + b)));
    }
  });

  it('hashes as written down: stored registers depend on it', () => {
    expect(['', 'a', 'ab', 'abc', '订单'].map((text) => murmur3(text))).toEqual([
      0, 1867108634, 374890698, 1118836419, 275915846,
    ]);
    // The reference value of MurmurHash3 for the bytes of "test": the same bytes as two code units.
    expect(murmur3('\u6574\u7473')).toBe(0xba6bd213);
  });
});
