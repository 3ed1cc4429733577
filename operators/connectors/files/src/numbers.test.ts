import { keepDigits, losesDigits } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayLoseDigits } from './numbers.js';

function may(text: string): boolean {
  const bytes = Buffer.from(text);
  return mayLoseDigits(bytes, 0, bytes.length);
}

describe('losesDigits', () => {
  it.each([
    '9007199254740992',
    '9007199254740993',
    '-9007199254740993',
    '123456789012345678901',
    '0.123456789012345678',
    '1.00000000000000000001',
    '1234567890.123456789',
    '123456789012345678e-5',
  ])('keeps %s as text', (token) => {
    expect(losesDigits(token)).toBe(true);
  });

  it.each([
    '0',
    '-0',
    '9007199254740991',
    '-9007199254740991',
    '1.5',
    '0.1234567890123456',
    '1.50000000000000000000000',
    '0.00000000000000000000012',
    '1e20',
    '1e400',
    '12',
    'abc',
    '1.',
    '',
    '01',
    '-',
  ])('leaves %s alone', (token) => {
    expect(losesDigits(token)).toBe(false);
  });
});

describe('keepDigits', () => {
  it('puts only such numbers in quotes, wherever they stand', () => {
    const json =
      '{"id":9007199254740993,"t":"9007199254740993","l":[1,-12345678901234567890 , 2.5],"q":"a\\":12345678901234567890","n":1}';
    expect(JSON.parse(keepDigits(json))).toEqual({
      id: '9007199254740993',
      t: '9007199254740993',
      l: [1, '-12345678901234567890', 2.5],
      q: 'a":12345678901234567890',
      n: 1,
    });
  });

  it('does not mend what is broken', () => {
    for (const broken of [
      '{"id":00009007199254740993}',
      '{"id":9007199254740993.}',
      '{"id":9007199254740993',
      '{id:9007199254740993}',
      '"abc',
    ]) {
      expect(() => JSON.parse(keepDigits(broken))).toThrow();
    }
  });

  it('changes nothing that JSON.parse reads without loss', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = JSON.stringify(value);
        const kept = keepDigits(json);
        // A double that prints with 18 or more digits, such as 1e20, is a whole number beyond 2^53.
        if (!/\d{16}/.test(json)) expect(kept).toBe(json);
      }),
    );
  });
});

describe('mayLoseDigits', () => {
  it('sees a long number wherever it stands in the bytes', () => {
    for (let before = 0; before < 40; before++) {
      expect(may(`{"${'k'.repeat(before)}":9007199254740993}`)).toBe(true);
      expect(may(`[${' '.repeat(before)}-12345678.1234567890]`)).toBe(true);
    }
  });

  it('is not disturbed by text of digits and by times', () => {
    expect(
      may('{"card":"4111111111111111","at":"2024-01-01T00:00:00.000000000Z","ts":1767225600000,"x":123456789012345}'),
    ).toBe(false);
  });

  it('sees every number that loses digits', () => {
    const digits = fc.stringMatching(/^-?[0-9]{1,12}(\.[0-9]{1,12})?(e-?[0-9]{1,2})?$/);
    fc.assert(
      fc.property(
        fc.array(fc.oneof(digits, fc.constant('"x"'), fc.stringMatching(/^-?[1-9][0-9]{15,20}$/)), { maxLength: 8 }),
        (tokens) => {
          const json = `{"a":[${tokens.join(',')}]}`;
          if (keepDigits(json) !== json) expect(may(json)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
