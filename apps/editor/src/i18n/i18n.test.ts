import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from './en.js';
import { zh, zhFindings } from './zh.js';

const root = join(import.meta.dirname, '..');
const stem = (key: string) => key.replace(/_(one|other)$/, '');
const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();

describe('the locales', () => {
  it('have every key in Chinese with the same places for values', () => {
    for (const [key, text] of Object.entries(en)) {
      const translated = zh[stem(key)];
      expect(translated, key).toBeTruthy();
      for (const name of params(translated!))
        expect(params(text).includes(name) || name === 'count', `${key}: {${name}}`).toBe(true);
    }
  });

  it('have the same places for values in what operators find', () => {
    for (const [english, text] of Object.entries(zhFindings)) expect(params(text), english).toEqual(params(english));
  });

  it('name settings and choices in what operators find as the form does', () => {
    const shown = Object.values(zh);
    for (const [english, text] of Object.entries(zhFindings))
      for (const [quoted, word] of text.matchAll(/“([^”{]*)”/g)) {
        const known = english.includes(word!) || shown.some((other) => other === word || other.includes(quoted));
        expect(known, `${quoted} in: ${text}`).toBe(true);
      }
  });

  it('have both plural forms in English', () => {
    for (const key of Object.keys(en))
      if (key.endsWith('_one')) expect(en).toHaveProperty([key.replace(/_one$/, '_other')]);
  });

  it('use full-width punctuation in Chinese and no exclamation marks anywhere', () => {
    for (const [key, text] of Object.entries({ ...zh, ...zhFindings })) {
      expect(/[\u4e00-\u9fff][,;:?!]/.test(text), `${key}: ${text}`).toBe(false);
      // an expression in a code span may say !=
      expect(/[!！]/.test(text.replace(/`[^`]*`/g, '')), key).toBe(false);
    }
    for (const [key, text] of Object.entries(en)) expect(text.includes('!'), key).toBe(false);
  });

  it('leave no visible text in components outside of the dictionary', () => {
    const files = readdirSync(root, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.tsx'));
    const loose: string[] = [];
    for (const file of files) {
      const source = readFileSync(join(root, file), 'utf8');
      for (const match of source.matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)) loose.push(`${file}: ${match[1]}`);
      for (const match of source.matchAll(/(?:aria-label|title|placeholder)="([^"]*[a-z]{2}[^"]*)"/g))
        loose.push(`${file}: ${match[1]}`);
    }
    expect(loose).toEqual([]);
  });
});
