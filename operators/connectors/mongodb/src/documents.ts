import { fieldReader, MillraceError, parseIso, type StreamRecord, type Value } from '@millrace/sdk';

export interface Shape {
  key?: readonly string[];
  dates?: readonly string[];
}

/** What is written for one record. */
export interface Write {
  record: StreamRecord;
  /** Never an object of the record's own making: see `idOf`. */
  id: Value;
  /** Undefined: the document is removed. */
  document: { [name: string]: unknown } | undefined;
}

function refused(code: string, message: string, hint: string): MillraceError {
  return new MillraceError(message, { code, hint });
}

/**
 * Makes documents of records. Values of a record stay values: an id is text, a number or a yes/no, never an object that the server
 * could read as a condition, and a field whose name is an operator is refused.
 */
export function documentMaker(shape: Shape): (record: StreamRecord, deliveryId: () => string) => Write {
  const keys = (shape.key ?? []).map((name) => ({ name, read: fieldReader(name) }));
  const dates = (shape.dates ?? []).map((name) => name.split('.'));
  const scalar = (name: string, value: Value): Value => {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    throw value === null
      ? refused(
          'KEY_MISSING',
          `The record has no value for the key field "${name}".`,
          'Fill the field before this node.',
        )
      : refused(
          'KEY_NOT_PLAIN',
          `The key field "${name}" holds a list or an object.`,
          'Choose a field with text or a number.',
        );
  };
  const idOf = (value: Value, deliveryId: () => string): Value => {
    if (keys.length === 0)
      return value._id === undefined || value._id === null ? deliveryId() : scalar('_id', value._id);
    if (keys.length === 1) return scalar(keys[0]!.name, keys[0]!.read(value));
    return Object.fromEntries(keys.map(({ name, read }) => [name, scalar(name, read(value))]));
  };
  return (record, deliveryId) => {
    const { value, op } = record;
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw refused(
        'RECORD_NOT_OBJECT',
        'The record is not an object.',
        'Make it an object with "Set fields" before this node.',
      );
    const id = idOf(value, deliveryId);
    if (op === 'delete') return { record, id, document: undefined };
    for (const name in value) {
      if (name.startsWith('$'))
        throw refused('FIELD_NAME', `MongoDB takes no field named "${name}".`, 'Rename the field before this node.');
    }
    // The id first, as the server keeps it.
    const document: { [name: string]: unknown } = { _id: id, ...value };
    document._id = id;
    for (const path of dates) toDate(document, path);
    return { record, id, document };
  };
}

/** Replaces ISO text or ms at a path by a date, along copies of the objects on the way. */
function toDate(document: { [name: string]: unknown }, path: readonly string[]): void {
  let at = document;
  for (const step of path.slice(0, -1)) {
    const inner = at[step];
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return;
    const copy = { ...inner } as { [name: string]: unknown };
    at[step] = copy;
    at = copy;
  }
  const last = path.at(-1)!;
  const value = at[last];
  if (value === undefined || value === null) return;
  const ms = typeof value === 'number' ? value : typeof value === 'string' ? parseIso(value) : Number.NaN;
  if (Number.isNaN(ms))
    throw refused(
      'DATE_INVALID',
      `The field "${path.join('.')}" holds no date.`,
      'Dates are ISO 8601 text or ms since 1970.',
    );
  at[last] = new Date(ms);
}

/** The last write of each id, in order: a batch is written in no particular order. */
export function lastOfEach(writes: readonly Write[]): Write[] {
  const last = new Map<string, Write>();
  for (const write of writes) {
    const id = JSON.stringify(write.id);
    last.delete(id);
    last.set(id, write);
  }
  return [...last.values()];
}
