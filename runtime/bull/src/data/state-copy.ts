import type { Row, RowKey, TimerRow } from '@millrace/engine/ports';
import { compareKeys, KEY_GROUPS } from '@millrace/sdk';
import type { StateWriter } from './state-codec.js';

type Cells = Map<string | number, Uint8Array>;

interface Group {
  /** By node, then table, then key. */
  nodes: Map<string, Map<string, Map<string, Uint8Array | Cells>>>;
  timers: Map<string, TimerRow>;
  bytes: number;
}

/** What a stored row or timer costs beside its bytes, roughly. */
const OVERHEAD = 96;

/**
 * A task's committed state in memory, encoded as it is stored: what Redis holds as log and snapshots. Answers for keys the engine has
 * dropped from its tables, and is what snapshots are written from.
 */
export class StateCopy {
  readonly #groups: (Group | undefined)[] = new Array(KEY_GROUPS);
  /** Estimated size in memory. */
  bytes = 0;

  row({ node, table, group, key, sub }: RowKey, value: Uint8Array | undefined): void {
    const at = this.#group(group);
    let tables = at.nodes.get(node);
    if (tables === undefined) {
      if (value === undefined) return;
      tables = new Map();
      at.nodes.set(node, tables);
    }
    let keys = tables.get(table);
    if (keys === undefined) {
      if (value === undefined) return;
      keys = new Map();
      tables.set(table, keys);
    }
    const before = keys.get(key);
    if (sub === undefined) {
      if (before instanceof Uint8Array) this.#grow(at, -sizeOf(key, before));
      if (value === undefined) keys.delete(key);
      else {
        keys.set(key, value);
        this.#grow(at, sizeOf(key, value));
      }
      return;
    }
    let cells = before instanceof Map ? before : undefined;
    if (cells === undefined) {
      if (value === undefined) return;
      cells = new Map();
      keys.set(key, cells);
    }
    const old = cells.get(sub);
    if (old !== undefined) this.#grow(at, -sizeOf(key, old));
    if (value !== undefined) {
      cells.set(sub, value);
      this.#grow(at, sizeOf(key, value));
    } else {
      cells.delete(sub);
      if (cells.size === 0) keys.delete(key);
    }
  }

  timer(timer: TimerRow, add: boolean): void {
    const group = this.#group(timer.group);
    const id = `${timer.node}\u0001${timer.kind}\u0001${timer.time}\u0001${timer.name}\u0001${timer.key}`;
    if (add === group.timers.has(id)) return;
    if (add) group.timers.set(id, timer);
    else group.timers.delete(id);
    this.#grow(group, (add ? 1 : -1) * (OVERHEAD + 4 * id.length));
  }

  /** Estimated bytes of one key group. */
  groupBytes(group: number): number {
    return this.#groups[group]?.bytes ?? 0;
  }

  isEmpty(group: number): boolean {
    const at = this.#groups[group];
    if (at === undefined) return true;
    if (at.timers.size > 0) return false;
    for (const tables of at.nodes.values()) for (const keys of tables.values()) if (keys.size > 0) return false;
    return true;
  }

  visitRows(
    node: string,
    table: string,
    [first, last]: readonly [number, number],
    limit: number,
    visit: (row: Row) => void,
  ): { complete: boolean } {
    let count = 0;
    for (let group = first; group <= last; group++) {
      for (const [key, stored] of this.#groups[group]?.nodes.get(node)?.get(table) ?? []) {
        if (++count > limit) return { complete: false };
        for (const row of rowsOf(node, group, table, key, stored)) visit(row);
      }
    }
    return { complete: true };
  }

