import type { Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { explode } from './explode.js';

const run = (config: object, value: Value) => runOperator(explode, { list: 'l', ...config }).feed({ value, time: 3 });

describe('core.explode', () => {
  it('does what its examples say', async () => {
    await checkOperator(explode);
  });

  it('puts the element in the place of the list when no name is given, also inside another object', () => {
    expect(run({}, { a: 1, l: [1, null] }).output()).toEqual([
      { a: 1, l: 1 },
      { a: 1, l: null },
    ]);
    expect(run({ list: 'o.l' }, { o: { x: 1, l: [5] } }).output()).toEqual([{ o: { x: 1, l: 5 } }]);
    expect(run({ list: 'o.l', as: 'e' }, { o: { x: 1, l: [5] } }).output()).toEqual([{ o: { x: 1 }, e: 5 }]);
  });

  it('gives the element alone, with an index when it is an object', () => {
    expect(run({ keep: 'element' }, { l: [1, { a: 2 }, 'x'] }).output()).toEqual([1, { a: 2 }, 'x']);
    expect(run({ keep: 'element', index: 'i' }, { l: [{ a: 2 }] }).output()).toEqual([{ a: 2, i: 0 }]);
    expect(run({ keep: 'element', index: 'i' }, { l: ['x'] }).dead[0]?.error.code).toBe('NOT_AN_OBJECT');
  });

  it('lets no element out when one of them is wrong', () => {
    const harness = run({ spread: true }, { l: [{ a: 1 }, 5] });
    expect([harness.output(), harness.dead[0]?.error.code]).toEqual([[], 'NOT_AN_OBJECT']);
  });

  it('refuses what is no list, and counts records without elements as filtered', () => {
    expect(run({}, { l: 'a,b' }).dead[0]?.error).toMatchObject({
      code: 'NOT_A_LIST',
      message: '"l" holds text, not a list.',
    });
    expect(run({}, { l: { 0: 'a' } }).dead[0]?.error.code).toBe('NOT_A_LIST');
    expect([run({}, { l: [] }).filtered, run({}, {}).filtered]).toEqual([1, 1]);
    expect(run({ keepEmpty: true, index: 'i', as: 'e' }, { a: 1, l: [] }).output()).toEqual([
      { a: 1, e: null, i: null },
    ]);
  });

  it('keeps the time of the record', () => {
    expect(run({}, { l: [1] }).records()[0]?.time).toBe(3);
  });

  it('finds contradictions in the config', () => {
    const codes = (config: object) => explode.lint?.({ list: 'l', ...config } as never).map((f) => f.code);
    expect(codes({ spread: true, as: 'e' })).toEqual(['EXPLODE_AS_AND_SPREAD']);
    expect(codes({ as: 'e', index: 'e' })).toEqual(['FIELD_TWICE']);
    expect(codes({ index: 'a..b' })).toEqual(['FIELD_NAME']);
    expect(codes({})).toEqual([]);
  });

  it('knows the fields that come out', () => {
    const input = { fields: { id: 'number', l: 'list' }, open: false } as const;
    expect(explode.fields?.({ list: 'l', as: 'e', index: 'i' }, { in: input })).toEqual({
      out: { fields: { id: 'number', e: 'any', i: 'number' }, open: false },
    });
  });
});
