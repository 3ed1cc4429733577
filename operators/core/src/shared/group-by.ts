import {
  type ConfigFinding,
  computedType,
  decodeKey,
  Field,
  type FieldType,
  fieldExpression,
  type RecordType,
  type Static,
  Type,
} from '@millrace/sdk';
import { finding } from './finding.js';
import { assign, badPath, type Fields, lastStep } from './paths.js';

/** Group by fields, given as paths, or by expressions with a name. Part of every operator that works per group. */
export const groupByField = Type.Optional(
  Type.Array(
    Type.Union([
      Field.field({ title: 'Field' }),
      Type.Object(
        {
          value: Field.expression({
            title: 'Expression',
            description: 'A formula in place of a field.',
            examples: ['lower(country)'],
          }),
          as: Type.String({
            title: 'Name',
            description: 'The field that holds it in the result.',
            minLength: 1,
            maxLength: 128,
          }),
        },
        { additionalProperties: false, title: 'Expression' },
      ),
    ]),
    {
      title: 'For each',
      description:
        'One result per different value of these. Empty: one result for all records. Missing values form a group of their own.',
      maxItems: 16,
      default: [],
    },
  ),
);
export type GroupBy = Static<typeof groupByField>;

const CALL = /^[A-Za-z_]\w*\(.*\)$|==|!=|&&|\|\|/s;

/** The key of a record, as expressions. */
export function groupKey(groupBy: GroupBy | undefined): string[] {
  return (groupBy ?? []).map((part) => (typeof part === 'string' ? fieldExpression(part) : part.value));
}

/** The names the parts have in a result. */
export function groupNames(groupBy: GroupBy | undefined): string[] {
  return (groupBy ?? []).map((part) => (typeof part === 'string' ? lastStep(part) : part.as));
}

export function lintGroupBy(groupBy: GroupBy | undefined): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const names = new Set<string>();
  (groupBy ?? []).forEach((part, i) => {
    const path = `/groupBy/${i}`;
    const name = typeof part === 'string' ? lastStep(part) : part.as;
    if (typeof part === 'string' && CALL.test(part)) {
      found.push(
        finding(
          'GROUP_IS_EXPRESSION',
          path,
          `"${part}" looks like an expression; write it as an expression with a name.`,
          { value: part },
        ),
      );
    } else if (badPath(typeof part === 'string' ? part : name) || name.includes('.')) {
      found.push(
        finding('FIELD_NAME', path, `"${name}" cannot be a field name; write names without empty steps.`, { name }),
      );
    } else if (names.has(name)) {
      found.push(
        finding('FIELD_TWICE', path, `Two parts of the group are called "${name}"; give one another name.`, { name }),
      );
    }
    names.add(name);
  });
  return found;
}

export function groupTypes(groupBy: GroupBy | undefined, input: RecordType | undefined): { [name: string]: FieldType } {
  const types: { [name: string]: FieldType } = {};
  for (const part of groupBy ?? []) {
    if (typeof part === 'string') types[lastStep(part)] = input?.fields[part] ?? 'any';
    else types[part.as] = computedType(part.value, input);
  }
  return types;
}

/** Keys whose parts are kept at hand; when there are more, it starts anew. */
const MAX_DECODED = 4096;

/** Writes the parts of an encoded key into an object, under the names of the groups. */
export function groupWriter(names: readonly string[]): (key: string, target: Fields) => void {
  if (names.length === 0) return () => undefined;
  const decoded = new Map<string, readonly unknown[]>();
  return (key, target) => {
    let parts = decoded.get(key);
    if (parts === undefined) {
      if (decoded.size >= MAX_DECODED) decoded.clear();
      parts = decodeKey(key);
      decoded.set(key, parts);
    }
    for (let i = 0; i < names.length; i++) assign(target, names[i]!, parts[i] ?? null);
  };
}

/** "by country, sku" for the card of a node. */
export function groupWords(groupBy: GroupBy | undefined): string {
  return groupBy === undefined || groupBy.length === 0 ? '' : `by ${groupNames(groupBy).join(', ')}`;
}
