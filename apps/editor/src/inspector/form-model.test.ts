import { describe, expect, it } from 'vitest';
import type { Schema } from '../api/types.js';
import { getAt, setAt } from '../problems/fix.js';
import { alternativeOf, blank, durationParts, fieldsOf, kindOf, visible } from './form-model.js';

describe('the form model', () => {
  it('picks an editor by the hint first, then by the shape', () => {
    const cases: Array<[Schema, string]> = [
      [{ type: 'string', 'x-expression': 'boolean' }, 'expression'],
      [{ type: 'string', 'x-field': true }, 'field'],
      [{ type: 'array', items: { type: 'string', 'x-field': true }, 'x-ui': { widget: 'fields' } }, 'fields'],
      [{ anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-ui': { widget: 'duration' } }, 'duration'],
      [
        {
          anyOf: [
            { const: 'a', type: 'string' },
            { const: 'b', type: 'string' },
          ],
        },
        'enum',
      ],
      [{ enum: ['a', 'b'] }, 'enum'],
      [{ type: 'boolean' }, 'boolean'],
      [{ type: 'integer' }, 'number'],
      [{ type: 'string' }, 'text'],
      [{ type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, 'objects'],
      [{ type: 'array', items: { anyOf: [{ type: 'object' }] } }, 'objects'],
      [{ type: 'array', items: { type: 'string' } }, 'list'],
      [{ type: 'object', properties: { a: { type: 'string' } } }, 'object'],
      [{ type: 'object', patternProperties: { '^.*$': { type: 'string' } } }, 'map'],
      [{ type: 'object', additionalProperties: { anyOf: [{ const: 'text' }, { const: 'number' }] } }, 'fieldmap'],
      [{ anyOf: [{ type: 'object', properties: {} }, { type: 'string' }] }, 'choice'],
      [{}, 'json'],
    ];
    for (const [schema, kind] of cases) expect(kindOf(schema), JSON.stringify(schema)).toBe(kind);
  });

  it('shows a property only while its rule holds; an unset property counts with its default', () => {
    const schema: Schema = {
      type: 'object',
      properties: {
        kind: { type: 'string', default: 'fixed' },
        size: { type: 'integer', 'x-ui': { when: { property: 'kind', in: ['fixed'] } } },
      },
    };
    const size = fieldsOf(schema)[1]!;
    expect(visible(size, schema, {})).toBe(true);
    expect(visible(size, schema, { kind: 'day' })).toBe(false);
    expect(visible(size, schema, { kind: 'fixed' })).toBe(true);
  });

  it('tells alternatives apart by their constants, then by type and names', () => {
    const steps: Schema[] = [
      { type: 'object', properties: { do: { const: 'set' }, field: {} }, required: ['do', 'field'] },
      { type: 'object', properties: { do: { const: 'drop' }, fields: {} }, required: ['do'] },
    ];
    expect(alternativeOf(steps, { do: 'drop' })).toBe(1);
    expect(
      alternativeOf([{ type: 'string' }, { type: 'object', properties: { size: {} }, required: ['size'] }], {
        size: 1,
      }),
    ).toBe(1);
    expect(alternativeOf([{ type: 'string' }, { type: 'integer' }], 3)).toBe(1);
  });

  it('starts a new item with its constants, defaults and first choices', () => {
    expect(
      blank({
        type: 'object',
        required: ['do', 'how', 'n', 'list'],
        properties: {
          do: { const: 'set' },
          how: { enum: ['a', 'b'] },
          n: { type: 'integer', default: 3 },
          list: { type: 'array', items: { type: 'string' } },
          other: { type: 'string' },
        },
      }),
    ).toEqual({ do: 'set', how: 'a', n: 3, list: [] });
  });

  it('reads durations as text and as ms', () => {
    expect(durationParts('15 min')).toEqual({ amount: 15, unit: 'min' });
    expect(durationParts(90_000)).toEqual({ amount: 90, unit: 's' });
    expect(durationParts(250)).toEqual({ amount: 250, unit: 'ms' });
    expect(durationParts(undefined)).toEqual({ amount: undefined, unit: 's' });
  });

  it('sets and removes values deep inside a config without touching the original', () => {
    const config = { steps: [{ field: 'a' }, { field: 'b' }] };
    const next = setAt(config, ['steps', 1, 'field'], 'c');
    expect(next).toEqual({ steps: [{ field: 'a' }, { field: 'c' }] });
    expect(config.steps[1]!.field).toBe('b');
    expect(setAt(config, ['steps', 0], undefined)).toEqual({ steps: [{ field: 'b' }] });
    expect(setAt({}, ['time', 'field'], 'at')).toEqual({ time: { field: 'at' } });
    expect(setAt({ a: 1 }, ['a'], undefined)).toEqual({});
    expect(getAt(config, ['steps', 0, 'field'])).toBe('a');
  });
});
