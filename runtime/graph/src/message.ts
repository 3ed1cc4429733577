import type { Finding } from './document.js';
import { en } from './locale/en.js';
import type { Locale } from './locale/table.js';
import { zh } from './locale/zh.js';

export type LocaleName = 'en' | 'zh';

const LOCALES: { readonly [name in LocaleName]: Locale } = { en, zh };

/** Params whose values are fixed words (kinds of values, ports and questions), translated by the locale. */
const WORD_PARAMS: ReadonlySet<string> = new Set([
  'expected',
  'actual',
  'left',
  'right',
  'target',
  'index',
  'end',
  'what',
]);
/** Longest piece of somebody's data in a sentence. */
const MAX_SHOWN = 120;

/**
 * The sentence of a finding or error: what is wrong, and what to do. A code the locale does not know (an operator's own rule) falls back to
 * its `message` param. Plain text: a page that shows it must not treat it as HTML.
 */
export function messageOf(finding: Pick<Finding, 'code' | 'params'>, locale: LocaleName = 'en'): string {
  const table = LOCALES[locale];
  const { code, params } = finding;
  const sentence = sentenceOf(table, code, params);
  if (sentence === undefined) return typeof params.message === 'string' ? params.message : code;
  return fill(sentence, params, table);
}

function sentenceOf({ sentences }: Locale, code: string, params: Finding['params']): string | undefined {
  const variant = variantOf(code, params);
  for (const key of [`${code}.${variant}`, code]) if (Object.hasOwn(sentences, key)) return sentences[key];
  return undefined;
}

function variantOf(code: string, params: Finding['params']): string {
  if (code === 'EXPRESSION_TYPE') {
    if (params.left === undefined) return 'operand';
    if (params.left === params.right && (params.left === 'list' || params.left === 'object')) return 'unordered';
    return params.operator === 'in' && params.left === 'text' && params.right === 'text' ? 'in' : '';
  }
  if (code === 'EXPRESSION_NO_FIELDS') return String(params.actual);
  if (code === 'EXPRESSION_PATTERN') return String(params.problem);
  if (params.quoted === true) return 'quoted';
  return String(params.reason ?? '');
}

function fill(sentence: string, params: Finding['params'], table: Locale): string {
  const shown = sentence.replace(/\[([^\]]*)\]/g, (_all, part: string) => {
    const names = [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
    return names.every((name) => params[name] !== undefined) ? part : '';
  });
  return shown
    .replace(/⟦/g, '[')
    .replace(/⟧/g, ']')
    .replace(/\{(\w+)\}/g, (_all, name: string) =>
      show(params[name], WORD_PARAMS.has(name), table, name === 'expected' ? table.or : table.comma),
    );
}

function show(value: unknown, word: boolean, table: Locale, between: string): string {
  if (Array.isArray(value))
    return value
      .slice(0, 20)
      .map((item) => show(item, word, table, between))
      .join(between);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  if (word && text.includes('|')) return show(text.split('|'), true, table, between);
  if (word && Object.hasOwn(table.words, text)) return table.words[text]!;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}
