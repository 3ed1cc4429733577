import { hashKey, type MillraceError, roundExact, type Value } from '@millrace/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../compile.js';
import { EXPRESSION_FUNCTIONS, FUNCTIONS } from './index.js';

const value = {
  name: ' Müller ',
  sku: 'ab-12-x',
  n: -2.5,
  list: [3, 1, 2],
  words: ['b', 'a'],
  when: '2024-03-31T00:30:00Z',
  ms: 0,
  emoji: 'a😀b',
  gone: null,
};
const run = (source: string, zone?: string): Value => compileExpression(source, zone ? { zone } : {})(value);
const codeOf = (source: string) => {
  try {
    run(source);
  } catch (error) {
    return (error as MillraceError).code;
  }
  return 'none';
};

describe('functions of texts', () => {
  it.each([
    ['lower(name)', ' müller '],
    ['name.upper()', ' MÜLLER '],
    ['trim(name)', 'Müller'],
    ["contains(sku, '12')", true],
    ["sku.contains('13')", false],
    ['list.contains(1)', true],
    ["words.contains('z')", false],
    ["startsWith(sku, 'ab')", true],
    ["sku.endsWith('x')", true],
    ["split(sku, '-')", ['ab', '12', 'x']],
    ["split(emoji, '')", ['a', '😀', 'b']],
    ["join(words, '+')", 'b+a'],
    ["join([1, null, true, 'x'], ',')", '1,true,x'],
    ["replace(sku, '-', '')", 'ab12x'],
    ["replace(sku, '', 'z')", 'ab-12-x'],
    ["replace('a$&b', 'a', '$&')", '$&$&b'],
    ['substring(sku, 3, 5)', '12'],
    ['sku.substring(3)', '12-x'],
    ['substring(sku, -1)', 'x'],
    ['substring(emoji, 1, 2)', '😀'],
    ["matches(sku, '^[a-z]{2}-[0-9]+')", true],
    ["sku.matches('^12')", false],
    ["extract(sku, '([0-9]+)-(.)')", '12'],
    ["extract(sku, '([0-9]+)-(.)', 2)", 'x'],
    ["extract(sku, '[0-9]+')", '12'],
    ["extract(sku, 'z(.)')", null],
    ['size(emoji)', 3],
    ['size(list)', 3],
    ["size({'a': 1})", 1],
    ['text(1.50)', '1.5'],
    ['text(true)', 'true'],
    ['text([1, 2])', '[1,2]'],
    ["text({'a': decimal(1.10, 2)})", '{"a":1.1}'],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));
});

