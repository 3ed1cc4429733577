import { MillraceError, type Value } from '@millrace/sdk';
import type { ColumnMatcher, Delivery } from '@millrace/sdk/tables';
import type { Column } from './columns.js';
import { quote } from './connect.js';

/** Records that name the same columns, to be written by one part of a statement. */
export interface Group {
  kind: 'insert' | 'delete';
  /** Field of the record and the column it goes into. */
  fields: readonly { field: string; column: string }[];
  values: Value[];
}

interface Shape {
  mode?: 'insert' | 'upsert';
  key?: readonly string[];
}

/** Parameters in front of the groups' JSON: see `TargetTable.write`. */
const FIRST = 10;

/**
 * Sorts records by the columns they name. In an upsert the last record of a key wins, so that no key comes twice in a statement.
 * Throws ROW_REFUSED for a record that names no column, KEY_MISSING for one without its key.
 */
export function groupsOf(deliveries: readonly Delivery[], shape: Shape, matcher: ColumnMatcher): Group[] {
  const upsert = shape.mode === 'upsert';
  const key = shape.key ?? [];
  const groups = new Map<string, Group>();
  const last = new Map<string, { group: Group; value: Value }>();
  for (const { record } of deliveries) {
    const value = record.value;
    const fields: Group['fields'][number][] = [];
    let names = record.op === 'delete' ? '-' : '+';
    for (const field in value) {
      const column = matcher.columnOf(field);
      if (column === undefined) continue;
      if (record.op === 'delete' && !key.includes(column)) continue;
      fields.push({ field, column });
      names += JSON.stringify(field);
    }
    let group = groups.get(names);
    if (group === undefined) {
      group = { kind: record.op === 'delete' ? 'delete' : 'insert', fields: distinct(fields, deliveries), values: [] };
      groups.set(names, group);
    }
    if (upsert) {
      const id = JSON.stringify(key.map((column) => keyPart(column, group.fields, value)));
      const before = last.get(id);
      if (before) before.group.values.splice(before.group.values.indexOf(before.value), 1);
      last.set(id, { group, value });
    }
    group.values.push(value);
  }
  return [...groups.values()].filter((group) => group.values.length > 0);
}

function keyPart(column: string, fields: Group['fields'], value: Value): Value {
  const field = fields.find((one) => one.column === column)?.field;
  const part = field === undefined ? null : value[field];
  if (part !== null) return part;
  throw new MillraceError(`The record has no value for the key column "${column}".`, {
    code: 'KEY_MISSING',
    params: { column },
    hint: 'Fill the field before this node, then process the dead letter again.',
  });
}

/** Each column once; two fields for one column would be a guess. */
function distinct(fields: Group['fields'], deliveries: readonly Delivery[]): Group['fields'] {
  const seen = new Map<string, string>();
  for (const { field, column } of fields) {
    const other = seen.get(column);
    if (other !== undefined)
      throw refused(`The fields "${other}" and "${field}" both belong to the column "${column}".`, deliveries);
    seen.set(column, field);
  }
  if (fields.length === 0) throw refused('The record has no field for any column of the table.', deliveries);
  return fields;
}

function refused(message: string, deliveries: readonly Delivery[]): MillraceError {
  return new MillraceError(message, {
    code: 'ROW_REFUSED',
    params: { records: deliveries.length },
    hint: 'Mend the record or the table, then process the dead letter again.',
  });
}

/**
 * One statement, and so one transaction: it moves the position if it is where it should be, and only then writes the rows. Every name
 * comes from the database's own catalogue and is quoted; all values come in as JSON parameters.
 */
export function statementOf(
  groups: readonly Group[],
  target: Shape & { quoted: string },
  columns: ReadonlyMap<string, Column>,
): string {
  const parts = groups.map((group, i) =>
    group.kind === 'delete'
      ? `g${i} AS (DELETE FROM ${target.quoted} t USING ${recordset(group, FIRST + i, columns)} ` +
        `WHERE EXISTS (SELECT FROM pos) AND ${group.fields.map(({ field, column }) => `t.${quote(column)} = ${cell(field, columns.get(column)!)}`).join(' AND ')})`
      : `g${i} AS (INSERT INTO ${target.quoted} (${group.fields.map(({ column }) => quote(column)).join(', ')}) ` +
        `SELECT ${group.fields.map(({ field, column }) => cell(field, columns.get(column)!)).join(', ')} ` +
        `FROM ${recordset(group, FIRST + i, columns)} WHERE EXISTS (SELECT FROM pos)${conflict(group, target)})`,
  );
  return `WITH pos AS (UPDATE millrace_positions SET sequence = $7, "offset" = $8, refused = $9, updated_at = now()
WHERE workflow = $1 AND node = $2 AND partition = $3 AND epoch = $4 AND sequence = $5 AND "offset" = $6 RETURNING 1),
${parts.join(',\n')}
SELECT count(*)::int AS moved FROM pos`;
}

function recordset(group: Group, parameter: number, columns: ReadonlyMap<string, Column>): string {
  const fields = group.fields.map(({ field, column }) => `${quote(field)} ${carrier(columns.get(column)!)}`);
  return `json_to_recordset($${parameter}::json) AS x(${fields.join(', ')})`;
}

/** Type in which a cell comes out of the JSON; PostgreSQL reads most types itself, and strictly. */
function carrier({ base, type }: Column): string {
  if (base === 'bytea') return 'text';
  return base.startsWith('timestamp') ? 'json' : type;
}

function cell(field: string, { base, type }: Column): string {
  const x = `x.${quote(field)}`;
  if (base === 'bytea') return `decode(${x}, 'base64')`;
  if (!base.startsWith('timestamp')) return x;
  const ms = `to_timestamp((${x} #>> '{}')::double precision / 1000)`;
  return `CASE json_typeof(${x}) WHEN 'number' THEN ${base.endsWith('with time zone') ? ms : `${ms} AT TIME ZONE 'UTC'`} ELSE (${x} #>> '{}')::${type} END`;
}

function conflict(group: Group, { mode, key = [] }: Shape): string {
  if (mode !== 'upsert') return '';
  const rest = group.fields.filter(({ column }) => !key.includes(column));
  const then =
    rest.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${rest.map(({ column }) => `${quote(column)} = EXCLUDED.${quote(column)}`).join(', ')}`;
  return ` ON CONFLICT (${key.map(quote).join(', ')}) DO ${then}`;
}
