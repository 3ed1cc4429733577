import { encodePart, type Value } from '@millrace/sdk';
import type { Aggregate, AggregateOptions } from './aggregate.js';

const LIMIT = 1000;

/** The values in a list, in the order of arrival (see `concat`), at most `limit` (default 1000): the first ones. */
export function collectList({ limit = LIMIT }: AggregateOptions): Aggregate {
  return {
    prepare: (value) => value,
    init: (): Value[] => [],
    add(row, at, value) {
      const acc: Value[] = row[at];
      if (acc.length < limit) acc.push(value);
    },
    merge(into, from, at) {
      const acc: Value[] = into[at];
      for (const value of from[at]) if (acc.length < limit) acc.push(value);
    },
    result: (row, at) => row[at].slice(),
    retract: () => false,
    large: true,
    type: 'list',
  };
}

/** The different values in a list, in the order of their first arrival, at most `limit` (default 1000). */
export function collectSet({ limit = LIMIT }: AggregateOptions): Aggregate {
  return {
    prepare: (value) => value,
    // By encoded value, so that equal objects are one.
    init: (): Map<string, Value> => new Map(),
    add(row, at, value) {
      const acc: Map<string, Value> = row[at];
      if (acc.size >= limit) return;
      const id = encodePart(value);
      if (!acc.has(id)) acc.set(id, value);
    },
    merge(into, from, at) {
      const acc: Map<string, Value> = into[at];
      const other: Map<string, Value> = from[at];
      for (const [id, value] of other) if (acc.size < limit && !acc.has(id)) acc.set(id, value);
    },
    result(row, at) {
      const acc: Map<string, Value> = row[at];
      return [...acc.values()];
    },
    retract: () => false,
    large: true,
    type: 'list',
  };
}
