import { Decimal, type Value } from '@millrace/sdk';
import { compilePattern, groupOf } from '../regex.js';
import { kindOf, plainValue, sameValue } from '../values.js';
import { type Call, type FunctionSpec, optional, param } from './spec.js';

const ASTRAL = /[\ud800-\udfff]/;

/** Length in characters as people count them (Unicode code points). */
export function characters(text: string): number {
  return ASTRAL.test(text) ? [...text].length : text.length;
}

/** A scalar as text; objects and lists as JSON. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Decimal) return value.toString();
  return typeof value === 'object' ? JSON.stringify(plainValue(value)) : String(value);
}

function reading(call: Call, make: (text: string, other: string) => Value) {
  return (text: string, other: string) => {
    call.read(text);
    return make(text, other);
  };
}

export const TEXT_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'lower',
    params: [param('text', 'text')],
    returns: 'text',
    summary: 'The text in small letters.',
    prepare: (call) => reading(call, (text) => text.toLowerCase()),
  },
  {
    name: 'upper',
    params: [param('text', 'text')],
    returns: 'text',
    summary: 'The text in capital letters.',
    prepare: (call) => reading(call, (text) => text.toUpperCase()),
  },
  {
    name: 'trim',
    params: [param('text', 'text')],
    returns: 'text',
    summary: 'The text without blanks at its ends.',
    prepare: (call) => reading(call, (text) => text.trim()),
  },
  {
    name: 'contains',
    params: [param('text', 'text', 'list'), param('part', 'any')],
    returns: 'boolean',
    summary: 'True when the part occurs in the text, or the item in the list.',
    prepare: (call) => (whole: string | Value[], part: Value) => {
      if (typeof whole !== 'string') return whole.some((item) => sameValue(item, part));
      if (typeof part !== 'string') {
        throw call.error(1, 'EXPRESSION_TYPE', `contains needs text here, not ${kindOf(part)}`, {
          operator: 'contains',
          expected: 'text',
          actual: kindOf(part),
        });
      }
      call.read(whole);
      return whole.includes(part);
    },
  },
  {
    name: 'startsWith',
    params: [param('text', 'text'), param('start', 'text')],
    returns: 'boolean',
    summary: 'True when the text begins so.',
    prepare: () => (text: string, start: string) => text.startsWith(start),
  },
  {
    name: 'endsWith',
    params: [param('text', 'text'), param('end', 'text')],
    returns: 'boolean',
    summary: 'True when the text ends so.',
    prepare: () => (text: string, end: string) => text.endsWith(end),
  },
  {
    name: 'split',
    params: [param('text', 'text'), param('separator', 'text')],
    returns: 'list',
    summary: 'The parts between the separators; with an empty separator the characters.',
    prepare: (call) =>
      reading(call, (text, separator) => {
        const parts = separator === '' ? [...text] : text.split(separator);
        call.length('list', parts.length);
        return parts;
      }),
  },
  {
    name: 'join',
    params: [param('list', 'list'), optional('separator', 'text')],
    returns: 'text',
    summary: 'The items as one text; nulls are left out.',
    prepare:
      (call) =>
      (list: Value[], separator = '') => {
        const texts: string[] = [];
        let length = 0;
        for (const item of list) {
          if (item === null || item === undefined) continue;
          const text = textOf(item);
          length += text.length + separator.length;
          call.length('text', length);
          texts.push(text);
        }
        return texts.join(separator);
      },
  },
  {
    name: 'replace',
    params: [param('text', 'text'), param('from', 'text'), param('to', 'text')],
    returns: 'text',
    summary: 'The text with every occurrence of one text replaced by another.',
    prepare: (call) => (text: string, from: string, to: string) => {
      call.read(text);
      if (from === '') return text;
      const parts = text.split(from);
      call.length('text', text.length + (parts.length - 1) * (to.length - from.length));
      return parts.join(to);
    },
  },
  {
    name: 'substring',
    params: [param('text', 'text'), param('start', 'number'), optional('end', 'number')],
    returns: 'text',
    summary:
      'The characters from start (0 is the first) up to, not including, end. A negative number counts from the end.',
    prepare: (call) => (text: string, start: number | Decimal, end?: number | Decimal) => {
      call.read(text);
      const from = Number(start);
      const to = end === undefined ? undefined : Number(end);
      return ASTRAL.test(text) ? [...text].slice(from, to).join('') : text.slice(from, to);
    },
  },
  {
    name: 'matches',
    params: [param('text', 'text'), param('pattern', 'text')],
    returns: 'boolean',
    summary: 'True when the regular expression (RE2) is found in the text; ^ and $ tie it to the ends.',
    prepare: (call) => {
      const pattern = compilePattern(call, 1);
      return (text: string) => {
        call.read(text);
        return pattern.test(text);
      };
    },
  },
  {
    name: 'extract',
    params: [param('text', 'text'), param('pattern', 'text'), optional('group', 'number')],
    returns: 'text',
    summary:
      'What the regular expression (RE2) finds: its first group, or the one asked for, or all of it when it has none. Null when nothing is found.',
    prepare: (call) => {
      const pattern = compilePattern(call, 1);
      const group = groupOf(call, 2, pattern);
      return (text: string) => {
        call.read(text);
        const matcher = pattern.matcher(text);
        return matcher.find() ? (matcher.group(group) ?? null) : null;
      };
    },
  },
  {
    name: 'text',
    params: [param('value', 'any')],
    returns: 'text',
    summary: 'The value as text.',
    prepare: (call) => (value: Value) => {
      const text = textOf(value);
      call.length('text', text.length);
      return text;
    },
  },
];
