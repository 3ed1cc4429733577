import type { FieldType, RecordType, Schema, UiHint, Value } from '../api/types.js';

export type FieldKind =
  | 'expression'
  | 'field'
  | 'fields'
  | 'duration'
  | 'secret'
  | 'path'
  | 'code'
  | 'timezone'
  | 'connection'
  | 'textarea'
  | 'text'
  | 'number'
  | 'boolean'
  | 'enum'
  | 'object'
  | 'objects'
  | 'list'
  | 'map'
  | 'fieldmap'
  | 'choice'
  | 'json'
  | 'constant';

export interface Choice {
  value: Value;
  title: string;
}

/** Constant alternatives of a schema (`enum`, or a union of literals); undefined when it is something else. */
export function choicesOf(schema: Schema): Choice[] | undefined {
  if (schema.enum) return schema.enum.map((value) => ({ value, title: String(value) }));
  const options = schema.anyOf ?? schema.oneOf;
  if (options && options.length > 0 && options.every((option) => 'const' in option))
    return options.map((option) => ({ value: option.const, title: option.title ?? String(option.const) }));
  return undefined;
}

const typeOf = (schema: Schema): string | undefined =>
  Array.isArray(schema.type) ? schema.type.find((type) => type !== 'null') : schema.type;

export const FIELD_TYPES: readonly FieldType[] = [
  'text',
  'number',
  'boolean',
  'time',
  'list',
  'object',
  'any',
  'personal',
];

/** Which editor a property gets: the operator's hint first, then the shape of its schema. */
export function kindOf(schema: Schema): FieldKind {
  const widget = schema['x-ui']?.widget;
  if (widget === 'expression' || schema['x-expression'] !== undefined) return 'expression';
  if (widget === 'connection' || schema['x-connection'] !== undefined) return 'connection';
  if (widget === 'fields') return 'fields';
  if (widget === 'field' || schema['x-field']) return 'field';
  if (widget === 'text-area') return 'textarea';
  if (widget === 'duration' || widget === 'secret' || widget === 'path' || widget === 'code' || widget === 'timezone')
    return widget;
  if ('const' in schema) return 'constant';
  if (choicesOf(schema)) return 'enum';
  const type = typeOf(schema);
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'string') return 'text';
  if (type === 'array') {
    const items = schema.items ?? {};
    if (typeOf(items) === 'object' || items.anyOf || items.oneOf) return 'objects';
    return 'list';
  }
  if (type === 'object') {
    if (schema.properties && Object.keys(schema.properties).length > 0) return 'object';
    const values = mapValues(schema);
    if (!values) return 'json';
    const choices = choicesOf(values);
    return choices?.every((choice) => FIELD_TYPES.includes(choice.value)) ? 'fieldmap' : 'map';
  }
  if (schema.anyOf || schema.oneOf) return 'choice';
  return 'json';
}

/** Schema of the values of a free-form map. */
export function mapValues(schema: Schema): Schema | undefined {
  const pattern = Object.values(schema.patternProperties ?? {})[0];
  if (pattern) return pattern;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

export interface FormField {
  name: string;
  schema: Schema;
  kind: FieldKind;
  required: boolean;
  advanced: boolean;
  hint: UiHint;
}

/** Is a property wanted, given the others? A property that the rule names but that is not set counts with its default. */
export function visible(field: { hint: UiHint }, siblings: Schema, value: Value): boolean {
  const when = field.hint.when;
  if (!when) return true;
  const other = value?.[when.property] ?? siblings.properties?.[when.property]?.default;
  return when.in.includes(other);
}

/** The fields of an object schema in its own order. */
export function fieldsOf(schema: Schema): FormField[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, property]) => ({
    name,
    schema: property,
    kind: kindOf(property),
    required: required.has(name),
    advanced: property['x-ui']?.advanced ?? false,
    hint: property['x-ui'] ?? {},
  }));
}

export const titleOf = (schema: Schema, name: string): string => schema.title ?? humanise(name);
export const humanise = (name: string): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A first value for a new list item, so that its required parts can be seen: constants, defaults, first choices. */
export function blank(schema: Schema): Value {
  if ('const' in schema) return schema.const;
  if (schema.default !== undefined) return structuredClone(schema.default);
  const kind = kindOf(schema);
  if (kind === 'object') {
    const value: { [name: string]: Value } = {};
    for (const field of fieldsOf(schema)) {
      if (!field.required) continue;
      const made = blank(field.schema);
      if (made !== undefined) value[field.name] = made;
    }
    return value;
  }
  if (kind === 'enum') return choicesOf(schema)?.[0]?.value;
  if (kind === 'choice') return blank((schema.anyOf ?? schema.oneOf)![0]!);
  if (kind === 'objects' || kind === 'list' || kind === 'fields') return [];
  if (kind === 'map' || kind === 'fieldmap') return {};
  return undefined;
}

/** Which alternative of a union a value is: the constants decide, then the JSON type, then the property names. */
export function alternativeOf(options: readonly Schema[], value: Value): number {
  const fits = options.findIndex((option) => {
    if ('const' in option) return option.const === value;
    const type = typeOf(option);
    if (type === 'object') {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
      const properties = option.properties ?? {};
      const constants = Object.entries(properties).filter(([, property]) => 'const' in property);
      if (constants.length > 0) return constants.every(([name, property]) => value[name] === property.const);
      return (
        (option.required ?? []).every((name) => name in value) &&
        Object.keys(value).every((name) => name in properties || option.additionalProperties !== false)
      );
    }
    if (type === 'array') return Array.isArray(value);
    if (type === 'integer') return Number.isInteger(value);
    return typeof value === type;
  });
  return Math.max(0, fits);
}

const DURATION = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)$/;
export const DURATION_UNITS = ['ms', 's', 'min', 'h', 'd'] as const;

/** Number and unit of a duration value; whole ms become the largest unit that divides them. */
export function durationParts(value: Value): { amount: number | undefined; unit: (typeof DURATION_UNITS)[number] } {
  if (typeof value === 'string') {
    const match = DURATION.exec(value.trim());
    if (match) return { amount: Number(match[1]), unit: match[2] as 's' };
  }
  if (typeof value === 'number') {
    for (const [unit, ms] of [
      ['d', 86_400_000],
      ['h', 3_600_000],
      ['min', 60_000],
      ['s', 1000],
    ] as const)
      if (value >= ms && value % ms === 0) return { amount: value / ms, unit };
    return { amount: value, unit: 'ms' };
  }
  return { amount: undefined, unit: 's' };
}

export function fieldOptions(type: RecordType | null | undefined): Array<{ name: string; type: FieldType }> {
  return Object.entries(type?.fields ?? {}).map(([name, fieldType]) => ({ name, type: fieldType }));
}
