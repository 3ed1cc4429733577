import { decodeKey, MillraceError, type Value } from '@millrace/sdk';

export type Fields = { [name: string]: Value };

/** The last step of a dotted path: what a result field is called. */
export function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

export function isObject(value: Value): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The record as an object with fields, or an error that the record's sender can act on. */
export function asObject(value: Value): Fields {
  if (isObject(value)) return value;
  throw new MillraceError('The record is not an object with fields.', {
    code: 'NOT_AN_OBJECT',
    hint: 'Check what the node before this one sends.',
  });
}

/** A copy of a record with more fields on top. `Object.assign` keeps one hidden class for all copies, which a spread does not. */
export function withFields(record: Fields, more: Fields): Fields {
  return Object.hasOwn(record, '__proto__') ? { ...record, ...more } : Object.assign({}, record, more);
}

/** True for what can be the number or name of an order, product or customer: text up to 256 characters, or a number. */
export function isId(value: Value): value is string | number {
  return typeof value === 'string' ? value !== '' && value.length <= 256 : Number.isFinite(value);
}

/** Keys whose parts are kept at hand; when there are more, it starts anew. */
const MAX_DECODED = 4096;

/** Writes the parts of an encoded key into an object, under the last steps of the fields they came from. */
export function keyWriter(fields: readonly string[]): (key: string, target: Fields) => void {
  const names = fields.map(lastStep);
  if (names.length === 0) return () => undefined;
  const decoded = new Map<string, readonly unknown[]>();
  return (key, target) => {
    let parts = decoded.get(key);
    if (parts === undefined) {
      if (decoded.size >= MAX_DECODED) decoded.clear();
      parts = decodeKey(key);
      decoded.set(key, parts);
    }
    for (let i = 0; i < names.length; i++) target[names[i]!] = parts[i] ?? null;
  };
}

/** A duration as it was written, for the card of a node. */
export function durationWords(duration: number | string | undefined): string {
  return typeof duration === 'number' ? `${duration} ms` : (duration ?? '?');
}
