import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactNumber, parseStoredJson } from './json-text.js';

describe('numbers of a database', () => {
  it.each([
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', '9007199254740993'],
    ['9007199254741000', '9007199254741000'],
    ['-12', -12],
    ['0.10', 0.1],
    ['123456789012.3456789', '123456789012.3456789'],
    ['NaN', 'NaN'],
    ['1e400', '1e400'],
  ])('%s becomes %s', (text, value) => {
    expect(exactNumber(text)).toEqual(value);
  });

  it('stay what they were whenever they become numbers', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }),
        fc.integer({ min: 0, max: 12 }),
        (digits, scale) => {
          const text =
            scale === 0
              ? String(digits)
              : `${digits / 10n ** 12n}.${String(digits < 0n ? -digits : digits).slice(-scale)}`;
          const value = exactNumber(text);
          if (typeof value === 'number') expect(value).toBe(Number(text));
          else expect(value).toBe(text);
        },
      ),
    );
  });
});

describe('JSON of a database', () => {
  it('keeps long numbers as text and leaves texts alone', () => {
    expect(
      parseStoredJson(
        '{"a":9007199254740993,"b":"9007199254740993, \\"x\\": 12345678901234567890","c":[1.5,-9007199254740993]}',
      ),
    ).toEqual({
      a: '9007199254740993',
      b: '9007199254740993, "x": 12345678901234567890',
      c: [1.5, '-9007199254740993'],
    });
  });

  it('reads all other JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '')));
        expect(parseStoredJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
