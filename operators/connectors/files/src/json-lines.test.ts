import { isTooDeep, MAX_DEPTH } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseObjectLines } from './json-lines.js';

function lineByLine(text: string): unknown[] | 'bad' {
  try {
    return text.split('\n').map((line) => JSON.parse(line));
  } catch {
    return 'bad';
  }
}

describe('parseObjectLines', () => {
  it('gives what line by line parsing gives', () => {
    const text = '{"a":1,"b":{"c":[1,2]}}\n{"a":2, "b": {"c": "]["}, "d": null}\n{}';
    expect(parseObjectLines(text)).toEqual(lineByLine(text));
  });

  it('is quick also about lines with CR LF and objects in a field', () => {
    expect(parseObjectLines('{"a":{"b":1},"c":2}\r\n{"a":{"b":2},"c":3}\r')).toBeUndefined();
    expect(parseObjectLines('{"a":{"b":1},"c":2}\r\n{"a":{"b":2},"c":3}')).toHaveLength(2);
  });

  it.each([
    ['two values on a line, a value over two lines', '{"a":[{}\n{}]}\n{},{}'],
    ['the same with spaces', '{"a":[{}\n{}]}\n{} ,\t{}'],
    ['an array that is closed later', '{"a":[1\n2]}\n{"b":1},{"c":2}'],
    ['text over two lines', '{"a":"x\ny"}\n{},{}'],
    ['a key on the next line', '{"a":1\n"b":2}\n{},{}'],
    ['arrays as lines', '[1\n2]\n{},{}'],
    ['bare values', '1,2\n[1\n2]'],
    ['a text between objects', '{"a":[{}\n{}]}\n{},"x"\n'],
    ['a comma at the end of a line', '{"a":1},\n{"b":2}'],
    ['a blank line', '{"a":1}\n\n{"b":2}'],
  ])('does not take broken lines for good ones: %s', (_name, text) => {
    expect(parseObjectLines(text)).toBeUndefined();
  });

  it('never differs from line by line parsing, whatever the lines are cut from', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ', ',
      '"',
      ':',
      '\n',
      '\r\n',
      ' ',
      '1',
      '{}',
      '"a":',
      '"a"',
      '{"a":1}',
      '{"a":[',
      ']}',
      '},{',
      '\\"',
      'null',
      '},"b":{',
    );
    let sure = 0;
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const joined = parseObjectLines(text);
        if (joined === undefined) return;
        sure++;
        expect(joined).toEqual(lineByLine(text));
      }),
      { numRuns: 20_000 },
    );
    expect(sure).toBeGreaterThan(100);
  });

  it('never differs on good lines that were cut and put together wrongly', () => {
    const object = fc.dictionary(fc.constantFrom('a', 'b'), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 2 });
    const cut = fc.tuple(
      fc.array(object, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat(), fc.constantFrom('\n', ',', ' ', '')), { maxLength: 3 }),
    );
    let sure = 0;
    fc.assert(
      fc.property(cut, ([objects, cuts]) => {
        let text = objects.map((o) => JSON.stringify(o)).join('\n');
        for (const [at, mark] of cuts) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + mark + text.slice(place + (mark === '' ? 1 : 0));
        }
        const joined = parseObjectLines(text);
        if (joined === undefined) return;
        sure++;
        expect(joined).toEqual(lineByLine(text));
      }),
      { numRuns: 5000 },
    );
    expect(sure).toBeGreaterThan(1000);
  });

  it('leaves deep nesting to be looked at line by line', () => {
    const deep = `{"a":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`;
    expect(parseObjectLines(`{}\n${deep}`)).toBeUndefined();
    const flat = Array.from({ length: 800 }, () => '{"a":{"b":{"c":1}}}').join('\n');
    expect(parseObjectLines(flat)).toHaveLength(800);
  });
});

describe('isTooDeep', () => {
  it('counts brackets outside of text', () => {
    expect(isTooDeep(`${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}`)).toBe(false);
    expect(isTooDeep(`${'['.repeat(MAX_DEPTH + 1)}${']'.repeat(MAX_DEPTH + 1)}`)).toBe(true);
    expect(isTooDeep(`"${'['.repeat(3 * MAX_DEPTH)}\\""`)).toBe(false);
    expect(isTooDeep('{"a":1},'.repeat(MAX_DEPTH))).toBe(false);
  });
});
