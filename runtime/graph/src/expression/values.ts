import { Decimal } from '@millrace/sdk';
import type { ValueKind } from './errors.js';

/** The kind of a value at run time. A `Decimal` is a number. */
export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
    case 'bigint':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null || value === undefined) return 'null';
      if (value instanceof Decimal) return 'number';
      return Array.isArray(value) ? 'list' : 'object';
  }
}

/** Equality of values of one kind; objects and lists by content. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Decimal || b instanceof Decimal) {
    return kindOf(a) === 'number' && kindOf(b) === 'number' && compareNumbers(a as number, b as number) === 0;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!sameValue(a[i], b[i])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) {
    if (!Object.hasOwn(b, key) || !sameValue((a as Fields)[key], (b as Fields)[key])) return false;
  }
  return true;
}

type Fields = { [name: string]: unknown };

export function compareNumbers(a: number | Decimal, b: number | Decimal): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return Decimal.from(a).compare(Decimal.from(b));
}

/** What leaves an expression is plain JSON: decimals become numbers, or text where a number would lose digits. */
export function plainValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Decimal) return value.toJSON();
  if (Array.isArray(value)) {
    const i = value.findIndex((item) => plainValue(item) !== item);
    return i < 0 ? value : value.map(plainValue);
  }
  let copy: Fields | undefined;
  for (const key of Object.keys(value)) {
    const before = (value as Fields)[key];
    const after = plainValue(before);
    if (after === before) continue;
    copy ??= { ...value };
    copy[key] = after;
  }
  return copy ?? value;
}

const INHERITED: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  ...Object.getOwnPropertyNames(Array.prototype),
]);

/** True when a plain read of this name could find something inherited, so that the read must ask for an own property first. */
export function isInherited(name: string): boolean {
  return INHERITED.has(name);
}

/** An own field of a plain object, null for everything else. */
export function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Decimal) return null;
  if (!Object.hasOwn(value, name)) return null;
  const found = (value as Fields)[name];
  return found === undefined ? null : found;
}
