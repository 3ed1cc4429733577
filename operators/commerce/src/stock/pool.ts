import {
  type Behaviour,
  type Context,
  decodePart,
  durationMs,
  type MapState,
  type StreamRecord,
  type Timer,
} from '@millrace/sdk';
import { asObject, type Fields, keyWriter, lastStep, withFields } from '../shared/fields.js';
import type { StockConfig } from './config.js';
import { type Item, newItem, writeLedger } from './item.js';
import {
  EXPIRED,
  FORGET,
  HELD,
  type Line,
  Memory,
  type MemoryState,
  type Order,
  REFUSED,
  RELEASED,
  SOLD,
} from './memory.js';
import { type Reason, type Request, RequestReader, type Wanted } from './request.js';

export interface StockState extends MemoryState {
  items: MapState<Item, string>;
  /** Units a customer has of a product, by `customer NUL product`. */
  bought: MapState<number, string>;
}

/** What one line gets. */
interface Grant {
  units: number;
  reason: Reason | null;
}

/** Names of event timers: `x` and the order's name. */
const EXPIRY = 'x';
const DONE: { readonly [state: number]: Reason } = {
  [RELEASED]: 'already-released',
  [EXPIRED]: 'already-expired',
  [SOLD]: 'already-committed',
};

/** All orders on one stock, one after the other. */
export class StockPool implements Behaviour<StockState> {
  readonly #reader: RequestReader;
  readonly #memory: Memory;
  readonly #opening: number;
  readonly #expireAfter: number;
  readonly #writePool: (key: string, target: Fields) => void;
  readonly #orderName: string;
  readonly #customerName: string;
  readonly #skuName: string;
  readonly #quantityName: string;

  constructor(readonly config: StockConfig) {
    this.#reader = new RequestReader(config);
    this.#memory = new Memory(durationMs(config.rememberFor ?? '7 d'));
    this.#opening = config.openingStock ?? 0;
    this.#expireAfter = config.expireAfter === undefined ? 0 : durationMs(config.expireAfter);
    this.#writePool = keyWriter(config.pool ?? ['warehouse']);
    this.#orderName = lastStep(config.order ?? 'orderId');
    this.#customerName = lastStep(config.customer ?? 'customerId');
    this.#skuName = lastStep(config.sku ?? 'sku');
    this.#quantityName = lastStep(config.quantity ?? 'quantity');
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context<StockState>): void {
    const value = asObject(record.value);
    const request = this.#reader.read(value);
    if (typeof request === 'string') {
      this.#refuse(value, request, ctx);
      return;
    }
    const repeat = request.request ?? null;
    switch (request.action) {
      case 'reserve':
        this.#reserve(request, value, record.time, ctx);
        break;
      case 'restock':
        if (repeat !== null && ctx.state.restocks.has(repeat)) this.#repeat(value, 'restocked', ctx);
        else this.#restock(request, value, record.time, ctx);
        break;
      default:
        this.#settle(request, value, record.time, ctx);
    }
  }

  #item(sku: string, ctx: Context<StockState>): Item {
    return ctx.state.items.get(sku) ?? newItem(this.#opening);
  }

