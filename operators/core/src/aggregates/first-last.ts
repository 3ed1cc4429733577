import type { Value } from '@millrace/sdk';
import type { Aggregate } from './aggregate.js';

/** [event time, value], or [] when there is none. */
type Timed = [] | [number, Value];

/**
 * The value of the earliest (latest) record by event time, so that disorder changes nothing. At the same time: the first (last) to arrive.
 */
function byTime(wins: (candidate: number, held: number) => boolean): Aggregate {
  return {
    prepare: (value) => value,
    init: (): Timed => [],
    add(row, at, value, time) {
      const acc: Timed = row[at];
      if (acc.length === 0 || wins(time, acc[0])) {
        acc[0] = time;
        acc[1] = value;
      }
    },
    merge(into, from, at) {
      const acc: Timed = into[at];
      const other: Timed = from[at];
      if (other.length > 0 && (acc.length === 0 || wins(other[0]!, acc[0]))) {
        acc[0] = other[0]!;
        acc[1] = other[1];
      }
    },
    result(row, at) {
      const acc: Timed = row[at];
      return acc.length === 0 ? null : acc[1];
    },
    // Another record of the same time may come next.
    retract(row, at, _value, time) {
      const acc: Timed = row[at];
      return acc[0] !== time;
    },
    type: undefined,
  };
}

export const first = byTime((candidate, held) => candidate < held);
export const last = byTime((candidate, held) => candidate >= held);
