import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { recommend } from '../recommend.js';
import { answersOf, haveRealData, isSaleLine, print, rowsOf, timeOf } from '../shared/testing/real-data.js';
import { blend } from './model.js';

const here = haveRealData('recommend/real-data.test.ts');
const purchases = { together: 'invoice_no', item: 'stock_code', user: 'customer_id' };

/** The last list of every product after these sale lines. */
function listsAfter(lines: readonly Value[], config: object): Map<string, Value[]> {
  const harness = runOperator(
    recommend,
    { purchases, maxUsers: 0, refresh: '400 d', ...config },
    { compile: compileExpression },
  );
  for (const value of lines) harness.feed({ value, time: timeOf(value), port: 'purchases' });
  harness.end();
  expect(harness.dead).toEqual([]);
  return new Map(harness.output('items').map(({ item, recommendations }) => [item, recommendations]));
}

describe.skipIf(!here)('recommendations from real invoices (online_retail)', { timeout: 400_000 }, () => {
  const lines = here ? rowsOf('online_retail').filter(isSaleLine) : [];

  it('are built on exactly the pairs that two other engines counted', () => {
    const lists = listsAfter(lines, {
      top: 25,
      halfLife: 0,
      popularity: 0,
      caution: 0,
      minTogether: 1,
      neighbours: 5000,
      basketLimit: 5000,
    });
    const pairs = [...lists].flatMap(([a, list]) =>
      list.filter(({ item }) => a < item).map(({ item, together }) => ({ a, b: item, baskets: together })),
    );
    pairs.sort((x, y) => y.baskets - x.baskets || (x.a < y.a ? -1 : x.a > y.a ? 1 : x.b < y.b ? -1 : 1));
    expect(pairs.slice(0, 20)).toEqual(answersOf('online_retail').copurchase_top20);
  });

  it('name what else is in a basket far more often than the best sellers do', () => {
    const baskets = new Map<string, { time: number; items: Set<string> }>();
    for (const line of lines) {
      const basket = baskets.get(line.invoice_no) ?? { time: timeOf(line), items: new Set() };
      basket.items.add(line.stock_code);
      baskets.set(line.invoice_no, basket);
    }
    const inOrder = [...baskets].sort((x, y) => x[1].time - y[1].time || (x[0] < y[0] ? -1 : 1));
    const cut = Math.floor(inOrder.length * 0.8);
    const learnt = new Set(inOrder.slice(0, cut).map(([id]) => id));
    // Everything as it comes out of the box, but for the length of the lists that are added up below.
    const lists = listsAfter(
      lines.filter((line) => learnt.has(line.invoice_no)),
      { top: 100 },
    );
    const sold = new Map<string, number>();
    for (const [, { items }] of inOrder.slice(0, cut)) for (const id of items) sold.set(id, (sold.get(id) ?? 0) + 1);
    const bestSellers = [...sold].sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1)).map(([id]) => id);

    // Every product of every later basket is hidden in turn; a hit: it is among the ten that follow from the rest of the basket.
    let tries = 0;
    let hits = 0;
    let popularHits = 0;
    for (const [, { items }] of inOrder.slice(cut)) {
      if (items.size < 2) continue;
      for (const hidden of [...items].slice(0, 8)) {
        const rest = new Set([...items].filter((id) => id !== hidden));
        const basis = [...rest].map((id) => ({
          list: (lists.get(id) ?? []).map((row) => ({
            id: row.item,
            score: row.score,
            together: row.together,
            because: id,
          })),
          weight: 1,
        }));
        tries++;
        if (
          blend(basis, rest)
            .slice(0, 10)
            .some(({ id }) => id === hidden)
        )
          hits++;
        if (
          bestSellers
            .filter((id) => !rest.has(id))
            .slice(0, 10)
            .includes(hidden)
        )
          popularHits++;
      }
    }
    const rate = hits / tries;
    const popular = popularHits / tries;
    print(
      `recommend, online_retail, last 20 % of baskets (${tries} hidden products): hit rate@10 ${(100 * rate).toFixed(1)} %, best sellers ${(100 * popular).toFixed(1)} %`,
    );
    expect(tries).toBeGreaterThan(1500);
    expect(rate).toBeGreaterThan(1.5 * popular);
  });
});
