import type { FieldType, RecordType, Value } from '@millrace/sdk';

const KINDS: ReadonlySet<string> = new Set<FieldType>(['text', 'number', 'boolean', 'time', 'list', 'object', 'any']);

/**
 * Field types kept in a source's `config.schema`, declared by a person or learnt from a sample:
 * `{ "fields": { "price": "number" }, "open": true }`. Without `open` more fields may come, because a sample proves nothing about the rest.
 */
export function declaredType(config: Value): RecordType | undefined {
  const schema = config?.schema;
  if (typeof schema !== 'object' || schema === null || typeof schema.fields !== 'object' || schema.fields === null) return undefined;
  const fields: { [name: string]: FieldType } = Object.create(null);
  for (const name of Object.keys(schema.fields)) {
    const kind = schema.fields[name];
    fields[name] = KINDS.has(kind) ? kind : 'any';
  }
  return { fields, open: schema.open !== false };
}
