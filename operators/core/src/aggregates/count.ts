import type { Aggregate } from './aggregate.js';

/** How many records, or how many values that are not null. */
export const count: Aggregate = {
  prepare: () => true,
  init: () => 0,
  add(row, at) {
    row[at]++;
  },
  merge(into, from, at) {
    into[at] += from[at];
  },
  result: (row, at) => row[at],
  retract(row, at) {
    row[at]--;
    return true;
  },
  subtract(into, from, at) {
    into[at] -= from[at];
  },
  type: 'number',
};
