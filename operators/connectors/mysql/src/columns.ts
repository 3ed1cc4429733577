import { parseIso, type Value } from '@millrace/sdk';
import { exactNumber, parseStoredJson, tableUnknown } from '@millrace/sdk/tables';
import { type Database, quote } from './connect.js';

export interface Column {
  name: string;
  /** `bigint`, `varchar`, … */
  type: string;
  /** The whole type: `bigint(20) unsigned`. */
  full: string;
  json: boolean;
  /** The database makes its values itself. */
  generated: boolean;
}

/** The columns of a table in their order. Throws TABLE_UNKNOWN. */
export async function columnsOf(database: Database, table: string): Promise<Column[]> {
  const [schema, name] = table.includes('.') ? (table.split('.') as [string, string]) : [null, table];
  const rows = await database.rows(
    'SELECT column_name, data_type, column_type, extra FROM information_schema.columns ' +
      'WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position',
    [schema, name],
  );
  if (rows.length === 0) throw tableUnknown(table);
  const json = await jsonColumns(database, schema, name);
  return rows.map(([column, type, full, extra]) => ({
    name: column!,
    type: type!.toLowerCase(),
    full: full!.toLowerCase(),
    json: type === 'json' || json.has(column!),
    generated: /GENERATED/i.test(extra ?? '') && !/DEFAULT_GENERATED/i.test(extra ?? ''),
  }));
}

/** MariaDB has no type of its own for JSON: it is text with a check. */
async function jsonColumns(database: Database, schema: string | null, table: string): Promise<Set<string>> {
  const [[version]] = (await database.rows('SELECT VERSION()')) as [[string]];
  if (!/mariadb/i.test(version)) return new Set();
  const rows = await database.rows(
    'SELECT check_clause FROM information_schema.check_constraints WHERE constraint_schema = COALESCE(?, DATABASE()) AND table_name = ?',
    [schema, table],
  );
  const found = rows.map(([clause]) => /^json_valid\(`(.+)`\)$/i.exec(clause ?? '')?.[1]?.replaceAll('``', '`'));
  return new Set(found.filter((name) => name !== undefined));
}

const BYTES = /blob|binary/;
const WHOLE = /int$/;

/** Name of a column in a question, turned into text where the server's own text would lose something. */
export function cellOf({ name, type }: Column): string {
  const column = `t.${quote(name)}`;
  if (BYTES.test(type)) return `TO_BASE64(${column})`;
  if (type === 'bit') return `CAST(${column} AS UNSIGNED)`;
  // A float alone is written with six digits.
  if (type === 'float') return `(${column} + 0e0)`;
  if (type === 'geometry' || type === 'point') return `ST_AsText(${column})`;
  return column;
}

/** From the server's text to JSON, without loss. */
export function reader(column: Column): (text: string) => Value {
  const { type, full } = column;
  if (column.json) return parseStoredJson;
  if (full.startsWith('tinyint(1)')) return (text) => (text === '1' ? true : text === '0' ? false : Number(text));
  if (WHOLE.test(type) || type === 'decimal' || type === 'bit' || type === 'year') return exactNumber;
  if (type === 'float' || type === 'double') return Number;
  if (BYTES.test(type)) return (text) => text.replaceAll('\n', '');
  if (type === 'timestamp') return (text) => `${text.replace(' ', 'T')}Z`;
  if (type === 'datetime') return (text) => text.replace(' ', 'T');
  return (text) => text;
}

/** A place in a table's order as a value of the column's own type: compared as text or double it would not be exact. */
export function placeholder({ type, full }: Column): string {
  if (WHOLE.test(type) || type === 'year' || type === 'bit')
    return `CAST(? AS ${full.includes('unsigned') ? 'UNSIGNED' : 'SIGNED'})`;
  if (type === 'decimal') return 'CAST(? AS DECIMAL(65,30))';
  if (type === 'datetime' || type === 'timestamp') return 'CAST(? AS DATETIME(6))';
  if (type === 'date') return 'CAST(? AS DATE)';
  if (BYTES.test(type)) return 'FROM_BASE64(?)';
  return '?';
}

/** A value of a record for a column. What does not fit is left as it is: the server says why it refuses it. */
export function writer({ type, json }: Column): (value: Value) => unknown {
  const plain = (value: Value): unknown =>
    value !== null && typeof value === 'object' ? JSON.stringify(value) : value === undefined ? null : value;
  if (json) return (value) => (value === null || value === undefined ? null : JSON.stringify(value));
  if (BYTES.test(type)) return (value) => (typeof value === 'string' ? Buffer.from(value, 'base64') : plain(value));
  if (type === 'timestamp' || type === 'datetime') return (value) => timeText(value) ?? plain(value);
  if (type === 'date')
    return (value) => (typeof value === 'number' ? new Date(value).toISOString().slice(0, 10) : plain(value));
  // As digits, not in quotes: the server compares a quoted number as a double.
  if (WHOLE.test(type))
    return (value) => (typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : plain(value));
  return plain;
}

function timeText(value: Value): string | undefined {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ][\d:.]{5,15}Z?$/.test(value))
    return value.replace('T', ' ').replace('Z', '');
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? parseIso(value) : Number.NaN;
  return Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString().replace('T', ' ').replace('Z', '') : undefined;
}
