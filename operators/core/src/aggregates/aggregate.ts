import { type FieldType, MillraceError, type Value } from '@millrace/sdk';
import { kindOf } from '../shared/paths.js';

/** Accumulators of one group, one place per aggregate. Plain data: it goes into state as it is. */
export type Row = Value[];

/**
 * One way of putting many values into one. Accumulators are plain data in `row[at]`, changed in place. Only `prepare` may throw: it runs for
 * all aggregates of a record before any accumulator is touched. Values are never null: nulls are skipped before.
 */
export interface Aggregate {
  /** Checks a value and gives what is added (and, over upsert input, kept for taking it away again): plain data. */
  prepare(value: Value): Value;
  /** Accumulator of nothing. `retractable`: values may be taken away later. */
  init(retractable: boolean): Value;
  add(row: Row, at: number, value: Value, time: number): void;
  /** Adds what `from` holds. Its values came after those of `into`. `from` stays as it is and shares nothing with `into`. */
  merge(into: Row, from: Row, at: number): void;
  /** The result as JSON that shares nothing with the accumulator. Null (count: 0) when there were no values. */
  result(row: Row, at: number): Value;
  /** Takes a value away. False: it cannot; the accumulator must be built again from the values that are left. */
  retract(row: Row, at: number, value: Value, time: number): boolean;
  /**
   * Takes away all that `from` holds, which was merged or added before. Only where results are then exactly those of what is left, whatever the
   * accumulator has held before.
   */
  subtract?(into: Row, from: Row, at: number): void;
  /** The accumulator grows with the number of values, so copies of it are dear. */
  readonly large?: boolean;
  /** Type of the result; undefined: that of the input. */
  readonly type: FieldType | undefined;
}

/** Settings of an aggregate beside its input. */
export interface AggregateOptions {
  /** concat: between two texts. */
  separator?: string;
  /** percentile: which one, 0..1. */
  quantile?: number;
  /** top-k, collect: how many. */
  limit?: number;
  /** approximate percentiles: relative error. */
  accuracy?: number;
}

export function notFit(fn: string, value: Value, wanted: string): MillraceError {
  const shown =
    typeof value === 'string'
      ? `the text "${value.slice(0, 60)}"`
      : typeof value === 'number'
        ? `${value}`
        : kindOf(value);
  return new MillraceError(`${fn} needs ${wanted}; this record gives ${shown}.`, {
    code: 'AGGREGATE_TYPE',
    params: { fn, wanted, found: shown },
    hint: 'Convert the field before this node, or choose another field.',
  });
}
