import type { Aggregate, AggregateOptions } from './aggregate.js';
import { avg } from './avg.js';
import { concat } from './concat.js';
import { count } from './count.js';
import { distinct } from './distinct.js';
import { first, last } from './first-last.js';
import { max, min } from './min-max.js';
import { sum } from './sum.js';

/** Every aggregate by the name it has in a config. */
export const AGGREGATES = {
  count: () => count,
  sum: () => sum,
  avg: () => avg,
  min: () => min,
  max: () => max,
  first: () => first,
  last: () => last,
  distinct: () => distinct,
  concat,
} satisfies { [fn: string]: (options: AggregateOptions) => Aggregate };

export type AggregateName = keyof typeof AGGREGATES;
export const AGGREGATE_NAMES = Object.keys(AGGREGATES) as AggregateName[];
