import type { MillraceError, Value } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { cpuTime } from '../testing/cpu.js';
import { compileExpression } from './compile.js';

function limitOf(source: string, value: Value) {
  const evaluate = compileExpression(source);
  const attempt = () => {
    try {
      evaluate(value);
    } catch (error) {
      return error as MillraceError;
    }
    return undefined;
  };
  expect(cpuTime(attempt), 'stopped soon').toBeLessThan(1000);
  const error = attempt();
  return error ? { code: error.code, what: error.params.what } : 'none';
}

const list = (length: number) => Array.from({ length }, (_, i) => i);

describe('the work of one record is bounded', () => {
  it('in nested loops', () => {
    const value = { a: list(5000) };
    expect(limitOf('a.map(x, a.map(y, a.exists(z, z == x + y)))', value)).toMatchObject({
      code: 'EXPRESSION_LIMIT',
      what: 'steps',
    });
    expect(limitOf('a.all(x, x >= 0)', value)).toBe('none');
  });

  it('in the length of texts and lists it makes', () => {
    const bomb = Array.from({ length: 12 }, () => 0).reduce(
      (inner: string) => `replace(${inner}, 'a', 'aaaaaaaaaa')`,
      "'a'",
    );
    expect(limitOf(bomb, {})).toMatchObject({ code: 'EXPRESSION_LIMIT', what: 'text' });
    expect(limitOf("split(t, 'x')", { t: 'x'.repeat(20_000) })).toMatchObject({ what: 'list' });
    expect(limitOf('t + t', { t: 'x'.repeat(600_000) })).toMatchObject({ what: 'text' });
    expect(limitOf('a + a', { a: list(6000) })).toMatchObject({ what: 'list' });
    expect(
      limitOf('a.map(x, t)', { a: list(5000), t: 'x'.repeat(1000) }),
      'one text, five thousand times',
    ).toMatchObject({ what: 'text' });
    expect(limitOf('join(a.map(x, t))', { a: list(5000), t: 'x'.repeat(1000) })).toMatchObject({ what: 'text' });
  });

  it('in searching large texts again and again', () => {
    const value = { a: list(10_000), t: 'a'.repeat(200_000) };
    expect(limitOf("a.exists(x, t.matches('b'))", value)).toMatchObject({ what: 'steps' });
    expect(limitOf("a.exists(x, t.contains('b'))", value)).toMatchObject({ what: 'steps' });
  });

  it('in patterns, which take linear time', () => {
    expect(limitOf("matches(t, '^(a+)+$')", { t: `${'a'.repeat(50_000)}!` })).toBe('none');
  });

  it('anew for each record', () => {
    const evaluate = compileExpression('a.exists(x, x < 0)');
    const value = { a: list(9000) };
    for (let i = 0; i < 50; i++) expect(evaluate(value)).toBe(false);
  });
});

describe('speed', () => {
  // A tenth of what is measured on one core, so that a busy machine does not fail it and a lost fast path does.
  it.each([
    ["status == 'paid'", 8],
    ['qty * price', 2],
    ["status == 'paid' && qty * price > 100", 1.5],
  ])('%s runs at more than %d million records a second', (source, millions) => {
    const evaluate = compileExpression(source);
    const records = Array.from({ length: 500 }, (_, i) => ({
      status: i % 3 ? 'paid' : 'open',
      qty: (i % 7) + 1,
      price: ((i * 37) % 10_000) / 100,
    }));
    const best = Math.min(
      ...Array.from({ length: 5 }, () =>
        cpuTime(() => {
          for (let i = 0; i < 200_000; i++) evaluate(records[i % 500]);
        }),
      ),
    );
    expect(200 / best).toBeGreaterThan(millions);
  });
});
