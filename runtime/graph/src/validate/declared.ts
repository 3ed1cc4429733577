import { FIELD_TYPES, type FieldType, type RecordType, type Value } from '@millrace/sdk';

const KINDS: ReadonlySet<string> = new Set(FIELD_TYPES);

/**
 * Field types kept in a source's `config.schema`, declared by a person or learnt from a sample: `{ "price": "number" }`, or
 * `{ "fields": { "price": "number" }, "open": false }` where no other fields can come. A sample proves nothing about the rest, so a type
 * is open unless it says otherwise.
 */
export function declaredType(config: Value): RecordType | undefined {
  const schema = config?.schema;
  if (!isPlain(schema)) return undefined;
  const declared = isPlain(schema.fields) ? schema.fields : schema;
  const fields: { [name: string]: FieldType } = Object.create(null);
  for (const name of Object.keys(declared)) {
    const kind = declared[name];
    if (typeof kind !== 'string') return undefined;
    fields[name] = KINDS.has(kind) ? (kind as FieldType) : 'any';
  }
  return { fields, open: declared === schema || schema.open !== false };
}

function isPlain(value: unknown): value is { [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
