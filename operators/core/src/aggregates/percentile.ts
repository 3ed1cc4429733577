import { addExact, multiplyExact, subtractExact } from '@millrace/sdk';
import type { Aggregate, AggregateOptions } from './aggregate.js';
import { plainNumber } from './numbers.js';

/** A percentile over all values: they are kept, and sorted when the result is wanted. `pick` gets them sorted, at least one. */
function exactPercentile(fn: string, pick: (sorted: readonly number[]) => number): Aggregate {
  return {
    prepare: plainNumber(fn),
    init: (): number[] => [],
    add(row, at, value) {
      row[at].push(value);
    },
    merge(into, from, at) {
      for (const value of from[at]) into[at].push(value);
    },
    result(row, at) {
      const acc: number[] = row[at];
      return acc.length === 0 ? null : pick(acc.slice().sort((a, b) => a - b));
    },
    retract(row, at, value) {
      const acc: number[] = row[at];
      acc.splice(acc.lastIndexOf(value), 1);
      return true;
    },
    large: true,
    type: 'number',
  };
}

/** PERCENTILE_CONT: between two values by straight line, at place quantile · (n − 1). */
export function percentileCont({ quantile = 0.5 }: AggregateOptions): Aggregate {
  return exactPercentile('percentileCont', (sorted) => {
    const place = multiplyExact(quantile, sorted.length - 1);
    const low = Math.floor(place);
    const from = sorted[low]!;
    const to = sorted[Math.min(low + 1, sorted.length - 1)]!;
    return addExact(from, multiplyExact(subtractExact(to, from), subtractExact(place, low)));
  });
}

/** PERCENTILE_DISC: the least value that at least quantile · n values do not exceed. */
export function percentileDisc({ quantile = 0.5 }: AggregateOptions): Aggregate {
  return exactPercentile(
    'percentileDisc',
    (sorted) => sorted[Math.max(0, Math.ceil(multiplyExact(quantile, sorted.length)) - 1)]!,
  );
}
