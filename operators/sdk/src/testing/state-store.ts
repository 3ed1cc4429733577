import type { Clock } from '../clock.js';
import { MillraceError } from '../errors.js';
import type { Value } from '../record.js';
import type { ListState, MapState, StateSpec, ValueState } from '../state.js';
import { copyStored } from './plain-data.js';

type Sub = string | number;
type Cells = Map<string, Map<Sub, unknown>>;

/** What the store needs from its harness. */
export interface StoreHost {
  readonly clock: Clock;
  /** The current key; throws where key-scoped state has none (onBatch, open, ...). */
  currentKey(state: string): string;
  /** Throws where no state may be touched (inside `ctx.map`). */
  checkAccess(state: string): void;
  /** Registers how to take a change back when the record fails. */
  undo(step: () => void): void;
}

const WHOLE = '';
const TASK_KEY = '\u0000task';

/**
 * One declared state. Values live in memory; a snapshot keeps deep copies of what was *written* since the last one, so a value
 * that was changed in place and never `set` again is lost by a restore, as it is in a real run.
 * The time to live belongs to a key's whole instance: a write to one map entry keeps all of them alive.
 */
class StateTable {
  #live: Cells = new Map();
  #saved: Cells = new Map();
  readonly #dirty = new Map<string, Set<Sub>>();
  /** Clock time of the last write, by key. */
  readonly #touched = new Map<string, number>();
  readonly #ttl: number | undefined;

  constructor(
    readonly name: string,
    readonly spec: StateSpec,
    config: Value,
    readonly host: StoreHost,
  ) {
    this.#ttl = spec.ttl?.(config as never);
  }

  key(): string {
    this.host.checkAccess(this.name);
    return this.spec.scope === 'task' ? TASK_KEY : this.host.currentKey(this.name);
  }

  read(key: string, sub: Sub): unknown {
    return this.#expired(key) ? undefined : this.#live.get(key)?.get(sub);
  }

  #expired(key: string): boolean {
    const touched = this.#touched.get(key);
    return this.#ttl !== undefined && touched !== undefined && touched + this.#ttl <= this.host.clock.now();
  }

  /** Writes a cell, or removes it when `value` is undefined. */
  write(key: string, sub: Sub, value: unknown): void {
    if (this.#expired(key))
      for (const other of [...(this.#live.get(key)?.keys() ?? [])]) this.#change(key, other, undefined);
    this.#change(key, sub, value);
  }

  #change(key: string, sub: Sub, value: unknown): void {
    const before = this.#live.get(key)?.get(sub);
    const touched = this.#touched.get(key);
    this.host.undo(() => {
      this.#place(key, sub, before);
      if (touched === undefined) this.#touched.delete(key);
      else this.#touched.set(key, touched);
    });
    this.#place(key, sub, value);
    this.#touched.set(key, this.host.clock.now());
    const subs = this.#dirty.get(key);
    if (subs === undefined) this.#dirty.set(key, new Set([sub]));
    else subs.add(sub);
  }

  #place(key: string, sub: Sub, value: unknown): void {
    place(this.#live, key, sub, value);
  }

  *entries(key: string): Iterable<[Sub, unknown]> {
    if (this.#expired(key)) return;
    for (const [sub, value] of [...(this.#live.get(key) ?? [])]) {
      if (this.#live.get(key)?.get(sub) === value) yield [sub, value];
    }
  }

  /** Live entries of all keys: values, map entries and lists each count one. */
  get size(): number {
    let n = 0;
    for (const [key, cells] of this.#live) if (!this.#expired(key)) n += cells.size;
    return n;
  }

  /** Saves what was written and reads everything back. Map entries come back in another order, because none is promised. */
  saveAndReload(): void {
    for (const [key, subs] of this.#dirty) {
      for (const sub of subs)
        place(this.#saved, key, sub, copyStored(this.#live.get(key)?.get(sub), `state "${this.name}"`));
    }
    this.#dirty.clear();
    this.#live = new Map();
    for (const [key, cells] of this.#saved) {
      for (const [sub, value] of [...cells].reverse()) this.#place(key, sub, copyStored(value, `state "${this.name}"`));
    }
  }
}

function place(cells: Cells, key: string, sub: Sub, value: unknown): void {
  const ofKey = cells.get(key);
  if (value === undefined) {
    ofKey?.delete(sub);
    if (ofKey?.size === 0) cells.delete(key);
  } else if (ofKey === undefined) {
    cells.set(key, new Map([[sub, value]]));
  } else {
    ofKey.set(sub, value);
  }
}

function valueHandle(table: StateTable): ValueState<unknown> {
  return {
    get: () => table.read(table.key(), WHOLE),
    set: (value) => table.write(table.key(), WHOLE, required(table, value)),
    clear: () => table.write(table.key(), WHOLE, undefined),
  };
}

function mapHandle(table: StateTable): MapState<unknown> {
  return {
    get: (mapKey) => table.read(table.key(), mapKey),
    set: (mapKey, value) => {
      if (typeof mapKey === 'number' && !Number.isFinite(mapKey)) throw badState(table, `the map key ${mapKey}`);
      table.write(table.key(), mapKey, required(table, value));
    },
    delete: (mapKey) => table.write(table.key(), mapKey, undefined),
    has: (mapKey) => table.read(table.key(), mapKey) !== undefined,
    *entries() {
      yield* table.entries(table.key());
    },
    get size() {
      return [...table.entries(table.key())].length;
    },
    clear: () => {
      const key = table.key();
      for (const [mapKey] of [...table.entries(key)]) table.write(key, mapKey, undefined);
    },
  };
}

function listHandle(table: StateTable): ListState<unknown> {
  const items = (key: string) => (table.read(key, WHOLE) as unknown[] | undefined) ?? [];
  return {
    get: () => items(table.key()),
    add: (value) => {
      const key = table.key();
      table.write(key, WHOLE, [...items(key), required(table, value)]);
    },
    set: (values) => table.write(table.key(), WHOLE, values.length === 0 ? undefined : [...values]),
    clear: () => table.write(table.key(), WHOLE, undefined),
  };
}

function required(table: StateTable, value: unknown): unknown {
  if (value === undefined) throw badState(table, 'undefined');
  return value;
}

function badState(table: StateTable, what: string): MillraceError {
  return new MillraceError(`State "${table.name}" cannot store ${what}.`, {
    code: 'STATE_VALUE',
    domain: 'internal',
    params: { state: table.name, what },
    hint: 'Store a plain value, or call clear() or delete() to remove one.',
  });
}

/** All states of one operator under test. */
export class StateStore {
  readonly #tables: StateTable[] = [];
  /** What the operator sees as `ctx.state`. */
  readonly handles: Record<string, unknown> = {};

  constructor(states: { readonly [name: string]: StateSpec }, config: Value, host: StoreHost) {
    for (const [name, spec] of Object.entries(states)) {
      const table = new StateTable(name, spec, config, host);
      this.#tables.push(table);
      this.handles[name] =
        spec.kind === 'value' ? valueHandle(table) : spec.kind === 'map' ? mapHandle(table) : listHandle(table);
    }
  }

  get size(): number {
    return this.#tables.reduce((n, table) => n + table.size, 0);
  }

  saveAndReload(): void {
    for (const table of this.#tables) table.saveAndReload();
  }
}
