import type { Value, ValueState } from '@millrace/sdk';
import type { RowOrder } from '../shared/order-by.js';

/** What all ways of removing repeats share. */
export interface DedupeSetup {
  readonly keep: 'first' | 'last';
  /** True for a record that has no key and none may be made up for it. */
  readonly lacksKey: (value: Value) => boolean;
  /** A key is forgotten by event time. */
  readonly byEventTime: boolean;
  /** ms a key is remembered; Infinity: for ever. */
  readonly within: number;
  /** Decides between records of the same event time, before arrival does. */
  readonly tieBreak: RowOrder;
}

/** A row that is held: [event time, value]. */
export type Held = [number, Value];

/** Rows of one key that wait until the watermark has passed them, and the group of repeats that is open. */
export interface Waiting {
  /** Event time of the record that opened the group. */
  start: number | null;
  /** Keep last: the newest row of the open group. */
  row: Held | null;
  /** In event-time order. */
  pending: Held[];
}

export interface DedupeState {
  seen: ValueState<true>;
  held: ValueState<Held>;
  waiting: ValueState<Waiting>;
}

/** Negative when `a` comes before `b`; 0 when only arrival can tell. */
export function compareHeld(a: Held, b: Held, tieBreak: RowOrder): number {
  return a[0] - b[0] || tieBreak.compareRows(a[1], b[1]);
}
