// The table of an operator's config, from its JSON Schema. Nested objects and lists get rows of their own, by dotted path.
import { table } from './markdown.mjs';

export function configTable(schema) {
  const rows = propertyRows(schema, '');
  return rows.length === 0 ? 'Nothing to set.' : table(['Setting', 'Type', 'Default', 'Meaning'], rows);
}

function propertyRows(schema, prefix) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const fallback =
      property.default === undefined
        ? required.has(name)
          ? 'required'
          : ''
        : `\`${JSON.stringify(property.default)}\``;
    return [[`\`${path}\``, typeWords(property), fallback, meaning(property)], ...nestedRows(property, path)];
  });
}

function nestedRows(property, path) {
  if (property.properties) return propertyRows(property, `${path}.`);
  if (property.items?.properties) return propertyRows(property.items, `${path}[].`);
  const variants = (property.items?.anyOf ?? property.anyOf ?? []).filter((variant) => variant.properties);
  const seen = new Set();
  return variants
    .flatMap((variant) => propertyRows(variant, property.items ? `${path}[].` : `${path}.`))
    .filter(([name]) => !seen.has(name) && seen.add(name));
}

function meaning(property) {
  const words = [property.title, property.description]
    .filter(Boolean)
    .map((text) => (/[.!?:]$/.test(text) ? text : `${text}.`));
  const bounds = [
    property.minimum === undefined ? undefined : `at least ${property.minimum}`,
    property.exclusiveMinimum === undefined ? undefined : `more than ${property.exclusiveMinimum}`,
    property.maximum === undefined ? undefined : `at most ${property.maximum}`,
    property.minItems === undefined ? undefined : `at least ${property.minItems}`,
    property.maxItems === undefined ? undefined : `at most ${property.maxItems}`,
  ].filter(Boolean);
  const when = property['x-ui']?.when;
  if (when) words.push(`Only with ${when.property} ${when.in.join(', ')}.`);
  if (property['x-ui']?.unit) words.push(`In ${property['x-ui'].unit}.`);
  if (bounds.length > 0) words.push(`${bounds.join(', ').replace(/^./, (letter) => letter.toUpperCase())}.`);
  if (property.examples?.length > 0)
    words.push(
      `For example ${property.examples.map((one) => `\`${typeof one === 'string' ? one : JSON.stringify(one)}\``).join(', ')}.`,
    );
  return words.join(' ');
}

const WIDGETS = {
  expression: 'expression',
  field: 'field name',
  fields: 'list of field names',
  duration: 'duration: ms, or text such as "10 s"',
  path: 'path',
  timezone: 'time zone (IANA)',
};

function typeWords(schema) {
  const widget = schema['x-ui']?.widget;
  if (widget && Object.hasOwn(WIDGETS, widget)) return WIDGETS[widget];
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(' or ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeWords))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeWords(schema.items) : 'anything'}`;
  if (Array.isArray(schema.type)) return schema.type.map(plainType).join(' or ');
  return plainType(schema.type);
}

function plainType(type) {
  return { string: 'text', integer: 'whole number', boolean: 'yes or no', null: 'null' }[type] ?? type ?? 'anything';
}
