import { encodeKey, MillraceError, type StreamRecord, type Value } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from './compile.js';

const order = {
  id: 'o-1',
  status: 'paid',
  qty: 3,
  price: 19.99,
  total: null,
  big: '90071992547409931',
  express: true,
  customer: { country: 'DE', tags: ['vip', 'eu'] },
  items: [
    { sku: 'A', qty: 2, price: 0.1 },
    { sku: 'B', qty: 1, price: 0.2 },
  ],
  'Customer ID': 17,
  订单号: 'x1',
  valueOf: 1,
  toJSON: 'z',
  ...JSON.parse('{"then":"y"}'),
};

const run = (source: string, value: Value = order, record?: StreamRecord) => compileExpression(source)(value, record);

/** The error of a record: its code and what it says about kinds and place. */
function errorOf(source: string, value: Value = order) {
  try {
    run(source, value);
  } catch (error) {
    expect(error).toBeInstanceOf(MillraceError);
    const { code, params, message, hint } = error as MillraceError;
    return { code, ...params, message, hint };
  }
  throw new Error(`${source} did not fail`);
}

describe('fields', () => {
  it.each([
    ['status', 'paid'],
    ['customer.country', 'DE'],
    ["customer['country']", 'DE'],
    ['customer.tags[1]', 'eu'],
    ['items[0].sku', 'A'],
    ['`Customer ID`', 17],
    ["_value['Customer ID']", 17],
    ['订单号', 'x1'],
    ['_value.status', 'paid'],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));

  it.each([
    'nothing',
    'nothing.at.all',
    'customer.nothing',
    'status.length',
    'customer.tags.length',
    'customer.tags.map',
    'items[9]',
    'items[-1]',
    'items[0.5]',
    'total',
  ])('%s is missing, and missing is null', (source) => expect(run(source)).toBeNull());

  it('reads data that is named like a method as data', () => {
    expect(run('valueOf')).toBe(1);
    expect(run('then')).toBe('y');
    expect(run('toJSON')).toBe('z');
    expect(run('toString')).toBeNull();
    expect(run('hasOwnProperty')).toBeNull();
    expect(run('customer.toString')).toBeNull();
    expect(run("customer['value' + 'Of']")).toBeNull();
    expect(run("customer['cons' + 'tructor']['cons' + 'tructor']")).toBeNull();
    expect(run("_value['__pro' + 'to__']", JSON.parse('{"__proto__": {"a": 1}}'))).toBeNull();
  });

  it('reads a value that is no object as one without fields', () => {
    for (const value of [null, undefined, 5, 'text', true]) {
      expect(compileExpression('status')(value)).toBeNull();
      expect(compileExpression("status == 'paid'")(value)).toBe(false);
      expect(compileExpression('qty > 1')(value)).toBe(false);
    }
  });

  it('offers what the record carries beside its value', () => {
    const record: StreamRecord = { value: order, time: 1000, born: 2000, key: encodeKey(['DE']), op: 'upsert' };
    expect(run('[_time, _born, _key, _op, _value.qty]', order, record)).toEqual([1000, 2000, 'DE', 'upsert', 3]);
    expect(run('_key', order, { ...record, key: encodeKey(['DE', 7]) })).toEqual(['DE', 7]);
    expect(run('[_time, _key]', order)).toEqual([null, null]);
  });
});

