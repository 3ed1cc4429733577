import type { Aggregate } from './aggregate.js';
import { compareValues, ordered } from './order.js';

/** The least (sign 1) or greatest (sign -1) value; null is the empty accumulator. */
function extreme(fn: 'min' | 'max', sign: 1 | -1): Aggregate {
  return {
    prepare: ordered(fn),
    init: () => null,
    add(row, at, value) {
      if (row[at] === null || compareValues(value, row[at]) * sign < 0) row[at] = value;
    },
    merge(into, from, at) {
      if (from[at] !== null && (into[at] === null || compareValues(from[at], into[at]) * sign < 0)) into[at] = from[at];
    },
    result: (row, at) => row[at],
    // Another record may hold the same value, or the next one is unknown.
    retract: (row, at, value) => compareValues(value, row[at]) !== 0,
    type: undefined,
  };
}

export const min = extreme('min', 1);
export const max = extreme('max', -1);
