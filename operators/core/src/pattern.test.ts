import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pattern } from './pattern.js';

const compile = compileExpression;
const base = { find: 'sequence', first: 'a == true', second: 'b == true', within: 10, by: ['k'] };

interface Row {
  i: number;
  k: string;
  a: boolean;
  b: boolean;
  time: number;
}

/** Decides every first record from scratch: [first, second or null, time of the decision]. */
function scratch(rows: readonly Row[], within: number, strict: boolean): [number, number | null, number][] {
  const found: [number, number | null, number][] = [];
  const sorted = [...rows].sort((x, y) => x.time - y.time || x.i - y.i);
  sorted.forEach((first, at) => {
    if (!first.a) return;
    const after = sorted.slice(at + 1).filter((row) => row.k === first.k);
    const next = strict ? after[0] : after.find((row) => row.b);
    const inTime = next !== undefined && next.time <= first.time + within;
    if (inTime && next.b) found.push([first.i, next.i, next.time]);
    else found.push([first.i, null, inTime ? next.time : first.time + within]);
  });
  return found.sort((x, y) => x[0] - y[0]);
}

const trace = fc
  .array(
    fc.record({
      forward: fc.integer({ min: 0, max: 6 }),
      back: fc.integer({ min: 0, max: 12 }),
      k: fc.constantFrom('x', 'y'),
      a: fc.boolean(),
      b: fc.boolean(),
      mark: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((parts) => {
    let now = 0;
    return parts.map(({ forward, back, mark, ...rest }, i) => {
      now += forward;
      return { row: { i, ...rest, time: now - back } satisfies Row, wm: mark ? now - 13 : undefined };
    });
  });

describe('core.pattern', () => {
  it('does what its examples say', async () => {
    await checkOperator(pattern, { compile });
  });

  it('decides every first record as from scratch, whatever the disorder, restored after every record', () => {
    fc.assert(
      fc.property(trace, fc.boolean(), fc.boolean(), (steps, strict, restore) => {
        const config = { ...base, between: strict ? 'nothing' : 'anything' };
        const found = runOperator(pattern, config, { compile });
        const missing = runOperator(pattern, { ...config, find: 'absence' }, { compile });
        for (const { row, wm } of steps) {
          for (const harness of [found, missing]) {
            harness.feed({ value: row, time: row.time });
            if (wm !== undefined) harness.watermark(wm);
            if (restore) harness.snapshotRestore();
          }
        }
        for (const harness of [found, missing]) {
          harness.end();
          expect([harness.stateSize, harness.timersPending, harness.dead]).toEqual([0, 0, []]);
        }
        const expected = scratch(
          steps.map(({ row }) => row),
          10,
          strict,
        );
        const pairs = found.records('match').map(({ value, time }) => [value.a.i, value.b.i, time]);
        const alone = (records: readonly { value: Value; time: number }[]) =>
          records.map(({ value, time }) => [value.i, null, time]);
        const sorted = (list: Value[][]) => list.sort((x, y) => x[0] - y[0]);
        expect(sorted([...pairs, ...alone(found.records('timeout'))])).toEqual(expected);
        expect(sorted(alone(missing.records('match')))).toEqual(expected.filter(([, second]) => second === null));
        expect(missing.output('timeout')).toEqual([]);
      }),
    );
  });

  it('counts the last moment in, and knows of an absence when the watermark has passed it', () => {
    const harness = runOperator(pattern, { ...base, find: 'absence' }, { compile });
    const feed = (k: string, time: number, kind: 'a' | 'b') => harness.feed({ value: { k, [kind]: true }, time });
    feed('x', 0, 'a');
    feed('y', 0, 'a');
    feed('x', 10, 'b');
    feed('y', 11, 'b');
    harness.watermark(9);
    expect(harness.output('match')).toEqual([]);
    harness.watermark(10);
    expect(harness.records('match').map(({ value, time }) => [value, time])).toEqual([[{ k: 'y', a: true }, 10]]);
  });

  it('filters what has no part in it, lets late records go, and fails on a rule that fails', () => {
    const harness = runOperator(pattern, { ...base, second: 'n > 1' }, { compile });
    harness
      .feed({ value: { k: null, a: true }, time: 5 })
      .feed({ value: { k: 'x', n: 1 }, time: 5 })
      .watermark(5);
    harness.feed({ value: { k: 'x', a: true }, time: 5 }).feed({ value: { k: 'x', a: true, n: 'many' }, time: 9 });
    expect([harness.filtered, harness.late.length, harness.dead.length, harness.stateSize]).toEqual([2, 1, 1, 0]);
  });

  it('orders records of one instant by listed fields', () => {
    const harness = runOperator(pattern, { ...base, tieBreak: [{ field: 'seq' }] }, { compile });
    harness.feed({ value: { k: 'x', b: true, seq: 2 }, time: 5 }).feed({ value: { k: 'x', a: true, seq: 1 }, time: 5 });
    expect(harness.end().output('match')).toHaveLength(1);
  });

  it('needs a time to wait', () => {
    expect(pattern.lint?.({ ...base, within: 0 } as never).map(({ code }) => code)).toEqual(['PATTERN_WITHIN']);
  });
});
