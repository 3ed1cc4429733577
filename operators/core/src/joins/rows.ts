import type { MapState } from '@millrace/sdk';
import { compareKeys } from '@millrace/sdk';

/** A kept row: its time and its value. */
export type Row = readonly [time: number, value: unknown];

/** The rows of a table side under the current key, in an order that does not depend on when they came. */
export function sortedRows(rows: MapState<Row, string>): Row[] {
  const { size } = rows;
  if (size === 0) return [];
  const found: [string, Row][] = [];
  for (const entry of rows.entries()) found.push(entry);
  if (found.length > 1) found.sort(([a], [b]) => compareKeys(a, b));
  return found.map(([, row]) => row);
}
