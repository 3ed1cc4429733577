import { type FieldType, type RecordType, type Static, Type, type Value } from '@millrace/sdk';
import { asObject, assign, copyOf, type Fields } from '../shared/paths.js';

/** How a pair of records becomes one. Part of every join's config. */
export const resultFields = {
  select: Type.Optional(
    Type.Enum(['merge', 'nest'], {
      title: 'Result',
      description:
        'merge: the fields of both records side by side; where both have a field of the same name the right one wins, unless a prefix keeps them apart. nest: two fields, "left" and "right", which hold the records; a side without a partner is empty (null).',
      default: 'merge',
    }),
  ),
  leftPrefix: Type.Optional(
    Type.String({
      title: 'Prefix of left fields',
      description: 'Put before the name of every left field.',
      maxLength: 64,
      'x-ui': { advanced: true, when: { property: 'select', in: ['merge'] } },
    }),
  ),
  rightPrefix: Type.Optional(
    Type.String({
      title: 'Prefix of right fields',
      description: 'Put before the name of every right field, such as "payment_".',
      maxLength: 64,
      examples: ['payment_'],
      'x-ui': { advanced: true, when: { property: 'select', in: ['merge'] } },
    }),
  ),
};
const ResultConfig = Type.Object(resultFields);
export type ResultConfig = Static<typeof ResultConfig>;

/** Makes the value of a result. Null stands for the side without a partner; at most one of the two is null. */
export type Pair = (left: Value, right: Value) => Fields;

export function pairOf({ select, leftPrefix = '', rightPrefix = '' }: ResultConfig): Pair {
  if (select === 'nest') return (left, right) => ({ left, right });
  if (leftPrefix === '' && rightPrefix === '') {
    return (left, right) => (left === null ? copyOf(right) : right === null ? copyOf(left) : copyOf(left, right));
  }
  return (left, right) => {
    const merged: Fields = {};
    if (left !== null) addPrefixed(merged, left, leftPrefix);
    if (right !== null) addPrefixed(merged, right, rightPrefix);
    return merged;
  };
}

function addPrefixed(target: Fields, fields: Fields, prefix: string): void {
  for (const name of Object.keys(fields)) assign(target, prefix + name, fields[name]);
}

/** Top-level left fields under the names they have in a merged result, where a right field of the same name must not replace them. */
export function protectLeft(pair: Pair, config: ResultConfig, paths: readonly string[]): Pair {
  if (config.select === 'nest' || paths.length === 0) return pair;
  const fields = [...new Set(paths.map((path) => path.split('.')[0]!))];
  const names = fields.map((field) => resultPath(config, 'left', field));
  return (left, right) => {
    const value = pair(left, right);
    if (left === null || right === null) return value;
    for (let i = 0; i < fields.length; i++) {
      if (Object.hasOwn(left, fields[i]!)) assign(value, names[i]!, left[fields[i]!]);
    }
    return value;
  };
}

/** Where fields are merged a record must have some; asked when it arrives, so that the error names the right one. */
export function acceptValue({ select }: ResultConfig): (value: Value) => Value {
  return select === 'nest' ? (value) => value ?? null : (value) => asObject(value);
}

/** Where a field of one side is found in a result. */
export function resultPath(
  { select, leftPrefix = '', rightPrefix = '' }: ResultConfig,
  side: 'left' | 'right',
  path: string,
): string {
  if (select === 'nest') return `${side}.${path}`;
  return (side === 'left' ? leftPrefix : rightPrefix) + path;
}

/** Field types of a result. */
export function resultTypes(
  { select, leftPrefix = '', rightPrefix = '' }: ResultConfig,
  left: RecordType | undefined,
  right: RecordType | undefined,
  more: { readonly [name: string]: FieldType } = {},
): RecordType | undefined {
  if (select === 'nest') return { fields: { left: 'object', right: 'object', ...more }, open: false };
  if (left === undefined && right === undefined) return undefined;
  const fields: { [name: string]: FieldType } = {};
  for (const [type, prefix] of [
    [left, leftPrefix],
    [right, rightPrefix],
  ] as const) {
    for (const [name, kind] of Object.entries(type?.fields ?? {})) {
      const known = Object.hasOwn(fields, prefix + name) ? fields[prefix + name] : kind;
      assign(fields, prefix + name, known === kind ? kind : 'any');
    }
  }
  return { fields: { ...fields, ...more }, open: (left?.open ?? true) || (right?.open ?? true) };
}

const TYPE_WORDS = {
  inner: 'pairs only',
  left: 'keep all left',
  right: 'keep all right',
  full: 'keep all',
  semi: 'left with a partner',
  anti: 'left without a partner',
} as const;
export type JoinType = keyof typeof TYPE_WORDS;

/** For the card of a node. */
export function typeWords(type: JoinType): string {
  return TYPE_WORDS[type];
}

/** Is a record of that side kept when it has no partner? */
export function keepsSide(type: JoinType, side: 'left' | 'right'): boolean {
  return type === 'full' || type === side || (type === 'anti' && side === 'left');
}
