import { compileExpression } from '@millrace/graph';
import type { OperatorSpec, OutputMode, Value } from '@millrace/sdk';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalJoin } from '../interval-join.js';
import { join } from '../join.js';
import { temporalJoin } from '../temporal-join.js';
import { windowJoin } from '../window-join.js';

/** A record of a trace; `n` tells it apart. */
interface Item {
  port: 'left' | 'right';
  k: string | null;
  time: number;
  /** How much later it arrives than its time says; at most DISORDER. */
  delay: number;
  gone: boolean;
  n: number;
}
type Step = Item | { wm: number };
type Line = (string | number | null)[];

const DISORDER = 15;
const keys = { leftKey: ['k'], rightKey: ['k'], select: 'nest' };

const items: fc.Arbitrary<Item[]> = fc
  .array(
    fc.record({
      port: fc.constantFrom('left' as const, 'right' as const),
      k: fc.constantFrom('a', 'a', 'b', '\u{1F6D2}', null),
      time: fc.integer({ min: -30, max: 60 }),
      delay: fc.integer({ min: 0, max: DISORDER }),
      gone: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((parts) => parts.map((part, n) => ({ ...part, n })));

/** In order of arrival, with watermarks that make no record late; `every` skips some of them. */
function onTime(all: readonly Item[], every: number): Step[] {
  const steps: Step[] = [];
  let newest = Number.NEGATIVE_INFINITY;
  [...all]
    .sort((a, b) => a.time + a.delay - (b.time + b.delay))
    .forEach((item, i) => {
      steps.push(item);
      newest = Math.max(newest, item.time);
      if (i % every === 0) steps.push({ wm: newest - DISORDER - 1 });
    });
  return steps;
}

/** As listed, with watermarks right behind the newest record: many are late. */
function disordered(all: readonly Item[]): Step[] {
  let newest = Number.NEGATIVE_INFINITY;
  return all.flatMap((item, i): Step[] => {
    newest = Math.max(newest, item.time);
    return i % 3 === 0 ? [item, { wm: newest - 3 }] : [item];
  });
}

function play(
  spec: OperatorSpec,
  config: object,
  steps: readonly Step[],
  restore: boolean,
  inputModes: { [port: string]: OutputMode } = {},
): OperatorHarness {
  const harness = runOperator(spec, { ...keys, ...config }, { compile: compileExpression, inputModes });
  for (const step of steps) {
    if ('wm' in step) harness.watermark(step.wm);
    else {
      const { port, k, time, n, gone } = step;
      const table = inputModes[port]?.mode === 'upsert';
      harness.feed({ port, value: { k, n, id: n % 3 }, time, op: table ? (gone ? 'delete' : 'upsert') : 'insert' });
    }
    if (restore) harness.snapshotRestore();
  }
  harness.end();
  expect([harness.dead, harness.timersPending]).toEqual([[], 0]);
  return harness;
}

const line = ({ left, right }: Value, ...more: number[]): Line => [left?.n ?? null, right?.n ?? null, ...more];
const sorted = (lines: Line[]) => lines.map((cells) => JSON.stringify(cells)).sort();
const lines = (harness: OperatorHarness, withTime = true) =>
  sorted(harness.records().map(({ value, time }) => line(value, ...(withTime ? [time] : []))));
const sides = (all: readonly Item[]) =>
  [all.filter((i) => i.port === 'left'), all.filter((i) => i.port === 'right')] as const;
const same = (l: Item, r: Item) => l.k !== null && l.k === r.k;

const TYPES = ['inner', 'left', 'right', 'full'] as const;
const keepsLeft = (type: string) => type === 'left' || type === 'full';
const keepsRight = (type: string) => type === 'right' || type === 'full';

describe('core.interval-join over random traces', () => {
  const bounds = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: 0, max: 40 }));
  function recompute(all: readonly Item[], lower: number, upper: number, type: string): string[] {
    const [left, right] = sides(all);
    const out: Line[] = [];
    const fits = (l: Item, r: Item) => same(l, r) && r.time >= l.time + lower && r.time <= l.time + upper;
    for (const l of left) for (const r of right) if (fits(l, r)) out.push([l.n, r.n, Math.max(l.time, r.time)]);
    const alone = (item: Item, wait: number) => (item.k === null ? item.time : Math.max(item.time, item.time + wait));
    if (keepsLeft(type)) {
      for (const l of left) if (!right.some((r) => fits(l, r))) out.push([l.n, null, alone(l, upper)]);
    }
    if (keepsRight(type)) {
      for (const r of right) if (!left.some((l) => fits(l, r))) out.push([null, r.n, alone(r, -lower)]);
    }
    return sorted(out);
  }

  it('gives the same as a computation from scratch, in every order within the disorder, restored or not', () => {
    fc.assert(
      fc.property(
        items,
        bounds,
        fc.constantFrom(...TYPES),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (all, [lower, length], type, every, restore) => {
          const harness = play(intervalJoin, { lower, upper: lower + length, type }, onTime(all, every), restore);
          expect(harness.late).toEqual([]);
          expect(harness.stateSize).toBe(0);
          expect(lines(harness)).toEqual(recompute(all, lower, lower + length, type));
        },
      ),
      { numRuns: 250 },
    );
  });

  it('sends with late records each pair at most once, each kept record alone or in pairs, and the same when restored', () => {
    fc.assert(
      fc.property(items, bounds, (all, [lower, length]) => {
        const config = { lower, upper: lower + length, type: 'full' };
        const harness = play(intervalJoin, config, disordered(all), false);
        const found = lines(harness, false);
        expect(new Set(found).size).toBe(found.length);
        for (const { port, n } of all) {
          const own = harness.output().filter((value) => value[port]?.n === n);
          const alone = own.filter(({ left, right }) => left === null || right === null);
          expect([own.length > 0, alone.length === 0 || own.length === 1]).toEqual([true, true]);
        }
        expect(play(intervalJoin, config, disordered(all), true).records()).toEqual(harness.records());
        expect(harness.stateSize).toBe(0);
      }),
      { numRuns: 120 },
    );
  });
});

