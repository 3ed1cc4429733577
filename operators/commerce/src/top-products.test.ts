import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topProducts } from './top-products.js';

const compile = compileExpression;

describe('commerce.top-products', () => {
  it('does what its examples say', async () => {
    await checkOperator(topProducts, { compile });
  });

  it('shows live, place by place, what it would say at the end', () => {
    const sale = fc.record({
      sku: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      quantity: fc.integer({ min: -3, max: 5 }),
      price: fc.constant(0.1),
      time: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(sale, { maxLength: 50 }), fc.constantFrom('units', 'revenue'), (sales, by) => {
        const options = { n: 3, by, per: 'span', span: 10 };
        const live = runOperator(topProducts, { ...options, send: 'live' }, { compile });
        const final = runOperator(topProducts, options, { compile });
        for (const { time, ...value } of sales) {
          live.feed({ value, time }).snapshotRestore();
          final.feed({ value, time });
        }
        live.end();
        final.end();
        const table = new Map(live.output().map((row) => [`${row.windowStart}/${row.rank}`, row]));
        expect([...table.values()].sort((a, b) => a.windowStart - b.windowStart || a.rank - b.rank)).toEqual(
          final.output(),
        );
        expect([live.stateSize, final.stateSize, live.timersPending]).toEqual([0, 0, 0]);
      }),
    );
  });
});
