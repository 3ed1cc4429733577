import type { Value } from '@millrace/sdk';
import { type Customer, inCurrency, type Product, padded, rounded, type ShopCatalogue } from './catalogue.js';
import { Random } from './random.js';

export const KINDS = ['orders', 'payments', 'stock', 'clicks', 'carts', 'customers'] as const;
export type Kind = (typeof KINDS)[number];

/** What is wrong with a visit. */
export const ANOMALIES = ['bot', 'card-testing', 'bulk-order', 'price-glitch', 'foreign-card'] as const;
export type Anomaly = (typeof ANOMALIES)[number];

export interface VisitOptions {
  seed: number;
  kinds: ReadonlySet<Kind>;
  /** Number of customers known from the start. */
  customers: number;
  anomalies: number;
  /** Every value gets a field `label`. */
  label: boolean;
  /** Number of the product on sale. */
  saleSku: number;
  /** Factor on all times inside a visit, at most 1. */
  pace: number;
  /** ms since 1970 of time 0. */
  start: number;
}

/** Longest time from the first click to the last event of a visit, ms (before `pace`). What would come later comes then. */
export const LONGEST_VISIT = 60 * 60_000;

/** Takes an event: its kind, its time in ms after the start, its value. Undefined: it is too early to be of interest. */
export type Take = (kind: Kind, at: number, value: Value | undefined) => void;

interface Line {
  product: Product;
  quantity: number;
  /** Hundredths of the currency. */
  price: number;
}

const SECOND = 1000;
const MINUTE = 60_000;
const METHODS = ['card', 'card', 'card', 'paypal', 'invoice', 'wallet'];
const CARDS_ABROAD = ['US', 'BR', 'CN', 'IN', 'GB'];

/**
 * One visit to the shop: clicks, a cart perhaps, an order perhaps, its payments and stock movements. All of it follows from the seed
 * and the number of the visit. The odds are written at each draw, and in the help text of the operator.
 */
export class VisitMaker {
  readonly #random: Random;
  #take!: Take;
  #visit = 0;
  #now = 0;
  #latest = 0;
  #customer!: Customer;
  #channel = 'web';
  #anomaly: Anomaly | undefined;
  #sale = false;

  constructor(
    private readonly shop: ShopCatalogue,
    private readonly options: VisitOptions,
  ) {
    this.#random = new Random(options.seed, 3);
  }

  #muted = false;
  /** Values of events before this time are not made: a resume needs only what is still to come. */
  notBefore = 0;

  /** Makes visit number `visit`, which begins `at` ms after the start, or before it (then its events after the start count). */
  make(visit: number, at: number, sale: boolean, take: Take): void {
    const { options, shop } = this;
    const random = this.#random.at(visit);
    this.#take = take;
    this.#visit = visit;
    this.#now = at;
    this.#latest = at + LONGEST_VISIT * options.pace;
    this.#sale = sale;
    this.#muted = false;
    this.#anomaly = random.chance(options.anomalies) ? random.pick(ANOMALIES) : undefined;
    // 5 % come for the first time; of the others the low numbers come more often (a quarter of them make half of the visits).
    const isNew = random.chance(0.05) && at >= 0;
    this.#customer = shop.customer(
      isNew ? options.customers + visit : Math.floor(random.unit() ** 2 * options.customers),
    );
    this.#channel = random.chance(0.6) ? 'web' : 'app';
    this.#introduce(isNew ? 'registered' : random.chance(0.01) ? 'changed' : undefined);
    if (this.#anomaly === 'bot') {
      this.#bot();
      return;
    }
    const lines = this.#browse();
    if (lines.length === 0) return;
    // 55 % of carts are bought; 75 % in a sale, and all of those in which something is to be wrong with the order.
    if (this.#anomaly !== undefined || random.chance(sale ? 0.75 : 0.55)) this.#buy(lines);
  }

  /**
   * True when the value of an event of this kind is to be made now. What is random about a visit must not depend on the answer, or a
   * resumed stream would differ.
   */
  #wants(kind: Kind): boolean {
    if (!this.options.kinds.has(kind)) return false;
    if (this.#now >= this.notBefore && this.#now >= 0 && !this.#muted) return true;
    this.#take(kind, this.#now, undefined);
    return false;
  }

  /** Emits with the present time. */
  #emit(kind: Kind, value: Value): void {
    value.ts = this.options.start + Math.floor(this.#now);
    if (this.options.label) value.label = this.#anomaly ?? null;
    this.#take(kind, this.#now, value);
  }

