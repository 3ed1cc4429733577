import type { Value } from './record.js';

/** A reader of a (dotted) field: own properties only; a missing step gives null. */
export function fieldReader(path: string): (value: Value) => Value {
  const steps = path.split('.');
  if (steps.length === 1) {
    return (value) => {
      if (value === null || typeof value !== 'object') return null;
      const found = value[path];
      return found === undefined || !Object.hasOwn(value, path) ? null : found;
    };
  }
  return (value) => {
    let at = value;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return null;
      at = at[step];
    }
    return at === undefined ? null : at;
  };
}

/** Words the expression language keeps; a field of that name is written in backticks. */
const RESERVED = new Set(
  'as break const continue else for function if import let loop package namespace return var void while true false null in'.split(
    ' ',
  ),
);

/** A (dotted) field path as an expression: `Customer ID` becomes `` `Customer ID` ``. For `key`, which speaks in expressions. */
export function fieldExpression(path: string): string {
  return path
    .split('.')
    .map((step) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(step) && !RESERVED.has(step) ? step : `\`${step}\``))
    .join('.');
}
