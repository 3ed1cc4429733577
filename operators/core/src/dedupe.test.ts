import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dedupe } from './dedupe.js';

const compile = compileExpression;
const base = { by: ['k'], keep: 'first', emit: 'at-once', remember: 'for-ever' };
const run = (config: object) => runOperator(dedupe, { ...base, ...config }, { compile });

interface Row {
  k: string;
  time: number;
  v: number;
}
/** Rows whose times go forward with jumps back of at most 20, and watermarks 21 behind the greatest time: nothing is late. */
const trace = fc
  .array(
    fc.record({
      k: fc.constantFrom('a', 'b'),
      forward: fc.integer({ min: 0, max: 9 }),
      back: fc.integer({ min: 0, max: 20 }),
      v: fc.integer({ min: 0, max: 3 }),
      mark: fc.boolean(),
    }),
    { maxLength: 50 },
  )
  .map((parts) => {
    let now = 0;
    return parts.map(({ k, forward, back, v, mark }): Row & { wm: number | undefined } => {
      now += forward;
      return { k, time: now - back, v, wm: mark ? now - 21 : undefined };
    });
  });

/** Groups of repeats from scratch: rows of a key in order of time, tie-break and arrival; a row `within` after the first opens a new group. */
function groups(rows: readonly Row[], within: number): Row[][] {
  const found: Row[][] = [];
  const open = new Map<string, Row[]>();
  const sorted = rows.map((row, i) => ({ row, i }));
  sorted.sort((a, b) => a.row.time - b.row.time || a.row.v - b.row.v || a.i - b.i);
  for (const { row } of sorted) {
    const group = open.get(row.k);
    if (group !== undefined && row.time < group[0]!.time + within) group.push(row);
    else {
      const fresh = [row];
      open.set(row.k, fresh);
      found.push(fresh);
    }
  }
  return found;
}

const byAll = (a: Row, b: Row) => a.time - b.time || (a.k < b.k ? -1 : a.k > b.k ? 1 : 0) || a.v - b.v;

