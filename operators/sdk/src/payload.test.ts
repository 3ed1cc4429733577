import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './json.js';
import { payloadDecoder } from './payload.js';

describe('parseJson', () => {
  it('reads what JSON.stringify wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(parseJson(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value), keepLong));
      }),
    );
  });

  it('keeps whole numbers beyond 2^53 as text', () => {
    expect(parseJson('{"id":9007199254740993,"note":"9007199254740993 1"}')).toEqual({
      id: '9007199254740993',
      note: '9007199254740993 1',
    });
  });

  it.each(['', '{', '{"a":1,}', "{'a':1}"])('names what is wrong with %j', (text) => {
    expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'JSON_INVALID' }));
  });

  it('refuses nesting that would break what comes after', () => {
    expect(() => parseJson('['.repeat(2000) + ']'.repeat(2000))).toThrow(
      expect.objectContaining({ code: 'JSON_TOO_DEEP' }),
    );
  });
});

/** fast-check makes doubles of up to 17 digits, all of which survive; only whole ones beyond 2^53 become text. */
function keepLong(_key: string, value: unknown): unknown {
  return typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    !/e/.test(String(value))
    ? String(value)
    : value;
}

describe('payloadDecoder', () => {
  it('puts a text into one field', () => {
    expect(payloadDecoder({ format: 'text' })('not {json')).toEqual({ text: 'not {json' });
    expect(payloadDecoder({ format: 'text', textField: 'line' })('')).toEqual({ line: '' });
  });

  it('reads a CSV row with quotes, types and empty cells', () => {
    const decode = payloadDecoder({
      format: 'csv',
      csv: { columns: ['sku', 'qty', 'note'], delimiter: ';', types: { qty: 'number' } },
    });
    expect(decode('A;3;"two ""big"";\nboxes"\r\n')).toEqual({ sku: 'A', qty: 3, note: 'two "big";\nboxes' });
    expect(decode('A;;')).toEqual({ sku: 'A', qty: null, note: '' });
  });

  it.each([
    ['A;3', 'CSV_ROW'],
    ['A;3;x;y', 'CSV_ROW'],
    ['A;"3', 'CSV_ROW'],
    ['"A"b;3;x', 'CSV_ROW'],
    ['A;three;x', 'CSV_CELL'],
  ])('says why the row %j is bad', (row, code) => {
    const decode = payloadDecoder({
      format: 'csv',
      csv: { columns: ['sku', 'qty', 'note'], delimiter: ';', types: { qty: 'number' } },
    });
    expect(() => decode(row)).toThrow(expect.objectContaining({ code }));
  });
});
