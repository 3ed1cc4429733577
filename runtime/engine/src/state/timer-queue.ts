import { compareKeys, keyGroupOf, MAX_TIME } from '@millrace/sdk';
import type { TaskStore, TimerChange, TimerRow } from '../ports/index.js';
import type { Undoable, UndoLog } from './undo.js';

interface Item {
  time: number;
  key: string;
  name: string;
  /** Cancelled or fired: skipped when it comes up. */
  gone: boolean;
  /** The store has it, or will by the commit on its way: when it goes, it must be removed there. */
  stored: boolean;
  /** Listed as changed since the last commit. */
  noted: boolean;
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

/** Tells the timers of one key apart. */
const placeOf = (time: number, name: string) => (name === '' ? time : `${time}\u0001${name}`);
const idOf = (time: number, key: string, name: string) => `${time}\u0001${name}\u0001${key}`;

/**
 * Timers of one node in (time, encoded key, name) order. The nearest are in a heap, the rest only in the store: beyond
 * `limit` the later half is dropped from memory and read back, in order, when the nearer ones are used up.
 */
export class TimerQueue implements Undoable {
  #heap: Item[] = [];
  /** By key: its only timer, which is the common case, or all of them by place. */
  #byKey = new Map<string, Item | Map<number | string, Item>>();
  #size = 0;
  /** What may differ from the store, in the order of change. A timer that came and went since the last commit leaves nothing to do. */
  #dirty: Item[] = [];
  /** In the commit on its way: what the store does not show yet. */
  #sending: readonly TimerChange[] = [];
  /** The one that `pop` gave out, still at the top of the heap: often a timer sets the next one of its key, which then takes its place. */
  #fired: Item | undefined;
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
    this.#settle();
    return this.#size;
  }

  /** Earliest time in memory or beyond the horizon, MAX_TIME + 1 when there is none. */
  peekTime(): number {
    this.#settle();
    this.#skipGone();
    const first = this.#heap[0];
    if (first === undefined && this.#horizon !== undefined) {
      this.#refill();
      return this.peekTime();
    }
    return first?.time ?? MAX_TIME + 1;
  }

  add(time: number, key: string, name: string): void {
    if (this.#follows(time, key, name)) return;
    if (this.#find(time, key, name) !== undefined) return;
    const item: Item = { time, key, name, gone: false, stored: false, noted: false };
    this.#note(item);
    if (this.#horizon !== undefined && compare(item, this.#horizon) > 0) {
      // It is read back from the store when its time comes; it may be there already.
      this.undoLog.push(this, Change.Request, item, undefined);
      return;
    }
    this.#hold(item);
    this.undoLog.push(this, Change.Add, item, undefined);
  }

  cancel(time: number, key: string, name: string): void {
    this.#settle();
    const item = this.#find(time, key, name);
    if (item !== undefined) {
      this.#release(item);
      this.undoLog.push(this, Change.Cancel, item, undefined);
    } else if (this.#horizon !== undefined && compare({ time, key, name }, this.#horizon) > 0) {
      // Only the store knows whether it exists: undo takes the request back.
      const request: Item = { time, key, name, gone: true, stored: true, noted: false };
      this.#note(request);
      this.undoLog.push(this, Change.Request, request, undefined);
    }
  }

  /** Takes the next timer at or before `until`, or undefined. What it gives is true until the next call. */
  pop(until: number): { time: number; key: string; name: string } | undefined {
    if (this.peekTime() > until) return undefined;
    this.#fired = this.#heap[0]!;
    return this.#fired;
  }

  /** The timer that was given out is over. */
  #settle(): void {
    const item = this.#fired;
    if (item === undefined) return;
    this.#fired = undefined;
    this.#popHeap();
    this.#release(item);
  }

  /** Puts the next timer of a key in the place of the one that was given out, if it has no others. */
  #follows(time: number, key: string, name: string): boolean {
    const fired = this.#fired;
    if (fired === undefined) return false;
    const beyond = this.#horizon !== undefined && compare({ time, key, name }, this.#horizon) > 0;
    if (beyond || this.#byKey.get(key) !== fired) {
      this.#settle();
      return false;
    }
    this.#fired = undefined;
    fired.gone = true;
    this.#note(fired);
    const item: Item = { time, key, name, gone: false, stored: false, noted: false };
    this.#note(item);
    this.#byKey.set(key, item);
    this.#sink(item);
    this.undoLog.push(this, Change.Add, item, undefined);
    return true;
  }

