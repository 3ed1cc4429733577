import { META_NAMES } from './parse.js';
import { writeName } from './quote.js';
import type { ExpressionNode } from './tree.js';

/** How tightly a node binds; a part that binds less than its place demands gets brackets. */
const CONDITIONAL = 1;
const OR = 2;
const AND = 3;
const EQUAL = 4;
const RELATION = 5;
const ADD = 6;
const MULTIPLY = 7;
const UNARY = 8;
const PRIMARY = 9;

function strength(node: ExpressionNode): number {
  switch (node.op) {
    case 'conditional':
      return CONDITIONAL;
    case 'or':
      return OR;
    case 'and':
      return AND;
    case 'compare':
      return node.operator === '==' || node.operator === '!=' ? EQUAL : RELATION;
    case 'in':
      return RELATION;
    case 'arithmetic':
      return node.operator === '+' || node.operator === '-' ? ADD : MULTIPLY;
    case 'not':
    case 'negate':
      return UNARY;
    case 'literal':
      return typeof node.value === 'number' && node.value < 0 ? UNARY : PRIMARY;
    default:
      return PRIMARY;
  }
}

/** The expression of a tree, in one line, with the brackets it needs. Parsing it gives the same tree. */
export function expressionToText(node: ExpressionNode): string {
  return print(node, []);
}

/** `scope` holds the loop variables around the node: a field of the same name must not be taken for one. */
function print(node: ExpressionNode, scope: readonly string[]): string {
  const at = (part: ExpressionNode, least: number) => {
    const text = print(part, scope);
    return strength(part) < least ? `(${text})` : text;
  };
  // Operators group from the left: the right part must bind tighter.
  const pair = (operator: string, left: ExpressionNode, right: ExpressionNode) => {
    const own = strength(node);
    return `${at(left, own)} ${operator} ${at(right, own + 1)}`;
  };
  const list = (parts: readonly ExpressionNode[]) => parts.map((part) => print(part, scope)).join(', ');
  switch (node.op) {
    case 'literal':
      return typeof node.value === 'string' ? quoteText(node.value) : writeScalar(node.value);
    case 'field':
      return node.name.includes('`') || META_NAMES.has(node.name) || scope.includes(node.name)
        ? `_value[${quoteText(node.name)}]`
        : writeName(node.name);
    case 'meta':
      return node.name;
    case 'variable':
      return writeName(node.name);
    case 'member':
      return node.name.includes('`')
        ? `${at(node.target, PRIMARY)}[${quoteText(node.name)}]`
        : `${at(node.target, PRIMARY)}.${writeName(node.name)}`;
    case 'index':
      return `${at(node.target, PRIMARY)}[${print(node.index, scope)}]`;
    case 'call':
      return node.method
        ? `${at(node.args[0]!, PRIMARY)}.${node.name}(${list(node.args.slice(1))})`
        : `${node.name}(${list(node.args)})`;
    case 'macro': {
      const inside = [...scope, node.variable];
      const parts = [
        writeName(node.variable),
        ...(node.where ? [print(node.where, inside)] : []),
        print(node.body, inside),
      ];
      return `${at(node.target, PRIMARY)}.${node.name}(${parts.join(', ')})`;
    }
    case 'list':
      return `[${list(node.items)}]`;
    case 'map':
      return `{${node.entries.map(([key, value]) => `${print(key, scope)}: ${print(value, scope)}`).join(', ')}}`;
    case 'not':
      return `!${at(node.operand, UNARY)}`;
    case 'negate':
      return `-${at(node.operand, UNARY)}`;
    case 'and':
      return pair('&&', node.left, node.right);
    case 'or':
      return pair('||', node.left, node.right);
    case 'compare':
      return pair(node.operator, node.left, node.right);
    case 'in':
      return pair('in', node.left, node.right);
    case 'arithmetic':
      return pair(node.operator, node.left, node.right);
    case 'conditional':
      return `${at(node.test, OR)} ? ${at(node.yes, CONDITIONAL)} : ${at(node.no, CONDITIONAL)}`;
  }
}

function writeScalar(value: number | boolean | null): string {
  // Whole numbers are read exactly or not at all; a double beyond that says so by its point.
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !String(value).includes('e')
    ? `${value}.0`
    : String(value);
}

/** A text as a literal in single quotes. */
export function quoteText(text: string): string {
  const escaped = text.replace(
    /[\\'\p{Cc}\u2028\u2029]/gu,
    (c) => ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `'${escaped}'`;
}

const ESCAPES: { readonly [character: string]: string } = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};
