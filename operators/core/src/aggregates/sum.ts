import { addToSum, type ExactSum, mergeSum, sumValue } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';
import { exactNumber } from './numbers.js';

/** An exact decimal sum and how many values are in it. */
export interface CountedSum extends ExactSum {
  n: number;
}

/** Starts at two decimal places: most sums are money, and a change of scale costs more than the additions themselves. */
export const emptySum = (): CountedSum => ({ units: 0, scale: 2, n: 0 });

/** Total as exact decimals: 0.1 ten million times is 1,000,000. A number, or text when a double would lose digits. */
export const sum: Aggregate = {
  prepare: exactNumber('sum'),
  init: emptySum,
  add(row, at, value) {
    const acc: CountedSum = row[at];
    addToSum(acc, value);
    acc.n++;
  },
  merge(into, from, at) {
    const acc: CountedSum = into[at];
    mergeCounted(acc, from[at]);
  },
  result(row, at) {
    const acc: CountedSum = row[at];
    return acc.n === 0 ? null : sumValue(acc);
  },
  retract(row, at, value) {
    const acc: CountedSum = row[at];
    addToSum(acc, value, -1);
    acc.n--;
    return true;
  },
  subtract(into, from, at) {
    subtractCounted(into[at], from[at]);
  },
  type: 'number',
};

/** Small sums of one scale, the common case, need no BigInt. */
export function mergeCounted(into: CountedSum, from: CountedSum): void {
  if (from.scale === into.scale && typeof from.units === 'number' && typeof into.units === 'number') {
    const total = into.units + from.units;
    if (Number.isSafeInteger(total)) into.units = total;
    else mergeSum(into, from);
  } else {
    mergeSum(into, from);
  }
  into.n += from.n;
}

export function subtractCounted(into: CountedSum, from: CountedSum): void {
  if (from.scale === into.scale && typeof from.units === 'number' && typeof into.units === 'number') {
    const rest = into.units - from.units;
    if (Number.isSafeInteger(rest)) into.units = rest;
    else mergeSum(into, { units: -from.units, scale: from.scale });
  } else {
    mergeSum(into, { units: -from.units, scale: from.scale });
  }
  into.n -= from.n;
}
