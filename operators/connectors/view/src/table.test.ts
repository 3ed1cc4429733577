import type { Context, Setup, Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { table } from './table.js';

const stock = (sku: string, onHand: number, op: 'insert' | 'upsert' | 'delete' = 'insert') => ({
  value: { sku, onHand },
  op,
});

describe('view.table', () => {
  it('keeps its examples', async () => {
    await checkOperator(table);
  });

  it('keeps one row a key and drops deleted ones', () => {
    const view = runOperator(table, { key: ['sku'] });
    view.feedAll([stock('mug', 12), stock('pot', 3), stock('mug', 11)]);
    expect(view.stateSize).toBe(2);
    view.feed(stock('mug', 0, 'delete'));
    expect(view.stateSize).toBe(1);
  });

  it('lets the row go that has not changed for longest when there are too many, also after a restart', () => {
    const view = runOperator(table, { key: ['sku'], maxRows: 2 });
    view.feedAll([stock('a', 1), stock('b', 1), stock('a', 2)]);
    view.snapshotRestore();
    view.feed(stock('c', 1));
    expect(view.stateSize).toBe(2);
    // b went: a delete of it changes nothing, one of a does.
    view.feed(stock('b', 0, 'delete'));
    expect(view.stateSize).toBe(2);
    view.feed(stock('a', 0, 'delete'));
    expect(view.stateSize).toBe(1);
  });

  it('forgets rows that have not changed within their time', () => {
    const view = runOperator(table, { key: ['sku'], ttl: '10 s' });
    view.feed(stock('a', 1));
    view.clock(6_000);
    view.feed(stock('b', 1));
    view.clock(10_000);
    expect(view.stateSize).toBe(1);
    view.snapshotRestore();
    view.clock(16_000);
    expect(view.stateSize).toBe(0);
    expect(view.timersPending).toBe(0);
  });

  it('tells rows of several key fields apart, and makes one row without any', () => {
    const view = runOperator(table, { key: ['a', 'b'] });
    view.feedAll(
      [
        { a: 1, b: 2 },
        { a: '1', b: 2 },
        { a: 1, b: 3 },
        { a: 1, b: 2 },
      ].map((value) => ({ value })),
    );
    expect(view.stateSize).toBe(3);
    const one = runOperator(table, { key: [] });
    one.feedAll([{ value: { x: 1 } }, { value: { x: 2 } }]);
    expect(one.stateSize).toBe(1);
  });

  it('stays quick when every record is a new row', () => {
    const view = runOperator(table, { key: ['i'], maxRows: 5000 });
    view.feedAll(Array.from({ length: 20_000 }, (_, i) => ({ value: { i } })));
    expect(view.stateSize).toBe(5000);
    view.feed({ value: { i: 15_000 }, op: 'delete' }).feed({ value: { i: 14_999 }, op: 'delete' });
    expect(view.stateSize).toBe(4999);
  });
});

describe('a new version of a live table', () => {
  /** Opens the table on rows of an earlier version of its config. */
  function reopen(config: Value, stored: { [id: string]: { row: Value; at: number; n: number } }) {
    const rows = new Map(Object.entries(stored));
    const timers: number[] = [];
    const ctx = { state: { rows }, timers: { clockAt: (time: number) => void timers.push(time) } };
    const behaviour = table.create({ config, clock: { now: () => 1000 } } as unknown as Setup<Value>);
    behaviour.open?.(ctx as unknown as Context);
    return { rows: Object.fromEntries(rows), timers };
  }
  const stored = {
    mug: { row: { sku: 'mug', country: 'DE' }, at: 100, n: 4 },
    pot: { row: { sku: 'pot', country: 'FR' }, at: 50, n: 2 },
    pan: { row: { sku: 'pan', country: 'DE' }, at: 40, n: 1 },
  };

  it('orders the rows it finds by its own key', () => {
    expect(reopen({ key: ['sku'] }, stored).rows).toEqual(stored);
    expect(reopen({ key: ['country'] }, stored).rows).toEqual({ DE: stored.mug, FR: stored.pot });
    const swapped = { FR: { ...stored.pan, at: 1, n: 1 }, DE: { ...stored.pot, at: 2, n: 2 } };
    expect(reopen({ key: ['country'] }, swapped).rows).toEqual({ DE: swapped.FR, FR: swapped.DE });
  });

  it('keeps to a lower limit and to a time to live that are new', () => {
    expect(Object.keys(reopen({ key: ['sku'], maxRows: 2 }, stored).rows)).toEqual(['mug', 'pot']);
    expect(reopen({ key: ['sku'], ttl: '10 s' }, stored).timers).toEqual([10_040]);
  });
});
