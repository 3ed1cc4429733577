import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sort } from './sort.js';

const compile = compileExpression;
const upsert = { compile, inputModes: { in: { mode: 'upsert', key: ['id'] } } } as const;

const steps = fc
  .array(
    fc.record({
      forward: fc.integer({ min: 0, max: 4 }),
      back: fc.integer({ min: 0, max: 12 }),
      v: fc.option(fc.integer({ min: 0, max: 3 })),
      id: fc.integer({ min: 0, max: 5 }),
      mark: fc.option(fc.integer({ min: 0, max: 14 })),
      remove: fc.boolean(),
    }),
    { maxLength: 60 },
  )
  .map((parts) => {
    let now = 0;
    return parts.map(({ forward, back, mark, ...rest }) => {
      now += forward;
      return { ...rest, time: now - back, wm: mark === null ? undefined : now - mark };
    });
  });

describe('core.sort', () => {
  it('does what its examples say', async () => {
    await checkOperator(sort, { compile });
  });

  it('sends the records in order of time, listed fields and arrival, whatever the disorder; older ones are late', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (trace, restore) => {
        const harness = runOperator(sort, { orderBy: [{ field: 'v', direction: 'desc' }] }, { compile });
        let watermark = Number.NEGATIVE_INFINITY;
        const onTime: { i: number; v: number | null; time: number }[] = [];
        trace.forEach(({ v, time, wm }, i) => {
          harness.feed({ value: { i, v, time }, time });
          if (time > watermark) onTime.push({ i, v, time });
          if (wm !== undefined) harness.watermark(wm);
          watermark = Math.max(watermark, wm ?? watermark);
          if (restore) harness.snapshotRestore();
          // What has been passed has been sent.
          expect(harness.output()).toHaveLength(onTime.filter((row) => row.time <= watermark).length);
        });
        harness.end();
        onTime.sort((a, b) => a.time - b.time || (b.v ?? -1) - (a.v ?? -1) || a.i - b.i);
        expect(harness.output()).toEqual(onTime);
        expect(harness.late).toHaveLength(trace.length - onTime.length);
        expect(harness.records().every(({ time, value }) => time === value.time)).toBe(true);
        expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
      }),
    );
  });

  it('keeps the order of arrival among many records of one instant, in parts that stay small', () => {
    const harness = runOperator(sort, {}, { compile });
    const all = Array.from({ length: 1000 }, (_, i) => ({ value: { i }, time: 7 }));
    harness.feedAll(all.slice(0, 500)).snapshotRestore().feedAll(all.slice(500));
    expect(harness.stateSize).toBe(1 + Math.ceil(1000 / 64));
    expect(harness.end().output()).toEqual(all.map(({ value }) => value));
  });

  it('of a table sends the last version of a row that waits, so that it ends as it would unsorted', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (trace, restore) => {
        const harness = runOperator(sort, {}, upsert);
        const expected = new Map<number, number>();
        trace.forEach(({ id, time, remove, wm }, i) => {
          const before = harness.late.length;
          harness.feed({ value: { id, i }, time, op: remove ? 'delete' : 'upsert' });
          if (harness.late.length === before) {
            if (remove) expected.delete(id);
            else expected.set(id, i);
          }
          if (wm !== undefined) harness.watermark(wm);
          if (restore) harness.snapshotRestore();
        });
        harness.end();
        const table = new Map<number, number>();
        for (const { op, value } of harness.records()) {
          if (op === 'delete') table.delete(value.id);
          else table.set(value.id, value.i);
        }
        const list = (map: Map<number, number>) => [...map].sort((a, b) => a[0] - b[0]);
        expect(list(table)).toEqual(list(expected));
        expect(harness.stateSize).toBe(0);
      }),
    );
  });

  it('passes the mode of its input on, and is one group without fields', () => {
    expect(sort.mode?.({} as never, upsert.inputModes)).toEqual({
      out: upsert.inputModes.in,
      late: upsert.inputModes.in,
    });
    expect([sort.key?.({} as never, 'in'), sort.key?.({ by: ['a b'] } as never, 'in')]).toEqual([[], ['`a b`']]);
  });
});
