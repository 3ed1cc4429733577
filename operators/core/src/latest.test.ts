import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { latest } from './latest.js';

const compile = compileExpression;

describe('core.latest', () => {
  it('does what its examples say', async () => {
    await checkOperator(latest, { compile });
  });

  it('sends rows as upserts and what the rule names as deletes, which an older record cannot undo', () => {
    const harness = runOperator(latest, { by: ['id'], newest: 'event-time', deleteWhen: 'gone == true' }, { compile });
    const feed = (time: number, more: object) => harness.feed({ value: { id: 1, ...more }, time }).snapshotRestore();
    feed(10, {});
    feed(20, { gone: true });
    feed(15, {});
    feed(20, { again: true });
    harness.feed({ id: null });
    expect(harness.records().map(({ op, time }) => [op, time])).toEqual([
      ['upsert', 10],
      ['delete', 20],
      ['upsert', 20],
    ]);
    expect(harness.filtered).toBe(2);
    expect(latest.mode?.({ by: ['id'], newest: 'arrival' } as never, {})).toEqual({
      out: { mode: 'upsert', key: ['id'] },
    });
  });

  it('passes deletes of a table on, and keeps no state when arrival decides', () => {
    const harness = runOperator(latest, { by: ['id'], newest: 'arrival' }, { compile });
    harness.feed({ value: { id: 1 }, time: 9 }).feed({ value: { id: 1 }, time: 3, op: 'delete' });
    expect(harness.records().map(({ op }) => op)).toEqual(['upsert', 'delete']);
    expect(harness.stateSize).toBe(0);
  });
});