  *#keys(node: string, table: string, [first, last]: readonly [number, number]): IterableIterator<Row[]> {
    for (let group = first; group <= last; group++) {
      for (const [key, stored] of this.#groups[group]?.nodes.get(node)?.get(table) ?? []) {
        yield rowsOf(node, group, table, key, stored);
      }
    }
  }

  /** `from` and `next` are an iterator on its way, which keeps its place while keys come and go. The rows of a key come together. */
  scanRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    from: unknown,
    limit: number,
  ): { rows: Row[]; next: unknown } {
    const keys = (from ?? this.#keys(node, table, groups)) as IterableIterator<Row[]>;
    const rows: Row[] = [];
    while (rows.length < limit) {
      const { value, done } = keys.next();
      if (done) return { rows, next: null };
      for (const row of value) rows.push(row);
    }
    return { rows, next: keys };
  }

  readKey(node: string, group: number, table: string, key: string): Row[] {
    const stored = this.#groups[group]?.nodes.get(node)?.get(table)?.get(key);
    return stored === undefined ? [] : rowsOf(node, group, table, key, stored);
  }

  timers(
    node: string,
    kind: 0 | 1,
    [first, last]: readonly [number, number],
    after: { time: number; key: string; name: string } | null,
    limit: number,
  ): TimerRow[] {
    const found: TimerRow[] = [];
    for (let group = first; group <= last; group++) {
      for (const timer of this.#groups[group]?.timers.values() ?? []) {
        if (timer.node === node && timer.kind === kind && (after === null || compareTimers(timer, after) > 0))
          found.push(timer);
      }
    }
    found.sort(compareTimers);
    return found.length > limit ? found.slice(0, limit) : found;
  }

  /**
   * Writes one group's rows and timers; whenever the writer holds more than `chunk` bytes, `cut` may take the blob and begin another.
   */
  write(group: number, writer: StateWriter, chunk: number, cut: () => void): void {
    const at = this.#groups[group];
    if (at === undefined) return;
    for (const [node, tables] of at.nodes) {
      for (const [table, keys] of tables) {
        for (const [key, stored] of keys) {
          if (stored instanceof Uint8Array) writer.row(node, table, group, key, undefined, stored);
          else for (const [sub, value] of stored) writer.row(node, table, group, key, sub, value);
          if (writer.size > chunk) cut();
        }
      }
    }
    for (const timer of at.timers.values()) {
      writer.timer(timer, true);
      if (writer.size > chunk) cut();
    }
  }

  /** Forgets a node's rows and timers. */
  dropNodes(keep: (node: string) => boolean): void {
    for (const group of this.#groups) {
      if (group === undefined) continue;
      for (const node of [...group.nodes.keys()]) if (!keep(node)) group.nodes.delete(node);
      for (const [id, timer] of [...group.timers]) if (!keep(timer.node)) group.timers.delete(id);
    }
  }

  /** Every row and timer. */
  visit(row: (row: Row) => void, timer: (timer: TimerRow) => void): void {
    this.#groups.forEach((group, number) => {
      if (group === undefined) return;
      for (const [node, tables] of group.nodes)
        for (const [table, keys] of tables)
          for (const [key, stored] of keys) for (const each of rowsOf(node, number, table, key, stored)) row(each);
      for (const each of group.timers.values()) timer(each);
    });
  }

  #group(number: number): Group {
    let group = this.#groups[number];
    if (group === undefined) {
      group = { nodes: new Map(), timers: new Map(), bytes: 0 };
      this.#groups[number] = group;
    }
    return group;
  }

  #grow(group: Group, bytes: number): void {
    group.bytes += bytes;
    this.bytes += bytes;
  }
}

const sizeOf = (key: string, value: Uint8Array) => OVERHEAD + key.length + value.length;

function rowsOf(node: string, group: number, table: string, key: string, stored: Uint8Array | Cells): Row[] {
  if (stored instanceof Uint8Array) return [{ key: { node, group, table, key }, value: stored }];
  const rows: Row[] = [];
  for (const [sub, value] of stored) rows.push({ key: { node, group, table, key, sub }, value });
  return rows;
}

function compareTimers(
  a: { time: number; key: string; name: string },
  b: { time: number; key: string; name: string },
): number {
  return a.time - b.time || compareKeys(a.key, b.key) || compareKeys(a.name, b.name);
}
