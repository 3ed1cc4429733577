import { MillraceError } from '../errors.js';
import type { StreamRecord, Value } from '../record.js';
import type { ColumnMatcher } from './names.js';
import type { Delivery } from './outbox-position.js';

/** Records that name the same columns, to be written by one part of a statement. */
export interface RowGroup {
  kind: 'insert' | 'delete';
  /** Field of the record and the column it goes into. */
  fields: readonly { field: string; column: string }[];
  values: Value[];
}

/** How records become rows. */
export interface RowShape {
  mode?: 'insert' | 'upsert';
  key?: readonly string[];
}

/**
 * Sorts records by the columns they name. In an upsert the last record of a key wins, so that no key comes twice in a statement.
 * Throws ROW_REFUSED for a record that names no column, KEY_MISSING for one without its key.
 */
export function rowGroups(deliveries: readonly Delivery[], shape: RowShape, matcher: ColumnMatcher): RowGroup[] {
  const upsert = shape.mode === 'upsert';
  const key = shape.key ?? [];
  const groups = new Map<string, RowGroup>();
  const last = new Map<string, { group: RowGroup; value: Value }>();
  for (const { record } of deliveries) {
    const value = record.value;
    const fields: RowGroup['fields'][number][] = [];
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

function keyPart(column: string, fields: RowGroup['fields'], value: Value): Value {
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
function distinct(fields: RowGroup['fields'], deliveries: readonly Delivery[]): RowGroup['fields'] {
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

/** What keeps a record from any table, whatever the database says. */
export function recordProblem(config: {
  table: string;
  mode?: 'insert' | 'upsert';
}): (record: StreamRecord) => MillraceError | undefined {
  return ({ value, op }) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return new MillraceError('The record is not an object, so it has no fields to put into columns.', {
        code: 'RECORD_NOT_OBJECT',
        params: { table: config.table },
        hint: 'Make it an object with "Set fields" before this node.',
      });
    }
    if (op === 'delete' && config.mode !== 'upsert') {
      return new MillraceError('A record says that its row is gone, and this node only adds rows.', {
        code: 'DELETE_NEEDS_KEY',
        params: { table: config.table },
        hint: 'Set the node to upsert and name the key columns.',
      });
    }
    return undefined;
  };
}
