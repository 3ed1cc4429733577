import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { en } from './locale/en.js';
import { zh } from './locale/zh.js';
import { messageOf } from './message.js';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Codes that the sources of this package hand out, and the rules that become DOCUMENT_x and CONFIG_x. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const entry of readdirSync(here, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts') || entry.endsWith('.test.ts') || /^(locale|testing)[\\/]/.test(entry)) continue;
    const text = readFileSync(`${here}/${entry}`, 'utf8');
    for (const [, code] of text.matchAll(/'([A-Z]{2,}(?:_[A-Z]+)+)'/g)) codes.add(code!);
    for (const [, rule] of text.matchAll(/\$\{prefix\}_([A-Z]+)/g)) codes.add(`CONFIG_${rule}`);
    for (const [, rule] of text.matchAll(/make\('([A-Z]+)'/g)) codes.add(`CONFIG_${rule}`);
  }
  return codes;
}

const placeholders = (sentence: string) =>
  [...new Set([...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))].sort();

describe('messageOf', () => {
  it('has a sentence for every code, in every language', () => {
    const codes = codesInSources();
    expect(codes.size).toBeGreaterThan(70);
    for (const code of codes) {
      if (code === 'UTF') continue;
      const known = Object.keys(en.sentences).some((key) => key === code || key.startsWith(`${code}.`));
      expect(known, `${code} has no sentence`).toBe(true);
    }
    expect(Object.keys(zh.sentences).sort()).toEqual(Object.keys(en.sentences).sort());
    expect(Object.keys(zh.words).sort()).toEqual(Object.keys(en.words).sort());
  });

  it('uses the same params in both languages, calm punctuation, and an advice after the fact', () => {
    for (const [code, sentence] of Object.entries(en.sentences)) {
      expect(placeholders(zh.sentences[code]!), code).toEqual(placeholders(sentence));
      expect(sentence.replace(/!= |"!"|&& /g, ''), code).not.toMatch(/!/);
      expect(sentence, code).toMatch(/[.?)\]]$/);
      expect(zh.sentences[code], code).toMatch(/[。？\]）]$/);
    }
  });

  it('leaves out parts whose params are missing, and translates kinds', () => {
    const type = { code: 'CONFIG_TYPE', params: { expected: ['number', 'text'], actual: 'list' } };
    expect(messageOf(type)).toBe('This must be a number or text, not a list.');
    expect(messageOf(type, 'zh')).toBe('此处应为数字或文本，而不是列表。');
    const range = { code: 'CONFIG_RANGE', params: { value: 0, minimum: 1 } };
    expect(messageOf(range)).toBe('The value 0 is out of range: at least 1; enter a value within it.');
    const outside = { code: 'PATH_OUTSIDE_ROOT', params: { path: '/etc/orders.csv', roots: ['/data/files', '/shop'] } };
    expect(messageOf(outside)).toBe(
      '"/etc/orders.csv" lies outside of the folders for files: /data/files, /shop. Put the file there, or open its folder with FILE_ROOTS when the server is started.',
    );
    expect(messageOf({ code: 'OPERATOR_UNKNOWN', params: { operator: 'x.y' } }, 'zh')).toBe(
      '没有算子“x.y”。如果它属于插件，请加载该插件。',
    );
  });

  it("falls back to an operator's own sentence, then to the code", () => {
    expect(messageOf({ code: 'MY_RULE', params: { message: 'Choose a shorter window.' } })).toBe(
      'Choose a shorter window.',
    );
    expect(messageOf({ code: 'MY_RULE', params: {} })).toBe('MY_RULE');
    expect(messageOf({ code: 'constructor', params: {} })).toBe('constructor');
  });

  it('keeps data out of the way: long values are cut, braces in data stay as they are', () => {
    const long = messageOf({ code: 'OPERATOR_UNKNOWN', params: { operator: 'x'.repeat(1000) } });
    expect(long.length).toBeLessThan(300);
    expect(messageOf({ code: 'NODE_ID_RESERVED', params: { id: '{id}' } })).toBe(
      'A node cannot be called "{id}": the name is reserved. Choose another id.',
    );
  });
});
