import type { Decimal, MillraceError, Value } from '@millrace/sdk';
import { mixHint } from './arithmetic.js';
import { expressionError } from './errors.js';
import type { Evaluate, Scope } from './scope.js';
import type { CompareNode, CompareOperator, ExpressionNode, InNode } from './tree.js';
import { compareNumbers, isInherited, kindOf, sameValue } from './values.js';

/**
 * Comparisons. With null they are false, `!=` too; only the written `== null` and `!= null` ask for it. Values of different kinds are an
 * error (text is never converted to number), and order exists for numbers, texts (by UTF-16 code unit) and booleans.
 */
export function compileCompare(node: CompareNode, left: Evaluate, right: Evaluate, scope: Scope): Evaluate {
  const { operator } = node;
  if (isNull(node.left) || isNull(node.right)) {
    const operand = isNull(node.left) ? right : left;
    if (operator === '==') return (value, record) => operand(value, record) === null;
    if (operator === '!=') return (value, record) => operand(value, record) !== null;
    return () => false;
  }
  return fieldWithLiteral(node, scope) ?? twoSides(node, left, right, scope);
}

function isNull(node: ExpressionNode): boolean {
  return node.op === 'literal' && node.value === null;
}

/** The commonest rules (`status == 'paid'`, `qty > 3`) as one closure without inner calls. */
function fieldWithLiteral(node: CompareNode, scope: Scope): Evaluate | undefined {
  if (node.left.op !== 'field' || node.right.op !== 'literal' || isInherited(node.left.name)) return undefined;
  const name = node.left.name;
  const literal = node.right.value;
  if (typeof literal === 'string') {
    if (node.operator === '==') {
      return (value) => {
        const a = typeof value === 'object' && value !== null ? value[name] : null;
        return typeof a === 'string' ? a === literal : other(a, literal, node, scope);
      };
    }
    if (node.operator === '!=') {
      return (value) => {
        const a = typeof value === 'object' && value !== null ? value[name] : null;
        return typeof a === 'string' ? a !== literal : other(a, literal, node, scope);
      };
    }
  }
  if (typeof literal === 'number') {
    const test = NUMBER_TESTS[node.operator](name, literal, (a) => other(a, literal, node, scope));
    return test;
  }
  return undefined;
}

type Other = (a: Value) => boolean;
/** One closure each, so that the operator is not looked up per record. */
const NUMBER_TESTS: {
  readonly [operator in CompareOperator]: (name: string, literal: number, other: Other) => Evaluate;
} = {
  '==': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a === literal : otherwise(a);
  },
  '!=': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a !== literal : otherwise(a);
  },
  '<': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a < literal : otherwise(a);
  },
  '<=': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a <= literal : otherwise(a);
  },
  '>': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a > literal : otherwise(a);
  },
  '>=': (name, literal, otherwise) => (value) => {
    const a = typeof value === 'object' && value !== null ? value[name] : null;
    return typeof a === 'number' ? a >= literal : otherwise(a);
  },
};

function twoSides(node: CompareNode, left: Evaluate, right: Evaluate, scope: Scope): Evaluate {
  switch (node.operator) {
    case '==':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'string' && typeof b === 'string' ? a === b : other(a, b, node, scope);
      };
    case '!=':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'string' && typeof b === 'string' ? a !== b : other(a, b, node, scope);
      };
    case '<':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'number' && typeof b === 'number' ? a < b : other(a, b, node, scope);
      };
    case '<=':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'number' && typeof b === 'number' ? a <= b : other(a, b, node, scope);
      };
    case '>':
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'number' && typeof b === 'number' ? a > b : other(a, b, node, scope);
      };
    default:
      return (value, record) => {
        const a = left(value, record);
        const b = right(value, record);
        return typeof a === 'number' && typeof b === 'number' ? a >= b : other(a, b, node, scope);
      };
  }
}

/** Every comparison that is not of two plain values of the expected type. */
function other(a: Value, b: Value, node: CompareNode, scope: Scope): boolean {
  const left = kindOf(a);
  const right = kindOf(b);
  if (left === 'null' || right === 'null') return false;
  if (left !== right) throw compareError(left, right, node, scope);
  if (node.operator === '==') return sameValue(a, b);
  if (node.operator === '!=') return !sameValue(a, b);
  if (left === 'list' || left === 'object') throw compareError(left, right, node, scope);
  const order =
    left === 'number' ? compareNumbers(a as number | Decimal, b as number | Decimal) : a < b ? -1 : a > b ? 1 : 0;
  switch (node.operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

function compareError(left: string, right: string, node: CompareNode | InNode, scope: Scope): MillraceError {
  const operator = node.op === 'in' ? 'in' : node.operator;
  return expressionError(
    'EXPRESSION_TYPE',
    `"${operator}" cannot be used with ${left} and ${right}`,
    scope.source,
    node,
    { operator, left, right },
    mixHint(left, right),
  );
}

/**
 * `x in list` and `name in object`. Null is in nothing. A list without a single item of the kind of `x` is a mistake, not a "no";
 * an empty list is a "no".
 */
export function compileIn(node: InNode, left: Evaluate, right: Evaluate, scope: Scope): Evaluate {
  const { right: list } = node;
  if (list.op === 'list' && list.items.length > 0) {
    const texts = list.items.map((item) => (item.op === 'literal' ? item.value : undefined));
    if (texts.every((text) => typeof text === 'string')) return inTexts(new Set(texts), node, left, scope);
  }
  return (value, record) => {
    const a = left(value, record);
    const b = right(value, record);
    if (a === null || b === null) return false;
    if (Array.isArray(b)) return inList(a, b, node, scope);
    if (kindOf(b) === 'object' && typeof a === 'string') return Object.hasOwn(b, a);
    throw compareError(kindOf(a), kindOf(b), node, scope);
  };
}

function inTexts(texts: ReadonlySet<string>, node: InNode, left: Evaluate, scope: Scope): Evaluate {
  return (value, record) => {
    const a = left(value, record);
    if (typeof a === 'string') return texts.has(a);
    if (a === null) return false;
    throw compareError(kindOf(a), 'text', node, scope);
  };
}

function inList(a: Value, list: readonly Value[], node: InNode, scope: Scope): boolean {
  const kind = kindOf(a);
  let comparable = list.length === 0;
  let foreign = '';
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    if (sameValue(a, item)) return true;
    const itemKind = kindOf(item);
    if (itemKind === kind || itemKind === 'null') comparable = true;
    else foreign = itemKind;
  }
  if (!comparable) throw compareError(kind, foreign, node, scope);
  return false;
}
