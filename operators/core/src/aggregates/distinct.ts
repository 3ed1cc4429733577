import { encodePart } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';

/**
 * How many different values, exactly. 1 and "1" are different. A set of encoded values, or where values may be taken away, how often each
 * is there. Memory and commits grow with the number of different values; `distinct-approx` does not.
 */
type Seen = Set<string> | Map<string, number>;

export const distinct: Aggregate = {
  prepare: encodePart,
  init: (retractable): Seen => (retractable ? new Map() : new Set()),
  add(row, at, value) {
    const acc: Seen = row[at];
    if (acc instanceof Set) acc.add(value);
    else acc.set(value, (acc.get(value) ?? 0) + 1);
  },
  merge(into, from, at) {
    const acc: Seen = into[at];
    const other: Seen = from[at];
    if (acc instanceof Set) for (const value of other.keys()) acc.add(value);
    else if (other instanceof Map) for (const [value, n] of other) acc.set(value, (acc.get(value) ?? 0) + n);
  },
  result(row, at) {
    const acc: Seen = row[at];
    return acc.size;
  },
  retract(row, at, value) {
    const acc: Seen = row[at];
    if (acc instanceof Set) return false;
    const n = acc.get(value) ?? 0;
    if (n > 1) acc.set(value, n - 1);
    else acc.delete(value);
    return true;
  },
  large: true,
  type: 'number',
};
