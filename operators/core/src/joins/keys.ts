import { type ConfigFinding, Field, fieldExpression, hasNull, type Static, Type } from '@millrace/sdk';
import { finding } from '../shared/finding.js';
import { badPath } from '../shared/paths.js';

/** What must be equal on both sides: fields of the records of a port, or expressions over them. */
export function joinKeyField(port: string, title: string, description?: string) {
  return Type.Array(
    Type.Union([
      Field.field({ title: 'Field', ui: { port } }),
      Type.Object(
        {
          value: Field.expression({
            title: 'Expression',
            description: 'A formula in place of a field, for what must be made alike before it is compared.',
            examples: ['lower(email)', 'trim(sku)'],
            ui: { port },
          }),
        },
        { additionalProperties: false, title: 'Expression' },
      ),
    ]),
    { title, ...(description !== undefined && { description }), minItems: 1, maxItems: 16, 'x-ui': { port } },
  );
}
export type JoinKey = Static<ReturnType<typeof joinKeyField>>;

/** The keys of the two inputs `left` and `right`, compared part by part. A number never equals a text. */
export const joinKeys = {
  leftKey: joinKeyField('left', 'Left key', 'Records belong together when these fields are equal on both sides.'),
  rightKey: joinKeyField('right', 'Right key', 'As many fields as the left key has, in the same order.'),
};
export interface JoinKeys {
  leftKey: JoinKey;
  rightKey: JoinKey;
}

/** A key as expressions. */
export function keyParts(key: JoinKey): string[] {
  return key.map((part) => (typeof part === 'string' ? fieldExpression(part) : part.value));
}

/** Key of a two-sided join at a port. */
export function joinKey({ leftKey, rightKey }: JoinKeys, port: string): string[] {
  return keyParts(port === 'left' ? leftKey : rightKey);
}

export function lintKey(key: JoinKey, path: string): ConfigFinding[] {
  return key.flatMap((part, i) =>
    typeof part === 'string' && badPath(part)
      ? [
          finding('FIELD_NAME', `${path}/${i}`, `"${part}" cannot be a field name; write names without empty steps.`, {
            name: part,
          }),
        ]
      : [],
  );
}

export function lintJoinKeys({ leftKey, rightKey }: JoinKeys): ConfigFinding[] {
  const found = [...lintKey(leftKey, '/leftKey'), ...lintKey(rightKey, '/rightKey')];
  if (leftKey.length !== rightKey.length) {
    found.push(
      finding(
        'JOIN_KEYS_DIFFER',
        '/rightKey',
        'Both sides need equally many key fields: the first is compared with the first, and so on.',
        {
          left: leftKey.length,
          right: rightKey.length,
        },
      ),
    );
  }
  return found;
}

/** True if a part of an encoded key is null: such a record matches nothing. Free for the common key, a single text. */
export function neverMatches(key: string): boolean {
  return key.charCodeAt(0) === 0 && key.includes('\u0000z') && hasNull(key);
}

/** "order_id = order" for the card of a node. */
export function keyWords({ leftKey, rightKey }: JoinKeys): string {
  const word = (part: JoinKey[number] | undefined) => (typeof part === 'string' ? part : (part?.value ?? '?'));
  return leftKey
    .map((part, i) => (word(part) === word(rightKey[i]) ? word(part) : `${word(part)} = ${word(rightKey[i])}`))
    .join(', ');
}
