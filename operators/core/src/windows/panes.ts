import type { MapState } from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';

/** Accumulators of the current key by start of the pane. */
export type Panes = MapState<Row, number>;

export interface Pane {
  readonly start: number;
  readonly row: Row;
}

/** The panes that exist in [from, to), earliest first. Looks up each place, or goes through all there are, whichever is less. */
export function panesBetween(panes: Panes, from: number, to: number, paneSize: number): Pane[] {
  const found: Pane[] = [];
  if ((to - from) / paneSize <= panes.size) {
    for (let start = from; start < to; start += paneSize) {
      const row = panes.get(start);
      if (row !== undefined) found.push({ start, row });
    }
    return found;
  }
  for (const [start, row] of panes.entries()) if (start >= from && start < to) found.push({ start, row });
  return found.sort((a, b) => a.start - b.start);
}
