import { type CalendarUnit, nextPeriod, startOfPeriod } from '@millrace/sdk';
import type { Assigner } from './assigner.js';

/** Days, ISO weeks (from Monday) or months of a time zone. A day is 23 or 25 hours long when the clocks change. */
export function calendar(unit: CalendarUnit, zone: string): Assigner {
  // Records come in bunches of one period: asking the zone once per bunch is enough.
  let start = 0;
  let end = 0;
  const find = (time: number) => {
    if (time >= start && time < end) return;
    start = startOfPeriod(time, unit, zone);
    end = nextPeriod(start, unit, zone);
  };
  const endOf = (pane: number) => {
    find(pane);
    return end;
  };
  return {
    pane(time) {
      find(time);
      return start;
    },
    lastEnd: endOf,
    firstEnd: endOf,
    startOf(windowEnd) {
      find(windowEnd - 1);
      return start;
    },
    nextEnd: () => undefined,
    keepFrom: (windowEnd) => windowEnd,
    paneSize: undefined,
  };
}
