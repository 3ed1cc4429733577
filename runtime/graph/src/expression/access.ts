import { Decimal, decodeKey, type StreamRecord, type Value } from '@millrace/sdk';
import { expressionError } from './errors.js';
import { FORBIDDEN } from './parse.js';
import type { Evaluate, Scope } from './scope.js';
import type { IndexNode, MemberNode, MetaName } from './tree.js';
import { isInherited, kindOf, ownField } from './values.js';

/** Reads a field of the record's value; a missing one is null. */
export function compileField(name: string): Evaluate {
  if (isInherited(name)) return (value) => ownField(value, name);
  return (value) => {
    if (typeof value !== 'object' || value === null) return null;
    const found = value[name];
    return found === undefined ? null : found;
  };
}

/** Reads a field of an object inside the value. Texts, numbers and lists have no fields: null. */
export function compileMember(node: MemberNode, target: Evaluate): Evaluate {
  const { name } = node;
  if (isInherited(name)) return (value, record) => ownField(target(value, record), name);
  return (value, record) => {
    const object = target(value, record);
    if (typeof object !== 'object' || object === null || object instanceof Decimal) return null;
    const found = object[name];
    return found === undefined ? null : found;
  };
}

/** `list[2]` (from 0; outside the list: null) and `object['name']`. */
export function compileIndex(node: IndexNode, target: Evaluate, index: Evaluate, scope: Scope): Evaluate {
  return (value, record) => {
    const object = target(value, record);
    if (object === null) return null;
    const at = index(value, record);
    if (at === null) return null;
    if (Array.isArray(object) && typeof at === 'number') {
      const found = Number.isInteger(at) && at >= 0 ? object[at] : null;
      return found === undefined ? null : found;
    }
    if (typeof at === 'string' && kindOf(object) === 'object') return FORBIDDEN.has(at) ? null : ownField(object, at);
    const kind = kindOf(object);
    throw expressionError(
      'EXPRESSION_INDEX',
      kind === 'list'
        ? `A list is read by number, not by ${kindOf(at)}`
        : kind === 'object'
          ? `An object is read by name, not by ${kindOf(at)}`
          : `${kind} has no parts`,
      scope.source,
      node,
      { target: kind, index: kindOf(at) },
    );
  };
}

/** What a record carries beside its value. Null where there is no record (a preview of a bare value). */
export function compileMeta(name: MetaName): Evaluate {
  switch (name) {
    case '_value':
      return (value) => (value === undefined ? null : value);
    case '_time':
      return (_value, record) => (record === undefined ? null : record.time);
    case '_born':
      return (_value, record) => (record === undefined ? null : record.born);
    case '_op':
      return (_value, record) => (record === undefined ? null : record.op);
    default:
      return (_value, record) => keyOf(record);
  }
}

/** A key of one part is that part; a key of several is the list of them. */
function keyOf(record: StreamRecord | undefined): Value {
  if (record?.key === undefined) return null;
  const parts = decodeKey(record.key);
  return parts.length === 1 ? parts[0] : parts;
}
