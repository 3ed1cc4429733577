import type { ParseError } from '@marcbachmann/cel-js';
import type { MillraceError } from '@millrace/sdk';
import { expressionError } from './errors.js';
import { endOfText, type Quoted } from './quote.js';
import type { Span } from './tree.js';

/** What went wrong, for the sentence: each has its own advice. */
export type SyntaxReason =
  | 'single-equals'
  | 'single-and'
  | 'single-or'
  | 'word-operator'
  | 'typographic'
  | 'unterminated'
  | 'unexpected-end'
  | 'reserved'
  | 'number'
  | 'escape'
  | 'macro'
  | 'literal'
  | 'unexpected';

const ADVICE: { [reason in SyntaxReason]?: (found: string) => string } = {
  'single-equals': () => 'Write == to compare.',
  'single-and': () => 'Write && for "and".',
  'single-or': () => 'Write || for "or".',
  'word-operator': (found) => `Write ${WORDS.get(found.toLowerCase()) ?? '&&'} instead of "${found}".`,
  typographic: (found) =>
    `Write ${(TYPOGRAPHIC.get(found) ?? '').trim() || 'a plain space'} instead of ${found.trim() || 'the wide one'}.`,
  unterminated: () => 'Close the text with the quote it began with.',
  'unexpected-end': () => 'Something is missing at the end: a value, or a closing bracket.',
  reserved: (found) =>
    `"${found}" is a word of the language; a field of that name is written \`${found}\` in backticks.`,
  macro: () =>
    'The first argument of exists, all, map and filter is a name of your choice, as in items.exists(item, item.qty > 1).',
};

const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ and: '&&', or: '||', not: '!', is: '==', eq: '==', ne: '!=', mod: '%', div: '/' }),
);
/** What word processors and Chinese keyboards put in place of the plain character. */
const TYPOGRAPHIC: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '“': '"',
    '”': '"',
    '‘': "'",
    '’': "'",
    '，': ',',
    '（': '(',
    '）': ')',
    '＝': '=',
    '＞': '>',
    '＜': '<',
    '！': '!',
    '：': ':',
    '？': '?',
    '×': '*',
    '÷': '/',
    '–': '-',
    '—': '-',
    '−': '-',
    '≥': '>=',
    '≤': '<=',
    '≠': '!=',
    '【': '[',
    '】': ']',
    '；': ',',
    '。': '.',
    '\u00a0': ' ',
    '\u3000': ' ',
  }),
);

/** Our error for one of the parser: what was found, where, and what to write instead. */
export function syntaxError(source: string, quoted: Quoted, error: ParseError): MillraceError {
  const range = error.range ?? { start: 0, end: 0 };
  const from = Math.min(quoted.original(range.start), source.length);
  const span: Span = { from, to: Math.max(from, Math.min(quoted.original(range.end), source.length)) };
  if (error.code === 'limit_exceeded') {
    return expressionError('EXPRESSION_TOO_DEEP', 'The expression is nested too deeply or too long', source, span, {
      limit: 64,
    });
  }
  const { reason, found, at } = explain(source, span, error.code);
  const place = at ?? span;
  const hint = ADVICE[reason]?.(found);
  const what = found === '' ? 'The expression ends too early' : `"${found}" is not expected here`;
  const suggestion = replacementOf(reason, found);
  const repaired = reason === 'typographic' ? { repaired: repairTypography(source, place.from) } : {};
  const params = { reason, found, ...(suggestion === undefined ? {} : { suggestion }), ...repaired };
  return expressionError('EXPRESSION_SYNTAX', what, source, place, params, hint);
}

/** What to put in the place of `found`, where that is certain. */
function replacementOf(reason: SyntaxReason, found: string): string | undefined {
  switch (reason) {
    case 'single-equals':
      return '==';
    case 'single-and':
      return '&&';
    case 'single-or':
      return '||';
    case 'word-operator':
      return WORDS.get(found.toLowerCase());
    case 'typographic':
      return TYPOGRAPHIC.get(found);
    case 'reserved':
      return `\`${found}\``;
    default:
      return undefined;
  }
}

/** Replaces all typographic characters from an offset on, except inside texts: they come in pairs. */
function repairTypography(source: string, from: number): string {
  let repaired = source.slice(0, from);
  let i = from;
  while (i < source.length) {
    const c = source[i]!;
    const end = c === '"' || c === "'" ? endOfText(source, i) : i + 1;
    repaired += end > i + 1 ? source.slice(i, end) : (TYPOGRAPHIC.get(c) ?? c);
    i = end;
  }
  return repaired;
}

function explain(source: string, span: Span, code: string): { reason: SyntaxReason; found: string; at?: Span } {
  const found = source.slice(span.from, Math.max(span.to, span.from + 1));
  if (code.startsWith('unterminated') || code === 'newline_in_string')
    return { reason: 'unterminated', found: source[span.from] ?? '' };
  if (code === 'reserved_identifier') return { reason: 'reserved', found };
  if (code.includes('escape') || code.includes('surrogate')) return { reason: 'escape', found };
  if (code.startsWith('invalid') && code !== 'invalid_macro_argument') return { reason: 'number', found };
  if (code === 'invalid_macro_argument') return { reason: 'macro', found };
  const c = source[span.from];
  if (c === undefined || source.slice(span.from).trim() === '') return { reason: 'unexpected-end', found: '' };
  if (TYPOGRAPHIC.has(c)) return { reason: 'typographic', found: c };
  if (c === '=') return { reason: 'single-equals', found: c };
  if (c === '&') return { reason: 'single-and', found: c };
  if (c === '|') return { reason: 'single-or', found: c };
  const word = wordAround(source, span.from);
  if (word && WORDS.has(word.text.toLowerCase())) return { reason: 'word-operator', found: word.text, at: word };
  return word ? { reason: 'unexpected', found: word.text, at: word } : { reason: 'unexpected', found };
}

function wordAround(source: string, at: number): (Span & { text: string }) | undefined {
  let from = at;
  let to = at;
  while (from > 0 && /[A-Za-z0-9_]/.test(source[from - 1]!)) from--;
  while (to < source.length && /[A-Za-z0-9_]/.test(source[to]!)) to++;
  return to > from ? { from, to, text: source.slice(from, to) } : undefined;
}
