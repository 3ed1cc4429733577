import { type AnyOperator, MillraceError } from '@millrace/sdk';

/** What an operator must have, in the words of the person who wrote it. The sdk's types say the same to TypeScript authors. */
const RULES: readonly (readonly [
  field: string,
  needed: string,
  holds: (operator: Record<string, unknown>) => boolean,
])[] = [
  [
    'type',
    'a namespaced name such as "acme.greet"',
    ({ type }) => typeof type === 'string' && /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(type),
  ],
  ['version', 'a whole number from 1', ({ version }) => Number.isInteger(version) && (version as number) >= 1],
  [
    'docs',
    'an object with title, summary and category',
    ({ docs }) => isObject(docs) && [docs.title, docs.summary, docs.category].every(isText),
  ],
  ['config', 'a JSON Schema of type object', ({ config }) => isObject(config) && config.type === 'object'],
  [
    'outputs',
    'an object of ports ({} for a sink)',
    ({ outputs }) => isObject(outputs) || typeof outputs === 'function',
  ],
  ['inputs', 'an object of ports', ({ inputs, kind }) => kind === 'source' || isObject(inputs)],
  ['examples', 'at least one example', ({ examples }) => Array.isArray(examples) && examples.length > 0],
  ['create', 'a function that makes the behaviour', ({ create }) => typeof create === 'function'],
];

/** The default export of a plugin, checked. Throws MillraceError PLUGIN_NO_OPERATORS or PLUGIN_BAD_OPERATOR. */
export function checkOperators(path: string, exported: unknown): AnyOperator[] {
  if (!Array.isArray(exported) || exported.length === 0) {
    throw new MillraceError(`The module at ${path} has no operators as its default export.`, {
      code: 'PLUGIN_NO_OPERATORS',
      params: { path },
      hint: 'End it with: export default [myOperator, otherOperator];',
    });
  }
  exported.forEach((operator: unknown, index) => {
    const name = isObject(operator) && isText(operator.type) ? `"${operator.type}"` : `number ${index + 1}`;
    const broken = isObject(operator) ? RULES.find(([, , holds]) => !holds(operator)) : undefined;
    if (isObject(operator) && broken === undefined) return;
    const [field, needed] = broken ?? ['value', 'what defineOperator or defineSource returns'];
    throw new MillraceError(`The operator ${name} of ${path} is not complete: ${field} must be ${needed}.`, {
      code: 'PLUGIN_BAD_OPERATOR',
      params: { path, operator: name, field },
      hint: 'Make operators with defineOperator or defineSource of @millrace/sdk, and test them with checkOperator of @millrace/sdk/testing.',
    });
  });
  return exported as AnyOperator[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