  #introduce(event: 'registered' | 'changed' | undefined): void {
    if (event === undefined || !this.#wants('customers')) return;
    const segment = event === 'changed' ? 'loyal' : this.#customer.segment;
    this.#emit('customers', { event, ...this.#customer, segment, ts: 0 });
  }

  #pass(ms: number): void {
    this.#now = Math.min(this.#latest, this.#now + ms * this.options.pace);
  }

  /** Looks at products and puts some into the cart; 30 % of visits fill one, 60 % in a sale. */
  #browse(): Line[] {
    const random = this.#random;
    const { products, popularity } = this.shop;
    const fills = this.#anomaly !== undefined || random.chance(this.#sale ? 0.6 : 0.3);
    const wanted = fills ? 1 + random.times(0.45, 5) : 0;
    const lines: Line[] = [];
    for (let i = 0; i < wanted; i++) {
      const product = this.#sale && i === 0 ? products[this.options.saleSku]! : products[popularity.draw(random)]!;
      if (lines.some((line) => line.product === product)) continue;
      // 1 piece in 75 % of lines, then 2, 3 or 4.
      lines.push({ product, quantity: 1 + random.times(0.25, 3), price: this.#priceOf(product) });
    }
    // Before each product that is wanted, and at the end, 1.5 others are looked at on average; 0.25 in a sale.
    for (let i = 0; i <= lines.length; i++) {
      const line = lines[i];
      for (let more = random.times(this.#sale ? 0.2 : 0.6, 8); more > 0; more--) this.#click(undefined);
      if (line === undefined) break;
      this.#click(line.product);
      this.#pass(random.between(2, 20) * SECOND);
      this.#cart('add', line);
    }
    // 8 % take one product out again.
    if (lines.length > 1 && random.chance(0.08)) {
      const [line] = lines.splice(random.below(lines.length), 1);
      this.#pass(random.between(2, 60) * SECOND);
      this.#cart('remove', line!);
    }
    return lines;
  }

  #cart(action: 'add' | 'remove', { product, quantity, price }: Line): void {
    if (!this.#wants('carts')) return;
    const { customerId, currency } = this.#customer;
    const cartId = `B-${padded(this.#visit, 8)}`;
    this.#emit('carts', {
      cartId,
      action,
      customerId,
      sku: product.sku,
      quantity,
      price: price / 100,
      currency,
      ts: 0,
    });
  }

  #priceOf(product: Product): number {
    const price = inCurrency(product.cents, this.#customer.currency);
    const isOnSale = this.#sale && product === this.shop.products[this.options.saleSku];
    return isOnSale ? rounded(price * 0.7, this.#customer.currency) : price;
  }

  /** Looks at a product, or at any. */
  #click(wanted: Product | undefined): void {
    const product = wanted ?? this.shop.products[this.shop.popularity.draw(this.#random)]!;
    if (this.#wants('clicks')) this.#see(product);
    this.#pass(this.#random.wait(this.#sale ? 8 * SECOND : 25 * SECOND));
  }

  #see({ sku, category }: Product): void {
    const { customerId } = this.#customer;
    this.#emit('clicks', {
      sessionId: `S-${padded(this.#visit, 8)}`,
      customerId,
      sku,
      category,
      channel: this.#channel,
      ts: 0,
    });
  }

  /** 80 to 200 clicks within a minute, no purchase. */
  #bot(): void {
    const random = this.#random;
    const { products } = this.shop;
    this.#channel = 'web';
    for (let left = 80 + random.below(121); left > 0; left--) {
      if (this.#wants('clicks')) this.#see(products[(this.#visit + left) % products.length]!);
      this.#pass(random.between(100, 300));
    }
  }

  #buy(lines: Line[]): void {
    const random = this.#random;
    if (this.#anomaly === 'bulk-order') lines[0]!.quantity = 50 + random.below(151);
    if (this.#anomaly === 'price-glitch')
      for (const line of lines) line.price = Math.max(1, rounded(line.price / 100, this.#customer.currency));
    this.#pass(random.wait(45 * SECOND) + 5 * SECOND);
    const { customerId, country, currency } = this.#customer;
    const goods = lines.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
    // Shipping is free from 50 euro on.
    const shipping = goods >= inCurrency(5000, currency) ? 0 : inCurrency(490, currency);
    const total = goods + shipping;
    const order = {
      orderId: `O-${padded(this.#visit, 8)}`,
      status: 'placed',
      customerId,
      country,
      channel: this.#channel,
      items: lines.map(({ product, quantity, price }) => ({ sku: product.sku, quantity, price: price / 100 })),
      quantity: lines.reduce((sum, { quantity }) => sum + quantity, 0),
      shipping: shipping / 100,
      total: total / 100,
      currency,
      ts: 0,
    };
    if (this.#wants('orders')) this.#emit('orders', order);
    // Nobody outside has seen this order, so nobody is told what becomes of it.
    if (this.#now < 0) this.#muted = true;
    for (const line of lines) this.#sell(line, order.orderId);
    const placed = this.#now;
    const paid = this.#pay(order.orderId, total);
    // Of paid orders 3 % are cancelled within 20 minutes, of unpaid ones all after 20.
    if (paid && !random.chance(0.03)) return;
    if (paid) this.#pass(random.between(2, 20) * MINUTE);
    else this.#pass(Math.max(0, 20 * MINUTE - (this.#now - placed) / this.options.pace));
    if (this.#wants('orders')) this.#emit('orders', { ...order, status: 'cancelled' });
    for (const { product, quantity } of lines) this.#move(product, quantity, 'release', order.orderId);
  }

  /** Takes the pieces out of stock. One line in 20 leads to new stock for twenty such lines, so that levels hold; none in a sale. */
  #sell({ product, quantity }: Line, orderId: string): void {
    const random = this.#random;
    this.#move(product, -quantity, 'sale', orderId);
    if (!random.chance(0.05) || this.#sale || this.#anomaly !== undefined) return;
    const now = this.#now;
    this.#pass(random.between(1, 5) * MINUTE);
    this.#move(product, Math.round(quantity * 20 * random.between(0.8, 1.2)), 'restock', null);
    this.#now = now;
  }

  #move(product: Product, change: number, reason: string, orderId: string | null): void {
    if (!this.#wants('stock')) return;
    this.#emit('stock', {
      sku: product.sku,
      change,
      reason,
      orderId,
      warehouse: product.cents % 3 === 0 ? 'north' : 'south',
      ts: 0,
    });
  }

  /** True when the order is paid in the end. */
  #pay(orderId: string, total: number): boolean {
    const random = this.#random;
    const { currency } = this.#customer;
    if (this.#anomaly === 'card-testing') this.#testCards(orderId, total);
    // 2 % never try. 3 % pay late, after 5 to 15 minutes; the others within about a minute.
    if (random.chance(0.02)) return false;
    this.#pass(random.chance(0.03) ? random.between(5, 15) * MINUTE : 2 * SECOND + random.wait(8 * SECOND));
    for (let attempt = 1; attempt <= 3; attempt++) {
      // 7 % of attempts are declined, and 70 % of those are followed by another one.
      const declined = random.chance(0.07);
      // 1.5 % of payments are for another amount: the shipping is missing, or one percent.
      const wrong = !declined && random.chance(0.015);
      const missing = wrong ? (random.chance(0.5) ? inCurrency(490, currency) : total / 100) : 0;
      const amount = Math.max(1, rounded(total - missing, currency));
      this.#payment(orderId, attempt, amount, declined ? 'declined' : 'captured');
      if (!declined) return true;
      if (!random.chance(0.7)) return false;
      this.#pass(random.between(20, 90) * SECOND);
    }
    return false;
  }

  /** 8 to 15 declined payments of small amounts within half a minute, each with another stolen card. */
  #testCards(orderId: string, total: number): void {
    const random = this.#random;
    for (let i = 8 + random.below(8); i > 0; i--) {
      this.#pass(random.between(0.5, 2) * SECOND);
      this.#payment(
        orderId,
        0,
        Math.min(total, inCurrency(100 + random.below(400), this.#customer.currency)),
        'declined',
        i,
      );
    }
  }

  #payment(orderId: string, attempt: number, amount: number, status: string, stolen = 0): void {
    const { customerId, country, currency } = this.#customer;
    const random = this.#random;
    const paymentId = `P-${padded(this.#visit, 8)}-${attempt === 0 ? `t${random.below(1_000_000)}` : attempt}`;
    // 1 % pay with a card from abroad anyway.
    const abroad = random.chance(0.01) || this.#anomaly === 'foreign-card';
    const cardCountry = abroad ? CARDS_ABROAD.find((other) => other !== country)! : country;
    const method = random.pick(METHODS);
    if (!this.#wants('payments')) return;
    // Nothing random here: a customer has one card (one more from abroad) and a device per channel.
    const number = customerId.slice(2);
    const card = stolen > 0 ? `K-${padded(this.#visit, 8)}-${stolen}` : `K-${number}${abroad ? '-2' : ''}`;
    this.#emit('payments', {
      paymentId,
      orderId,
      customerId,
      method,
      amount: amount / 100,
      currency,
      country,
      card,
      device: `D-${number}-${this.#channel}`,
      cardCountry,
      status,
      attempt,
      ts: 0,
    });
  }
}
