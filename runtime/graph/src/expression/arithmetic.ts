import { addExact, Decimal, type MillraceError, multiplyExact, subtractExact, type Value } from '@millrace/sdk';
import { checkLength } from './budget.js';
import { expressionError } from './errors.js';
import type { Evaluate, Scope } from './scope.js';
import type { ArithmeticNode, UnaryNode } from './tree.js';
import { kindOf } from './values.js';

/** Most digits of an exact decimal; beyond it is no amount of money. */
const MAX_UNITS = 10n ** 64n;
const MAX_SCALE = 64;

/**
 * `+ - *` of numbers are decimal-correct (0.1 + 0.2 = 0.3); `/` and `%` are doubles; a decimal stays exact under `+ - *`.
 * `+` also joins two texts or two lists. Null makes null.
 */
export function compileArithmetic(node: ArithmeticNode, left: Evaluate, right: Evaluate, scope: Scope): Evaluate {
  switch (node.operator) {
    case '+':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        if (typeof a === 'number' && typeof b === 'number') {
          const sum = addExact(a, b);
          // x − x is 0 for finite numbers only.
          if (sum - sum === 0) return sum;
        }
        return addOther(a, b, node, scope);
      };
    case '-':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        if (typeof a === 'number' && typeof b === 'number') {
          const difference = subtractExact(a, b);
          if (difference - difference === 0) return difference;
        }
        return exactOther(a, b, node, scope);
      };
    case '*':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        if (typeof a === 'number' && typeof b === 'number') {
          const product = multiplyExact(a, b);
          if (product - product === 0) return product;
        }
        return exactOther(a, b, node, scope);
      };
    default:
      return (value, record) => divide(left(value, record), right(value, record), node, scope);
  }
}

function addOther(a: Value, b: Value, node: ArithmeticNode, scope: Scope): Value {
  if (typeof a === 'string' && typeof b === 'string') {
    checkLength('text', a.length + b.length, scope.source, node);
    return a + b;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    checkLength('list', a.length + b.length, scope.source, node);
    return [...a, ...b];
  }
  return exactOther(a, b, node, scope);
}

/** The rest of `+ - *`: nulls, decimals, and what is wrong. */
function exactOther(a: Value, b: Value, node: ArithmeticNode, scope: Scope): Value {
  if (a === null || b === null) return null;
  if (!isNumber(a) || !isNumber(b)) throw operandError(a, b, node, scope);
  if (typeof a === 'number' && typeof b === 'number') throw overflow(node, scope);
  const x = toDecimal(a, node, scope);
  const y = toDecimal(b, node, scope);
  const result = node.operator === '*' ? x.mul(y) : x.add(node.operator === '-' ? y.negate() : y);
  if (result.scale > MAX_SCALE || result.units > MAX_UNITS || result.units < -MAX_UNITS) throw overflow(node, scope);
  return result;
}

function divide(a: Value, b: Value, node: ArithmeticNode, scope: Scope): Value {
  if (a === null || b === null) return null;
  if (!isNumber(a) || !isNumber(b)) throw operandError(a, b, node, scope);
  const x = typeof a === 'number' ? a : a.toNumber();
  const y = typeof b === 'number' ? b : b.toNumber();
  if (y === 0) {
    throw expressionError(
      'EXPRESSION_DIVISION_BY_ZERO',
      'Division by zero',
      scope.source,
      node,
      { operator: node.operator },
      'Test the divisor first, as in total == 0 ? 0 : part / total.',
    );
  }
  const result = node.operator === '/' ? x / y : x % y;
  if (result - result !== 0) throw overflow(node, scope);
  return result;
}

export function compileNegate(node: UnaryNode, operand: Evaluate, scope: Scope): Evaluate {
  return (value, record) => {
    const a = operand(value, record);
    if (typeof a === 'number') return 0 - a;
    if (a === null) return null;
    if (a instanceof Decimal) return a.negate();
    throw expressionError('EXPRESSION_TYPE', `"-" needs a number, not ${kindOf(a)}`, scope.source, node, {
      operator: '-',
      expected: 'number',
      actual: kindOf(a),
    });
  };
}

export function isNumber(value: Value): value is number | Decimal {
  return typeof value === 'number' || value instanceof Decimal;
}

function toDecimal(value: number | Decimal, node: ArithmeticNode, scope: Scope): Decimal {
  if (typeof value === 'number' && !Number.isFinite(value)) throw overflow(node, scope);
  return Decimal.from(value);
}

function overflow(node: ArithmeticNode, scope: Scope): MillraceError {
  return expressionError(
    'EXPRESSION_OVERFLOW',
    `The result of "${node.operator}" is too large for a number`,
    scope.source,
    node,
    {
      operator: node.operator,
    },
  );
}

function operandError(a: Value, b: Value, node: ArithmeticNode, scope: Scope): MillraceError {
  const left = kindOf(a);
  const right = kindOf(b);
  return expressionError(
    'EXPRESSION_TYPE',
    `"${node.operator}" cannot be used with ${left} and ${right}`,
    scope.source,
    node,
    { operator: node.operator, left, right },
    mixHint(left, right),
  );
}

/** The way out for a mixture of text and number. */
export function mixHint(left: string, right: string): string | undefined {
  const pair = `${left} ${right}`;
  if (pair === 'text number' || pair === 'number text')
    return 'Convert one side: number(x) reads a number from text, text(x) writes one.';
  return undefined;
}
