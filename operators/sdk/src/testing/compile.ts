import { MillraceError } from '../errors.js';
import type { Expression } from '../operator.js';
import { fieldReader } from '../path.js';

const FIELD = /^[\p{L}_$][\p{L}\p{N}_$]*(\.[\p{L}_$][\p{L}\p{N}_$]*)*$/u;
const WORDS = new Set(['true', 'false', 'null', 'in']);

/** True for a bare (dotted) field name, which needs no compiler. */
export function isFieldName(text: string): boolean {
  return FIELD.test(text) && !WORDS.has(text);
}

/** What the harness compiles with unless a test passes `compile`: reads a bare field, refuses everything else. */
export function fieldOnlyCompile(expression: string): Expression {
  if (isFieldName(expression)) return fieldReader(expression);
  throw new MillraceError(`The test harness alone cannot compile the expression "${expression}".`, {
    code: 'HARNESS_NEEDS_COMPILE',
    domain: 'internal',
    params: { expression },
    hint: 'Pass { compile } to runOperator or checkOperator, for example compileExpression of @millrace/graph.',
  });
}
