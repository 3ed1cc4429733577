import { MillraceError, type StreamRecord, type Value } from '@millrace/sdk';
import { ColumnMatcher } from '@millrace/sdk/tables';
import type { Column } from './columns.js';
import { quote, quoteTable } from './connect.js';
import { converter } from './values.js';

export interface Statement {
  /** Tells rows apart. */
  row: string;
  query: string;
  params: unknown[];
}

/**
 * Makes one idempotent statement of a record: the whole row with a write time of its own, so that the same record written again, or an
 * older one written later, changes nothing. Throws for tables whose columns only count or append.
 */
export function statementMaker(
  table: string,
  columns: readonly Column[],
): (record: StreamRecord, writeTime: bigint) => Statement {
  const counters = columns.filter(({ type }) => type === 'counter');
  if (counters.length > 0) {
    throw new MillraceError(`The table ${table} has counters (${counters.map(({ name }) => name).join(', ')}).`, {
      code: 'TABLE_COUNTS',
      domain: 'user',
      retry: 'backoff',
      params: { table },
      hint: 'A counter cannot tell a repeated addition from a new one. Keep sums with "Running totals" and write them into a plain column.',
    });
  }
  const convert = new Map(columns.map(({ name, type }) => [name, converter(type)]));
  const matcher = new ColumnMatcher(convert.keys());
  const keys = columns.filter(({ kind }) => kind === 'partition_key' || kind === 'clustering').map(({ name }) => name);
  const from = quoteTable(table);
  return ({ value, op }, writeTime) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw refused('RECORD_NOT_OBJECT', 'The record is not an object.');
    const cells = new Map<string, Value>();
    for (const field in value) {
      const column = matcher.columnOf(field);
      if (column === undefined) continue;
      if (cells.has(column)) throw refused('ROW_REFUSED', `Two fields belong to the column "${column}".`);
      cells.set(column, value[field]);
    }
    for (const key of keys) {
      if ((cells.get(key) ?? null) === null)
        throw refused('KEY_MISSING', `The record has no value for the key column "${key}".`);
    }
    const cellOf = (name: string) => convert.get(name)!(cells.get(name));
    const row = JSON.stringify(keys.map((key) => String(cells.get(key))));
    if (op === 'delete') {
      return {
        row,
        query: `DELETE FROM ${from} USING TIMESTAMP ? WHERE ${keys.map((key) => `${quote(key)} = ?`).join(' AND ')}`,
        params: [writeTime, ...keys.map(cellOf)],
      };
    }
    const names = [...cells.keys()];
    return {
      row,
      query: `INSERT INTO ${from} (${names.map(quote).join(', ')}) VALUES (${names.map(() => '?').join(', ')}) USING TIMESTAMP ?`,
      params: [...names.map(cellOf), writeTime],
    };
  };
}

function refused(code: string, message: string): MillraceError {
  return new MillraceError(message, {
    code,
    hint: 'Mend the record before this node, then process the dead letter again.',
  });
}
