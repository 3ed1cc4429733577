import { type FieldType, parseIso, type RecordType, type Value } from '@millrace/sdk';

/** The type of records like these: a field seen with two types is `any`; more fields may come. */
export function recordTypeOf(values: readonly Value[]): RecordType {
  const fields: { [name: string]: FieldType } = {};
  for (const value of values) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) continue;
    for (const [name, field] of Object.entries(value)) {
      const type = typeOf(field);
      if (type === undefined) continue;
      const known = Object.hasOwn(fields, name) ? fields[name] : undefined;
      fields[name] =
        known === undefined || known === type
          ? type
          : known === 'time' && type === 'text'
            ? 'text'
            : known === 'text' && type === 'time'
              ? 'text'
              : 'any';
    }
  }
  return { fields, open: true };
}

/** undefined for null: it says nothing. */
function typeOf(value: unknown): FieldType | undefined {
  switch (typeof value) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'string':
      return value.length >= 10 && !Number.isNaN(parseIso(value)) ? 'time' : 'text';
    default:
      return value === null || value === undefined ? undefined : Array.isArray(value) ? 'list' : 'object';
  }
}
