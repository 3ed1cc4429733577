import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cells } from './cells.js';

type Step = { do: 'set' | 'delete' | 'get'; key: string | number } | { do: 'walk'; drop: number };

const change = (key: fc.Arbitrary<string | number>) => fc.record({ do: fc.constantFrom('set', 'delete', 'get'), key });
const step = fc.oneof(
  { weight: 8, arbitrary: change(fc.integer({ min: -3, max: 250 })) },
  { weight: 1, arbitrary: change(fc.constantFrom(-0, 0.5, 1e12, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('walk'), drop: fc.integer({ min: 1, max: 4 }) }) },
) as fc.Arbitrary<Step>;
const strange = fc.oneof(
  { weight: 30, arbitrary: step },
  { weight: 1, arbitrary: change(fc.constantFrom('', 'a', '1', Number.NaN)) as fc.Arbitrary<Step> },
);
const rank = (key: unknown) => (typeof key === 'string' ? 2 : Number.isNaN(key) ? 1 : 0);
/** Numbers in their order, then what is no number, then texts. */
const byKey = (a: [unknown, unknown], b: [unknown, unknown]) =>
  rank(a[0]) - rank(b[0]) ||
  (rank(a[0]) === 0 ? (a[0] as number) - (b[0] as number) : String(a[0]) < String(b[0]) ? -1 : 1);

function same(steps: readonly Step[], start: number) {
  const cells = new Cells();
  const map = new Map<string | number, unknown>();
  for (let key = 0; key < start; key++) {
    cells.set(key, `first ${key}`);
    map.set(key, `first ${key}`);
  }
  let n = 0;
  for (const s of steps) {
    if (s.do === 'walk') {
      // What is dropped on the way, behind or ahead, is not met; everything else is, once.
      const met: [string | number, unknown][] = [];
      const expected = new Map(map);
      for (const [key, value] of cells.entries()) {
        met.push([key, value]);
        if (met.length % s.drop !== 0 || typeof key !== 'number') continue;
        for (const dropped of [key, key + 2]) {
          if (!met.some(([k]) => k === dropped)) expected.delete(dropped);
          cells.delete(dropped);
          map.delete(dropped);
        }
      }
      if (met.every(([key]) => typeof key === 'number' && !Number.isNaN(key))) {
        expect(met.sort(byKey)).toEqual([...expected].sort(byKey));
      }
    } else if (s.do === 'set') {
      cells.set(s.key, ++n % 7 === 0 ? undefined : n);
      map.set(s.key, n % 7 === 0 ? undefined : n);
    } else if (s.do === 'delete') {
      cells.delete(s.key);
      map.delete(s.key);
    }
    if (s.do !== 'walk') {
      expect(cells.get(s.key)).toBe(map.get(s.key));
      expect(cells.has(s.key)).toBe(map.has(s.key));
    }
    expect(cells.size).toBe(map.size);
  }
  expect([...cells.entries()].sort(byKey)).toEqual([...map].sort(byKey));
  expect(cells.keys().length).toBe(map.size);
}

it('holds what a Map holds, with keys in any order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), fc.constantFrom(0, 1, 70, 200), (steps, start) =>
      same(steps, start),
    ),
    { numRuns: 1500 },
  );
});

it('holds what a Map holds when other keys than numbers come', () => {
  fc.assert(
    fc.property(fc.array(strange, { maxLength: 80 }), fc.constantFrom(0, 1, 70), (steps, start) => same(steps, start)),
    { numRuns: 800 },
  );
});

it('holds what a Map holds when times come at the end and go at the beginning', () => {
  const cells = new Cells();
  const map = new Map<number, number>();
  for (let n = 0; n < 20_000; n++) {
    // A little out of order.
    const key = 1_700_000_000_000 + 1000 * (n ^ 3);
    cells.set(key, n);
    map.set(key, n);
    const old = key - 1_000_000;
    expect(cells.get(old)).toBe(map.get(old));
    cells.delete(old);
    map.delete(old);
  }
  expect([...cells.entries()]).toEqual([...map].sort(byKey));
});
