import { compareKeys, keyGroupOf, MAX_TIME } from '@millrace/sdk';
import type { TaskStore, TimerChange, TimerRow } from '../ports/index.js';
import type { Undoable, UndoLog } from './undo.js';

interface Item {
  time: number;
  key: string;
  name: string;
  /** Cancelled or fired: skipped when it comes up. */
  gone: boolean;
}

/** Kinds of change in the undo log. */
enum Change {
  Add,
  Cancel,
  Request,
}

function compare(
  a: { time: number; key: string; name: string },
  b: { time: number; key: string; name: string },
): number {
  return a.time - b.time || compareKeys(a.key, b.key) || compareKeys(a.name, b.name);
}

const idOf = (time: number, key: string, name: string) => `${time}\u0001${name}\u0001${key}`;

/**
 * Timers of one node in (time, encoded key, name) order. The nearest are in a heap, the rest only in the store: beyond
 * `limit` the later half is dropped from memory and read back, in order, when the nearer ones are used up.
 */
export class TimerQueue implements Undoable {
  #heap: Item[] = [];
  #byId = new Map<string, Item>();
  /** Not yet committed: id → change. */
  #dirty = new Map<string, TimerChange>();
  /** In the commit on its way: what the store does not show yet. */
  #sending = new Map<string, TimerChange>();
  /** The store may hold timers after this one that memory does not; undefined = memory has all. */
  #horizon: { time: number; key: string; name: string } | undefined;

  constructor(
    private readonly store: TaskStore,
    private readonly undoLog: UndoLog,
    readonly node: string,
    private readonly kind: 0 | 1,
    private readonly groups: readonly [number, number],
    private readonly limit = 200_000,
  ) {}

  get size(): number {
    return this.#byId.size;
  }

  /** Earliest time in memory or beyond the horizon, MAX_TIME + 1 when there is none. */
  peekTime(): number {
    this.#skipGone();
    const first = this.#heap[0];
    if (first === undefined && this.#horizon !== undefined) {
      this.#refill();
      return this.peekTime();
    }
    return first?.time ?? MAX_TIME + 1;
  }

  add(time: number, key: string, name: string): void {
    const id = idOf(time, key, name);
    if (this.#byId.has(id)) return;
    const item: Item = { time, key, name, gone: false };
    const before = this.#dirty.get(id);
    this.#note(id, time, key, name, true);
    if (this.#horizon !== undefined && compare(item, this.#horizon) > 0) {
      // It is read back from the store when its time comes; it may be there already.
      this.undoLog.push(this, Change.Request, id, before);
      return;
    }
    this.#byId.set(id, item);
    this.#push(item);
    this.undoLog.push(this, Change.Add, item, undefined);
  }

  cancel(time: number, key: string, name: string): void {
    const id = idOf(time, key, name);
    const item = this.#byId.get(id);
    if (item === undefined && (this.#horizon === undefined || compare({ time, key, name }, this.#horizon) <= 0)) return;
    const before = this.#dirty.get(id);
    this.#note(id, time, key, name, false);
    if (item === undefined) {
      // Only the store knows whether it exists: undo takes the request back.
      this.undoLog.push(this, Change.Request, id, before);
      return;
    }
    item.gone = true;
    this.#byId.delete(id);
    this.undoLog.push(this, Change.Cancel, item, undefined);
  }

  /** Takes the next timer at or before `until`, or undefined. */
  pop(until: number): { time: number; key: string; name: string } | undefined {
    if (this.peekTime() > until) return undefined;
    const item = this.#popHeap()!;
    item.gone = true;
    const id = idOf(item.time, item.key, item.name);
    this.#byId.delete(id);
    this.#note(id, item.time, item.key, item.name, false);
    return item;
  }

  undo(what: number, a: unknown, before: unknown): void {
    if (what === Change.Request) {
      if (before === undefined) this.#dirty.delete(a as string);
      else this.#dirty.set(a as string, before as TimerChange);
      return;
    }
    const { time, key, name } = a as Item;
    const id = idOf(time, key, name);
    if (what === Change.Add) {
      (a as Item).gone = true;
      this.#byId.delete(id);
      this.#note(id, time, key, name, false);
    } else {
      const item: Item = { time, key, name, gone: false };
      this.#byId.set(id, item);
      this.#push(item);
      this.#note(id, time, key, name, true);
    }
  }

  collect(out: TimerChange[]): void {
    for (const change of this.#dirty.values()) out.push(change);
    this.#sending = this.#dirty;
    this.#dirty = new Map();
  }

  /** The last commit is durable: what it held is in the store, and the heap is brought within its limit. */
  committed(): void {
    this.#sending = new Map();
    if (this.#byId.size <= this.limit) return;
    const items = this.#heap.filter((item) => !item.gone).sort(compare);
    const keep = items.slice(0, this.limit >> 1);
    this.#heap = keep;
    this.#byId = new Map(keep.map((item) => [idOf(item.time, item.key, item.name), item]));
    this.#horizon = keep.at(-1)!;
  }

  /** Reads the nearest timers after a restart. */
  load(): void {
    this.#horizon = { time: -MAX_TIME, key: '', name: '' };
    this.#refill();
  }

  #refill(): void {
    const from = this.#horizon!;
    const chunk = Math.max(1, this.limit >> 1);
    const rows: TimerRow[] = this.store.loadTimers(this.node, this.kind, this.groups, from, chunk);
    this.#horizon = rows.length < chunk ? undefined : rows.at(-1)!;
    for (const { time, key, name } of rows) this.#admit(time, key, name);
    // Added beyond the old horizon and not committed yet: the store does not know them.
    for (const { timer, add } of [...this.#sending.values(), ...this.#dirty.values()]) {
      if (add && (this.#horizon === undefined || compare(timer, this.#horizon) <= 0))
        this.#admit(timer.time, timer.key, timer.name);
    }
  }

  #admit(time: number, key: string, name: string): void {
    const id = idOf(time, key, name);
    if (this.#byId.has(id) || (this.#dirty.get(id) ?? this.#sending.get(id))?.add === false) return;
    const item: Item = { time, key, name, gone: false };
    this.#byId.set(id, item);
    this.#push(item);
  }

  #note(id: string, time: number, key: string, name: string, add: boolean): void {
    this.#dirty.set(id, { timer: { node: this.node, group: keyGroupOf(key), kind: this.kind, time, key, name }, add });
  }

  #skipGone(): void {
    while (this.#heap.length > 0 && this.#heap[0]!.gone) this.#popHeap();
  }

  #push(item: Item): void {
    const heap = this.#heap;
    let i = heap.push(item) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (compare(heap[parent]!, item) <= 0) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = item;
  }

  #popHeap(): Item | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length > 0 && last !== undefined) {
      let i = 0;
      for (;;) {
        let child = 2 * i + 1;
        if (child >= heap.length) break;
        if (child + 1 < heap.length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
        if (compare(last, heap[child]!) <= 0) break;
        heap[i] = heap[child]!;
        i = child;
      }
      heap[i] = last;
    }
    return first;
  }
}
