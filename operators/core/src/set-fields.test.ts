import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { setFields } from './set-fields.js';
import type { Step } from './set-fields-steps.js';

const compile = compileExpression;
const run = (steps: Step[], value: Value) => {
  const harness = runOperator(setFields, { steps }, { compile, timeZone: 'Europe/Berlin' }).feed({ value });
  if (harness.dead.length > 0) return harness.dead[0]!.error.code;
  return harness.output()[0];
};

describe('core.set-fields', () => {
  it('does what its examples say', async () => {
    await checkOperator(setFields, { compile });
  });

  it('lets a step see what the steps before it made', () => {
    expect(
      run(
        [
          { do: 'set', field: 'b', value: 'a + 1' },
          { do: 'set', field: 'c', value: 'b * 10' },
        ],
        { a: 1 },
      ),
    ).toEqual({ a: 1, b: 2, c: 20 });
  });

  it('copies nested objects before it writes into them, and leaves the rest shared', () => {
    const value = { a: { b: { c: 1 } }, other: { x: 1 } };
    const harness = runOperator(
      setFields,
      {
        steps: [
          { do: 'set', field: 'a.b.d', value: '2' },
          { do: 'drop', fields: ['a.b.c'] },
        ],
      },
      { compile },
    ).feed({ value });
    expect(harness.output()).toEqual([{ a: { b: { d: 2 } }, other: { x: 1 } }]);
    expect(harness.dead).toEqual([]);
  });

  it('makes missing objects on the way, and refuses to write into text or a list', () => {
    expect(run([{ do: 'set', field: 'a.b', value: '1' }], { a: null })).toEqual({ a: { b: 1 } });
    expect(run([{ do: 'set', field: 'a.b', value: '1' }], { a: 'text' })).toBe('FIELD_NOT_OBJECT');
    expect(run([{ do: 'set', field: 'a.b', value: '1' }], { a: [1] })).toBe('FIELD_NOT_OBJECT');
    expect(run([{ do: 'set', field: 'a', value: '1' }], 'text')).toBe('NOT_AN_OBJECT');
    expect(run([{ do: 'set', field: 'a', value: '1' }], [1])).toBe('NOT_AN_OBJECT');
  });

  it('never reaches a prototype: such names are findings, inherited names are plain fields, data keys survive', () => {
    expect(setFields.lint?.({ steps: [{ do: 'set', field: 'a.__proto__.x', value: '1' }] })).toMatchObject([
      { code: 'FIELD_NAME', path: '/steps/0' },
    ]);
    expect(run([{ do: 'set', field: 'constructor.prototype.polluted', value: '1' }], {})).toEqual({
      constructor: { prototype: { polluted: 1 } },
    });
    expect(({} as Value).polluted).toBeUndefined();
    const hostile = JSON.parse('{"__proto__": {"admin": true}, "a": 1, "b": 2}');
    const kept = run(
      [
        { do: 'drop', fields: ['a'] },
        { do: 'rename', from: 'b', to: 'c' },
      ],
      hostile,
    );
    expect([kept.admin, Object.keys(kept)]).toEqual([undefined, ['__proto__', 'c']]);
  });

  it('renames in place, overwrites the old holder of the name, and ignores a missing field', () => {
    expect(JSON.stringify(run([{ do: 'rename', from: 'a', to: 'c' }], { z: 0, a: 1, b: 2, c: 3 }))).toBe(
      '{"z":0,"c":1,"b":2}',
    );
    expect(run([{ do: 'rename', from: 'a', to: 'c' }], { b: 2 })).toEqual({ b: 2 });
    expect(
      run(
        [
          { do: 'rename', from: 'a.x', to: 'y' },
          { do: 'rename', from: 'b', to: 'a.b' },
        ],
        { a: { x: 1 }, b: null },
      ),
    ).toEqual({ a: { b: null }, y: 1 });
  });

  it('keeps listed fields that exist, nested ones inside their object', () => {
    expect(run([{ do: 'keep', fields: ['c', 'a.b', 'none'] }], { a: { b: 1, x: 2 }, c: null, d: 4 })).toEqual({
      c: null,
      a: { b: 1 },
    });
  });

  describe('cast', () => {
    const cast = (
      to: Step extends infer S ? (S extends { do: 'cast'; to: infer T } ? T : never) : never,
      v: Value,
      more: object = {},
    ) => {
      const result = run([{ do: 'cast', field: 'v', to, ...more }], { v });
      return typeof result === 'string' ? result : result.v;
    };

    it.each([
      ['text', 12.5, '12.5'],
      ['text', true, 'true'],
      ['text', { a: [1] }, '{"a":[1]}'],
      ['text', null, null],
      ['number', ' 12.50 ', 12.5],
      ['number', '-1e3', -1000],
      ['number', '12,5', 'CAST_FAILED'],
      ['number', '', 'CAST_FAILED'],
      ['number', true, 1],
      ['number', '9007199254740993', 'CAST_FAILED'],
      ['number', '0x10', 'CAST_FAILED'],
      ['number', '-0', 0],
      ['number', [1], 'CAST_FAILED'],
      ['integer', '42', 42],
      ['integer', 42.5, 'CAST_FAILED'],
      ['integer', '1e2', 100],
      ['boolean', 'No', false],
      ['boolean', 1, true],
      ['boolean', 2, 'CAST_FAILED'],
      ['boolean', 'maybe', 'CAST_FAILED'],
      ['time', '1970-01-01T00:00:01Z', 1000],
      ['time', '1970-01-01T01:00:00', 0],
      ['time', 5, 5],
      ['time', 'soon', 'CAST_FAILED'],
      ['decimal', '-0.005', -0.01],
      ['decimal', 1.005, 1.01],
      ['decimal', '12345678901234567.891', '12345678901234567.89'],
      ['decimal', 'x', 'CAST_FAILED'],
    ] as const)('to %s of %j gives %j', (to, from, expected) => {
      expect(cast(to, from)).toEqual(expected);
    });

    it('gives null instead of failing when it is told to, reads seconds, and leaves a missing field missing', () => {
      expect(cast('number', 'x', { onFail: 'null' })).toBeNull();
      expect(cast('time', 1.5, { unit: 's' })).toBe(1500);
      expect(cast('time', '1970-01-01', { zone: 'UTC' })).toBe(0);
      expect(run([{ do: 'cast', field: 'v', to: 'text' }], { a: 1 })).toEqual({ a: 1 });
    });
  });

  it('carries field types and upsert keys along', () => {
    const steps: Step[] = [
      { do: 'cast', field: 'total', to: 'decimal' },
      { do: 'rename', from: 'id', to: 'order' },
      { do: 'set', field: 'copy', value: 'name' },
      { do: 'drop', fields: ['note'] },
    ];
    const type = { fields: { id: 'number', total: 'text', name: 'text', note: 'text' }, open: false } as const;
    expect(setFields.fields?.({ steps }, { in: type })).toEqual({
      out: { fields: { total: 'number', order: 'number', copy: 'text', name: 'text' }, open: false },
    });
    expect(setFields.fields?.({ steps: [{ do: 'keep', fields: ['a', 'b.c'] }] }, { in: undefined })).toEqual({
      out: { fields: { a: 'any', b: 'object' }, open: false },
    });
    expect(setFields.mode?.({ steps }, { in: { mode: 'upsert', key: ['id'] } })).toEqual({
      out: { mode: 'upsert', key: ['order'] },
    });
    expect(setFields.fieldsAt?.({ steps }, { in: type }, '/steps/2/value')).toEqual({
      fields: { total: 'number', order: 'number', name: 'text', note: 'text' },
      open: false,
    });
    expect(setFields.mode?.({ steps }, { in: { mode: 'append' } })).toEqual({ out: { mode: 'append' } });
  });

  it('gives the tag of a personal field to what is made of it, through all steps', () => {
    const type = { fields: { email: 'personal', 'customer.phone': 'personal', city: 'text' }, open: false } as const;
    const after = (...steps: Step[]) => setFields.fields?.({ steps }, { in: type }).out?.fields;
    expect(
      after(
        { do: 'set', field: 'line', value: "email + ', ' + city" },
        { do: 'set', field: 'copy', value: 'upper(line)' },
        { do: 'cast', field: 'line', to: 'text' },
        { do: 'set', field: 'to.mail', value: 'lower(email)' },
        { do: 'set', field: 'where', value: 'lower(city)' },
        { do: 'rename', from: 'customer.phone', to: 'tel' },
      ),
    ).toEqual({
      email: 'personal',
      city: 'text',
      line: 'personal',
      copy: 'personal',
      to: 'object',
      'to.mail': 'personal',
      where: 'any',
      tel: 'personal',
    });
    const kept = { customer: 'object', 'customer.phone': 'personal' };
    expect(after({ do: 'keep', fields: ['customer.phone'] })).toEqual(kept);
    expect(after({ do: 'keep', fields: ['customer'] })).toEqual({ ...kept, customer: 'any' });
  });

  it('keeps time and operation of the record', () => {
    const harness = runOperator(setFields, { steps: [{ do: 'set', field: 'a', value: '1' }] }, { compile });
    harness.feed({ value: {}, time: 5, op: 'delete' });
    expect(harness.records()[0]).toMatchObject({ time: 5, op: 'delete' });
  });
});