describe('core.window-join over random traces', () => {
  const windows = fc.constantFrom(
    { size: 10, slide: 10 },
    { size: 30, slide: 10 },
    { size: 7, slide: 3 },
    { size: 4, slide: 9 },
  );

  it('gives the same as a computation from scratch, late records left out, restored or not', () => {
    fc.assert(
      fc.property(
        items,
        windows,
        fc.constantFrom(...TYPES, 'semi', 'anti'),
        fc.boolean(),
        fc.boolean(),
        (all, { size, slide }, type, late, restore) => {
          const steps = late ? disordered(all) : onTime(all, 2);
          const inside = new Map<number, Item[]>();
          let watermark = Number.NEGATIVE_INFINITY;
          for (const step of steps) {
            if ('wm' in step) {
              watermark = Math.max(watermark, step.wm);
              continue;
            }
            for (
              let end = (Math.floor((step.time - size) / slide) + 1) * slide + size;
              end <= step.time + size;
              end += slide
            ) {
              if (end > step.time && end - 1 > watermark) inside.set(end, [...(inside.get(end) ?? []), step]);
            }
          }
          const expected: Line[] = [];
          for (const [end, found] of inside) {
            const [left, right] = sides(found);
            for (const l of left) {
              const partners = right.filter((r) => same(l, r));
              if (type !== 'semi' && type !== 'anti') for (const r of partners) expected.push([l.n, r.n, end - 1]);
              const alone =
                type === 'semi' ? partners.length > 0 : partners.length === 0 && (keepsLeft(type) || type === 'anti');
              if (alone) expected.push([l.n, null, end - 1]);
            }
            if (keepsRight(type)) {
              for (const r of right) if (!left.some((l) => same(l, r))) expected.push([null, r.n, end - 1]);
            }
          }
          const harness = play(windowJoin, { window: 'hopping', size, slide, type }, steps, restore);
          expect(lines(harness)).toEqual(sorted(expected));
          expect(harness.stateSize).toBe(0);
        },
      ),
      { numRuns: 250 },
    );
  });
});

describe('core.join over random traces', () => {
  it('gives every pair of facts once, in any order, restored or not', () => {
    fc.assert(
      fc.property(items, fc.boolean(), (all, restore) => {
        const [left, right] = sides(all);
        const expected = left.flatMap((l) =>
          right.filter((r) => same(l, r)).map((r) => [l.n, r.n, Math.max(l.time, r.time)]),
        );
        expect(lines(play(join, {}, disordered(all), restore))).toEqual(sorted(expected));
      }),
      { numRuns: 80 },
    );
  });

  it('keeps a table that equals the join of the two tables as they are', () => {
    const table: OutputMode = { mode: 'upsert', key: ['id', 'k'] };
    fc.assert(
      fc.property(items, fc.constantFrom(...TYPES), fc.boolean(), (all, type, restore) => {
        const harness = play(join, { type }, all, restore, { left: table, right: table });
        const result = new Map<string, Line>();
        for (const { value, op } of harness.records()) {
          const { left, right } = value;
          const id = JSON.stringify([left?.id, left?.k, right?.id, right?.k]);
          if (op === 'delete') expect(result.delete(id) || left?.k === null || right?.k === null).toBe(true);
          else result.set(id, line(value));
        }
        const rows = (items: readonly Item[]) => {
          const latest = new Map<string, Item>();
          for (const item of items) {
            if (item.gone) latest.delete(`${item.n % 3} ${item.k}`);
            else latest.set(`${item.n % 3} ${item.k}`, item);
          }
          return [...latest.values()];
        };
        const [left, right] = sides(all).map(rows) as [Item[], Item[]];
        const expected: Line[] = left.flatMap((l) => right.filter((r) => same(l, r)).map((r) => [l.n, r.n]));
        if (keepsLeft(type)) for (const l of left) if (!right.some((r) => same(l, r))) expected.push([l.n, null]);
        if (keepsRight(type)) for (const r of right) if (!left.some((l) => same(l, r))) expected.push([null, r.n]);
        expect(sorted([...result.values()])).toEqual(sorted(expected));
      }),
      { numRuns: 200 },
    );
  });
});

describe('core.temporal-join over random traces', () => {
  const table: OutputMode = { mode: 'upsert', key: ['k'] };

  it('gives each record the latest version of its time, in order of time, restored or not', () => {
    fc.assert(
      fc.property(items, fc.boolean(), fc.integer({ min: 1, max: 4 }), fc.boolean(), (all, keep, every, restore) => {
        const steps = onTime(all, every);
        const [left, right] = sides(steps.filter((step): step is Item => !('wm' in step)));
        const expected: Line[] = [];
        for (const l of left) {
          let best: Item | undefined;
          for (const r of right)
            if (same(l, r) && r.time <= l.time && (best === undefined || r.time >= best.time)) best = r;
          const row = best === undefined || best.gone ? null : best.n;
          if (row !== null || keep) expected.push([l.n, row, l.time]);
        }
        const harness = play(temporalJoin, { type: keep ? 'left' : 'inner' }, steps, restore, { right: table });
        expect(lines(harness)).toEqual(sorted(expected));
        const times = harness.records().map((record) => record.time);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
      { numRuns: 200 },
    );
  });
});
