import { sumAverage } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';
import { exactNumber } from './numbers.js';
import { type CountedSum, sum } from './sum.js';

/** Mean: the exact sum divided once, as a double. */
export const avg: Aggregate = {
  ...sum,
  prepare: exactNumber('avg'),
  result(row, at) {
    const acc: CountedSum = row[at];
    return acc.n === 0 ? null : sumAverage(acc, acc.n) || 0;
  },
};
