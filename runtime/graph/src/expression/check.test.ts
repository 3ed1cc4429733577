import type { RecordType } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../message.js';
import { checkExpression, kindOfExpression } from './check.js';

const type: RecordType = {
  fields: {
    status: 'text',
    qty: 'number',
    price: 'number',
    paid: 'boolean',
    items: 'list',
    customer: 'object',
    at: 'time',
    extra: 'any',
    'Item No': 'text',
    'shop.city': 'text',
  },
  open: false,
};
const open: RecordType = { ...type, open: true };
const check = (source: string, returns?: 'boolean' | 'number' | 'text', of = type) =>
  checkExpression(source, of, returns).map((finding) => ({
    ...finding,
    message: messageOf(finding),
    place: source.slice(finding.range!.from, finding.range!.to),
  }));

describe('what is right', () => {
  it.each([
    "status == 'paid' && qty * price > 100",
    'at > 5 && at > "2024-01-01"',
    'extra + 1 > 2 && extra.contains("x")',
    'items.exists(i, i.qty > 1 && i.sku.startsWith("A"))',
    'customer.country in ["DE", "FR"]',
    'customer["a"] == 1',
    "`Item No` != null && shop.city == 'Berlin'",
    "(qty > 1 ? 'many' : 'one') == status",
    "hour(at, 'Europe/Berlin') == 3",
    '_time > 0 && _value.qty > 1',
    'min(qty, price) < 3 && coalesce(qty, 0) > 1',
    'has(customer.country) && !paid',
    "'x' in items || 'a' in customer",
    'null == status',
  ])('%s passes', (source) => expect(check(source, 'boolean')).toEqual([]));

  it('knows the kind of the answer', () => {
    expect(kindOfExpression('qty * price', type)).toBe('number');
    expect(kindOfExpression("status + 'x'", type)).toBe('text');
    expect(kindOfExpression('extra + extra', type)).toBe('any');
    expect(kindOfExpression("qty > 1 ? 'a' : null", type)).toBe('text');
    expect(kindOfExpression('items.map(i, i)', type)).toBe('list');
    expect(kindOfExpression("max('a', status)", type)).toBe('text');
    expect(kindOfExpression('coalesce(null, qty)', type)).toBe('number');
    expect(kindOfExpression('_op', type)).toBe('text');
  });
});

describe('fields', () => {
  it('that do not exist are named, with what was meant and the repaired expression', () => {
    expect(check("Status == 'x' && quantity > 1")).toMatchObject([
      {
        code: 'FIELD_UNKNOWN',
        place: 'Status',
        message: 'There is no field "Status". Did you mean status?',
        fix: { value: "status == 'x' && quantity > 1" },
      },
      { code: 'FIELD_UNKNOWN', place: 'quantity', message: 'There is no field "quantity".' },
    ]);
    expect(check("item_no == 'x'")[0]).toMatchObject({
      params: { suggestion: '`Item No`' },
      fix: { value: "`Item No` == 'x'" },
    });
  });

  it('that look like a text without quotes are taken for one', () => {
    expect(check('status == delivered')[0]).toMatchObject({
      message: 'There is no field "delivered". To compare with the text, write it in quotes: \'delivered\'.',
      fix: { value: "status == 'delivered'" },
    });
    expect(check('qty == delivered')[0]!.fix).toBeUndefined();
  });

  it('are hints where more may come, if a slip is likely', () => {
    expect(check('staus == 1', undefined, open)).toMatchObject([{ severity: 'warning' }]);
    expect(check('whatever == 1', undefined, open)).toEqual([]);
    expect(checkExpression('whatever == 1')).toEqual([]);
  });

  it('of things without fields', () => {
    expect(check('status.name')[0]).toMatchObject({
      code: 'EXPRESSION_NO_FIELDS',
      message: '"name" is read from text, which has no fields. Remove the last step.',
    });
    expect(check('items.sku')[0]!.message).toBe(
      '"sku" is read from a list. Say which item, as in items[0].sku, or loop, as in items.map(item, item.sku).',
    );
  });
});

