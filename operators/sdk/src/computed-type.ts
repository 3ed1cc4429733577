import type { FieldType, RecordType } from './types.js';

/**
 * Type of what an expression gives, at design time: that of the field it names, `personal` when it reads a personal field, otherwise `any`.
 * The expression is only looked through for the names of such fields, so a text that happens to hold one counts too: rather too much is
 * hidden than too little.
 */
export function computedType(expression: string, input: RecordType | undefined): FieldType {
  if (input === undefined) return 'any';
  const named = Object.hasOwn(input.fields, expression) ? input.fields[expression] : undefined;
  if (named !== undefined) return named;
  for (const [path, type] of Object.entries(input.fields))
    if (type === 'personal' && reads(expression, path)) return 'personal';
  return 'any';
}

const WORD = /[\p{L}\p{N}_$]/u;

/** True if the last step of a path stands in the expression as a word, or the object around it as a whole. */
function reads(expression: string, path: string): boolean {
  const steps = path.split('.');
  if (stands(expression, steps.at(-1)!, () => true)) return true;
  return steps.slice(0, -1).some((step) => stands(expression, step, (rest) => !/^[`\s]*[.[]/.test(rest)));
}

function stands(expression: string, name: string, counts: (rest: string) => boolean): boolean {
  for (let at = expression.indexOf(name); at >= 0; at = expression.indexOf(name, at + 1)) {
    const rest = expression.slice(at + name.length);
    if (!WORD.test(expression.charAt(at - 1)) && !WORD.test(rest.charAt(0)) && counts(rest)) return true;
  }
  return false;
}
