import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSuggester, editDistance, suggest } from './suggest.js';

describe('suggest', () => {
  it.each([
    ['stauts', ['status', 'state', 'stock'], 'status'],
    ['OrderID', ['order_id', 'order_date'], 'order_id'],
    ['customer id', ['Customer ID'], 'Customer ID'],
    ['filter', ['core.filter', 'core.files'], 'core.filter'],
    ['core.fitler', ['core.filter'], 'core.filter'],
    ['qyt', ['qty', 'sku'], 'qty'],
  ])('%s in %j means %s', (name, candidates, expected) => expect(suggest(name, candidates)).toBe(expected));

  it.each([
    ['country', ['status', 'qty']],
    ['ab', ['xy', 'cd']],
    ['x', ['y']],
    ['', ['a']],
    ['a'.repeat(500), ['a'.repeat(499)]],
  ])('%s in %j means nothing', (name, candidates) => expect(suggest(name, candidates)).toBeUndefined());

  it('never suggests the name itself, nor anything inherited', () => {
    expect(suggest('status', ['status'])).toBeUndefined();
    expect(suggest('constructor', [])).toBeUndefined();
  });

  it('gives up when its comparisons are used up', () => {
    const limited = createSuggester(3);
    expect(limited('stauts', ['a', 'b'])).toBeUndefined();
    expect(limited('stauts', ['a', 'status'])).toBeUndefined();
    expect(limited('stauts', ['status'])).toBeUndefined();
  });
});

describe('editDistance', () => {
  /** The textbook table, without band or limit. */
  function slow(a: string, b: string): number {
    const d = Array.from({ length: a.length + 1 }, (_, i) =>
      Array.from({ length: b.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)),
    );
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        d[i]![j] = Math.min(d[i - 1]![j]! + 1, d[i]![j - 1]! + 1, d[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          d[i]![j] = Math.min(d[i]![j]!, d[i - 2]![j - 2]! + 1);
      }
    }
    return d[a.length]![b.length]!;
  }

  it('is the textbook distance up to its limit, and says "more" beyond', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 9 });
    fc.assert(
      fc.property(word, word, fc.integer({ min: 0, max: 5 }), (a, b, limit) => {
        expect(editDistance(a, b, limit)).toBe(Math.min(slow(a, b), limit + 1));
      }),
    );
  });
});
