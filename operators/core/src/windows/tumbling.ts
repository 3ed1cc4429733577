import { type Assigner, floorTo } from './assigner.js';

/** Windows of one size, one after the other. */
export function tumbling(size: number, offset: number): Assigner {
  return {
    pane: (time) => floorTo(time, size, offset),
    lastEnd: (pane) => pane + size,
    firstEnd: (pane) => pane + size,
    startOf: (end) => end - size,
    nextEnd: () => undefined,
    keepFrom: (end) => end,
    paneSize: undefined,
  };
}