  undo(what: number, a: unknown): void {
    const item = a as Item;
    if (what === Change.Add) this.#release(item);
    else if (what === Change.Cancel) {
      // The cancelled one may still lie in the heap.
      const again: Item = { ...item, gone: false, noted: false };
      item.stored = false;
      this.#hold(again);
      this.#note(again);
    } else item.stored = !item.gone;
  }

  collect(out: TimerChange[]): void {
    this.#settle();
    const changes: TimerChange[] = [];
    for (const item of this.#dirty) {
      item.noted = false;
      const { time, key, name, gone, stored } = item;
      if (gone !== stored) continue;
      changes.push({
        timer: { node: this.node, group: keyGroupOf(key), kind: this.kind, time, key, name },
        add: !gone,
      });
      item.stored = !gone;
    }
    for (const change of changes) out.push(change);
    this.#dirty = [];
    this.#sending = changes;
  }

  /** The last commit is durable: what it held is in the store, and the heap is brought within its limit. */
  committed(): void {
    this.#sending = [];
    this.#settle();
    if (this.#size <= this.limit) return;
    const items = this.#heap.filter((item) => !item.gone).sort(compare);
    const keep = items.slice(0, this.limit >> 1);
    this.#heap = [];
    this.#byKey = new Map();
    this.#size = 0;
    // In order, which is a heap.
    for (const item of keep) this.#hold(item);
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
    // What the store does not show yet; of several changes of one timer the last counts.
    const changes = new Map<string, { item: { time: number; key: string; name: string }; add: boolean }>();
    for (const { timer, add } of this.#sending) {
      changes.set(idOf(timer.time, timer.key, timer.name), { item: timer, add });
    }
    for (const item of this.#dirty) {
      if (item.gone === item.stored) changes.set(idOf(item.time, item.key, item.name), { item, add: !item.gone });
    }
    for (const { time, key, name } of rows) {
      if (changes.get(idOf(time, key, name))?.add !== false) this.#admit(time, key, name);
    }
    // Added beyond the old horizon and not committed yet: the store does not know them.
    for (const { item, add } of changes.values()) {
      if (add && (this.#horizon === undefined || compare(item, this.#horizon) <= 0))
        this.#admit(item.time, item.key, item.name);
    }
  }

  /** What comes from the store, or will have gone there by the time that it is removed. */
  #admit(time: number, key: string, name: string): void {
    if (this.#find(time, key, name) !== undefined) return;
    this.#hold({ time, key, name, gone: false, stored: true, noted: false });
  }

  #note(item: Item): void {
    if (item.noted) return;
    item.noted = true;
    this.#dirty.push(item);
  }

  #find(time: number, key: string, name: string): Item | undefined {
    const held = this.#byKey.get(key);
    if (held === undefined) return undefined;
    if (held instanceof Map) return held.get(placeOf(time, name));
    return held.time === time && held.name === name ? held : undefined;
  }

  #hold(item: Item): void {
    const held = this.#byKey.get(item.key);
    if (held === undefined) this.#byKey.set(item.key, item);
    else if (held instanceof Map) held.set(placeOf(item.time, item.name), item);
    else {
      const both = new Map<number | string, Item>([
        [placeOf(held.time, held.name), held],
        [placeOf(item.time, item.name), item],
      ]);
      this.#byKey.set(item.key, both);
    }
    this.#size++;
    this.#push(item);
  }

  /** Out of memory; from the heap when it comes up. */
  #release(item: Item): void {
    item.gone = true;
    this.#note(item);
    this.#size--;
    const held = this.#byKey.get(item.key);
    if (!(held instanceof Map)) {
      this.#byKey.delete(item.key);
      return;
    }
    held.delete(placeOf(item.time, item.name));
    if (held.size === 0) this.#byKey.delete(item.key);
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

  #popHeap(): void {
    const last = this.#heap.pop();
    if (this.#heap.length > 0 && last !== undefined) this.#sink(last);
  }

  /** Puts an item in the place of the first, and then as deep as it belongs. */
  #sink(item: Item): void {
    const heap = this.#heap;
    const { length } = heap;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= length) break;
      if (child + 1 < length && compare(heap[child + 1]!, heap[child]!) < 0) child++;
      if (compare(item, heap[child]!) <= 0) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = item;
  }
}
