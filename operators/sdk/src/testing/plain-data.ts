import { MillraceError } from '../errors.js';
import type { Value } from '../record.js';

/**
 * A deep copy of a stored value, as a store would give it back: no shared references, no closures, no classes.
 * Refuses what would not survive a commit, naming the place.
 */
export function copyStored(value: unknown, where: string): unknown {
  if (value === null || value === undefined) return value;
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    case 'object':
      break;
    default:
      throw notStorable(where, `a ${typeof value}`);
  }
  if (Array.isArray(value)) return value.map((item, i) => copyStored(item, `${where}[${i}]`));
  if (value instanceof Uint8Array) return value.slice();
  if (value instanceof Map) {
    const copy = new Map();
    for (const [k, v] of value) copy.set(copyStored(k, `${where} key`), copyStored(v, `${where}.${String(k)}`));
    return copy;
  }
  if (value instanceof Set) return new Set([...value].map((item) => copyStored(item, `${where} item`)));
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw notStorable(where, `an instance of ${prototype.constructor?.name ?? 'a class'}`);
  }
  const copy: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) put(copy, name, copyStored(item, `${where}.${name}`));
  return copy;
}

function notStorable(where: string, what: string): MillraceError {
  return new MillraceError(`${where} is ${what}, which does not survive a commit.`, {
    code: 'STATE_NOT_PLAIN',
    domain: 'internal',
    params: { where, what },
    hint: 'Keep JSON values, Uint8Array, bigint, Map or Set in state, and nothing else.',
  });
}

/** Assignment that treats `__proto__` as an ordinary name. */
function put(target: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  else target[name] = value;
}

/** Freezes a value and all it holds, so that a change in place throws where it is made. */
export function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

/** Where a value stops being JSON (a NaN, a function, a Date ...), in words; undefined when all of it is. Fields that are undefined count as absent. */
export function notJson(value: unknown, where = 'the value'): string | undefined {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `${where} is ${value}`;
  if (typeof value !== 'object') return `${where} is a ${typeof value}`;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = notJson(value[i], `${where}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    return `${where} is an instance of ${prototype.constructor?.name ?? 'a class'}`;
  for (const [name, item] of Object.entries(value)) {
    const found = notJson(item, `${where}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Equal as JSON: the order of fields does not matter, absent and undefined fields are one. */
export function sameJson(a: Value, b: Value): boolean {
  if (Object.is(a, b) || (a === 0 && b === 0)) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a)) return a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const left = Object.hasOwn(a, name) ? a[name] : undefined;
    const right = Object.hasOwn(b, name) ? b[name] : undefined;
    if (left === undefined && right === undefined) continue;
    if (!sameJson(left, right)) return false;
  }
  return true;
}

/** The config with the schema's defaults filled in, as the validator does it: through objects and list items, not inside alternatives. */
export function withDefaults(schema: Value, config: Value): Value {
  if (schema === null || typeof schema !== 'object' || config === null || typeof config !== 'object') return config;
  if (Array.isArray(config)) return schema.items ? config.map((item) => withDefaults(schema.items, item)) : config;
  if (!schema.properties) return config;
  const filled = { ...config };
  for (const [name, property] of Object.entries<Value>(schema.properties)) {
    if (filled[name] === undefined && property.default !== undefined) filled[name] = structuredClone(property.default);
    if (filled[name] !== undefined) filled[name] = withDefaults(property, filled[name]);
  }
  return filled;
}
