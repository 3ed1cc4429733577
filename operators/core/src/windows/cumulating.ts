import { type Assigner, floorTo } from './assigner.js';

/** Windows that start together every `size` ms and end `step`, 2 × `step` ... later: "today so far", every hour. `size` is a multiple of `step`. */
export function cumulating(size: number, step: number, offset: number): Assigner {
  const startOf = (end: number) => floorTo(end - 1, size, offset);
  return {
    pane: (time) => floorTo(time, step, offset),
    lastEnd: (pane) => floorTo(pane, size, offset) + size,
    firstEnd(pane, after) {
      const first = pane + step;
      return first > after ? first : floorTo(after, step, offset) + step;
    },
    startOf,
    nextEnd: (end) => (end < startOf(end) + size ? end + step : undefined),
    keepFrom(end) {
      const start = startOf(end);
      return end === start + size ? end : start;
    },
    paneSize: step,
  };
}
