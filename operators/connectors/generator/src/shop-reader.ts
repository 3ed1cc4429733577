import type { Clock, SourceBatch, SourceReader, Value } from '@millrace/sdk';
import { type Arrival, Shop, type ShopOptions } from './shop.js';
import type { Kind } from './visit.js';

/** Where the stream goes on. Kept in the commit. */
export interface ShopPosition {
  /** Number of the block, and of the event in it. */
  block: number;
  index: number;
  /** Events given so far. */
  done: number;
  /** ms since 1970 at which the shop opened, and at which the wall clock was then. */
  start: number;
  anchor: number;
}

export interface ShopReaderOptions {
  shop: Omit<ShopOptions, 'start'>;
  from: ShopPosition;
  /** Events keep to the clock; otherwise they come as fast as they are asked for. */
  paced: boolean;
  /** Events to give in all; undefined: never end. */
  count: number | undefined;
  clock: Clock;
  wake(): void;
}

/** Gives the events of the shop, paced by the clock without drift: after a pause all that became due meanwhile comes at once. */
export class ShopReader implements SourceReader {
  readonly #shop: Shop;
  readonly #closing = new AbortController();
  #block: number;
  #arrivals: readonly Arrival[];
  #index: number;
  #done: number;
  #asleep = false;

  constructor(private readonly options: ShopReaderOptions) {
    const { shop, from } = options;
    this.#shop = new Shop({ ...shop, start: from.start }, from.block);
    this.#block = from.block;
    this.#arrivals = this.#shop.nextBlock();
    this.#index = from.index;
    this.#done = from.done;
  }

  poll(max: number): SourceBatch | null | Promise<SourceBatch | null> {
    const { paced, count, clock, from } = this.options;
    if (this.#closing.signal.aborted) return null;
    const due = paced ? clock.now() - from.anchor : Number.POSITIVE_INFINITY;
    const left = Math.min(max, (count ?? Number.POSITIVE_INFINITY) - this.#done);
    const values: Value[] = [];
    const ports: Kind[] = [];
    while (values.length < left) {
      const arrival = this.#upcoming();
      if (arrival.at > due) break;
      values.push(arrival.value);
      ports.push(arrival.kind);
      this.#index++;
    }
    this.#done += values.length;
    const end = this.#done === count;
    if (values.length === 0 && !end) return this.#sleep(max);
    const position: ShopPosition = { ...from, block: this.#block, index: this.#index, done: this.#done };
    return end ? { values, ports, position, end } : { values, ports, position };
  }

  /** The next event, also if it is not due yet. */
  #upcoming(): Arrival {
    while (this.#index >= this.#arrivals.length) {
      this.#arrivals = this.#shop.nextBlock();
      this.#block++;
      this.#index = 0;
    }
    return this.#arrivals[this.#index]!;
  }

  /** Nothing is due yet. */
  #sleep(max: number): null | Promise<SourceBatch | null> {
    const { clock, count, from, wake } = this.options;
    if (this.#asleep) return null;
    const ms = Math.max(1, Math.ceil(from.anchor + this.#upcoming().at - clock.now()));
    const slept = clock.sleep(ms, this.#closing.signal);
    if (count !== undefined) return slept.then(() => this.poll(max));
    this.#asleep = true;
    void slept.then(() => {
      this.#asleep = false;
      wake();
    });
    return null;
  }

  close(): void {
    this.#closing.abort();
  }
}
