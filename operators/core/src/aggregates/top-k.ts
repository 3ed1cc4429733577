import { compareKeys, encodePart, type Value } from '@millrace/sdk';
import type { Aggregate, AggregateOptions } from './aggregate.js';

/** How often each value is there, by encoded value. */
type Counts = Map<string, [Value, number]>;

function change(counts: Counts, id: string, value: Value, by: number): void {
  const entry = counts.get(id);
  if (entry === undefined) counts.set(id, [value, by]);
  else if (entry[1] + by === 0) counts.delete(id);
  else entry[1] += by;
}

/** The most frequent values as `{ value, count }`, most frequent first, ties by value; at most `limit` (default 10). Counts are exact. */
export function topK({ limit = 10 }: AggregateOptions): Aggregate {
  return {
    prepare: (value) => value,
    init: (): Counts => new Map(),
    add(row, at, value) {
      change(row[at], encodePart(value), value, 1);
    },
    merge(into, from, at) {
      const other: Counts = from[at];
      for (const [id, [value, n]] of other) change(into[at], id, value, n);
    },
    result(row, at) {
      const counts: Counts = row[at];
      const ranked = [...counts].sort(([a, [, m]], [b, [, n]]) => n - m || compareKeys(a, b));
      return ranked.slice(0, limit).map(([, [value, count]]) => ({ value, count }));
    },
    retract(row, at, value) {
      change(row[at], encodePart(value), value, -1);
      return true;
    },
    large: true,
    type: 'list',
  };
}
