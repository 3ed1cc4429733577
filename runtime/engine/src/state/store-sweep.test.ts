import { KEY_GROUPS, keyGroupOf } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import type { Row, RowChange, RowKey, TaskStore } from '../ports/index.js';
import { ListTable } from './list-table.js';
import { MapTable } from './map-table.js';
import type { Table, TableHost } from './table.js';
import { UndoLog } from './undo.js';
import { ValueTable } from './value-table.js';

const TTL = 80_000;
const TABLES = { value: ValueTable, map: MapTable, list: ListTable };

/** Rows as a store keeps them, by group and key. */
function rowStore() {
  const rows = new Map<string, Row>();
  const idOf = ({ group, key, sub }: RowKey) => JSON.stringify([group, key, sub ?? null]);
  const looked: number[] = [];
  const store = {
    scanRows: (_node: string, _table: string, _groups: unknown, from: unknown, limit: number) => {
      const all = [...rows]
        .filter(([id]) => from === null || id > (from as string))
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const some = all.slice(0, limit);
      looked.push(some.length);
      return { rows: some.map(([, row]) => row), next: some.length < all.length ? some.at(-1)![0] : null };
    },
    readKey: (_node: string, group: number, _table: string, key: string) =>
      [...rows.values()].filter((row) => row.key.group === group && row.key.key === key),
    loadRows: () => ({ complete: false }),
  };
  const apply = (changes: readonly RowChange[]) => {
    for (const { key, value } of changes) {
      if (value === undefined) rows.delete(idOf(key));
      else rows.set(idOf(key), { key, value });
    }
  };
  return { rows, looked, apply, store: store as unknown as TaskStore };
}

function tableOf(kind: 'value' | 'map' | 'list', ttl: number | undefined = TTL) {
  const clock = { now: 1_000_000 };
  const { rows, looked, apply, store } = rowStore();
  const host: TableHost = {
    store,
    undo: new UndoLog(),
    groups: [0, KEY_GROUPS - 1],
    now: () => clock.now,
    grew: () => undefined,
  };
  const table: Table = new TABLES[kind](host, 'n', 't', { kind }, ttl);
  const write = (key: string, part = 0) => {
    table.setKey(key);
    if (table instanceof ValueTable) table.set(part);
    else if (table instanceof MapTable) table.set(part, part);
    else (table as ListTable).add(part);
    host.undo.clear();
  };
  const commit = () => {
    const changes: RowChange[] = [];
    table.sweepExpired(1000);
    table.collect(changes);
    table.sweepStore(changes);
    apply(changes);
  };
  const keysOf = () => [...new Set([...rows.values()].map((row) => row.key.key))].sort();
  /** Commits of a running task: one every 50 ms. */
  const pass = (commits: number) => {
    for (let i = 0; i < commits; i++) {
      clock.now += 50;
      commit();
    }
  };
  return { clock, rows, looked, table, write, commit, keysOf, pass };
}

describe.each(['value', 'map', 'list'] as const)('Rows of a %s that left memory', (kind) => {
  it('go when their time to live is over, though nobody asks for them; younger ones stay', () => {
    const { clock, table, write, commit, keysOf, pass } = tableOf(kind);
    for (let i = 0; i < 900; i++) write(`old ${i}`);
    commit();
    clock.now += TTL / 2;
    for (let i = 0; i < 100; i++) write(`young ${i}`);
    commit();
    table.evict(1000);
    expect(table.slotCount).toBe(0);
    // A first pass finds nothing; once the old are over, another one does within an eighth of the time to live and its own length.
    pass(10);
    expect(keysOf()).toHaveLength(1000);
    clock.now += TTL / 2;
    pass(TTL / 8 / 50 + 10);
    expect(keysOf()).toHaveLength(100);
    expect(keysOf().every((key) => key.startsWith('young'))).toBe(true);
  });
});

it('A key lives as long as the youngest of its rows', () => {
  const { clock, table, write, commit, rows, pass } = tableOf('map');
  for (let part = 0; part < 500; part++) write('key', part);
  commit();
  clock.now += TTL - 1;
  write('key', 500);
  commit();
  table.evict(1);
  pass(5);
  expect(rows.size).toBe(501);
  clock.now += TTL;
  pass(TTL / 8 / 50 + 5);
  expect(rows.size).toBe(0);
});

it('A key in memory is left to memory', () => {
  const { clock, table, write, commit, keysOf, pass } = tableOf('value');
  write('a');
  write('b');
  commit();
  table.evict(2);
  clock.now += TTL - 1;
  // Not yet stored when its old row is found to be over.
  write('a');
  clock.now += 1;
  pass(1);
  expect(keysOf()).toEqual(['a']);
  table.setKey('a');
  expect((table as ValueTable).get()).toBe(0);
});

it('A commit looks at a few hundred rows, a pass begins no more than 8 times in a time to live, and only where keys left memory', () => {
  const { looked, table, write, commit, pass } = tableOf('value');
  for (let i = 0; i < 1500; i++) write(`${i}`);
  commit();
  pass(20);
  expect(looked).toEqual([]);
  table.evict(1500);
  pass((TTL / 50) * 0.9);
  expect(Math.max(...looked)).toBeLessThanOrEqual(400);
  expect(looked.length).toBeLessThanOrEqual(8 * 4);
  expect(looked.reduce((sum, n) => sum + n)).toBeGreaterThanOrEqual(7 * 1500);
});

it('State from before it had a time to live begins it when it is read', async () => {
  const { clock, rows, table } = tableOf('value');
  const { table: before, write, rows: stored } = tableOf('value', undefined);
  write('k');
  const changes: RowChange[] = [];
  before.collect(changes);
  for (const { key, value } of changes) rows.set(JSON.stringify([key.group, key.key, null]), { key, value: value! });
  expect([stored.size, rows.size, keyGroupOf('k')]).toEqual([0, 1, changes[0]!.key.group]);
  await table.load(0);
  table.setKey('k');
  expect((table as ValueTable).get()).toBe(0);
  clock.now += TTL;
  expect((table as ValueTable).get()).toBeUndefined();
});
