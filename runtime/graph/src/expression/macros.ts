import type { Value } from '@millrace/sdk';
import { charge, checkLength } from './budget.js';
import { expressionError } from './errors.js';
import { notBoolean } from './logic.js';
import type { Evaluate, Scope } from './scope.js';
import type { MacroNode } from './tree.js';
import { kindOf } from './values.js';

/**
 * Loops over a list: `items.exists(i, i.qty > 1)`, `exists_one`, `all`, `map(i, i.sku)`, `map(i, condition, i.sku)`, `filter(i, condition)`. Only
 * `true` counts as true. Over a missing list: null.
 */
export function compileMacro(
  node: MacroNode,
  target: Evaluate,
  where: Evaluate | undefined,
  body: Evaluate,
  scope: Scope,
): Evaluate {
  const { slots, source } = scope;
  const { slot, name } = node;
  const isTrue = (evaluate: Evaluate, value: Value, record: Parameters<Evaluate>[1]): boolean => {
    const answer = evaluate(value, record);
    if (answer === true) return true;
    if (answer === false || answer === null) return false;
    throw notBoolean(answer, name, node.body, scope);
  };
  const each = (
    value: Value,
    record: Parameters<Evaluate>[1],
    visit: (item: Value, value: Value, record: Parameters<Evaluate>[1]) => boolean,
  ): boolean => {
    const list = target(value, record);
    if (list === null) return false;
    if (!Array.isArray(list)) {
      throw expressionError('EXPRESSION_TYPE', `"${name}" needs a list, not ${kindOf(list)}`, source, node.target, {
        operator: name,
        expected: 'list',
        actual: kindOf(list),
      });
    }
    for (let i = 0; i < list.length; i++) {
      charge(1, source, node);
      const item = list[i] === undefined ? null : list[i];
      slots[slot] = item;
      if (!visit(item, value, record)) break;
    }
    slots[slot] = null;
    return true;
  };
  switch (name) {
    case 'exists':
      return (value, record) => {
        let found = false;
        const ran = each(value, record, (_item, v, r) => {
          found = isTrue(body, v, r);
          return !found;
        });
        return ran ? found : null;
      };
    case 'exists_one':
      return (value, record) => {
        let count = 0;
        const ran = each(value, record, (_item, v, r) => {
          if (isTrue(body, v, r)) count++;
          return count < 2;
        });
        return ran ? count === 1 : null;
      };
    case 'all':
      return (value, record) => {
        let all = true;
        const ran = each(value, record, (_item, v, r) => {
          all = isTrue(body, v, r);
          return all;
        });
        return ran ? all : null;
      };
    default:
      return (value, record) => {
        const result: Value[] = [];
        const ran = each(value, record, (item, v, r) => {
          if (name === 'filter') {
            if (isTrue(body, v, r)) result.push(item);
          } else if (where === undefined || isTrue(where, v, r)) {
            result.push(body(v, r));
          }
          checkLength('list', result.length, source, node);
          return true;
        });
        return ran ? result : null;
      };
  }
}
