/**
 * Keyed state. Every handle is scoped to (node, state name, current key); `scope: 'task'` states ignore the key.
 * A value handed to `set` belongs to the store. To change it, `set` a new value; changing the stored object in place and then
 * calling `set` with it is allowed only after everything that can throw, because undo restores the previous reference.
 * Values must survive msgpack: JSON values, Uint8Array, bigint, Map, Set.
 */
export interface ValueState<T> {
  get(): T | undefined;
  set(value: T): void;
  clear(): void;
}

/** A small sorted-by-insertion map per key. Map keys are text or finite numbers. */
export interface MapState<T, K extends string | number = string | number> {
  get(mapKey: K): T | undefined;
  set(mapKey: K, value: T): void;
  delete(mapKey: K): void;
  has(mapKey: K): boolean;
  /** Snapshot order is not defined; sort where order matters. Entries may be deleted while iterating. */
  entries(): Iterable<[K, T]>;
  readonly size: number;
  clear(): void;
}

/** An append-mostly list per key. */
export interface ListState<T> {
  get(): readonly T[];
  add(value: T): void;
  set(values: readonly T[]): void;
  clear(): void;
}

export type StateKind = 'value' | 'map' | 'list';

export interface StateSpec {
  kind: StateKind;
  /** Version of the stored shape; bump it together with an `upgrade` step. */
  version?: number;
  /** 'key' (default): one instance per key. 'task': one per task, only for nodes that run as a single task. */
  scope?: 'key' | 'task';
  /** Time to live in ms of processing time since the last write; undefined = for ever. */
  ttl?: (config: never) => number | undefined;
  /** Turns a stored value of version n into version n + 1. */
  upgrade?: { readonly [fromVersion: number]: (older: unknown) => unknown };
}
