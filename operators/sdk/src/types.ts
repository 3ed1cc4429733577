/** Types of record fields, as they flow along the edges of a graph at design time. Nothing here exists at run time. */
export type FieldType = (typeof FIELD_TYPES)[number];

/**
 * What a field may be declared as. `personal` is data about a person, of any shape: an address, a name, a phone number. Whoever may not see
 * it gets it masked wherever records are shown. The tag flows along edges with the type.
 */
export const FIELD_TYPES = ['text', 'number', 'boolean', 'time', 'list', 'object', 'any', 'personal'] as const;

export interface RecordType {
  /** Known fields by name; nested objects by dotted path are not listed. */
  fields: { readonly [name: string]: FieldType };
  /** True if more fields than the listed ones may be present (then an unknown field is a hint, not an error). */
  open: boolean;
  /** Business kind for port colour: order, stock, customer, money ... Absent = any. */
  kind?: string;
}

/** append: every record is a new fact. upsert: a record replaces the earlier one with the same key fields. */
export type OutputMode = { mode: 'append' } | { mode: 'upsert'; key: readonly string[] };
