import { createHash } from 'node:crypto';
import { compileExpression } from '@millrace/graph';
import { encodePart, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask } from './mask.js';

const compile = compileExpression;
const SALT = 'a long secret';
const masked = (step: object, value: Value, more: object = {}) =>
  runOperator(mask, { salt: SALT, fields: [{ field: 'x', ...step }], ...more }, { compile })
    .feed({ x: value })
    .output()[0].x;

describe('core.mask', () => {
  it('does what its examples say', async () => {
    await checkOperator(mask, { compile });
  });

  it('hashes with SHA-256 over salt and encoded value, so that types differ and equal values agree', () => {
    const expected = createHash('sha256')
      .update(`${SALT}\u0000h\u0000${encodePart(7)}`)
      .digest('hex')
      .slice(0, 32);
    expect(masked({ how: 'hash' }, 7)).toBe(expected);
    expect(masked({ how: 'hash' }, '7')).not.toBe(expected);
    expect(masked({ how: 'hash' }, { a: 1, b: 2 })).toBe(masked({ how: 'hash' }, { b: 2, a: 1 }));
    expect(masked({ how: 'hash' }, 7, { salt: 'another salt' })).not.toBe(expected);
  });

  it('makes stable tokens of the same shape that hold no letter or digit run of long values', () => {
    const letters = fc.array(fc.constantFrom(...'abcXYZ019-_ @.éß京'), { minLength: 0, maxLength: 80 });
    fc.assert(
      fc.property(letters, (chars) => {
        const text = chars.join('');
        const token: string = masked({ how: 'token', prefix: 'T-' }, text);
        expect(token).toBe(masked({ how: 'token', prefix: 'T-' }, text));
        const shape = (s: string) =>
          [...s].map((c) => (/[0-9]/.test(c) ? '9' : /\p{Lu}/u.test(c) ? 'A' : /\p{L}/u.test(c) ? 'a' : c)).join('');
        expect(shape(token.slice(2))).toBe(shape(text));
      }),
    );
    expect(masked({ how: 'token' }, 4915112345678)).toMatch(/^\d{13}$/);
    expect(masked({ how: 'token' }, 'abcdefghijklmnop')).not.toBe('abcdefghijklmnop');
  });

  it.each<[object, Value, Value]>([
    [{ how: 'redact' }, 'Ada', null],
    [{ how: 'redact', with: '-' }, [1], '-'],
    [{ how: 'redact', with: '-' }, null, null],
    [{ how: 'keep-last', keep: 2 }, 12345, '***45'],
    [{ how: 'keep-last' }, 'abcd', '****'],
    [{ how: 'keep-last', keep: 0 }, 'ab', '**'],
    [{ how: 'keep-last', keep: 1 }, '\u{1F6D2}b\u{1F6D2}', '**\u{1F6D2}'],
    [{ how: 'keep-first' }, 'SW1A', 'SW**'],
    [{ how: 'keep-first', keep: 4 }, 'SW1A', '****'],
    [{ how: 'keep-last' }, { secret: 1 }, null],
    [{ how: 'token' }, ['secret'], null],
    [{ how: 'domain' }, 'a@b@Shop.EXAMPLE ', 'shop.example'],
    [{ how: 'domain' }, 'nobody', null],
    [{ how: 'domain' }, 'nobody@', null],
    [{ how: 'period' }, 'soon', null],
    [{ how: 'period', period: 'month' }, '2024-05-17', '2024-05-01'],
    [{ how: 'period', period: 'week' }, '2024-05-17T23:00:00Z', '2024-05-13'],
    [{ how: 'period' }, Date.parse('2024-05-17T23:00:00Z'), Date.parse('2024-05-17T00:00:00Z')],
  ])('%j makes %j %j', (step, value, expected) => expect(masked(step, value)).toEqual(expected));

  it('begins days in the time zone', () => {
    const late = '2024-05-17T23:00:00Z';
    expect(masked({ how: 'period' }, late, { zone: 'Europe/Berlin' })).toBe('2024-05-18');
    expect(masked({ how: 'period' }, Date.parse(late), { zone: 'Europe/Berlin' })).toBe(
      Date.parse('2024-05-17T22:00:00Z'),
    );
  });

  it('leaves missing fields missing, other fields and the input alone, and masks deletes as well', () => {
    const harness = runOperator(mask, { fields: [{ field: 'a.b', how: 'redact' }] }, { compile });
    harness
      .feed({ a: { c: 1 } })
      .feed({ value: { a: { b: 'x', c: 1 } }, time: 7, op: 'delete' })
      .feed('text');
    expect(harness.records().map(({ value, time, op }) => [value, time, op])).toEqual([
      [{ a: { c: 1 } }, 0, 'insert'],
      [{ a: { b: null, c: 1 } }, 7, 'delete'],
    ]);
    expect(harness.dead.map(({ error }) => error.code)).toEqual(['NOT_AN_OBJECT']);
  });

  it('reads a salt that is kept outside the graph, and says which one is missing', () => {
    const config = { salt: { $secret: 'mask_test_salt' }, fields: [{ field: 'x', how: 'hash' }] };
    const make = () => runOperator(mask, config, { compile }).feed({ x: 1 }).output()[0].x;
    expect(make).toThrow(/"mask_test_salt" is not known/);
    process.env.MILLRACE_SECRET_mask_test_salt = SALT;
    try {
      expect(make()).toBe(masked({ how: 'hash' }, 1));
    } finally {
      delete process.env.MILLRACE_SECRET_mask_test_salt;
    }
  });

  it('finds fault with pseudonyms without a salt, fields listed twice and impossible names', () => {
    const lint = (config: object) => mask.lint?.(config as never).map(({ code }) => code);
    expect(lint({ fields: [{ field: 'a', how: 'token' }] })).toEqual(['MASK_SALT']);
    const twice = { field: 'a', how: 'redact' };
    expect(lint({ fields: [twice, twice, { field: 'a..b', how: 'redact' }] })).toEqual(['FIELD_TWICE', 'FIELD_NAME']);
  });
});
