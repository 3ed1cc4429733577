import { MillraceError } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { fieldsOf } from './check.js';
import { compileExpression } from './compile.js';
import { parseExpression } from './parse.js';

function errorOf(source: string) {
  try {
    compileExpression(source);
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError);
    const { code, params, hint, message } = error as MillraceError;
    return {
      code,
      hint,
      message,
      reason: params.reason,
      place: source.slice(params.from as number, params.to as number),
      at: params.at,
      params,
    };
  }
  throw new Error(`${source} did not fail`);
}

describe('syntax errors', () => {
  it.each([
    ["status = 'paid'", 'single-equals', '=', 'Write == to compare.'],
    ['a & b', 'single-and', '&', 'Write && for "and".'],
    ['a | b', 'single-or', '|', 'Write || for "or".'],
    ['a and b', 'word-operator', 'and', 'Write && instead of "and".'],
    ['a OR b', 'word-operator', 'OR', 'Write || instead of "OR".'],
    ['not a', 'unexpected', 'a', undefined],
    ["status == 'paid", 'unterminated', "'paid", 'Close the text with the quote it began with.'],
    ['(a + b', 'unexpected-end', '', 'Something is missing at the end: a value, or a closing bracket.'],
    ['a +', 'unexpected-end', '', 'Something is missing at the end: a value, or a closing bracket.'],
    ['a b', 'unexpected', 'b', undefined],
    ['status == “paid”', 'typographic', '“', 'Write " instead of “.'],
    ['qty ＞ 3', 'typographic', '＞', 'Write > instead of ＞.'],
    [
      'package == 1',
      'reserved',
      'package',
      '"package" is a word of the language; a field of that name is written `package` in backticks.',
    ],
    ["'\\q'", 'escape', '\\q', undefined],
    ['1e+x', 'number', 'x', undefined],
    [
      'items.map(1, x)',
      'macro',
      '1',
      'The first argument of exists, all, map and filter is a name of your choice, as in items.exists(item, item.qty > 1).',
    ],
    ['5u', 'literal', '5u', undefined],
    ["b'x'", 'literal', "b'x'", undefined],
  ])('%s: %s', (source, reason, place, hint) => {
    const error = errorOf(source);
    expect(error).toMatchObject({ code: 'EXPRESSION_SYNTAX', reason, hint });
    expect(error.place).toBe(place);
  });

  it('counts characters of what was written, also behind names in backticks and in other scripts', () => {
    expect(errorOf('`Customer ID` = 1')).toMatchObject({ place: '=', at: 15 });
    expect(errorOf('订单号 == 1 = 2')).toMatchObject({ place: '=', at: 10 });
    expect(errorOf("订单号.lowr() == '价格' && x.foo()")).toMatchObject({
      code: 'EXPRESSION_FUNCTION_UNKNOWN',
      place: 'lowr',
      at: 5,
    });
  });

  it('suggests functions by likeness and from other languages', () => {
    expect(errorOf('lowr(a)').hint).toBe('Did you mean lower?');
    expect(errorOf('a.toLowerCase()').hint).toBe('Did you mean lower?');
    expect(errorOf('LEN(a)').hint).toBe('Did you mean size?');
    expect(errorOf('ifnull(a, 0)').hint).toBe('Did you mean coalesce?');
    expect(errorOf('now()')).toMatchObject({ code: 'EXPRESSION_FUNCTION_UNKNOWN', hint: undefined });
  });
});

describe('limits', () => {
  it('on length, depth, loops and numbers', () => {
    expect(errorOf(`a == '${'x'.repeat(2000)}'`).code).toBe('EXPRESSION_TOO_LONG');
    expect(errorOf('  ').code).toBe('EXPRESSION_EMPTY');
    expect(errorOf(`${'('.repeat(300)}1${')'.repeat(300)}`).code).toBe('EXPRESSION_TOO_DEEP');
    expect(errorOf(`${'!'.repeat(100)}a`).code).toBe('EXPRESSION_TOO_DEEP');
    expect(errorOf(`${'lower('.repeat(70)}a${')'.repeat(70)}`).code).toBe('EXPRESSION_TOO_DEEP');
    expect(errorOf(`a${'.b'.repeat(70)}`).code).toBe('EXPRESSION_TOO_DEEP');
    expect(errorOf('a.map(b, b.map(c, c.map(d, d.map(e, e))))')).toMatchObject({
      code: 'EXPRESSION_TOO_DEEP',
      params: { limit: 3 },
    });
    expect(errorOf('id == 90071992547409931')).toMatchObject({ code: 'EXPRESSION_NUMBER', place: '90071992547409931' });
  });

  it('but not on long chains, which are as flat as they look', () => {
    const chain = (operator: string) => Array.from({ length: 150 }, (_, i) => `a${i}`).join(operator);
    for (const operator of [' && ', ' || ', ' + ', ' - ', ' * '])
      expect(() => parseExpression(chain(operator))).not.toThrow();
    const choices = Array.from({ length: 80 }, (_, i) => `a == ${i} ? ${i} : `).join('');
    expect(compileExpression(`${choices}99`)({ a: 79 })).toBe(79);
  });
});

describe('names', () => {
  it.each([
    '__proto__',
    'a.__proto__',
    "a['__proto__']",
    'constructor',
    'a.constructor',
    "a['constructor']",
    'a.prototype',
    '`__proto__`',
    '`constructor`.name',
    'a.map(constructor, 1)',
  ])('%s is refused', (source) =>
    expect(['EXPRESSION_NAME_FORBIDDEN', 'EXPRESSION_SYNTAX']).toContain(errorOf(source).code),
  );

  it('are listed once each, in the order they are read', () => {
    expect(fieldsOf("status == 'paid' && qty * price > qty && customer.country == `Customer ID`")).toEqual([
      'status',
      'qty',
      'price',
      'customer',
      'Customer ID',
    ]);
    expect(fieldsOf('items.exists(i, i.qty > least && has(coupon))')).toEqual(['items', 'least', 'coupon']);
    expect(fieldsOf("_value['a b'] + x")).toEqual(['a b', 'x']);
    expect(fieldsOf('size(_value)')).toEqual(['*']);
    expect(fieldsOf('_time > 5')).toEqual([]);
  });
});
