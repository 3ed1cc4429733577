// The table of an operator's config, from its JSON Schema. Nested objects and lists get rows of their own, by dotted path.
import { table } from './markdown.mjs';

export function configTable(schema) {
  const rows = propertyRows(schema, '');
  if (rows.length === 0) return 'Nothing to set.';
  return [table(['Setting', 'Type', 'Default', 'Meaning'], rows), ...seldomNeeded(schema)].join('\n\n');
}

/** What the form hides under "More" may stay as it is: the page says so too. */
function seldomNeeded({ properties = {}, required = [] }) {
  const names = Object.keys(properties).filter(
    (name) => properties[name]['x-ui']?.advanced && !required.includes(name),
  );
  if (names.length === 0) return [];
  const list = names.map((name) => `\`${name}\``).join(', ');
  return [`In the form these stand under *More*, and may stay as they are: ${list}.`];
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
  const variants = (property.items?.anyOf ?? property.anyOf ?? []).filter(
    ({ properties }) => properties && !properties.$secret,
  );
  return merged(variants.map((variant) => variantRows(variant, property.items ? `${path}[].` : `${path}.`)));
}

/** The rows of one variant of a setting. A constant in it tells its kind, and takes the title of the variant as its meaning. */
function variantRows(variant, prefix) {
  const [name, constant] =
    Object.entries(variant.properties).find(([, property]) => property.const !== undefined) ?? [];
  const rows = propertyRows(variant, prefix);
  if (constant === undefined) return { rows };
  const kind = constant.const;
  const words = `${kind}: ${(variant.title ?? name).replace(/^./, (letter) => letter.toLowerCase())}.`;
  return {
    kind,
    by: name,
    rows: rows.map((row) => (row[0] === `\`${prefix}${name}\`` ? [...row.slice(0, 3), words] : row)),
  };
}

/** Rows of variants with the same name become one, which says what belongs to which kind. */
function merged(variants) {
  const byName = new Map();
  for (const { kind, rows } of variants)
    for (const [name, type, fallback, words] of rows) {
      const row = byName.get(name) ?? { types: new Set(), fallback, kinds: [], meanings: new Map() };
      byName.set(name, row);
      row.types.add(type);
      row.kinds.push(kind);
      row.meanings.set(words, [...(row.meanings.get(words) ?? []), kind]);
    }
  return [...byName].map(([name, { types, fallback, kinds, meanings }]) => {
    const { by } = variants[0];
    const isKind = by !== undefined && name.endsWith(`.${by}\``);
    const some = by !== undefined && !isKind && kinds.length < variants.length;
    const words =
      meanings.size === 1 || isKind
        ? [...meanings.keys(), ...(some ? [`Only with ${by} ${kinds.join(', ')}.`] : [])]
        : [...meanings].map(([text, of]) => `With ${of.join(', ')}: ${text}`);
    return [name, [...types].join(' or '), fallback, words.join(' ')];
  });
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
  if (property['x-ui']?.unit) words.push(`Unit: ${property['x-ui'].unit}.`);
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
  duration: 'length of time, such as "10 s"; a number is ms',
  path: 'path',
  connection: 'name of a connection',
  timezone: 'time zone, such as "Europe/Berlin"',
};

function typeWords(schema) {
  const widget = schema['x-ui']?.widget;
  if (widget && Object.hasOwn(WIDGETS, widget)) return WIDGETS[widget];
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${JSON.stringify(one)}\``).join(' or ');
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeWords))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? plural(typeWords(schema.items)) : 'anything'}`;
  if (schema.properties?.$secret) return 'name of a kept secret';
  const [named] = Object.values(schema.patternProperties ?? {}).map(typeWords);
  if (named !== undefined && named !== 'anything' && !schema.properties) return `names, each with ${named}`;
  if (Array.isArray(schema.type)) return schema.type.map(plainType).join(' or ');
  return plainType(schema.type);
}

/** 'field name' becomes 'field names', a group of settings an entry. */
function plural(words) {
  return words.replace(/\b(field name|number|text|expression|group of settings)\b(?!s)/g, (one) =>
    one === 'group of settings' ? 'entries' : `${one}s`,
  );
}

function plainType(type) {
  return (
    { string: 'text', integer: 'whole number', boolean: 'yes or no', object: 'group of settings', null: 'nothing' }[
      type
    ] ??
    type ??
    'anything'
  );
}
