import type { Aggregate, AggregateOptions } from './aggregate.js';
import { avg } from './avg.js';
import { avgInt } from './avg-int.js';
import { collectList, collectSet } from './collect.js';
import { concat } from './concat.js';
import { count } from './count.js';
import { distinct } from './distinct.js';
import { distinctApprox } from './distinct-approx.js';
import { first, last } from './first-last.js';
import { max, min } from './min-max.js';
import { percentileCont, percentileDisc } from './percentile.js';
import { percentileApprox } from './percentile-approx.js';
import { stddev, stddevPop } from './stddev.js';
import { sum } from './sum.js';
import { topK } from './top-k.js';

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
  avgInt: () => avgInt,
  stddev: () => stddev,
  stddevPop: () => stddevPop,
  collectList,
  collectSet,
  topK,
  distinctApprox: () => distinctApprox,
  percentileCont,
  percentileDisc,
  percentileApprox,
} satisfies { [fn: string]: (options: AggregateOptions) => Aggregate };

export type AggregateName = keyof typeof AGGREGATES;
export const AGGREGATE_NAMES = Object.keys(AGGREGATES) as AggregateName[];
