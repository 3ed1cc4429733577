/** A period of the forecast: from, to (ms), expected units. */
export interface Expected {
  from: number;
  to: number;
  units: number;
}

/**
 * When the stock is used up if things go as expected: the instant, within a period evenly; null when it lasts beyond the forecast. What of a
 * period lies before `now` is sold already.
 */
export function runsOutAt(onHand: number, now: number, path: readonly Expected[]): number | null {
  if (onHand <= 0) return now;
  let left = onHand;
  for (const { from, to, units } of path) {
    if (to <= now) continue;
    const start = Math.max(from, now);
    const demand = (units * (to - start)) / (to - from);
    if (demand >= left && demand > 0) return Math.round(start + ((to - start) * left) / demand);
    left -= demand;
  }
  return null;
}
