import { compareKeys, type Value } from '@millrace/sdk';
import { notFit } from './aggregate.js';

const RANK: Record<string, number> = { boolean: 0, number: 1, string: 2 };

/** Orders true/false, then numbers, then text by its UTF-8 bytes: total, so that comparing never throws. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const types = RANK[typeof a]! - RANK[typeof b]!;
  if (types !== 0) return types;
  return typeof a === 'string' ? compareKeys(a, b) : Number(a) - Number(b);
}

/** A value that has an order. */
export function ordered(fn: string): (value: Value) => Value {
  return (value) => {
    if (typeof value === 'object' || (typeof value === 'number' && !Number.isFinite(value))) {
      throw notFit(fn, value, 'numbers, text or true/false');
    }
    return value;
  };
}
