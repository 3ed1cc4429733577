import { addToSum, Decimal, type ExactSum, fieldReader, newSum, type Value } from '@millrace/sdk';
import { type Fields, isId, isObject } from '../shared/fields.js';
import { decimalOf, isAmount, placesOf } from '../shared/money.js';
import type { ValidateConfig } from './config.js';

export interface Problem {
  code: string;
  field: string;
  message: string;
}

const show = (value: Value): string =>
  value === null ? 'missing' : (JSON.stringify(value)?.slice(0, 40) ?? 'nothing');
/** More lines than this are reported as one problem less: a list of thousands of faults helps nobody. */
const MAX_PROBLEMS = 50;

/** All that can be wrong with one order by itself. */
export class OrderChecks {
  readonly #names: Required<
    Pick<ValidateConfig, 'order' | 'customer' | 'currency' | 'total' | 'lines' | 'sku' | 'quantity' | 'price'>
  >;
  readonly #plus: readonly string[];
  readonly #minus: readonly string[];
  readonly #read: (field: string) => (value: Value) => Value;

  constructor(readonly config: ValidateConfig) {
    const { order = 'orderId', customer = 'customerId', currency = 'currency', total = 'total' } = config;
    const { lines = 'lines', sku = 'sku', quantity = 'quantity', price = 'price' } = config;
    this.#names = { order, customer, currency, total, lines, sku, quantity, price };
    this.#plus = config.plus ?? ['shipping', 'tax'];
    this.#minus = config.minus ?? ['discount'];
    const readers = new Map<string, (value: Value) => Value>();
    this.#read = (field) => {
      const known = readers.get(field) ?? fieldReader(field);
      readers.set(field, known);
      return known;
    };
  }

  problems(value: Fields): Problem[] {
    const found: Problem[] = [];
    const add = (code: string, field: string, message: string) => {
      if (found.length < MAX_PROBLEMS) found.push({ code, field, message });
    };
    const { order, customer, total } = this.#names;
    if (!isId(this.#read(order)(value))) add('no-order-id', order, 'The order has no number.');
    if (this.config.needCustomer !== false && !isId(this.#read(customer)(value)))
      add('no-customer', customer, 'The order has no customer.');
    const currency = this.#currency(value, add);
    const sum = newSum();
    const sound = this.#lines(value, currency, sum, add) && this.#extras(value, currency, sum, add);
    const said = this.#read(total)(value);
    if (said === null) return found;
    if (!this.#money(said, currency, total, 'The total', add) || !sound) return found;
    const off = Decimal.from(said).add(decimalOf(sum).negate());
    const size = off.units < 0n ? off.negate() : off;
    if (size.compare(Decimal.from(this.config.tolerance ?? 0)) > 0)
      add('total-mismatch', total, `The total is ${said}, but its parts add up to ${decimalOf(sum).toJSON()}.`);
    return found;
  }

  repeat(same: boolean): Problem {
    const field = this.#names.order;
    return same
      ? { code: 'duplicate', field, message: 'The same order came before.' }
      : { code: 'order-id-reused', field, message: 'Another order had this number before.' };
  }

  /** What makes two orders with one number the same: not when or by which way they came. */
  essence(value: Fields): Value {
    const { customer, currency, total, lines, sku, quantity, price } = this.#names;
    const list = this.#read(lines)(value);
    return [
      ...[customer, currency, total].map((field) => this.#read(field)(value)),
      Array.isArray(list) ? list.map((line) => [sku, quantity, price].map((field) => this.#read(field)(line))) : null,
    ];
  }

  #currency(value: Fields, add: Add): Value {
    const field = this.#names.currency;
    const currency = this.#read(field)(value);
    const { currencies } = this.config;
    if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
      add('bad-currency', field, `The currency is ${show(currency)}, not three capital letters.`);
    else if (currencies !== undefined && currencies.length > 0 && !currencies.includes(currency))
      add('bad-currency', field, `The currency is "${currency}", which is not one of ${currencies.join(', ')}.`);
    return currency;
  }

  /** Adds the lines up; false when their sum means nothing. */
  #lines(value: Fields, currency: Value, sum: ExactSum, add: Add): boolean {
    const names = this.#names;
    const list = this.#read(names.lines)(value);
    if (!Array.isArray(list) || list.length === 0) {
      add('no-lines', names.lines, 'The order has no lines.');
      return false;
    }
    let sound = true;
    for (const [i, line] of list.entries()) {
      const at = (field: string) => `${names.lines}.${i}.${field}`;
      if (!isObject(line) || !isId(this.#read(names.sku)(line)))
        add('no-product', at(names.sku), `Line ${i + 1} names no product.`);
      const quantity = this.#read(names.quantity)(line);
      const price = this.#read(names.price)(line);
      if (!Number.isInteger(quantity) || quantity <= 0) {
        add('bad-quantity', at(names.quantity), `The units are ${show(quantity)}, not a whole number above 0.`);
        sound = false;
      } else if (!this.#money(price, currency, at(names.price), 'The price', add, 'bad-price')) sound = false;
      else addToSum(sum, Decimal.from(price).mul(Decimal.from(quantity)).toJSON());
      const own = this.#read(names.currency)(line);
      if (own !== null && own !== currency) {
        add(
          'mixed-currencies',
          at(names.currency),
          `Line ${i + 1} is in ${show(own)}, the order in ${show(currency)}.`,
        );
        sound = false;
      }
    }
    return sound;
  }

  #extras(value: Fields, currency: Value, sum: ExactSum, add: Add): boolean {
    let sound = true;
    for (const [fields, sign] of [
      [this.#plus, 1],
      [this.#minus, -1],
    ] as const) {
      for (const field of fields) {
        const amount = this.#read(field)(value);
        if (amount === null) continue;
        if (this.#money(amount, currency, field, `"${field}"`, add)) addToSum(sum, amount, sign);
        else sound = false;
      }
    }
    return sound;
  }

  /** An amount of 0 or more, in whole cents. Parts of a cent are reported, but can be added. */
  #money(value: Value, currency: Value, field: string, what: string, add: Add, code = 'bad-amount'): boolean {
    if (!isAmount(value)) {
      add(code, field, `${what} is ${show(value)}, not a number.`);
      return false;
    }
    const exact = Decimal.from(value);
    if (exact.units < 0n) {
      add(code, field, `${what} is ${value}, below 0.`);
      return false;
    }
    const places = placesOf(currency);
    if (exact.round(places).compare(exact) !== 0)
      add(
        'too-many-decimals',
        field,
        `${what} is ${value}, which is not a whole number of ${places === 0 ? 'units' : 'cents'}.`,
      );
    return true;
  }
}

type Add = (code: string, field: string, message: string) => void;
