import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from './parse.js';
import { expressionToText } from './print.js';
import type { ExpressionNode } from './tree.js';

const print = (source: string) => expressionToText(parseExpression(source));

/** A tree without positions. */
function shape(node: ExpressionNode): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value) => (key === 'from' || key === 'to' || key === 'nameAt' ? undefined : value)),
  );
}

describe('expressionToText', () => {
  it.each([
    ['a-(b-c)', 'a - (b - c)'],
    ['a-b-c', 'a - b - c'],
    ['a*(b+c)', 'a * (b + c)'],
    ['a/(b*c)', 'a / (b * c)'],
    ['(a&&b)||c', 'a && b || c'],
    ['a&&(b||c)', 'a && (b || c)'],
    ['!(a==1)', '!(a == 1)'],
    ['-(a+b)', '-(a + b)'],
    ['(-1).abs()', '(-1).abs()'],
    ['a?b:(c?d:e)', 'a ? b : c ? d : e'],
    ['(a?b:c)?d:e', '(a ? b : c) ? d : e'],
    ['x=="it\'s"', "x == 'it\\'s'"],
    ["'\\n\\u0001'", "'\\n\\u0001'"],
    ['`Customer ID`.size()', '`Customer ID`.size()'],
    ['订单号 == "1"', "`订单号` == '1'"],
    ["_value['_time'] > _time", "_value['_time'] > _time"],
    ["[1].map(x, x + _value['x'])", "[1].map(x, x + _value['x'])"],
    ["{'a':[1,2.5]}['a'][0]", "{'a': [1, 2.5]}.a[0]"],
    ['1e21', '1e+21'],
    ['a in [1,2] && b.matches("x")', "a in [1, 2] && b.matches('x')"],
  ])('writes %s as %s', (source, expected) => expect(print(source)).toBe(expected));

  it('writes what parses to the same tree, for any tree', () => {
    const name = fc.constantFrom('a', 'b', 'Customer ID', '订单号', 'package', 'in', '_time');
    const { node } = fc.letrec<{ node: ExpressionNode }>((tie) => {
      const sub = tie('node');
      const at = { from: 0, to: 0 };
      const literal = fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 5 }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => (x === 0 ? 0 : x)),
        fc.boolean(),
        fc.constant(null),
      );
      // A minus before a number is part of the number.
      const notNumber = sub.filter((operand) => !(operand.op === 'literal' && typeof operand.value === 'number'));
      return {
        node: fc.oneof(
          { maxDepth: 4 },
          literal.map((value) => ({ op: 'literal', value, ...at }) as const),
          name.map((field) => ({ op: 'field', name: field, ...at }) as const),
          fc
            .tuple(sub, fc.constantFrom('x', 'y z'))
            .map(([target, member]) => ({ op: 'member', target, name: member, ...at }) as const),
          fc
            .tuple(sub, fc.nat(9))
            .map(([target, i]) => ({ op: 'index', target, index: { op: 'literal', value: i, ...at }, ...at }) as const),
          fc
            .tuple(sub, sub, fc.boolean())
            .map(([a, b, method]) => ({ op: 'call', name: 'max', args: [a, b], method, nameAt: at, ...at }) as const),
          sub.map((operand) => ({ op: 'not', operand, ...at }) as const),
          notNumber.map((operand) => ({ op: 'negate', operand, ...at }) as const),
          fc
            .tuple(fc.constantFrom('and', 'or', 'in'), sub, sub)
            .map(([op, left, right]) => ({ op, left, right, ...at }) as ExpressionNode),
          fc
            .tuple(fc.constantFrom('==', '<', '>='), sub, sub)
            .map(([operator, left, right]) => ({ op: 'compare', operator, left, right, ...at }) as ExpressionNode),
          fc
            .tuple(fc.constantFrom('+', '-', '*', '/', '%'), sub, sub)
            .map(([operator, left, right]) => ({ op: 'arithmetic', operator, left, right, ...at }) as ExpressionNode),
          fc.tuple(sub, sub, sub).map(([test, yes, no]) => ({ op: 'conditional', test, yes, no, ...at }) as const),
          fc.array(sub, { maxLength: 3 }).map((items) => ({ op: 'list', items, ...at }) as const),
        ) as fc.Arbitrary<ExpressionNode>,
      };
    });
    fc.assert(
      fc.property(node, (tree) => {
        const text = expressionToText(tree);
        fc.pre(text.length <= 2000);
        expect(shape(parseExpression(text))).toEqual(shape(tree));
      }),
      { numRuns: 1000 },
    );
  });
});
