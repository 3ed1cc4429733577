import { describe, expect, it } from 'vitest';
import { computedType } from './computed-type.js';
import type { RecordType } from './types.js';

const input: RecordType = {
  fields: {
    email: 'personal',
    'customer.phone': 'personal',
    'Full name': 'personal',
    total: 'number',
    mailing: 'text',
  },
  open: true,
};

describe('the type of an expression', () => {
  it('is that of the field it names', () => {
    expect(computedType('total', input)).toBe('number');
    expect(computedType('email', input)).toBe('personal');
  });

  it.each([
    'lower(email)',
    "email + ', ' + city",
    "record['email']",
    'total > 5 ? email : null',
    'customer.phone',
    'trim(phone)',
    'upper(`Full name`)',
    'customer',
    'string(customer)',
    "extract(email, '@(.*)')",
  ])('is personal when it reads a personal field: %s', (expression) => {
    expect(computedType(expression, input)).toBe('personal');
  });

  it.each([
    'total * 2',
    'lower(mailing)',
    'emails',
    'myemail',
    'customer.city',
    "customer['city']",
    "'customers'",
    '邮箱',
  ])('is open otherwise: %s', (expression) => {
    expect(computedType(expression, input)).toBe('any');
  });

  it('is open when nothing is known of the input', () => {
    expect(computedType('email', undefined)).toBe('any');
    expect(computedType('email', { fields: {}, open: true })).toBe('any');
  });
});
