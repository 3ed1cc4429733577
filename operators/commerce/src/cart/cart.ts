import { addToSum, encodePart, multiplyExact, newSum, sumValue, type Value } from '@millrace/sdk';

/** What happened to a cart: plain data, in the order of time, at the same time in this order. */
export type Change =
  | { t: number; kind: 0; item: Value; quantity: number; price: Value; currency: Value; cart: Value }
  | { t: number; kind: 1; item: Value; quantity: number | null; cart: Value }
  | { t: number; kind: 2; item: Value; quantity: number; price: Value; currency: Value; cart: Value }
  | { t: number; kind: 3; cart: Value }
  | { t: number; kind: 4; order: Value };

export interface Line {
  item: Value;
  quantity: number;
  price: Value;
  currency: Value;
}

/** A cart as of the changes folded in. */
export interface Cart {
  lines: Line[];
  /** Time of the last change, orders not counted. */
  last: number;
  id: Value;
  /** Set when it was reported as abandoned and not bought since. */
  told: { at: number; value: Value; currency: Value } | null;
  /** Time of the last report, bought since or not. */
  reported: number | null;
}

export const emptyCart = (): Cart => ({
  lines: [],
  last: Number.MIN_SAFE_INTEGER,
  id: null,
  told: null,
  reported: null,
});

/** Different products of a cart that are kept; further ones are passed over. */
export const MAX_LINES = 200;

/** Applies one change; an order empties the cart. */
export function apply(cart: Cart, change: Change): void {
  if (change.kind === 4) {
    cart.lines = [];
    return;
  }
  cart.last = Math.max(cart.last, change.t);
  if (change.cart !== null) cart.id = change.cart;
  if (change.kind === 3) {
    cart.lines = [];
    return;
  }
  const id = encodePart(change.item);
  const at = cart.lines.findIndex(({ item }) => encodePart(item) === id);
  const before = at < 0 ? 0 : cart.lines[at]!.quantity;
  if (change.kind === 1) {
    const left = change.quantity === null ? 0 : before - change.quantity;
    if (at < 0) return;
    if (left > 0) cart.lines[at] = { ...cart.lines[at]!, quantity: left };
    else cart.lines.splice(at, 1);
    return;
  }
  const quantity = change.kind === 0 ? before + change.quantity : change.quantity;
  const line = { item: change.item, quantity, price: change.price, currency: change.currency };
  if (at >= 0 && quantity > 0) cart.lines[at] = line;
  else if (at >= 0) cart.lines.splice(at, 1);
  else if (quantity > 0 && cart.lines.length < MAX_LINES) cart.lines.push(line);
}

/** Exact worth of the lines, and its currency. Null when prices are missing or currencies differ: sums of those would mean nothing. */
export function worth(lines: readonly Line[]): { value: Value; currency: Value } {
  const currency = lines[0]?.currency ?? null;
  const sum = newSum();
  for (const { quantity, price, currency: own } of lines) {
    if (own !== currency) return { value: null, currency: null };
    if (typeof price !== 'number') return { value: null, currency };
    addToSum(sum, multiplyExact(quantity, price));
  }
  return { value: sumValue(sum), currency };
}