  #refuse(value: Fields, reason: Reason, ctx: Context<StockState>): void {
    ctx.emit('refused', withFields(value, { result: 'refused', reason }));
  }

  #repeat(value: Fields, result: string, ctx: Context<StockState>): void {
    ctx.emit('repeats', withFields(value, { result }));
    ctx.filtered();
  }

  // ---- reserve ----

  #reserve(request: Request, value: Fields, time: number, ctx: Context<StockState>): void {
    const { orders } = ctx.state;
    const known = orders.get(request.order);
    const earlier = known === undefined ? [] : sameRequest(known, request);
    if (earlier.length > 0) {
      if (sameLines(earlier, request.lines)) this.#repeat(value, outcome(earlier), ctx);
      else this.#refuse(value, 'order-id-reused', ctx);
      return;
    }
    const grants = this.#grant(request, ctx);
    // From here on nothing can fail.
    const until = this.#expireAfter > 0 ? time + this.#expireAfter : 0;
    const state = this.config.afterReserve === 'sell' ? SOLD : HELD;
    const order: Order = known ?? { customer: request.customer, filed: null, lines: [] };
    let reserved = 0;
    let short = 0;
    for (let i = 0; i < grants.length; i++) {
      const { sku, quantity } = request.lines[i]!;
      const { units } = grants[i]!;
      reserved += units;
      short += quantity - units;
      order.lines.push([sku, quantity, units, units > 0 ? state : REFUSED, units > 0 ? until : 0, request.request]);
    }
    if (reserved > 0 && until > 0 && state === HELD) ctx.timers.at(until, EXPIRY + request.order);
    this.#memory.touch(request.order, order, time, ctx);
    orders.set(request.order, order);
    this.#answer(request, value, grants, { reserved, short }, ctx);
    for (let i = 0; i < grants.length; i++) this.#take(request, i, grants[i]!.units, state, ctx);
  }

  /** What each line of a request would get now. Changes nothing. */
  #grant({ lines, customer }: Request, ctx: Context<StockState>): Grant[] {
    const { mode, limitPerCustomer } = this.config;
    const single = lines.length === 1;
    const taken = single ? undefined : new Map<string, number>();
    const grants: Grant[] = [];
    let whole = true;
    for (const { sku, quantity } of lines) {
      const before = taken?.get(sku) ?? 0;
      const free = (ctx.state.items.get(sku)?.free ?? this.#opening) - before;
      let most = free;
      let reason: Reason | null = null;
      if (limitPerCustomer !== undefined) {
        const left = limitPerCustomer - (ctx.state.bought.get(boughtName(customer, sku)) ?? 0) - before;
        if (left < most) most = Math.max(0, left);
        if (left < quantity) reason = 'over-limit';
      }
      if (free < quantity) reason = free <= 0 ? 'sold-out' : (reason ?? 'not-enough');
      const units = most >= quantity ? quantity : mode === 'partial' ? most : 0;
      if (units < quantity) whole = false;
      taken?.set(sku, before + units);
      grants.push({ units, reason });
    }
    if (mode === 'order' && !whole) for (const grant of grants) grant.units = 0;
    return grants;
  }

  /** Moves the units of a line. Alerts and the ledger's new row follow. */
  #take({ lines, customer }: Request, at: number, units: number, state: number, ctx: Context<StockState>): void {
    const { sku, quantity } = lines[at]!;
    const item = this.#item(sku, ctx);
    const before = item.free;
    item.free -= units;
    item.accepted += units;
    item.refused += quantity - units;
    item.requests++;
    if (state === SOLD) item.sold += units;
    else item.held += units;
    if (units > 0) this.#count(customer, sku, units, ctx);
    this.#store(sku, item, before, ctx);
  }

  #answer(
    { lines, many }: Request,
    value: Fields,
    grants: readonly Grant[],
    { reserved, short }: { reserved: number; short: number },
    ctx: Context<StockState>,
  ): void {
    const more: Fields = {
      result: short === 0 ? 'reserved' : reserved > 0 ? 'partly-reserved' : 'refused',
      reserved,
      short,
    };
    if (short > 0) more.reason = grants.find(({ reason }) => reason !== null)?.reason ?? null;
    if (many) {
      more.lines = lines.map(({ sku, quantity }, i) => {
        const { units, reason } = grants[i]!;
        const line: Fields = { [this.#skuName]: decodePart(sku), [this.#quantityName]: quantity, reserved: units };
        if (reason !== null) line.reason = reason;
        return line;
      });
    }
    ctx.emit(reserved > 0 ? 'accepted' : 'refused', withFields(value, more));
  }

  // ---- commit, release, expiry ----

  #settle(request: Request, value: Fields, time: number, ctx: Context<StockState>): void {
    const order = ctx.state.orders.get(request.order);
    const only = request.lines[0]?.sku;
    const lines = order?.lines.filter(([sku]) => only === undefined || sku === only) ?? [];
    if (order === undefined || lines.length === 0) {
      this.#refuse(value, 'unknown-order', ctx);
      return;
    }
    const to = request.action === 'commit' ? SOLD : RELEASED;
    const held = lines.filter((line) => line[3] === HELD);
    if (held.length > 0) {
      for (const until of new Set(held.map((line) => line[4]))) {
        if (until > 0 && !order.lines.some((line) => line[3] === HELD && line[4] === until && !held.includes(line)))
          ctx.timers.cancel(until, EXPIRY + request.order);
      }
      this.#memory.touch(request.order, order, time, ctx);
      const moved = this.#move(order, held, to, ctx);
      ctx.state.orders.set(request.order, order);
      ctx.emit('updates', withFields(value, { result: to === SOLD ? 'committed' : 'released', ...moved }));
      return;
    }
    // A cancel after the time ran out, or a second one, finds its work done.
    if (to === SOLD && lines.some((line) => line[3] === SOLD)) this.#repeat(value, 'committed', ctx);
    else if (to === RELEASED && lines.some((line) => line[3] === RELEASED || line[3] === EXPIRED))
      this.#repeat(value, outcome(lines), ctx);
    else
      this.#refuse(value, DONE[lines.find((line) => line[3] !== REFUSED)?.[3] ?? REFUSED] ?? 'nothing-reserved', ctx);
  }

  /** Gives held lines their fate; the items follow. Answers units and lines for the event. */
  #move(order: Order, held: readonly Line[], to: number, ctx: Context<StockState>): Fields {
    let units = 0;
    const lines: Fields[] = [];
    for (const line of held) {
      const [sku, , given] = line;
      line[3] = to;
      units += given;
      lines.push({ [this.#skuName]: decodePart(sku), [this.#quantityName]: given });
      const item = this.#item(sku, ctx);
      const before = item.free;
      item.held -= given;
      if (to === SOLD) item.sold += given;
      else {
        item.free += given;
        if (to === EXPIRED) item.expired += given;
        else item.released += given;
        this.#count(order.customer, sku, -given, ctx);
      }
      this.#store(sku, item, before, ctx);
    }
    return { units, lines };
  }

  onTimer(timer: Timer, ctx: Context<StockState>): void {
    if (timer.name === FORGET) {
      this.#memory.onTimer(timer, ctx, (order) => {
        for (const [sku, , units, state] of order.lines)
          if (state === SOLD) this.#count(order.customer, sku, -units, ctx);
      });
      return;
    }
    const name = timer.name.slice(EXPIRY.length);
    const order = ctx.state.orders.get(name);
    const held = order?.lines.filter((line) => line[3] === HELD && line[4] > 0 && line[4] <= timer.time) ?? [];
    if (order === undefined || held.length === 0) return;
    this.#memory.touch(name, order, timer.time, ctx);
    const moved = this.#move(order, held, EXPIRED, ctx);
    ctx.state.orders.set(name, order);
    const event: Fields = {};
    this.#writePool(ctx.key, event);
    event[this.#orderName] = decodePart(name);
    if (order.customer !== null) event[this.#customerName] = decodePart(order.customer);
    event.result = 'expired';
    ctx.emit('updates', Object.assign(event, moved));
  }

  // ---- restock and what all share ----

  #restock(request: Request, value: Fields, time: number, ctx: Context<StockState>): void {
    if (request.request !== null) this.#memory.rememberRestock(request.request, time, ctx);
    let units = 0;
    for (const { sku, quantity } of request.lines) {
      units += quantity;
      const item = this.#item(sku, ctx);
      const before = item.free;
      item.free += quantity;
      item.restocked += quantity;
      this.#store(sku, item, before, ctx);
    }
    ctx.emit('updates', withFields(value, { result: 'restocked', units }));
  }

  #count(customer: string | null, sku: string, units: number, { state }: Context<StockState>): void {
    if (this.config.limitPerCustomer === undefined || customer === null) return;
    const name = boughtName(customer, sku);
    const count = (state.bought.get(name) ?? 0) + units;
    if (count > 0) state.bought.set(name, count);
    else state.bought.delete(name);
  }

  #store(sku: string, item: Item, before: number, ctx: Context<StockState>): void {
    ctx.state.items.set(sku, item);
    const { free } = item;
    const { lowStock } = this.config;
    if (free !== before) {
      if (free === 0) this.#alert(sku, 'sold-out', free, ctx);
      else if (lowStock !== undefined && before > lowStock && free <= lowStock)
        this.#alert(sku, 'low-stock', free, ctx);
      else if (before === 0) this.#alert(sku, 'back-in-stock', free, ctx);
    }
    const row: Fields = {};
    this.#writePool(ctx.key, row);
    row[this.#skuName] = decodePart(sku);
    writeLedger(item, row);
    ctx.emit('ledger', row, undefined, 'upsert');
  }

  #alert(sku: string, alert: string, available: number, ctx: Context<StockState>): void {
    const event: Fields = {};
    this.#writePool(ctx.key, event);
    event[this.#skuName] = decodePart(sku);
    event.alert = alert;
    event.available = available;
    ctx.emit('alerts', event);
  }
}

function boughtName(customer: string | null, sku: string): string {
  return `${customer}\u0000${sku}`;
}

/** The lines an earlier record with the same identity left: its request number, or else the order (and product, when it was a single line). */
function sameRequest(order: Order, { request, lines, many }: Request): Line[] {
  if (request !== null) return order.lines.filter((line) => line[5] === request);
  const sku = lines[0]!.sku;
  return order.lines.filter((line) => line[5] === null && (many || line[0] === sku));
}

function sameLines(earlier: readonly Line[], lines: readonly Wanted[]): boolean {
  return (
    earlier.length === lines.length &&
    lines.every(({ sku, quantity }, i) => earlier[i]![0] === sku && earlier[i]![1] === quantity)
  );
}

/** What became of lines, in one word. */
function outcome(lines: readonly Line[]): string {
  const states = new Set(lines.map((line) => line[3]));
  if (states.has(HELD)) return lines.some((line) => line[2] < line[1]) ? 'partly-reserved' : 'reserved';
  if (states.has(SOLD)) return 'committed';
  if (states.has(EXPIRED)) return 'expired';
  return states.has(RELEASED) ? 'released' : 'refused';
}