describe('functions of numbers', () => {
  it.each([
    ['round(2.5)', 3],
    ['round(n)', -3],
    ['round(1.005, 2)', 1.01],
    ['round(-1.005, 2)', -1.01],
    ['round(-0.001, 2)', 0],
    ['round(123456789.12345, 3)', 123456789.123],
    ['round(decimal(2.345), 2)', 2.35],
    ['floor(n)', -3],
    ['ceil(n)', -2],
    ['floor(decimal(-2.5))', -3],
    ['ceil(decimal(-2.5))', -2],
    ['ceil(decimal(2.1))', 3],
    ['abs(n)', 2.5],
    ['abs(decimal(n))', 2.5],
    ['min(3, 1, 2)', 1],
    ['max(list)', 3],
    ['min(words)', 'a'],
    ["max('a', 'b')", 'b'],
    ['min([])', null],
    ['min(1, gone)', null],
    ['max(decimal(1.5), 1)', 1.5],
    ["number('12.50')", 12.5],
    ["number(' -3 ')", -3],
    ["number('-0')", 0],
    ['number(5)', 5],
    ["decimal('1e3')", 1000],
    ['hash(sku)', hashKey('ab-12-x')],
    ['hash(sku, 10)', hashKey('ab-12-x') % 10],
    ['hash(1) == hash(1.0)', true],
    ["hash(1) == hash('1')", false],
    ["hash({'a': 1, 'b': 2}) == hash({'b': 2, 'a': 1})", true],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));

  it('rounds like the exact function of the sdk', () => {
    const round = [0, 1, 2, 3, 8].map((places) => [places, compileExpression(`round(x, ${places})`)] as const);
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer({ min: -1e9, max: 1e9 }),
        (any, cents) => {
          for (const x of [any, cents / 1000, cents / 8]) {
            for (const [places, f] of round) expect(f({ x })).toBe(roundExact(x, places));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    ["number('12,50')", 'EXPRESSION_NOT_A_NUMBER'],
    ["number('')", 'EXPRESSION_NOT_A_NUMBER'],
    ["number('90071992547409931')", 'EXPRESSION_NUMBER'],
    ["decimal('x')", 'EXPRESSION_NOT_A_NUMBER'],
    ["decimal('1e9999')", 'EXPRESSION_NOT_A_NUMBER'],
    ['number(true)', 'EXPRESSION_TYPE'],
    ['round(1.5, 99)', 'EXPRESSION_ARGUMENT'],
    ['round(1.5, 0.5)', 'EXPRESSION_ARGUMENT'],
    ['hash(sku, 0)', 'EXPRESSION_ARGUMENT'],
    ['round(sku)', 'EXPRESSION_TYPE'],
    ['lower(n)', 'EXPRESSION_TYPE'],
    ['contains(sku, 5)', 'EXPRESSION_TYPE'],
    ["min(1, 'a')", 'EXPRESSION_TYPE'],
    ['min(list, 1)', 'EXPRESSION_TYPE'],
  ])('%s fails with %s', (source, code) => expect(codeOf(source)).toBe(code));
});

describe('functions of times', () => {
  it.each([
    ["timestamp('1970-01-01T00:00:01Z')", 1000],
    ['timestamp(5)', 5],
    ['iso(ms)', '1970-01-01T00:00:00Z'],
    ['iso(1500)', '1970-01-01T00:00:01.500Z'],
    ['hour(when)', 0],
    ["hour(when, 'Europe/Berlin')", 1],
    ["hour(timestamp(when) + duration('1 h'), 'Europe/Berlin')", 3],
    ["day(when, 'America/New_York')", '2024-03-30'],
    ['day(0)', '1970-01-01'],
    ["duration('5 min')", 300_000],
    ["duration('1.5 h')", 5_400_000],
    ["timestamp(when) - timestamp('2024-03-31T00:00:00Z') == duration('30 min')", true],
  ])('%s is %j', (source, expected) => expect(run(source)).toEqual(expected));

  it('reads and shows local times in the zone of the workflow', () => {
    expect(run('hour(when)', 'Asia/Shanghai')).toBe(8);
    expect(run("timestamp('2024-01-01T00:00:00')", 'Asia/Shanghai')).toBe(Date.UTC(2023, 11, 31, 16));
    expect(run("day(when, 'UTC')", 'Asia/Shanghai')).toBe('2024-03-31');
  });

  it.each([
    ["timestamp('yesterday')", 'EXPRESSION_NOT_A_TIME'],
    ['iso(1e20)', 'EXPRESSION_NOT_A_TIME'],
    ["hour(when, 'Mars')", 'TIMEZONE_UNKNOWN'],
    ['hour(when, sku)', 'TIMEZONE_UNKNOWN'],
    ["duration('5 parsecs')", 'EXPRESSION_ARGUMENT'],
    ['duration(sku)', 'EXPRESSION_ARGUMENT'],
  ])('%s fails with %s', (source, code) => expect(codeOf(source)).toBe(code));

  it('refuses a zone that does not exist when it compiles', () => {
    expect(() => compileExpression('hour(ms)', { zone: 'Mars' })).toThrowError(/no time zone "Mars"/);
    expect(() => compileExpression("hour(ms, 'Mars')")).toThrowError(/no time zone "Mars"/);
  });
});

describe('every function', () => {
  it('makes null of null, except the two that ask for it', () => {
    for (const { name, params, acceptsNull } of FUNCTIONS.values()) {
      if (acceptsNull || name === 'matches' || name === 'extract' || name === 'duration') continue;
      const args = params.filter((param) => !param.optional).map(() => 'gone');
      expect(run(`${name}(${args.join(', ')})`), name).toBeNull();
    }
    expect(run("matches(gone, 'x')")).toBeNull();
    expect(run('coalesce(gone, missing, 7, 8)')).toBe(7);
    expect(run('coalesce(gone)')).toBeNull();
    expect(run('has(gone)')).toBe(false);
    expect(run('has(list)')).toBe(true);
    expect(run('has(missing.deep)')).toBe(false);
  });

  it('is described for completion', () => {
    for (const { name, signature, summary } of EXPRESSION_FUNCTIONS) {
      expect(signature.startsWith(`${name}(`), signature).toBe(true);
      expect(summary, name).toMatch(/\.$/);
    }
    expect(EXPRESSION_FUNCTIONS.find(({ name }) => name === 'round')!.signature).toBe('round(number, [places])');
  });

  it('cannot be called with too few or too many values', () => {
    expect(codeOf('lower()')).toBe('EXPRESSION_ARGUMENTS');
    expect(codeOf('lower(sku, 1)')).toBe('EXPRESSION_ARGUMENTS');
    expect(codeOf('has(1 + 1)')).toBe('EXPRESSION_ARGUMENTS');
    expect(codeOf('coalesce()')).toBe('EXPRESSION_ARGUMENTS');
  });
});