describe('kinds', () => {
  it.each([
    [
      "qty > '5'",
      "qty > '5'",
      '">" cannot be used with a number and text (character 1). Bring both sides to one kind, with number(…) or text(…).',
    ],
    [
      'paid && qty',
      'qty',
      '"&&" needs yes or no at character 9, and this is a number. Convert it, or use another field.',
    ],
    [
      'paid && status + 1 == qty',
      'status + 1',
      '"+" cannot be used with text and a number (character 9). Bring both sides to one kind, with number(…) or text(…).',
    ],
    ['lower(qty)', 'qty', '"lower" needs text at character 7, and this is a number. Convert it, or use another field.'],
    [
      'size(qty)',
      'qty',
      '"size" needs text or a list or an object at character 6, and this is a number. Convert it, or use another field.',
    ],
    [
      'qty.exists(i, true)',
      'qty',
      '"exists" needs a list at character 1, and this is a number. Convert it, or use another field.',
    ],
    [
      'items.filter(i, 5)',
      '5',
      '"filter" needs yes or no at character 17, and this is a number. Convert it, or use another field.',
    ],
    [
      "'a' in status",
      "'a' in status",
      '"in" looks into a list or an object (character 1). For a text within a text write contains(whole, part).',
    ],
    [
      "qty in ['1', '2']",
      "qty in ['1', '2']",
      '"in" cannot be used with a number and text (character 1). Bring both sides to one kind, with number(…) or text(…).',
    ],
    [
      'items < items',
      'items < items',
      '"<" needs values with an order, such as numbers or texts (character 1), and this is a list. Use size(…) or one of its fields.',
    ],
    ['-status', 'status', '"-" needs a number at character 2, and this is text. Convert it, or use another field.'],
    [
      'items["a" + "b"]',
      'items["a" + "b"]',
      'At character 1 a list is read with text. Lists are read by number (from 0), objects by name.',
    ],
  ])('%s', (source, place, message) => expect(check(source)).toMatchObject([{ severity: 'error', place, message }]));

  it('of the answer', () => {
    expect(check('qty * price', 'boolean')[0]).toMatchObject({
      code: 'EXPRESSION_RETURNS',
      message: 'The expression must answer with yes or no, and this one gives a number.',
    });
    expect(check('status', 'number')).toHaveLength(1);
    expect(check('at', 'text')).toEqual([]);
    expect(check('extra', 'boolean')).toEqual([]);
  });
});

describe('literals', () => {
  it.each([
    ["matches(status, '(')", "'('", 'EXPRESSION_PATTERN'],
    ["matches(status, '(?=x)')", "'(?=x)'", 'EXPRESSION_PATTERN'],
    ['matches(status, status)', 'status', 'EXPRESSION_PATTERN'],
    [`matches(status, '${'(a|b{0,400})'.repeat(10)}')`, `'${'(a|b{0,400})'.repeat(10)}'`, 'EXPRESSION_PATTERN'],
    ["extract(status, 'a', 1)", '1', 'EXPRESSION_ARGUMENT'],
    ["hour(at, 'Mars')", "'Mars'", 'TIMEZONE_UNKNOWN'],
    ["duration('soon')", "'soon'", 'EXPRESSION_ARGUMENT'],
  ])('%s', (source, place, code) => expect(check(source)).toMatchObject([{ code, place }]));
});

describe('everything at once', () => {
  it('lists all that is wrong, but not without end', () => {
    expect(check("lowr(status) == 1 && qty > 'x' || ghost").map(({ code }) => code)).toEqual([
      'EXPRESSION_FUNCTION_UNKNOWN',
      'EXPRESSION_TYPE',
      'FIELD_UNKNOWN',
    ]);
    const wrong = Array.from({ length: 100 }, (_, i) => `ghost${i} == 1`).join(' && ');
    expect(check(wrong)).toHaveLength(20);
  });
});
