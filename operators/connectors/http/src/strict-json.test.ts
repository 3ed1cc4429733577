import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, parseStrictJson, RECORD_LIMITS } from './strict-json.js';

const codeOf = (text: string, limits = RECORD_LIMITS): string => {
  try {
    parseStrictJson(text, limits);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('strict JSON', () => {
  it('reads every JSON value as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!/\p{Surrogate}/u.test(text) && !text.includes('\\ud') && !/(?<![.\d])\d{16,}/.test(text));
        expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            ',',
            ':',
            '1',
            '-',
            '.',
            'e',
            't',
            'true',
            'null',
            ' ',
            '\\',
            '\n',
            '0',
          ),
        }),
        (text) => {
          let fine = true;
          try {
            JSON.parse(text);
          } catch {
            fine = false;
          }
          const code = codeOf(text);
          if (!fine) expect(code).not.toBe('none');
          else expect(['none', 'DUPLICATE_KEY', 'NUMBER_UNSAFE']).toContain(code);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['49,000 open brackets', '['.repeat(49_000) + ']'.repeat(49_000), 'TOO_DEEP'],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), 'TOO_DEEP'],
    ['64 levels', '['.repeat(64) + ']'.repeat(64), 'none'],
    ['a field that comes twice', '{"orderId":"A1","qty":1,"qty":-999}', 'DUPLICATE_KEY'],
    ['the same name in two objects', '[{"a":1},{"a":2}]', 'none'],
    [
      'more than 10,000 fields',
      `{${Array.from({ length: 10_001 }, (_, i) => `"k${i}":1`).join(',')}}`,
      'TOO_MANY_KEYS',
    ],
    ['a name of 257 characters', `{"${'k'.repeat(257)}":1}`, 'KEY_TOO_LONG'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'BAD_ENCODING'],
    ['a number beyond a double', '{"x":1e999}', 'NUMBER_UNSAFE'],
    ['text after the end', '{} {}', 'BAD_JSON'],
    ['nothing', '', 'BAD_JSON'],
  ])('%s', (_title, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('keeps whole numbers beyond 2^53 as their digits', () => {
    expect(parseStrictJson('{"orderId":9007199254740993,"price":0.1,"n":-9007199254740993}')).toEqual({
      orderId: '9007199254740993',
      price: 0.1,
      n: '-9007199254740993',
    });
  });

  it('refuses them where numbers must stay numbers', () => {
    expect(codeOf('[9007199254740993]', { ...RECORD_LIMITS, bigIntegers: 'refuse' })).toBe('NUMBER_UNSAFE');
  });

  it('takes __proto__ as plain data', () => {
    const value = parseStrictJson('{"__proto__":{"x":1},"constructor":2}');
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => decodeUtf8(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]))).toThrow(
      expect.objectContaining({ code: 'BAD_ENCODING' }),
    );
    expect(decodeUtf8(Buffer.from('﻿{"a":"订单"}'))).toBe('{"a":"订单"}');
  });
});
