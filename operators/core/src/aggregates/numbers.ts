import type { Value } from '@millrace/sdk';
import { notFit } from './aggregate.js';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/**
 * A finite number as it is, or a decimal text (what `decimal()` and exact sums give when a double would lose digits) in its number form
 * when that is exact. Anything else is an error of the record.
 */
export function exactNumber(fn: string): (value: Value) => number | string {
  return (value) => {
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
    } else if (typeof value === 'string' && value.length <= 400 && NUMBER.test(value)) {
      return value;
    }
    throw notFit(fn, value, 'numbers');
  };
}

/** A finite number, exact or not. */
export function plainNumber(fn: string): (value: Value) => number {
  const exact = exactNumber(fn);
  return (value) => Number(exact(value));
}
