import { compareKeys } from '../key.js';
import type { Timer } from '../operator.js';

function compareTimers(a: Timer, b: Timer): number {
  if (a.time !== b.time) return a.time - b.time;
  const keys = compareKeys(a.key, b.key);
  return keys !== 0 ? keys : compareKeys(a.name, b.name);
}

/** Timers of one kind, at most one per (key, time, name), in (time, encoded key, name) order. */
export class TimerQueue {
  readonly #byId = new Map<string, Timer>();
  /** A binary heap; timers that were removed stay in it until they reach the top. */
  readonly #heap: Timer[] = [];

  constructor(readonly kind: Timer['kind']) {}

  get size(): number {
    return this.#byId.size;
  }

  /** True if the timer was not there before. */
  add(key: string, time: number, name: string): boolean {
    const id = idOf(key, time, name);
    if (this.#byId.has(id)) return false;
    const timer = Object.freeze({ kind: this.kind, time, name, key });
    this.#byId.set(id, timer);
    this.#push(timer);
    return true;
  }

  /** True if the timer was there. */
  remove(key: string, time: number, name: string): boolean {
    return this.#byId.delete(idOf(key, time, name));
  }

  /** The first timer due at `limit`, or undefined. It stays in the queue. */
  next(limit: number): Timer | undefined {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (this.#byId.get(idOf(top.key, top.time, top.name)) === top) return top.time <= limit ? top : undefined;
      this.#pop();
    }
    return undefined;
  }

  list(): Timer[] {
    return [...this.#byId.values()].sort(compareTimers);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareTimers(heap[parent]!, timer) <= 0) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && compareTimers(heap[child + 1]!, heap[child]!) < 0) child++;
      if (compareTimers(last, heap[child]!) <= 0) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function idOf(key: string, time: number, name: string): string {
  return `${time} ${name.length} ${name}${key}`;
}
