import { MillraceError, type Value } from '@millrace/sdk';

/** Objects of a record's value are never changed: every write copies the objects on its path. */
export type Fields = { [name: string]: Value };

/** A path that could reach an object's prototype, or has an empty step. */
export function badPath(path: string): boolean {
  return path.split('.').some((step) => step === '' || step === '__proto__');
}

/** The last step of a dotted path: what a result field is called unless it is given a name. */
export function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

export function isObject(value: Value): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The value as an object with fields, or an error that says what it is instead. */
export function asObject(value: Value, what = 'The record'): Fields {
  if (isObject(value)) return value;
  throw new MillraceError(`${what} is ${kindOf(value)}, not an object with fields.`, {
    code: 'NOT_AN_OBJECT',
    params: { what, found: kindOf(value) },
    hint: 'Check what the node before this one sends.',
  });
}

/**
 * A copy that fields will be added to, `more` on top. Not `{ ...fields }`: V8 gives such a copy a hidden class of its own as soon as a field is
 * added, which is 5 times slower here and slows down everyone who reads the record later. Copies made this way share their hidden classes.
 */
export function copyOf(fields: Fields, more?: Fields): Fields {
  // Assigning a field called __proto__ would change the prototype.
  const hostile = Object.hasOwn(fields, '__proto__') || (more !== undefined && Object.hasOwn(more, '__proto__'));
  return hostile ? { ...fields, ...more } : Object.assign({}, fields, more);
}

/** What a value is, in the words of a person: "a list", "text" ... */
export function kindOf(value: Value): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    default:
      return 'an object';
  }
}

/** Own field, or undefined. */
export function getPath(value: Value, steps: readonly string[]): Value | undefined {
  let at = value;
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i]!;
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

/**
 * Writes into `root`, which belongs to the caller; objects below it are copied before they change. Missing objects on the way are made.
 * Throws FIELD_NOT_OBJECT when something else is in the way.
 */
export function setPath(root: Fields, steps: readonly string[], value: Value): void {
  let at = root;
  const last = steps.length - 1;
  for (let i = 0; i < last; i++) {
    const step = steps[i]!;
    const found = Object.hasOwn(at, step) ? at[step] : null;
    if (found !== null && found !== undefined && !isObject(found)) {
      const path = steps.slice(0, i + 1).join('.');
      throw new MillraceError(`"${path}" holds ${kindOf(found)}, so it cannot hold the field "${steps[i + 1]}".`, {
        code: 'FIELD_NOT_OBJECT',
        params: { path, found: kindOf(found) },
        hint: 'Choose another name, or drop that field first.',
      });
    }
    const copy: Fields = found ? copyOf(found) : {};
    at[step] = copy;
    at = copy;
  }
  at[steps[last]!] = value;
}

/** Removes a field from `root`, which belongs to the caller; objects on the way are copied. A missing field is fine. */
export function dropPath(root: Fields, steps: readonly string[]): void {
  if (getPath(root, steps) === undefined) return;
  let at = root;
  const last = steps.length - 1;
  for (let i = 0; i < last; i++) {
    const copy: Fields = Array.isArray(at[steps[i]!]) ? at[steps[i]!].slice() : { ...at[steps[i]!] };
    at[steps[i]!] = copy;
    at = copy;
  }
  delete at[steps[last]!];
}

/** A copy of the fields without some of them. Rebuilding keeps the object fast; `delete` would not. */
export function without(fields: Fields, names: ReadonlySet<string>): Fields {
  const copy: Fields = {};
  for (const name of Object.keys(fields)) if (!names.has(name)) assign(copy, name, fields[name]);
  return copy;
}

/** Sets a field by any name, `__proto__` included. */
export function assign(target: Fields, name: string, value: Value): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[name] = value;
  }
}
