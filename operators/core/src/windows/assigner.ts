/**
 * Where windows lie in time. Every assigner cuts time into panes: spans that lie in a window as a whole or not at all, so that a record is
 * added once, however many windows it is in. Windows are half-open, [start, end); all times are ms, before 1970 too.
 */
export interface Assigner {
  /** Start of the pane that holds a time; NaN when no window does. */
  pane(time: number): number;
  /** End of the last window that holds the pane. */
  lastEnd(pane: number): number;
  /** End of the first window that holds the pane and ends after `after`; it may lie beyond `lastEnd` when there is none. */
  firstEnd(pane: number, after: number): number;
  /** Start of the window that ends there. */
  startOf(end: number): number;
  /** End of the next window, if it can share panes with the one that ends here. */
  nextEnd(end: number): number | undefined;
  /** Panes of the window that ends here and start before this time are in no later window. */
  keepFrom(end: number): number;
  /** Length of a pane; undefined where every window is one pane. */
  readonly paneSize: number | undefined;
}

/** The greatest multiple of `unit`, counted from `offset`, that is not after `time`. */
export function floorTo(time: number, unit: number, offset: number): number {
  return Math.floor((time - offset) / unit) * unit + offset;
}

export function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}
