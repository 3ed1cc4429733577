import { compileExpression } from '@millrace/graph';
import type { OutputMode } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { join } from './join.js';

const compile = compileExpression;
const base = { leftKey: ['k'], rightKey: ['k'], select: 'nest' };
const ids = { leftId: ['n'], rightId: ['n'] };
const table: OutputMode = { mode: 'upsert', key: ['n'] };
const run = (config: object, inputModes: { [port: string]: OutputMode } = {}) =>
  runOperator(join, { ...base, ...config }, { compile, inputModes });
type Op = 'insert' | 'upsert' | 'delete';
const L = (n: number, k: unknown = 'a', op: Op = 'insert', time = n) => ({ port: 'left', value: { k, n }, time, op });
const R = (n: number, k: unknown = 'a', op: Op = 'insert', time = n) => ({ port: 'right', value: { k, n }, time, op });
const shown = (harness: ReturnType<typeof run>) =>
  harness.records().map(({ value, op }) => `${op} ${value.left?.n ?? '-'} ${value.right?.n ?? '-'}`);

describe('core.join', () => {
  it('does what its examples say', async () => {
    await checkOperator(join, { compile });
  });

  it('pairs every record with all earlier ones of the other side, as facts, at the later time', () => {
    const harness = run({})
      .feedAll([L(1), R(5), R(2), L(9), R(3, 'b')])
      .snapshotRestore()
      .feed(L(4, 'b'));
    expect(shown(harness)).toEqual(['insert 1 5', 'insert 1 2', 'insert 9 5', 'insert 9 2', 'insert 4 3']);
    expect(harness.records().map((record) => record.time)).toEqual([5, 2, 9, 9, 4]);
    expect(join.mode!(base, { left: { mode: 'append' }, right: { mode: 'append' } })).toEqual({
      out: { mode: 'append' },
    });
  });

  it('replaces the row without a partner when one comes, and brings it back when the last one leaves', () => {
    const harness = run({ type: 'left' }, { left: table, right: table });
    harness.feedAll([L(1), R(1), R(2), R(1, 'a', 'delete'), R(2, 'a', 'delete'), L(1, 'a', 'delete')]);
    expect(shown(harness)).toEqual([
      'upsert 1 -',
      'delete 1 -',
      'upsert 1 1',
      'upsert 1 2',
      'delete 1 1',
      'delete 1 2',
      'upsert 1 -',
      'delete 1 -',
    ]);
    expect(harness.stateSize).toBe(0);
  });

  it('keeps both sides in a full join', () => {
    const harness = run({ type: 'full', ...ids }).feedAll([L(1), L(2), R(7), R(8, 'b')]);
    expect(shown(harness)).toEqual([
      'upsert 1 -',
      'upsert 2 -',
      'delete 1 -',
      'upsert 1 7',
      'delete 2 -',
      'upsert 2 7',
      'upsert - 8',
    ]);
  });

  it('takes a later row with the same id as the new version of it', () => {
    const harness = run({ type: 'inner' }, { right: table, left: table });
    harness.feedAll([L(1, 'a', 'upsert'), R(1, 'a', 'upsert'), R(1, 'a', 'upsert', 50)]);
    expect(shown(harness)).toEqual(['upsert 1 1', 'upsert 1 1']);
    expect(harness.records()[1]?.time).toBe(50);
    expect(harness.stateSize).toBe(2);
  });

  it('lets the delete of a row it does not know go', () => {
    const harness = run({ type: 'left' }, { left: table, right: table }).feed(R(1, 'a', 'delete'));
    expect([harness.filtered, shown(harness)]).toEqual([1, []]);
  });

  it('never matches null keys', () => {
    const inner = run({}).feedAll([L(1, null), R(1, null)]);
    expect([inner.filtered, shown(inner)]).toEqual([2, []]);
    const left = run({ type: 'left', ...ids }).feedAll([L(1, null), R(1, null), L(1, null, 'delete')]);
    expect([left.filtered, shown(left)]).toEqual([1, ['upsert 1 -', 'delete 1 -']]);
  });

  it('says which fields tell the rows of its result apart', () => {
    const mode = (config: object, left: OutputMode, right: OutputMode) =>
      join.mode!({ ...base, ...config }, { left, right });
    const append: OutputMode = { mode: 'append' };
    expect(mode({ type: 'left', ...ids }, append, append)).toEqual({
      out: { mode: 'upsert', key: ['left.n', 'right.n'] },
    });
    const merged = { select: 'merge', rightPrefix: 'r_', leftId: ['n'] };
    expect(mode(merged, append, table)).toEqual({ out: { mode: 'upsert', key: ['n', 'r_n'] } });
    expect(() => mode({ type: 'left' }, append, append)).toThrow(/what tells left rows apart/);
    expect(() => mode({ ...merged, rightPrefix: '' }, append, table)).toThrow(/called "n"/);
    const equal = { select: 'merge', leftId: ['k'], rightId: ['k', 'm'] };
    expect(mode({ ...equal, type: 'full' }, append, append)).toEqual({ out: { mode: 'upsert', key: ['k', 'm'] } });
    expect(() => run({ type: 'left' })).toThrow(/what tells left rows apart/);
  });

  it('does not let a right field overwrite what tells left rows apart', () => {
    const harness = run({ type: 'left', select: 'merge', leftId: ['id'], rightId: ['pay'] });
    harness.feed({ port: 'left', value: { k: 'a', id: 1, x: 1 }, time: 0 });
    harness.feed({ port: 'right', value: { k: 'a', id: 99, pay: 7, x: 2 }, time: 0 });
    expect(harness.output().at(-1)).toEqual({ k: 'a', id: 1, pay: 7, x: 2 });
  });

  it('forgets rows by the clock, and warns when it never does', () => {
    const harness = run({ forgetAfter: '1 s' }).feed(L(1)).clock(999).feed(R(1)).clock(1000).feed(R(2));
    expect(shown(harness)).toEqual(['insert 1 1']);
    expect(join.lint!(base)).toMatchObject([{ code: 'JOIN_UNBOUNDED', severity: 'warning' }]);
    expect(join.lint!({ ...base, forgetAfter: '1 d' })).toEqual([]);
  });
});