describe('comparisons', () => {
  it.each([
    ["status == 'paid'", true],
    ["'paid' == status", true],
    ["status != 'paid'", false],
    ["status < 'q'", true],
    ['qty == 3', true],
    ['3 == qty', true],
    ['qty != 3', false],
    ['qty >= 3 && qty <= 3', true],
    ['qty > 3 || qty < 3', false],
    ['price * qty == 59.97', true],
    ['express == true', true],
    ['express != false', true],
    ["customer.tags == ['vip', 'eu']", true],
    ["customer == {'tags': ['vip', 'eu'], 'country': 'DE'}", true],
    ["customer.tags != ['vip']", true],
    ["'vip' in customer.tags", true],
    ["'x' in customer.tags", false],
    ["'country' in customer", true],
    ["'toString' in customer", false],
    ["status in ['paid', 'sent']", true],
    ['qty in [1, 2]', false],
    ['qty in []', false],
    ["nothing in ['a']", false],
    ['1 in nothing', false],
  ])('%s is %j', (source, expected) => expect(run(source)).toBe(expected));

  it.each([
    "nothing == 'x'",
    "nothing != 'x'",
    'nothing < 5',
    'nothing == nothing',
    'nothing != nothing',
    'qty != nothing',
    'null < 5',
  ])('%s is false, because null is involved', (source) => expect(run(source)).toBe(false));

  it.each([
    ['nothing == null', true],
    ['total == null', true],
    ['null != qty', true],
    ['nothing != null', false],
    ['null == null', true],
  ])('%s is %j: the written null asks for it', (source, expected) => expect(run(source)).toBe(expected));

  it.each([
    ["qty == '3'", 'number', 'text'],
    ["qty > '3'", 'number', 'text'],
    ['status == 3', 'text', 'number'],
    ['big > 5', 'text', 'number'],
    ["express == 'true'", 'boolean', 'text'],
    ['items == 3', 'list', 'number'],
    ['items < items', 'list', 'list'],
    ["qty in ['3']", 'number', 'text'],
    ["'a' in 'abc'", 'text', 'text'],
    ['qty in customer.tags', 'number', 'text'],
  ])('%s is an error of the record (%s and %s)', (source, left, right) => {
    expect(errorOf(source)).toMatchObject({ code: 'EXPRESSION_TYPE', left, right, expression: source, from: 0, at: 1 });
  });

  it('points at the place and shows no data', () => {
    const error = errorOf('express && status > qty');
    expect(error).toMatchObject({ from: 11, to: 23, operator: '>' });
    expect(error.message).toBe(
      '">" cannot be used with text and number (at character 12 of "express && status > qty")',
    );
    expect(error.hint).toBe('Convert one side: number(x) reads a number from text, text(x) writes one.');
  });
});

describe('logic', () => {
  it('treats null as unknown', () => {
    const table: [string, Value][] = [
      ['false && nothing', false],
      ['nothing && false', false],
      ['true && nothing', null],
      ['nothing && true', null],
      ['true || nothing', true],
      ['nothing || true', true],
      ['false || nothing', null],
      ['nothing || nothing', null],
      ['!nothing', null],
      ['!express', false],
      ["nothing ? 'a' : 'b'", 'b'],
      ["!(nothing == 'x')", true],
    ];
    for (const [source, expected] of table) expect(run(source), source).toBe(expected);
  });

  it('stops as soon as the answer is known', () => {
    expect(run('qty == 0 || 6 / qty == 2')).toBe(true);
    expect(run('qty != 0 && 6 / qty == 2', { qty: 0 })).toBe(false);
  });

  it('takes nothing but booleans', () => {
    expect(errorOf('status && express')).toMatchObject({
      code: 'EXPRESSION_TYPE',
      operator: '&&',
      expected: 'boolean',
      actual: 'text',
      from: 0,
      to: 6,
    });
    expect(errorOf('!qty')).toMatchObject({ operator: '!', actual: 'number', from: 1 });
    expect(errorOf('qty ? 1 : 2')).toMatchObject({ operator: '?', actual: 'number' });
  });
});

