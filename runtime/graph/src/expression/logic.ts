import type { MillraceError, Value } from '@millrace/sdk';
import { expressionError } from './errors.js';
import type { Evaluate, Scope } from './scope.js';
import type { ConditionalNode, LogicNode, Span, UnaryNode } from './tree.js';
import { kindOf } from './values.js';

/**
 * Logic with null as "unknown": `false && null` is false, `true || null` is true, everything else with null is null, and `!null` is
 * null. Evaluation goes from left to right and stops when the answer is known. Other kinds than boolean are an error.
 */
export function compileLogic(node: LogicNode, left: Evaluate, right: Evaluate, scope: Scope): Evaluate {
  if (node.op === 'and') {
    return (value, record) => {
      const a = left(value, record);
      if (a === false) return false;
      if (a !== true && a !== null) throw notBoolean(a, '&&', node.left, scope);
      const b = right(value, record);
      if (b === false) return false;
      if (b === true) return a;
      if (b === null) return null;
      throw notBoolean(b, '&&', node.right, scope);
    };
  }
  return (value, record) => {
    const a = left(value, record);
    if (a === true) return true;
    if (a !== false && a !== null) throw notBoolean(a, '||', node.left, scope);
    const b = right(value, record);
    if (b === true) return true;
    if (b === false) return a;
    if (b === null) return null;
    throw notBoolean(b, '||', node.right, scope);
  };
}

export function compileNot(node: UnaryNode, operand: Evaluate, scope: Scope): Evaluate {
  return (value, record) => {
    const a = operand(value, record);
    if (a === true) return false;
    if (a === false) return true;
    if (a === null) return null;
    throw notBoolean(a, '!', node.operand, scope);
  };
}

/** `test ? yes : no`; an unknown test (null) takes `no`. */
export function compileConditional(
  node: ConditionalNode,
  test: Evaluate,
  yes: Evaluate,
  no: Evaluate,
  scope: Scope,
): Evaluate {
  return (value, record) => {
    const a = test(value, record);
    if (a === true) return yes(value, record);
    if (a === false || a === null) return no(value, record);
    throw notBoolean(a, '?', node.test, scope);
  };
}

export function notBoolean(actual: Value, operator: string, at: Span, scope: Scope): MillraceError {
  const kind = kindOf(actual);
  return expressionError(
    'EXPRESSION_TYPE',
    `"${operator}" needs yes or no (boolean), not ${kind}`,
    scope.source,
    at,
    { operator, expected: 'boolean', actual: kind },
    'Compare it with something, as in status == "paid".',
  );
}
