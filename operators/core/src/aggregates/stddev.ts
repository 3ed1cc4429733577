import { addToSum, Decimal, scaleOf } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';
import { exactNumber } from './numbers.js';
import { type CountedSum, emptySum, mergeCounted, subtractCounted } from './sum.js';

/** Exact sums of the values and of their squares. */
interface Moments {
  values: CountedSum;
  squares: CountedSum;
}

/** v², exactly: a number when that has at most 15 digits, otherwise decimal text. */
function square(v: number | string): number | string {
  if (typeof v === 'number') {
    const scale = scaleOf(v);
    const unit = 10 ** scale;
    const units = Math.round(v * unit);
    if (scale >= 0 && scale <= 7 && units < 3e7 && units > -3e7) return (units * units) / (unit * unit);
  }
  const exact = Decimal.from(v);
  return exact.mul(exact).toString();
}

const decimal = ({ units, scale }: CountedSum) => new Decimal(BigInt(units), scale);

/**
 * Standard deviation: √((n·Σx² − (Σx)²) ÷ (n·(n − less))). The sums are exact, so that neither order nor grouping of the values matters, and
 * large values that differ little lose nothing.
 */
function deviation(fn: string, less: 0 | 1): Aggregate {
  return {
    prepare: exactNumber(fn),
    init: (): Moments => ({ values: emptySum(), squares: emptySum() }),
    add(row, at, value) {
      const acc: Moments = row[at];
      addToSum(acc.values, value);
      addToSum(acc.squares, square(value));
      acc.values.n++;
    },
    merge(into, from, at) {
      const acc: Moments = into[at];
      const other: Moments = from[at];
      mergeCounted(acc.values, other.values);
      mergeCounted(acc.squares, other.squares);
    },
    result(row, at) {
      const acc: Moments = row[at];
      const { n } = acc.values;
      if (n <= less) return null;
      const total = decimal(acc.values);
      const spread = decimal(acc.squares).mul(Decimal.from(n)).add(total.mul(total).negate());
      return Math.sqrt(spread.toNumber() / n / (n - less));
    },
    retract(row, at, value) {
      const acc: Moments = row[at];
      addToSum(acc.values, value, -1);
      addToSum(acc.squares, square(value), -1);
      acc.values.n--;
      return true;
    },
    subtract(into, from, at) {
      const acc: Moments = into[at];
      const other: Moments = from[at];
      subtractCounted(acc.values, other.values);
      subtractCounted(acc.squares, other.squares);
    },
    type: 'number',
  };
}

/** Of a sample (n − 1), which is what SQL's STDDEV means; null for fewer than two values. */
export const stddev = deviation('stddev', 1);
/** Of a whole population (n). */
export const stddevPop = deviation('stddevPop', 0);
