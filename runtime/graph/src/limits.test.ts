import { describe, expect, it } from 'vitest';
import { checkLimits, copyJson, LIMITS } from './limits.js';

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { a: value };
  return value;
}
const codesOf = (value: unknown) => checkLimits(value).map(({ code }) => code);

describe('checkLimits', () => {
  it('passes plain JSON, up to the limits', () => {
    expect(checkLimits(null)).toEqual([]);
    expect(checkLimits('text')).toEqual([]);
    expect(checkLimits(nested(LIMITS.depth))).toEqual([]);
    expect(
      checkLimits({ nodes: Array.from({ length: 1000 }, () => ({ id: 'a', config: { x: [1, 2] } })), edges: [] }),
    ).toEqual([]);
  });

  it('finds depth without recursion', () => {
    expect(checkLimits(nested(65))).toMatchObject([{ code: 'TOO_DEEP', params: { limit: 64 } }]);
    expect(codesOf(nested(1_000_000))).toEqual(['TOO_DEEP']);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(codesOf(circle)).toEqual(['TOO_DEEP']);
  });

  it('counts nodes and edges before anything else', () => {
    expect(checkLimits({ nodes: Array.from({ length: 1001 }) })).toMatchObject([
      { code: 'TOO_MANY_NODES', params: { count: 1001, limit: 1000 }, path: '/nodes' },
    ]);
    expect(codesOf({ nodes: [], edges: Array.from({ length: 3001 }) })).toEqual(['TOO_MANY_EDGES']);
  });

  it('counts fields and items of a part, and of the whole', () => {
    const wide = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, 1]));
    expect(codesOf({ nodes: [{ config: wide(10_001) }] })).toEqual(['TOO_MANY_KEYS']);
    expect(codesOf({ nodes: [{ config: { list: Array.from({ length: 10_001 }, () => 1) } }] })).toEqual([
      'TOO_MANY_ITEMS',
    ]);
    expect(codesOf({ nodes: Array.from({ length: 9 }, () => ({ config: wide(9000) })) })).toEqual([]);
    expect(codesOf({ nodes: Array.from({ length: 12 }, () => ({ config: wide(9000) })) })).toEqual(['TOO_MANY_KEYS']);
    expect(codesOf({ ['k'.repeat(257)]: 1 })).toEqual(['KEY_TOO_LONG']);
  });

  it('refuses names that pollute prototypes, wherever they stand', () => {
    for (const text of ['{"__proto__":{"x":1}}', '{"a":[{"constructor":{}}]}', '{"a":{"b":{"prototype":1}}}']) {
      expect(codesOf(JSON.parse(text))).toEqual(['KEY_FORBIDDEN']);
    }
    expect(checkLimits(JSON.parse('{"a/b":[{"constructor":{}}]}'))[0]!.path).toBe('/a~1b/0/constructor');
  });

  it('refuses what is not JSON', () => {
    expect(checkLimits({ position: { x: Number.POSITIVE_INFINITY } })).toMatchObject([
      { code: 'NUMBER_NOT_FINITE', path: '/position/x' },
    ]);
    expect(codesOf({ a: Number.NaN })).toEqual(['NUMBER_NOT_FINITE']);
    expect(codesOf({ a: () => 1 })).toEqual(['NOT_JSON']);
    expect(codesOf({ a: 1n })).toEqual(['NOT_JSON']);
  });
});

describe('copyJson', () => {
  it('copies deeply and leaves undefined out', () => {
    const value = { a: [{ b: 1 }], c: undefined };
    const copy = copyJson(value);
    expect(copy).toStrictEqual({ a: [{ b: 1 }] });
    expect(copy.a[0]).not.toBe(value.a[0]);
  });
});