describe('core.dedupe', () => {
  it('does what its examples say', async () => {
    await checkOperator(dedupe, { compile });
  });

  it('counts repeats and records without a key as filtered, unless empty fields are equal', () => {
    const rows = [{ k: 'a' }, { k: 'a' }, { k: null }, {}, { k: 1 }, { k: '1' }];
    const harness = run({}).feedAll(rows);
    expect(harness.output()).toEqual([{ k: 'a' }, { k: 1 }, { k: '1' }]);
    expect(harness.filtered).toBe(3);
    expect(run({ matchNull: true }).feedAll(rows).output()).toEqual([{ k: 'a' }, { k: null }, { k: 1 }, { k: '1' }]);
  });

  it('forgets a key when the watermark reaches first seen + within, which repeats do not put off', () => {
    const harness = run({ remember: 'event-time', within: 10 });
    const feed = (time: number) => harness.feed({ value: { k: 'a', time }, time }).snapshotRestore();
    feed(100);
    feed(109);
    harness.watermark(109);
    feed(115);
    feed(109);
    harness.watermark(110);
    feed(116);
    expect(harness.output().map(({ time }) => time)).toEqual([100, 116]);
    expect([harness.filtered, harness.late.map(({ time }) => time)]).toEqual([2, [109]]);
    harness.end();
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('keeps the last row at the same time in the listed order, then by arrival', () => {
    const feed = (config: object) =>
      run({ keep: 'last', emit: 'updating', ...config })
        .feedAll([3, 1, 3, 2].map((v, i) => ({ value: { k: 'a', v, i }, time: 5 })))
        .output()
        .map(({ i }) => i);
    expect(feed({})).toEqual([0, 1, 2, 3]);
    expect(feed({ tieBreak: [{ field: 'v' }] })).toEqual([0, 2]);
    expect(feed({ tieBreak: [{ field: 'v', direction: 'desc' }] })).toEqual([0, 1]);
  });

  it('sends the last record for ever at the end of input, with its own time', () => {
    const harness = run({ keep: 'last', emit: 'final' });
    harness
      .feed({ value: { k: 'a', v: 1 }, time: 9 })
      .feed({ value: { k: 'a', v: 2 }, time: 4 })
      .watermark(100);
    expect(harness.output()).toEqual([]);
    harness.snapshotRestore().end();
    expect(harness.records().map(({ value, time }) => [value.v, time])).toEqual([[1, 9]]);
    expect(harness.stateSize).toBe(0);
  });

  it('says what its output is: a table when it updates, facts otherwise', () => {
    const mode = (emit: string) => dedupe.mode?.({ ...base, emit, by: ['a.b', 'c'] } as never, {}).out;
    expect(mode('updating')).toEqual({ mode: 'upsert', key: ['a.b', 'c'] });
    expect([mode('at-once'), mode('final')]).toEqual([{ mode: 'append' }, { mode: 'append' }]);
  });

  it.each([
    [{ keep: 'last' }, 'DEDUPE_LAST_AT_ONCE'],
    [{ remember: 'clock' }, 'DEDUPE_WITHIN'],
    [{ remember: 'event-time', within: 0 }, 'DEDUPE_WITHIN'],
    [{ emit: 'final', remember: 'clock', within: 5 }, 'DEDUPE_FINAL_CLOCK'],
    [{ emit: 'final', keep: 'last' }, 'DEDUPE_FINAL_NEVER'],
    [{ tieBreak: [{ field: 'v' }] }, 'DEDUPE_TIE_UNUSED'],
    [{}, undefined],
  ])('finds fault with %j: %s', (config, code) => {
    expect(dedupe.lint?.({ ...base, ...config } as never).map((found) => found.code)).toEqual(code ? [code] : []);
  });

  it('final results equal the computation from scratch over any disorder, restored after every record', () => {
    fc.assert(
      fc.property(
        trace,
        fc.constantFrom('first', 'last'),
        fc.constantFrom(1, 7, 25, Number.POSITIVE_INFINITY),
        fc.boolean(),
        (rows, keep, within, restore) => {
          const forEver = within === Number.POSITIVE_INFINITY;
          const harness = run({
            keep,
            emit: 'final',
            tieBreak: [{ field: 'v' }],
            ...(!forEver && { remember: 'event-time', within }),
          });
          for (const { wm, ...row } of rows) {
            harness.feed({ value: row, time: row.time });
            if (wm !== undefined) harness.watermark(wm);
            if (restore) harness.snapshotRestore();
          }
          harness.end();
          const expected = groups(rows, within).map((group) => (keep === 'first' ? group[0]! : group.at(-1)!));
          const wanted = expected.map(({ k, time, v }) => ({ k, time, v })).sort(byAll);
          expect([...harness.output()].sort(byAll)).toEqual(wanted);
          expect(harness.late).toEqual([]);
          // Nothing may be late for the nodes that follow; what only the end of input decides keeps its own time.
          const sent = harness.records().map(({ time }) => time);
          if (!(forEver && keep === 'last')) expect(sent).toEqual([...sent].sort((a, b) => a - b));
          if (!(forEver && keep === 'first')) expect(harness.stateSize).toBe(0);
        },
      ),
    );
  });

  it('the table it keeps up to date equals the first or last row per key from scratch', () => {
    fc.assert(
      fc.property(trace, fc.constantFrom('first', 'last'), fc.boolean(), (rows, keep, restore) => {
        const harness = run({ keep, emit: 'updating', tieBreak: [{ field: 'v' }] });
        for (const { wm, ...row } of rows) {
          harness.feed({ value: row, time: row.time });
          if (wm !== undefined) harness.watermark(wm);
          if (restore) harness.snapshotRestore();
        }
        const table = new Map(harness.output().map((row) => [row.k, row]));
        const expected = groups(rows, Number.POSITIVE_INFINITY).map((group) => group.at(keep === 'first' ? 0 : -1)!);
        expect([...table.values()].sort(byAll)).toEqual(expected.map(({ k, time, v }) => ({ k, time, v })).sort(byAll));
        expect(harness.output().length + harness.filtered).toBe(rows.length);
      }),
    );
  });
});
