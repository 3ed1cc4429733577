import type { Context } from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';
import type { Columns } from '../aggregates/columns.js';
import type { Fields } from '../shared/paths.js';

/** What all window kinds share. */
export interface WindowSetup {
  readonly columns: Columns;
  /** Writes the group's fields into a result. */
  readonly writeGroup: (key: string, target: Fields) => void;
}

/** A result row: group, aggregates, `windowStart`, `windowEnd`. */
export function emitWindow(
  { columns, writeGroup }: WindowSetup,
  ctx: Context,
  row: Row,
  start: number,
  end: number,
  time: number,
  op: 'insert' | 'upsert',
): void {
  const value: Fields = {};
  writeGroup(ctx.key, value);
  columns.write(row, value);
  value.windowStart = start;
  value.windowEnd = end;
  ctx.emit('out', value, time, op);
}
