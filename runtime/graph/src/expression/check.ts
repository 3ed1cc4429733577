import { MillraceError, type RecordType } from '@millrace/sdk';
import type { Finding } from '../document.js';
import type { Suggest } from '../suggest.js';
import { expressionError, findingOf } from './errors.js';
import { Inference } from './infer.js';
import { type Kind, mayBe } from './kinds.js';
import { parseExpression } from './parse.js';
import { type ExpressionNode, partsOf } from './tree.js';

/** The kind of answer a config property wants of its expression. */
export type ExpectedKind = 'boolean' | 'number' | 'text';

/**
 * All that can be said about an expression before it runs: syntax, unknown functions and fields (with the likely name), wrong kinds, wrong
 * literals. `type` is what is known of the records; undefined: nothing. Findings carry `range` (offsets into `source`), an empty `path`,
 * and a `fix` with the repaired expression where one is known.
 */
export function checkExpression(
  source: string,
  type?: RecordType,
  returns?: ExpectedKind | 'any',
  options: { zone?: string; suggest?: Suggest } = {},
): Finding[] {
  let root: ExpressionNode;
  try {
    root = parseExpression(source);
  } catch (error) {
    if (error instanceof MillraceError) return [findingOf(error)];
    throw error;
  }
  const inference = new Inference(source, type, options);
  const actual = inference.kindOf(root);
  if (returns !== undefined && returns !== 'any' && !mayBe(actual, returns)) {
    const span = { from: 0, to: source.length };
    inference.findings.push(
      findingOf(expressionError('EXPRESSION_RETURNS', 'wrong answer', source, span, { expected: returns, actual })),
    );
  }
  return inference.findings;
}

/**
 * The fields of the record's value that an expression reads, in the order they are written; `*` when it may read all of them (`_value`).
 * Throws like `parseExpression`.
 */
export function fieldsOf(source: string): string[] {
  const fields = new Set<string>();
  const todo: ExpressionNode[] = [parseExpression(source)];
  for (let node = todo.shift(); node; node = todo.shift()) {
    if (node.op === 'field') fields.add(node.name);
    else if (node.op === 'meta' && node.name === '_value') fields.add('*');
    todo.unshift(...partsOf(node));
  }
  return [...fields];
}

/** The kind of an expression's answer, as far as it is known. */
export function kindOfExpression(source: string, type?: RecordType): Kind {
  return new Inference(source, type).kindOf(parseExpression(source));
}
