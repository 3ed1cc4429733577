import { tableUnknown } from '@millrace/sdk/tables';
import type { Client } from 'pg';
import { quoteTable } from './connect.js';

export interface Column {
  name: string;
  /** As in `CREATE TABLE`: `numeric(12,2)`. */
  type: string;
  /** The type without its length, of a domain that of its base: `numeric`. */
  base: string;
  /** Arrays, composites and ranges travel as JSON. */
  composite: boolean;
  /** The database makes its values itself. */
  generated: boolean;
}

const COLUMNS = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
  format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS base,
  t.typcategory IN ('A', 'C') AS composite,
  a.attgenerated <> '' OR a.attidentity = 'a' AS generated
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;

/** The columns of a table in their order. Throws TABLE_UNKNOWN. */
export async function columnsOf(client: Client, table: string): Promise<Column[]> {
  const { rows } = await client.query<Column>(COLUMNS, [quoteTable(table)]);
  if (rows.length === 0) throw tableUnknown(table);
  return rows;
}
