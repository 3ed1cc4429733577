import { suggest } from '../../suggest.js';
import { GENERAL_FUNCTIONS } from './general.js';
import { NUMBER_FUNCTIONS } from './number.js';
import { type FunctionSpec, signatureOf } from './spec.js';
import { TEXT_FUNCTIONS } from './text.js';

/** The function table, by name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionSpec> = new Map(
  [...TEXT_FUNCTIONS, ...NUMBER_FUNCTIONS, ...GENERAL_FUNCTIONS].map((spec) => [spec.name, spec]),
);

/** What every method call may also be. */
export const MACRO_NAMES = ['exists', 'exists_one', 'all', 'map', 'filter'] as const;

/** For completion in an editor and for the docs: every function with its signature and one sentence. */
export const EXPRESSION_FUNCTIONS: readonly { name: string; signature: string; summary: string }[] = [
  ...FUNCTIONS.values(),
].map((spec) => ({ name: spec.name, signature: signatureOf(spec), summary: spec.summary }));

/** Names of other languages for what we have under another name. */
const FOREIGN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    lowercase: 'lower',
    tolowercase: 'lower',
    lowerascii: 'lower',
    lcase: 'lower',
    uppercase: 'upper',
    touppercase: 'upper',
    upperascii: 'upper',
    ucase: 'upper',
    strip: 'trim',
    len: 'size',
    length: 'size',
    count: 'size',
    string: 'text',
    str: 'text',
    tostring: 'text',
    int: 'number',
    double: 'number',
    float: 'number',
    tonumber: 'number',
    parsefloat: 'number',
    parseint: 'number',
    substr: 'substring',
    mid: 'substring',
    slice: 'substring',
    ifnull: 'coalesce',
    nvl: 'coalesce',
    isnull: 'coalesce',
    includes: 'contains',
    like: 'contains',
    regexp: 'matches',
    test: 'matches',
    regexextract: 'extract',
    ceiling: 'ceil',
    date: 'day',
    todate: 'day',
    totimestamp: 'timestamp',
    parsedate: 'timestamp',
    toisostring: 'iso',
    any: 'exists',
    some: 'exists',
    every: 'all',
    gethours: 'hour',
    fullhour: 'hour',
  }),
);

/** The function somebody meant by an unknown name. */
export function suggestFunction(name: string): string | undefined {
  return FOREIGN.get(name.toLowerCase().replace(/_/g, '')) ?? suggest(name, [...FUNCTIONS.keys(), ...MACRO_NAMES]);
}
