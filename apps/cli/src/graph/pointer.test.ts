import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOf, pointerSteps, valueAt } from './pointer.js';

const text = `{
  "name": "a \\"quoted\\" {name}",
  "nodes": [
    { "id": "one" },
    { "id": "two", "config": { "where": "x > 1", "a/b": [1, 2] } }
  ]
}`;

describe('a place in a JSON text', () => {
  it.each([
    ['', 1, 1],
    ['/name', 2, 11],
    ['/nodes/0', 4, 5],
    ['/nodes/1/config/where', 5, 41],
    ['/nodes/1/config/a~1b/1', 5, 61],
  ])('of %j is line %d, column %d', (pointer, line, column) => {
    expect(placeOf(text, pointer)).toEqual({ line, column });
  });

  it('of something absent is the nearest thing around it', () => {
    expect(placeOf(text, '/nodes/0/config/where')).toEqual(placeOf(text, '/nodes/0'));
    expect(placeOf(text, '/nodes/7')).toEqual(placeOf(text, '/nodes'));
  });

  it('is where the value stands, for any document and spacing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 4 }), fc.nat(), (value, indent, pick) => {
        const written = JSON.stringify(value, null, indent);
        const pointers = everyPointer(value);
        const pointer = pointers[pick % pointers.length]!;
        const { line, column } = placeOf(written, pointer);
        const lines = written.split('\n');
        const offset = lines.slice(0, line - 1).reduce((sum, before) => sum + before.length + 1, 0) + column - 1;
        const expected = JSON.stringify(valueAt(value, pointer))[0];
        expect(written[offset]).toBe(expected);
      }),
    );
  });
});

describe('a value at a pointer', () => {
  it('is found by own properties only', () => {
    expect(valueAt({ a: { 'b/c': [10, 20] } }, '/a/b~1c/1')).toBe(20);
    expect(valueAt({}, '/constructor')).toBeUndefined();
    expect(valueAt('text', '/length')).toBeUndefined();
  });
});

function everyPointer(value: unknown, prefix = ''): string[] {
  if (value === null || typeof value !== 'object') return [prefix];
  const below = Object.entries(value).flatMap(([name, inner]) =>
    everyPointer(inner, `${prefix}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  expect(pointerSteps(prefix).length).toBe(prefix.split('/').length - 1);
  return [prefix, ...below];
}
