import type { Value } from '@millrace/sdk';
import { ShopCatalogue, type ShopSize } from './catalogue.js';
import { Random } from './random.js';
import { type Kind, LONGEST_VISIT, VisitMaker } from './visit.js';
import { type Sale, Visitors } from './visitors.js';

export interface ShopOptions extends ShopSize {
  kinds: readonly Kind[];
  /** Events per second of shop time, on average. */
  rate: number;
  daily: boolean;
  sale: (Sale & { sku: number }) | undefined;
  /** Events arrive up to this many ms after they happened. */
  disorder: number;
  duplicates: number;
  anomalies: number;
  label: boolean;
  /** ms since 1970 at which the shop opens. */
  start: number;
}

/** An event in the order of arrival. */
export interface Arrival {
  /** ms after the start at which it arrives. */
  at: number;
  kind: Kind;
  value: Value;
}

/** Visits whose later events are known at a time; at high rates visits get shorter instead. Bounds memory and the cost of a resume. */
const VISITS_AHEAD = 50_000;
/** Visits made at a time. */
const BLOCK_VISITS = 256;
const LONGEST_BLOCK = 60_000;
/** Visits looked at to learn how many events one has. */
const PROBES = 2000;

/**
 * The events of the shop in the order in which they arrive, cut into blocks of time. A block is a function of the options and its
 * number: events of visits that began in it or not long before. Going on at block n makes only those again. Block 0 begins at the
 * start; visits before it make the shop as busy then as later.
 */
export class Shop {
  readonly #visitors: Visitors;
  readonly #maker: VisitMaker;
  readonly #block: number;
  /** Blocks over which the events of one block may spread. */
  readonly #reach: number;
  readonly #delays: Random;
  readonly #catalogue: ShopCatalogue;
  readonly #waiting = new Map<number, Arrival[]>();
  /** Visits are numbered from here. */
  readonly #firstVisit: number;
  #next: number;

  constructor(
    private readonly options: ShopOptions,
    block: number,
  ) {
    const { seed, anomalies, label, start, sale, rate, daily, disorder } = options;
    const kinds = new Set(options.kinds);
    this.#catalogue = new ShopCatalogue(options);
    const visit = {
      seed,
      kinds,
      customers: options.customers,
      anomalies,
      label,
      saleSku: sale?.sku ?? 0,
      pace: 1,
      start,
    };
    const visitsPerMs = rate / 1000 / eventsPerVisit(new VisitMaker(this.#catalogue, visit));
    const pace = Math.min(1, VISITS_AHEAD / (visitsPerMs * LONGEST_VISIT));
    this.#maker = new VisitMaker(this.#catalogue, { ...visit, pace });
    this.#visitors = new Visitors(visitsPerMs, start, daily, sale);
    this.#block = Math.min(LONGEST_BLOCK, Math.max(1, Math.round(BLOCK_VISITS / visitsPerMs)));
    this.#reach = Math.ceil((LONGEST_VISIT * pace + disorder) / this.#block) + 1;
    this.#delays = new Random(seed, 4);
    this.#firstVisit = this.#visitors.count(-this.#reach * this.#block);
    this.#next = block - this.#reach;
    this.#maker.notBefore = block * this.#block - disorder - 1;
    while (this.#next < block) {
      this.#make(this.#next);
      this.#waiting.delete(this.#next);
      this.#next++;
    }
  }

  /** Events of the next block in the order of arrival; may be empty. */
  nextBlock(): readonly Arrival[] {
    const block = this.#next++;
    this.#make(block);
    const arrivals = this.#waiting.get(block) ?? [];
    this.#waiting.delete(block);
    // Sorting is stable: events of one instant stay in the order in which they were made, which is the same after a resume.
    return arrivals.sort((a, b) => a.at - b.at);
  }

  /** Makes the visits that begin in a block. Their events go to this and later blocks. */
  #make(block: number): void {
    const from = block * this.#block;
    const to = from + this.#block;
    if (block === 0) this.#open();
    const first = this.#visitors.count(from);
    const last = this.#visitors.count(to);
    if (first === last) return;
    const ordinary = this.#visitors.ordinary(to) - this.#visitors.ordinary(from);
    const drawn = this.#visitors.drawnBySale(to) - this.#visitors.drawnBySale(from);
    const sale = this.#visitors.saleWithin(from, to);
    for (let visit = first - this.#firstVisit; visit < last - this.#firstVisit; visit++) {
      const random = this.#delays.at(visit);
      const isSale = sale !== undefined && random.chance(drawn / (ordinary + drawn));
      const at = isSale ? random.between(sale[0], sale[1]) : random.between(from, to);
      this.#maker.make(visit, at, isSale, (kind, time, value) => this.#arrive(random, kind, time, value));
    }
  }

  /** What the shop begins with: its customers and its stock. */
  #open(): void {
    const { start, label, kinds, customers } = this.options;
    const given = (kind: Kind, value: Value): void => {
      if (label) value.label = null;
      this.#put({ at: 0, kind, value });
    };
    if (kinds.includes('customers')) {
      for (let n = 0; n < customers; n++)
        given('customers', { event: 'known', ...this.#catalogue.customer(n), ts: start });
    }
    if (!kinds.includes('stock')) return;
    for (const { sku, stock } of this.#catalogue.products) {
      given('stock', { sku, change: stock, reason: 'initial', orderId: null, warehouse: 'north', ts: start });
    }
  }

  /** Most events arrive nearly at once, few as late as allowed; a duplicate comes after the first, within the same bound. */
  #arrive(random: Random, kind: Kind, time: number, value: Value | undefined): void {
    const { disorder, duplicates } = this.options;
    const latest = Math.floor(time) + disorder;
    const at = disorder === 0 ? Math.floor(time) : Math.min(latest, time + disorder * random.unit() ** 3);
    const again = duplicates > 0 && random.chance(duplicates) ? random.between(at, latest) : -1;
    if (value === undefined) return;
    this.#put({ at, kind, value });
    if (again >= 0) this.#put({ at: again, kind, value });
  }

  #put(arrival: Arrival): void {
    const block = Math.floor(arrival.at / this.#block);
    const waiting = this.#waiting.get(block);
    if (waiting === undefined) this.#waiting.set(block, [arrival]);
    else waiting.push(arrival);
  }
}

/** Mean number of events of an ordinary visit. */
function eventsPerVisit(maker: VisitMaker): number {
  let events = 0;
  for (let visit = 0; visit < PROBES; visit++) maker.make(visit, 0, false, () => void events++);
  return Math.max(events, 1) / PROBES;
}
