import type { MapState, StreamRecord, ValueState } from '@millrace/sdk';
import { assign, copyOf, type Fields } from '../shared/paths.js';
import type { Ranking, Row, Top } from './rows.js';

export interface TopNSetup {
  readonly ranking: Ranking;
  /** The record's fields with those of its group; throws when it has no fields or an expression of the group fails. */
  readonly prepare: (record: StreamRecord) => Fields;
  /** Encoded key of a row; undefined where rows are not told apart. */
  readonly rowKey: ((value: Fields) => string) | undefined;
  /** Rows may change or leave: all of them are kept. */
  readonly changing: boolean;
  /** Field that gets the rank. */
  readonly rankField: string | undefined;
}

export interface TopNState {
  top: ValueState<Top>;
  /** Rows beyond the best, by row key; for windows over a table, all rows. */
  rest: MapState<Row & { window?: string }, string>;
  /** Rows by window, best first. */
  windows: MapState<Top, string>;
}

/** The row as it leaves. */
export function ranked(row: Row, rankField: string | undefined, rank: number): Fields {
  if (rankField === undefined) return row.value;
  const value = copyOf(row.value);
  assign(value, rankField, rank);
  return value;
}
