import { encodePart, fieldReader, type Value } from '@millrace/sdk';
import { isId, isObject } from '../shared/fields.js';
import type { StockConfig } from './config.js';

export type Action = 'reserve' | 'commit' | 'release' | 'restock';

/** Why something was refused; documented in the operator's description. */
export type Reason =
  | 'sold-out'
  | 'not-enough'
  | 'over-limit'
  | 'bad-quantity'
  | 'no-product'
  | 'no-order-id'
  | 'no-lines'
  | 'too-many-lines'
  | 'no-customer'
  | 'unknown-action'
  | 'unknown-order'
  | 'order-id-reused'
  | 'nothing-reserved'
  | 'already-released'
  | 'already-expired'
  | 'already-committed';

export interface Wanted {
  sku: string;
  quantity: number;
}

/** What a record asks for, with encoded names. `bad`: why it cannot be done at all. */
export interface Request {
  action: Action;
  order: string;
  customer: string | null;
  request: string | null;
  /** Empty for commit and release of the whole order. */
  lines: Wanted[];
  /** True if the lines came in a list. */
  many: boolean;
}

const MAX_LINES = 1000;
const MAX_QUANTITY = 1_000_000_000;
const ACTIONS = new Set(['reserve', 'commit', 'release', 'restock']);

/** Reads records as requests: nothing is changed before everything about a record has been checked. */
export class RequestReader {
  readonly #action: (value: Value) => Value;
  readonly #order: (value: Value) => Value;
  readonly #sku: (value: Value) => Value;
  readonly #quantity: (value: Value) => Value;
  readonly #lines: (value: Value) => Value;
  readonly #customer: (value: Value) => Value;
  readonly #request: (value: Value) => Value;
  readonly #needsCustomer: boolean;

  constructor(config: StockConfig) {
    this.#action = fieldReader(config.action ?? 'action');
    this.#order = fieldReader(config.order ?? 'orderId');
    this.#sku = fieldReader(config.sku ?? 'sku');
    this.#quantity = fieldReader(config.quantity ?? 'quantity');
    this.#lines = fieldReader(config.lines ?? 'lines');
    this.#customer = fieldReader(config.customer ?? 'customerId');
    this.#request = fieldReader(config.request ?? 'requestId');
    this.#needsCustomer = config.limitPerCustomer !== undefined;
  }

  read(value: Value): Request | Reason {
    const action = this.#action(value) ?? 'reserve';
    if (!ACTIONS.has(action)) return 'unknown-action';
    const order = this.#order(value);
    if (!isId(order) && action !== 'restock') return 'no-order-id';
    const request = this.#request(value);
    const customer = this.#customer(value);
    if (this.#needsCustomer && action === 'reserve' && !isId(customer)) return 'no-customer';
    const list = this.#lines(value);
    const read: Request = {
      action,
      order: isId(order) ? encodePart(order) : '',
      customer: isId(customer) ? encodePart(customer) : null,
      request: isId(request) ? encodePart(request) : null,
      lines: [],
      many: Array.isArray(list),
    };
    const counted = action === 'reserve' || action === 'restock';
    if (read.many) {
      // A commit or release may carry the order's lines along; it is about the order.
      if (!counted) return read;
      if (list.length === 0) return 'no-lines';
      if (list.length > MAX_LINES) return 'too-many-lines';
      for (const line of list) {
        const wanted = isObject(line) ? this.#line(line) : 'no-product';
        if (typeof wanted === 'string') return wanted;
        read.lines.push(wanted);
      }
      return read;
    }
    if (counted) {
      const wanted = this.#line(value);
      if (typeof wanted === 'string') return wanted;
      read.lines.push(wanted);
      return read;
    }
    const sku = this.#sku(value);
    if (isId(sku)) read.lines.push({ sku: encodePart(sku), quantity: 0 });
    return read;
  }

  #line(value: Value): Wanted | Reason {
    const sku = this.#sku(value);
    if (!isId(sku)) return 'no-product';
    const quantity = this.#quantity(value);
    if (!Number.isInteger(quantity) || quantity <= 0 || quantity > MAX_QUANTITY) return 'bad-quantity';
    return { sku: encodePart(sku), quantity };
  }
}
