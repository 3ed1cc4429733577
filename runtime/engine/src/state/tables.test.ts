import { KEY_GROUPS } from '@millrace/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row, RowChange, RowKey, TaskStore } from '../ports/index.js';
import { ListTable } from './list-table.js';
import { MapTable } from './map-table.js';
import type { TableHost } from './table.js';
import { UndoLog } from './undo.js';
import { ValueTable } from './value-table.js';

const idOf = ({ key, sub }: RowKey) => JSON.stringify([key, sub ?? null, typeof sub]);

function rowStore() {
  const rows = new Map<string, Row>();
  return {
    apply(changes: readonly RowChange[]) {
      for (const { key, value } of changes) {
        if (value === undefined) rows.delete(idOf(key));
        else rows.set(idOf(key), { key, value });
      }
    },
    loadRows(_node: string, _table: string, _groups: unknown, limit: number, visit: (row: Row) => void) {
      const seen = new Set<string>();
      for (const row of [...rows.values()].sort((a, b) => (a.key.key < b.key.key ? -1 : 1))) {
        if (!seen.has(row.key.key) && seen.size >= limit) return { complete: false };
        seen.add(row.key.key);
        visit(row);
      }
      return { complete: true };
    },
    readKey: (_node: string, _group: number, _table: string, key: string) =>
      [...rows.values()].filter((row) => row.key.key === key),
    /** A row a call, however many are asked for. */
    scanRows(_node: string, _table: string, _groups: unknown, from: string | null) {
      const ids = [...rows.keys()].sort().filter((id) => from === null || id > from);
      const found = ids.slice(0, 1);
      return { rows: found.map((id) => rows.get(id)!), next: ids.length > 1 ? found[0]! : null };
    },
    size: () => rows.size,
  };
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const key = fc.constantFrom(...KEYS);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      key,
      ops: fc.array(
        fc.record({ op: fc.integer({ min: 0, max: 5 }), at: fc.integer({ min: 0, max: 3 }), v: fc.integer() }),
        { maxLength: 4 },
      ),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom(...(['commit', 'commit', 'commit', 'evict', 'evict', 'restart'] as const)),
    }),
  },
);

type Model = Map<string, unknown>;

/** A random life of a table beside a plain map: records that fail, commits, evictions, restarts. */
async function check(kind: 'value' | 'map' | 'list') {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
      const store = rowStore();
      const undo = new UndoLog();
      const host: TableHost = {
        store: store as unknown as TaskStore,
        undo,
        groups: [0, KEY_GROUPS - 1],
        now: () => 0,
        grew: () => undefined,
      };
      const make = () =>
        kind === 'value'
          ? new ValueTable(host, 'n', 't', { kind }, undefined)
          : kind === 'map'
            ? new MapTable(host, 'n', 't', { kind }, undefined)
            : new ListTable(host, 'n', 't', { kind }, undefined);
      let table = make();
      let model: Model = new Map();
      let committed: Model = new Map();
      for (const s of steps) {
        if (s.do === 'commit') {
          const changes: RowChange[] = [];
          table.collect(changes);
          table.sweepStore(changes);
          store.apply(changes);
          committed = structuredClone(model);
        } else if (s.do === 'evict') table.evict(2);
        else if (s.do === 'restart') {
          table = make();
          await table.load(2);
          model = structuredClone(committed);
        } else if (s.do === 'work') {
          table.setKey(s.key);
          const next = structuredClone(model);
          for (const { op, at, v } of s.ops) apply(table, next, s.key, op, at, v);
          if (s.fails) undo.rollback();
          else {
            undo.clear();
            model = next;
          }
          expect(read(table)).toEqual(model.get(s.key) ?? read(make()));
        }
      }
      for (const k of KEYS) {
        table.setKey(k);
        expect(read(table)).toEqual(model.get(k) ?? read(make()));
      }
      const changes: RowChange[] = [];
      table.collect(changes);
      store.apply(changes);
      const cells = [...model.values()].reduce<number>(
        (n, value) => n + (value instanceof Map ? value.size : Array.isArray(value) ? value.length : 1),
        0,
      );
      expect(store.size()).toBe(cells);
    }),
    { numRuns: 1500 },
  );
}

function read(table: ValueTable | MapTable | ListTable): unknown {
  if (table instanceof ValueTable) return table.get();
  if (table instanceof MapTable) return new Map(table.entries());
  return [...table.get()];
}

function apply(
  table: ValueTable | MapTable | ListTable,
  model: Model,
  k: string,
  op: number,
  at: number,
  v: number,
): void {
  if (table instanceof ValueTable) {
    if (op === 0) {
      table.clear();
      model.delete(k);
    } else {
      table.set(v);
      model.set(k, v);
    }
    return;
  }
  if (table instanceof MapTable) {
    const map = (model.get(k) as Map<number, number>) ?? new Map();
    if (op === 0) {
      table.clear();
      map.clear();
    } else if (op === 1) {
      table.delete(at);
      map.delete(at);
    } else {
      table.set(at, v);
      map.set(at, v);
    }
    if (map.size > 0) model.set(k, map);
    else model.delete(k);
    return;
  }
  let list = (model.get(k) as number[]) ?? [];
  if (op === 0) {
    table.clear();
    list = [];
  } else if (op === 1) {
    list = list.slice(0, at);
    table.set(list);
  } else {
    table.add(v);
    list = [...list, v];
  }
  if (list.length > 0) model.set(k, list);
  else model.delete(k);
}

it('a value per key lives through failures, commits, evictions and restarts', () => check('value'));
it('a map per key lives through failures, commits, evictions and restarts', () => check('map'));
it('a list per key lives through failures, commits, evictions and restarts', () => check('list'));

it('after a restart knows the keys that were dropped before all of the store had been gone through', async () => {
  const store = rowStore();
  const host: TableHost = {
    store: store as unknown as TaskStore,
    undo: new UndoLog(),
    groups: [0, KEY_GROUPS - 1],
    now: () => 0,
    grew: () => undefined,
  };
  const make = () => new ValueTable(host, 'n', 't', { kind: 'value' }, undefined);
  let table = make();
  const commit = () => {
    const changes: RowChange[] = [];
    table.collect(changes);
    table.sweepStore(changes);
    store.apply(changes);
  };
  const set = (k: string) => {
    table.setKey(k);
    table.set(k);
  };
  for (const k of KEYS.slice(2)) set(k);
  commit();
  table = make();
  await table.load(2);
  commit();
  // It comes before the row that was gone through last, and leaves memory again.
  set('a');
  commit();
  for (let round = 0; round < 3; round++) table.evict(9);
  for (let round = 0; round < KEYS.length; round++) commit();
  for (const k of KEYS) {
    table.setKey(k);
    expect(table.get()).toBe(k === 'b' ? undefined : k);
  }
});
