import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { filter } from './filter.js';

const compile = compileExpression;

describe('core.filter', () => {
  it('does what its examples say', async () => {
    await checkOperator(filter, { compile });
  });

  it('passes the record itself on, not a copy', () => {
    const harness = runOperator(filter, { where: 'a' }, { compile });
    harness.feed({ value: { a: true }, time: 7, born: 3 });
    expect(harness.records()[0]).toMatchObject({ time: 7, born: 3, op: 'insert' });
  });

  it('stops everything that is not true, and counts it as filtered', () => {
    const harness = runOperator(filter, { where: 'a' }, { compile });
    for (const a of [false, null, 0, 1, 'true', [], {}]) harness.feed({ a });
    expect([harness.output(), harness.filtered]).toEqual([[], 7]);
  });

  it('keeps the record out of the stream when the rule cannot be computed', () => {
    const harness = runOperator(filter, { where: 'total > 5' }, { compile });
    harness.feed({ total: 'six' }).feed({ total: 6 });
    expect(harness.dead.map((d) => d.error.code)).toEqual(['EXPRESSION_TYPE']);
    expect(harness.output()).toEqual([{ total: 6 }]);
  });

  it('turns a row that no longer fits into a delete, and lets deletes pass', () => {
    const harness = runOperator(filter, { where: 'stock < 10' }, { compile });
    harness
      .feed({ value: { sku: 'A', stock: 4 }, op: 'upsert' })
      .feed({ value: { sku: 'A', stock: 50 }, op: 'upsert' })
      .feed({ value: { sku: 'A' }, op: 'delete' });
    expect(harness.records().map((r) => r.op)).toEqual(['upsert', 'delete', 'delete']);
    expect(harness.filtered).toBe(0);
  });
});