describe('arithmetic', () => {
  it.each([
    ['0.1 + 0.2', 0.3],
    ['1.1 * 3', 3.3],
    ['0.3 - 0.1', 0.2],
    ['7 / 2', 3.5],
    ['7 % 4', 3],
    ['-qty', -3],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['10 - 4 - 3', 3],
    ['1e3', 1000],
    ['0x10', 16],
    ["'a' + 'b'", 'ab'],
    ["customer.tags + ['x']", ['vip', 'eu', 'x']],
    ['nothing + 1', null],
    ['qty * nothing', null],
    ['-nothing', null],
    ['nothing / 0', null],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));

  it('is right for every amount of money a person would write', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e9, max: 1e9 }), (a, b) => {
        const value = { a: a / 100, b: b / 100 };
        expect(run('a + b', value)).toBe((a + b) / 100 === 0 ? 0 : (a + b) / 100);
        expect(run('a - b', value)).toBe((a - b) / 100 === 0 ? 0 : (a - b) / 100);
      }),
    );
  });

  it('refuses mixtures, division by zero and numbers without bounds', () => {
    expect(errorOf("qty + 'x'")).toMatchObject({
      code: 'EXPRESSION_TYPE',
      operator: '+',
      left: 'number',
      right: 'text',
    });
    expect(errorOf('express * 2')).toMatchObject({ code: 'EXPRESSION_TYPE', left: 'boolean' });
    expect(errorOf('-status')).toMatchObject({ code: 'EXPRESSION_TYPE', expected: 'number', actual: 'text' });
    expect(errorOf('1 / (qty - 3)')).toMatchObject({
      code: 'EXPRESSION_DIVISION_BY_ZERO',
      hint: 'Test the divisor first, as in total == 0 ? 0 : part / total.',
    });
    expect(errorOf('qty % 0')).toMatchObject({ code: 'EXPRESSION_DIVISION_BY_ZERO' });
    expect(errorOf('1e308 * 10')).toMatchObject({ code: 'EXPRESSION_OVERFLOW' });
  });

  it('keeps decimals exact until the answer is given', () => {
    expect(run('decimal(price, 2) * qty')).toBe(59.97);
    expect(run("decimal('90071992547409931') + 1")).toBe('90071992547409932');
    expect(run('decimal(big) * 2 > decimal(big)')).toBe(true);
    expect(run('decimal(0.1) + 0.2 == 0.3')).toBe(true);
    expect(run('-decimal(1.005, 2)')).toBe(-1.01);
    expect(run('decimal(10) / 4')).toBe(2.5);
    expect(run("[decimal(1.50, 2), {'a': decimal(2)}]")).toEqual([1.5, { a: 2 }]);
    expect(run("text(decimal('12.5', 2))")).toBe('12.50');
    expect(run('decimal(1) == 1 && 1 == decimal(1) && 1 in [decimal(1)]')).toBe(true);
    expect(run('decimal(price).units')).toBeNull();
    expect(run('decimal(price).toString')).toBeNull();
  });
});

describe('lists, objects and loops', () => {
  it.each([
    ['items.exists(i, i.qty > 1)', true],
    ['items.all(i, i.qty > 1)', false],
    ["items.exists_one(i, i.sku == 'A')", true],
    ['items.map(i, i.sku)', ['A', 'B']],
    ['items.map(i, i.qty > 1, i.sku)', ['A']],
    ['items.filter(i, i.qty > 1)', [{ sku: 'A', qty: 2, price: 0.1 }]],
    ['items.map(i, i.qty * i.price)', [0.2, 0.2]],
    ["{'sku': items[0].sku, 'n': size(items)}", { sku: 'A', n: 2 }],
    ['items.exists(i, i.nothing > 1)', false],
    ['items.all(i, i.nothing > 1)', false],
    ['nothing.exists(i, i > 1)', null],
    ['nothing.map(i, i)', null],
    [
      '[1, 2].map(a, [10, 20].map(b, a * b))',
      [
        [10, 20],
        [20, 40],
      ],
    ],
    ['[1, 2].map(qty, qty + 1)', [2, 3]],
    ['[[1], [2]].map(x, x.map(x, x * 2)[0])', [2, 4]],
    ['[1, null, 3].map(x, x)', [1, null, 3]],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));

  it('needs a list to loop over and a boolean to decide', () => {
    expect(errorOf('status.exists(i, i > 1)')).toMatchObject({
      code: 'EXPRESSION_TYPE',
      operator: 'exists',
      expected: 'list',
      actual: 'text',
      from: 0,
      to: 6,
    });
    expect(errorOf('items.filter(i, i.qty)')).toMatchObject({
      code: 'EXPRESSION_TYPE',
      expected: 'boolean',
      actual: 'number',
    });
  });

  it('reads lists by number and objects by name', () => {
    expect(errorOf("items['a' + 'b']")).toMatchObject({ code: 'EXPRESSION_INDEX', target: 'list', index: 'text' });
    expect(errorOf('customer[1]')).toMatchObject({ code: 'EXPRESSION_INDEX', target: 'object', index: 'number' });
    expect(errorOf('status[1]')).toMatchObject({ code: 'EXPRESSION_INDEX', target: 'text' });
  });

  it('builds objects with text names only', () => {
    expect(errorOf('{qty: 1}')).toMatchObject({ code: 'EXPRESSION_MAP_KEY' });
    expect(errorOf("{'__pro' + 'to__': 1}")).toMatchObject({ code: 'EXPRESSION_MAP_KEY' });
  });

  it('never changes the record', () => {
    const frozen = JSON.parse(JSON.stringify(order), (_key, value) => Object.freeze(value));
    for (const source of ['customer.tags + [1]', 'items.map(i, i)', 'items.filter(i, true)', "split(status, 'a')"])
      run(source, frozen);
    expect(frozen).toEqual(JSON.parse(JSON.stringify(order)));
  });
});
