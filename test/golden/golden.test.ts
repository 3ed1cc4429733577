import { describe, expect, it } from 'vitest';
import { parseExact } from './cases.mjs';
import { sameTables, Table } from './changes.mjs';
import { matches, same, sameMultiset } from './compare.mjs';
import { timeline } from './times.mjs';

const LONG_MAX = 9223372036854775807n;

describe('golden cases', () => {
  it('keep integers beyond 2^53 exact, and leave text alone', () => {
    expect(parseExact('{"wm": 9223372036854775807, "t": "9223372036854775807", "n": -12}')).toEqual({
      wm: LONG_MAX,
      t: '9223372036854775807',
      n: -12,
    });
    expect(parseExact('[1234567890123456, 0.1234567890123456, "a\\" 99999999999999999"]')).toEqual([
      1234567890123456,
      0.1234567890123456,
      'a" 99999999999999999',
    ]);
  });

  it('move the far end of time to ours by a multiple of the windows, and back', () => {
    const times = timeline([9223372036854774057n, LONG_MAX], [1000, 700]);
    const moved = times.to(9223372036854774057n);
    expect(moved).toBeLessThan(Number.MAX_SAFE_INTEGER);
    expect(times.from(moved)).toBe(9223372036854774057n);
    expect(BigInt(moved) % 7000n).toBe(9223372036854774057n % 7000n);
    expect(times.to(LONG_MAX)).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('compare numbers by value, fractions up to rounding', () => {
    expect(same(3n, 3)).toBe(true);
    expect(same([90.1, null], [90.10000000000001, null])).toBe(true);
    expect(same(1, 2)).toBe(false);
    expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameMultiset([[1], [1], [2]], [[2], [1], [1]])).toBe(true);
    expect(sameMultiset([[1], [1]], [[1], [2]])).toBe(false);
  });

  it('compare step by step where the case asks for it', () => {
    const expected = [['a'], ['b'], ['c']];
    expect(matches('multiset_per_wm', { actual: [['b'], ['a'], ['c']], steps: [2, 1] }, expected)).toBe(true);
    expect(matches('multiset_per_wm', { actual: [['c'], ['a'], ['b']], steps: [2, 1] }, expected)).toBe(false);
    expect(matches('per_batch', { actual: [[], [[1], [2]]] }, [[], [[2], [1]]])).toBe(true);
    expect(matches(undefined, { actual: [['b'], ['a'], ['c']] }, expected)).toBe(false);
    expect(() => matches('almost', { actual: [] }, [])).toThrow('almost');
  });

  it('tell what a record of ours means as a change of a table', () => {
    const table = new Table();
    expect(table.apply('k', ['k', 1], 'upsert')).toEqual([['+I', 'k', 1]]);
    expect(table.apply('k', ['k', 2], 'upsert')).toEqual([
      ['-U', 'k', 1],
      ['+U', 'k', 2],
    ]);
    expect(table.apply('k', ['k', 2], 'delete')).toEqual([['-D', 'k', 2]]);
    expect(table.apply('k', ['k', 2], 'delete')).toEqual([]);
  });

  it('compare tables where changes are told in another way', () => {
    const theirs = [
      ['+I', 1, null],
      ['-D', 1, null],
      ['+I', 1, 'x'],
    ];
    const ours = [
      ['+I', 1, null],
      ['-U', 1, null],
      ['+U', 1, 'x'],
    ];
    expect(sameTables(ours, theirs)).toBe(true);
    expect(sameTables(ours.slice(0, 1), theirs)).toBe(false);
    expect(sameTables([['+I', 1, 'y']], theirs)).toBe(false);
  });
});
