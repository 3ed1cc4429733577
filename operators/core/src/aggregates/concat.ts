import type { Value } from '@millrace/sdk';
import { type Aggregate, type AggregateOptions, notFit } from './aggregate.js';

function asText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw notFit('concat', value, 'text, numbers or true/false');
}

/**
 * Texts joined in the order of arrival. Where a result is put together from several spans of time (hopping, cumulating, session windows),
 * an earlier span comes first.
 */
export function concat({ separator = ', ' }: AggregateOptions): Aggregate {
  return {
    prepare: asText,
    init: (): string[] => [],
    add(row, at, value) {
      row[at].push(value);
    },
    merge(into, from, at) {
      for (const text of from[at]) into[at].push(text);
    },
    result: (row, at) => (row[at].length === 0 ? null : row[at].join(separator)),
    retract: () => false,
    large: true,
    type: 'text',
  };
}
