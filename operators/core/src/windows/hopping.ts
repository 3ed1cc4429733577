import { type Assigner, floorTo, gcd } from './assigner.js';

/** Windows of one size that start every `slide` ms: they overlap, or leave gaps when `slide` is longer. Size need not be a multiple. */
export function hopping(size: number, slide: number, offset: number): Assigner {
  const paneSize = gcd(size, slide);
  return {
    pane(time) {
      const start = floorTo(time, slide, offset);
      return time >= start + size ? Number.NaN : floorTo(time, paneSize, offset);
    },
    lastEnd: (pane) => floorTo(pane, slide, offset) + size,
    firstEnd(pane, after) {
      // Window ends are `slide` apart; the first end after the pane's start is that of its first window.
      const first = floorTo(pane, slide, offset + size) + slide;
      return first > after ? first : floorTo(after, slide, offset + size) + slide;
    },
    startOf: (end) => end - size,
    nextEnd: (end) => (slide < size ? end + slide : undefined),
    keepFrom: (end) => Math.min(end, end - size + slide),
    paneSize,
  };
}
