import type { RowGroup, RowShape } from '@millrace/sdk/tables';
import type { Column } from './columns.js';
import { quote } from './connect.js';

/** Parameters in front of the groups' JSON: see `TargetTable.write`. */
const FIRST = 10;

/**
 * One statement, and so one transaction: it moves the position if it is where it should be, and only then writes the rows. Every name
 * comes from the database's own catalogue and is quoted; all values come in as JSON parameters.
 */
export function statementOf(
  groups: readonly RowGroup[],
  target: RowShape & { quoted: string },
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

function recordset(group: RowGroup, parameter: number, columns: ReadonlyMap<string, Column>): string {
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

function conflict(group: RowGroup, { mode, key = [] }: RowShape): string {
  if (mode !== 'upsert') return '';
  const rest = group.fields.filter(({ column }) => !key.includes(column));
  const then =
    rest.length === 0
      ? 'NOTHING'
      : `UPDATE SET ${rest.map(({ column }) => `${quote(column)} = EXCLUDED.${quote(column)}`).join(', ')}`;
  return ` ON CONFLICT (${key.map(quote).join(', ')}) DO ${then}`;
}
