import { Decimal } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';
import { exactNumber } from './numbers.js';
import { type CountedSum, sum } from './sum.js';

/** Mean cut to a whole number, towards zero: AVG(BIGINT) of Flink SQL. */
export const avgInt: Aggregate = {
  ...sum,
  prepare: exactNumber('avgInt'),
  result(row, at) {
    const acc: CountedSum = row[at];
    if (acc.n === 0) return null;
    return new Decimal(BigInt(acc.units) / (10n ** BigInt(acc.scale) * BigInt(acc.n)), 0).toJSON();
  },
};
