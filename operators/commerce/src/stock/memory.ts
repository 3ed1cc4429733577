import type { Context, MapState, Timer } from '@millrace/sdk';

/** What became of a line. */
export const REFUSED = 0;
export const HELD = 1;
export const SOLD = 2;
export const RELEASED = 3;
export const EXPIRED = 4;

/** [product, units asked for, units given, what became of them, expires at (0: never), number of the request or null]. Products and requests are encoded. */
export type Line = [string, number, number, number, number, string | null];

/** One order. `filed` is the bucket it is to be forgotten with, null while nothing is to forget it. */
export interface Order {
  customer: string | null;
  filed: number | null;
  lines: Line[];
}

export interface MemoryState {
  orders: MapState<Order, string>;
  /** Numbers of restocks, so that a repeat is noticed: bucket. */
  restocks: MapState<number, string>;
  /** Names to forget, by `bucket/part`: parts are small, so that a commit never writes all of them again. */
  parts: MapState<string[], string>;
  /** Names in a bucket. */
  counts: MapState<number, number>;
}

const PART = 64;
/** Parts forgotten by one firing of a timer; a commit may fall between two. */
const PARTS_AT_ONCE = 64;
const ORDER = 'o';
const RESTOCK = 'r';
export const FORGET = 'forget';

/** Forgets orders and restocks a while after their last change, in buckets of event time with one timer each. */
export class Memory {
  readonly #length: number;

  constructor(readonly rememberFor: number) {
    this.#length = Math.max(1, Math.ceil(rememberFor / 8));
  }

  /** Remembers an order from `time` on. The caller then sets it. */
  touch(name: string, order: Order, time: number, ctx: Context<MemoryState>): void {
    const bucket = this.#bucket(time);
    if (order.filed !== null && order.filed >= bucket) return;
    order.filed = bucket;
    this.#file(ORDER + name, bucket, ctx);
  }

  rememberRestock(request: string, time: number, ctx: Context<MemoryState>): void {
    const bucket = this.#bucket(time);
    ctx.state.restocks.set(request, bucket);
    this.#file(RESTOCK + request, bucket, ctx);
  }

  #bucket(time: number): number {
    return Math.floor(time / this.#length) * this.#length;
  }

  #file(name: string, bucket: number, { state, timers }: Context<MemoryState>): void {
    const count = state.counts.get(bucket) ?? 0;
    if (count === 0) timers.at(bucket + this.#length + this.rememberFor, FORGET);
    const part = `${bucket}/${Math.floor(count / PART)}`;
    const names = state.parts.get(part);
    if (names === undefined) state.parts.set(part, [name]);
    else {
      names.push(name);
      state.parts.set(part, names);
    }
    state.counts.set(bucket, count + 1);
  }

  /** `gone` is told of each order that is forgotten. Orders that hold units stay; their next change files them again. */
  onTimer({ time }: Timer, ctx: Context<MemoryState>, gone: (order: Order) => void): void {
    const { state, timers } = ctx;
    const bucket = this.#due(time, state.counts);
    if (bucket === undefined) return;
    let count = state.counts.get(bucket) ?? 0;
    for (let done = 0; done < PARTS_AT_ONCE && count > 0; done++) {
      const index = Math.floor((count - 1) / PART);
      const part = `${bucket}/${index}`;
      for (const name of state.parts.get(part) ?? []) this.#forget(name, bucket, ctx, gone);
      state.parts.delete(part);
      count = index * PART;
    }
    if (count === 0) state.counts.delete(bucket);
    else state.counts.set(bucket, count);
    if (this.#due(time, state.counts) !== undefined) timers.at(time + 1, FORGET);
  }

  /** The oldest bucket whose time is over. There are only a handful of buckets. */
  #due(time: number, counts: MemoryState['counts']): number | undefined {
    let oldest: number | undefined;
    for (const [bucket] of counts.entries()) {
      if (bucket + this.#length + this.rememberFor <= time && (oldest === undefined || bucket < oldest))
        oldest = bucket;
    }
    return oldest;
  }

  #forget(name: string, bucket: number, { state }: Context<MemoryState>, gone: (order: Order) => void): void {
    const own = name.slice(1);
    if (name[0] === RESTOCK) {
      if (state.restocks.get(own) === bucket) state.restocks.delete(own);
      return;
    }
    const order = state.orders.get(own);
    if (order === undefined || order.filed !== bucket) return;
    if (order.lines.some((line) => line[3] === HELD)) {
      state.orders.set(own, { ...order, filed: null });
      return;
    }
    state.orders.delete(own);
    gone(order);
  }
}
