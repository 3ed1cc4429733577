import { type Expression, isTimeZone, MillraceError, type Value } from '@millrace/sdk';
import { compileField, compileIndex, compileMember, compileMeta } from './access.js';
import { compileArithmetic, compileNegate } from './arithmetic.js';
import { checkResult, startBudget } from './budget.js';
import { compileCall } from './calls.js';
import { compileCompare, compileIn } from './compare.js';
import { expressionError } from './errors.js';
import { compileConditional, compileLogic, compileNot } from './logic.js';
import { compileMacro } from './macros.js';
import { FORBIDDEN, parseExpression } from './parse.js';
import type { Evaluate, Scope } from './scope.js';
import { type ExpressionNode, type MapNode, partsOf } from './tree.js';
import { plainValue } from './values.js';

export interface ExpressionOptions {
  /** IANA zone of `hour`, `day` and times without an offset. Default UTC. */
  zone?: string;
}

/**
 * Compiles a CEL expression to a function of the record's value (and the record, for `_time`, `_key`, `_born`, `_op`). It answers plain
 * JSON. Throws MillraceError with code and position for what is wrong with the text; the function throws `EXPRESSION_TYPE` and its kin
 * for what is wrong with a record.
 */
export function compileExpression(source: string, options: ExpressionOptions = {}): Expression {
  const zone = options.zone ?? 'UTC';
  if (!isTimeZone(zone)) {
    throw new MillraceError(`There is no time zone "${zone}".`, { code: 'TIMEZONE_UNKNOWN', params: { zone } });
  }
  const root = parseExpression(source);
  const evaluate = compileNode(root, { source, zone, slots: [] });
  const heavy = uses(root, (node) => node.op === 'call' || node.op === 'macro');
  const makes = uses(root, (node) => node.op === 'macro' || node.op === 'list' || node.op === 'map');
  const decimals = uses(root, (node) => node.op === 'call' && node.name === 'decimal');
  if (!heavy && !makes) return evaluate as Expression;
  if (!makes && !decimals) {
    return (value, record) => {
      startBudget();
      return evaluate(value, record);
    };
  }
  return (value, record) => {
    startBudget();
    const answer = evaluate(value, record);
    if (typeof answer !== 'object' || answer === null) return answer;
    if (makes) checkResult(answer, source);
    return decimals ? plainValue(answer) : answer;
  };
}

function uses(root: ExpressionNode, test: (node: ExpressionNode) => boolean): boolean {
  const todo: ExpressionNode[] = [root];
  for (let node = todo.pop(); node; node = todo.pop()) {
    if (test(node)) return true;
    todo.push(...partsOf(node));
  }
  return false;
}

function compileNode(node: ExpressionNode, scope: Scope): Evaluate {
  const sub = (part: ExpressionNode) => compileNode(part, scope);
  switch (node.op) {
    case 'literal': {
      const { value } = node;
      return () => value;
    }
    case 'field':
      return compileField(node.name);
    case 'meta':
      return compileMeta(node.name);
    case 'variable': {
      const { slots } = scope;
      const { slot } = node;
      return () => slots[slot];
    }
    case 'member':
      return compileMember(node, sub(node.target));
    case 'index':
      return compileIndex(node, sub(node.target), sub(node.index), scope);
    case 'call':
      return compileCall(node, node.args.map(sub), scope);
    case 'macro':
      return compileMacro(node, sub(node.target), node.where ? sub(node.where) : undefined, sub(node.body), scope);
    case 'list': {
      const items = node.items.map(sub);
      return (value, record) => {
        const list: Value[] = [];
        for (let i = 0; i < items.length; i++) list.push(items[i]!(value, record));
        return list;
      };
    }
    case 'map':
      return compileMap(node, scope);
    case 'not':
      return compileNot(node, sub(node.operand), scope);
    case 'negate':
      return compileNegate(node, sub(node.operand), scope);
    case 'and':
    case 'or':
      return compileLogic(node, sub(node.left), sub(node.right), scope);
    case 'compare':
      return compileCompare(node, sub(node.left), sub(node.right), scope);
    case 'in':
      return compileIn(node, sub(node.left), sub(node.right), scope);
    case 'arithmetic':
      return compileArithmetic(node, sub(node.left), sub(node.right), scope);
    case 'conditional':
      return compileConditional(node, sub(node.test), sub(node.yes), sub(node.no), scope);
  }
}

/** `{'sku': item.sku}`. Names must be texts; a later one wins. */
function compileMap(node: MapNode, scope: Scope): Evaluate {
  const entries = node.entries.map(([key, item]) => [compileNode(key, scope), compileNode(item, scope)] as const);
  return (value, record) => {
    const object: { [name: string]: Value } = {};
    for (let i = 0; i < entries.length; i++) {
      const [key, item] = entries[i]!;
      const name = key(value, record);
      if (typeof name !== 'string' || FORBIDDEN.has(name)) {
        throw expressionError(
          'EXPRESSION_MAP_KEY',
          'The names of an object must be texts, and not __proto__, prototype or constructor',
          scope.source,
          node.entries[i]![0],
        );
      }
      object[name] = item(value, record);
    }
    return object;
  };
}
