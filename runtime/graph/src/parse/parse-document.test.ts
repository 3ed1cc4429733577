import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf } from '../message.js';
import { cpuTime } from '../testing/cpu.js';
import { parseDocument } from './parse-document.js';

const messageFor = (text: string) =>
  parseDocument(text)
    .findings.map((finding) => messageOf(finding))
    .join('\n');

describe('parseDocument', () => {
  it('reads JSON, with a byte order mark too', () => {
    expect(parseDocument(' {"a": [1, -2.5e3, "x\\n\\u00e9", true, null, {}, []]} ')).toEqual({
      value: { a: [1, -2500, 'x\né', true, null, {}, []] },
      findings: [],
    });
    expect(parseDocument('\ufeff{"a":1}').value).toEqual({ a: 1 });
  });

  it.each([
    ['{"a": 1,}', 'There is a comma too many before line 1, column 9. Remove the last comma.'],
    ['[1,]', 'There is a comma too many before line 1, column 4. Remove the last comma.'],
    ["{'a': 1}", "JSON texts stand in double quotes. Replace ' at line 1, column 2."],
    ['{a: 1}', 'A field name in double quotes is expected at line 1, column 2, not "a".'],
    ['{"a" 1}', 'A colon is expected at line 1, column 6, not "1".'],
    ['{\n  "a": 1\n  "b": 2\n}', 'A comma or a closing bracket is expected at line 3, column 3, not """.'],
    ['{"a": NaN}', 'This is not valid JSON: "NaN" is not expected at line 1, column 7.'],
    ['{"a": 1', 'The JSON ends too early, at line 1, column 8. A closing bracket or quote is missing.'],
    ['', 'The JSON ends too early, at line 1, column 1. A closing bracket or quote is missing.'],
    ['{"a": "x', 'The text that begins at line 1, column 7 is not closed. Add its double quote.'],
    ['// note\n{}', 'JSON has no comments. Remove the one at line 1, column 1.'],
    ['{} {}', 'The document ends before line 1, column 4. Remove what follows.'],
    ['"a\tb"', 'A text holds a raw line break or tab at line 1, column 3. Write it as \\n or \\t.'],
    ['"\\x"', 'A backslash at line 1, column 2 begins no known escape. Write \\\\ for a backslash.'],
  ])('explains %j', (text, message) => expect(messageFor(text)).toBe(message));

  it('refuses a name given twice, however it is spelled', () => {
    expect(parseDocument('{"nodes": [{"id": "a", "\\u0069d": "b"}]}').findings).toMatchObject([
      { code: 'KEY_DUPLICATE', path: '/nodes/0/id', params: { key: 'id', line: 1 } },
    ]);
    expect(messageFor('{"a": 1, "a": 2}')).toBe('The field "a" is given twice at line 1, column 10. Keep one of them.');
  });

  it('refuses names that pollute prototypes, escaped or not', () => {
    for (const text of [
      '{"__proto__": {"x": 1}}',
      '{"a": {"\\u005f_proto__": 1}}',
      '{"constructor": {"prototype": {"x": 1}}}',
    ]) {
      expect(parseDocument(text).findings).toMatchObject([{ code: 'KEY_FORBIDDEN' }]);
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('refuses numbers that would lose digits', () => {
    expect(messageFor('{"id": 90071992547409931}')).toBe(
      'The number 90071992547409931 at line 1, column 8 would lose digits. Write it as text in quotes.',
    );
    expect(parseDocument('{"x": 1e999}').findings).toMatchObject([{ code: 'NUMBER_NOT_FINITE', path: '/x' }]);
    expect(parseDocument('[9007199254740991, 0.1234567890123456789]').findings).toEqual([]);
  });

  it('stops at depth and size before anything recursive runs', () => {
    expect(parseDocument('['.repeat(1_000_000)).findings).toMatchObject([{ code: 'TOO_DEEP' }]);
    expect(parseDocument(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`).findings).toMatchObject([
      { code: 'TOO_DEEP', params: { limit: 64 } },
    ]);
    expect(parseDocument(`"${'x'.repeat(2_000_000)}"`).findings).toMatchObject([{ code: 'DOCUMENT_TOO_LARGE' }]);
    expect(parseDocument(`"${'é'.repeat(600_000)}"`).findings, 'bytes count, not characters').toMatchObject([
      { code: 'DOCUMENT_TOO_LARGE' },
    ]);
    expect(
      parseDocument(`{${Array.from({ length: 120_000 }, (_, i) => `"${i.toString(36)}":1`).join()}}`).findings[0]!.code,
    ).toMatch(/TOO_MANY_KEYS|TOO_LARGE/);
    expect(cpuTime(() => parseDocument('['.repeat(1_000_000)))).toBeLessThan(100);
    const large = JSON.stringify({
      nodes: Array.from({ length: 900 }, (_, i) => ({ id: `n${i}`, config: { text: 'x'.repeat(1000) } })),
    });
    expect(cpuTime(() => parseDocument(large))).toBeLessThan(300);
  });

  it('accepts exactly what JSON.parse accepts', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\n"',
      '1',
      '-0.5e2',
      '01',
      'true',
      'null',
      ' ',
      '\n',
      '"',
      '\\',
      'x',
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (json) => {
        const { value, findings } = parseDocument(json);
        const syntax = findings.find(({ code }) => code === 'JSON_SYNTAX');
        let parsed: unknown;
        let valid = true;
        try {
          parsed = JSON.parse(json);
        } catch {
          valid = false;
        }
        if (findings.length === 0) expect(value).toEqual(parsed);
        // A limit may speak first; otherwise both agree.
        if (findings.every(({ code }) => code === 'JSON_SYNTAX')) expect(syntax === undefined).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });
});
