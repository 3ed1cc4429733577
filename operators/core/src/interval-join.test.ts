import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { intervalJoin } from './interval-join.js';

const compile = compileExpression;
const base = { leftKey: ['k'], rightKey: ['k'], lower: -5, upper: 10, select: 'nest' };
const run = (config: object) => runOperator(intervalJoin, { ...base, ...config }, { compile });
const L = (n: number, time: number, k: unknown = 'a') => ({ port: 'left', value: { k, n }, time });
const R = (n: number, time: number, k: unknown = 'a') => ({ port: 'right', value: { k, n }, time });
const shown = (harness: ReturnType<typeof run>) =>
  harness.records().map(({ value, time }) => [value.left?.n ?? null, value.right?.n ?? null, time]);

describe('core.interval-join', () => {
  it('does what its examples say', async () => {
    await checkOperator(intervalJoin, { compile });
  });

  it('includes both bounds and sends a pair at once, at the later of its times', () => {
    const harness = run({}).feedAll([L(0, 100), R(1, 94), R(2, 95), R(3, 110), R(4, 111)]);
    expect(shown(harness)).toEqual([
      [0, 2, 100],
      [0, 3, 110],
    ]);
  });

  it('gives a record without a partner up as soon as the watermark proves it, and never earlier', () => {
    const harness = run({ type: 'full' }).feedAll([L(0, 100), R(1, 200)]);
    expect(shown(harness.watermark(109))).toEqual([]);
    expect(shown(harness.watermark(110))).toEqual([[0, null, 110]]);
    expect(shown(harness.watermark(204))).toHaveLength(1);
    expect(shown(harness.watermark(205))).toEqual([
      [0, null, 110],
      [null, 1, 205],
    ]);
  });

  it('never gives up a record that had a partner', () => {
    const harness = run({ type: 'full' })
      .feedAll([L(0, 100), R(1, 100), L(2, 101)])
      .end();
    expect(shown(harness)).toEqual([
      [0, 1, 100],
      [2, 1, 101],
    ]);
  });

  it('sends what it gives up at a time that is not late for those who follow', () => {
    const harness = run({ type: 'left', lower: '-10 s', upper: '-5 s' });
    harness.watermark(99_999).feed(L(0, 100_000)).watermark(100_500).feed(L(1, 105_600)).watermark(100_600);
    expect(shown(harness)).toEqual([
      [0, null, 100_000],
      [1, null, 105_600],
    ]);
  });

  it('counts a late record, and still joins it with what is kept', () => {
    const harness = run({ type: 'left' })
      .feedAll([R(1, 100)])
      .watermark(103)
      .feed(L(0, 98))
      .feed(L(2, 90));
    expect([harness.late.map((r) => r.value.n), shown(harness)]).toEqual([
      [0, 2],
      [
        [0, 1, 100],
        [2, 1, 100],
      ],
    ]);
    harness.watermark(150).feed(L(3, 120));
    expect(shown(harness).at(-1)).toEqual([3, null, 130]);
    expect(harness.late).toHaveLength(3);
  });

  it('leaves late records out when told to', () => {
    const harness = run({ type: 'left', dropLate: true }).feed(R(1, 100)).watermark(100).feed(L(0, 98));
    expect([harness.late.length, shown(harness)]).toEqual([1, []]);
  });

  it('never matches null keys: filtered where pairs are wanted, sent on alone where they are kept', () => {
    const inner = run({}).feedAll([L(0, 1, null), R(1, 1, null)]);
    expect([inner.filtered, shown(inner)]).toEqual([2, []]);
    const full = run({ type: 'full' }).feedAll([L(0, 1, null), R(1, 1, null)]);
    expect(shown(full)).toEqual([
      [0, null, 1],
      [null, 1, 1],
    ]);
    expect(full.stateSize).toBe(0);
  });

  it('does not take a number for a text, and joins on expressions', () => {
    expect(shown(run({}).feedAll([L(0, 1, 7), R(1, 1, '7')]))).toEqual([]);
    const harness = run({ leftKey: [{ value: 'n % 10' }, 'k'], rightKey: ['n', 'k'] });
    expect(shown(harness.feedAll([L(27, 1), R(7, 2), R(8, 2)]))).toEqual([[27, 7, 2]]);
  });

  it('keeps many rows of one key at the same time, and forgets them all', () => {
    const harness = run({ type: 'full' });
    for (let n = 0; n < 300; n++) harness.feed(L(n, 100 + (n % 3)));
    harness.snapshotRestore();
    for (let n = 0; n < 10; n++) harness.feed(R(n, 100));
    expect(harness.output()).toHaveLength(3000);
    harness.watermark(200).feed(R(99, 150));
    expect(harness.output()).toHaveLength(3001);
    harness.end();
    expect([harness.stateSize, harness.timersPending, harness.output().length]).toEqual([0, 0, 3001]);
  });

  it('keeps nothing whose partners are all in the past', () => {
    const harness = run({ lower: 5, upper: 10 }).watermark(99).feed(R(0, 100));
    expect(harness.stateSize).toBe(0);
  });

  it('merges fields, the right ones on top or each with its prefix', () => {
    const merge = (more: object) =>
      run({ select: 'merge', ...more })
        .feedAll([L(0, 1), R(1, 2)])
        .output();
    expect(merge({})).toEqual([{ k: 'a', n: 1 }]);
    expect(merge({ leftPrefix: 'l_', rightPrefix: 'r_' })).toEqual([{ l_k: 'a', l_n: 0, r_k: 'a', r_n: 1 }]);
    const harness = run({ select: 'merge' }).feed({ port: 'left', value: { k: 'a' }, time: 1 });
    harness.feed({ port: 'right', value: ['no object'], time: 1 });
    expect(harness.dead.map((d) => d.error.code)).toEqual(['NOT_AN_OBJECT']);
  });

  it('finds bounds in the wrong order and keys that do not fit', () => {
    const codes = (config: object) => intervalJoin.lint!({ ...base, ...config }).map((finding) => finding.code);
    expect(codes({})).toEqual([]);
    expect(codes({ lower: '1 h', upper: '-1 h' })).toEqual(['JOIN_BOUNDS']);
    expect(codes({ rightKey: ['k', 'n'] })).toEqual(['JOIN_KEYS_DIFFER']);
    expect(codes({ leftKey: ['a..b'] })).toEqual(['FIELD_NAME']);
  });

  it('knows the types of its result', () => {
    const left = { fields: { k: 'text', n: 'number' }, open: false } as const;
    const right = { fields: { k: 'text', n: 'text' }, open: true } as const;
    const types = (config: object) => intervalJoin.fields!({ ...base, ...config }, { left, right }).out;
    expect(types({})).toEqual({ fields: { left: 'object', right: 'object' }, open: false });
    expect(types({ select: 'merge' })).toEqual({ fields: { k: 'text', n: 'any' }, open: true });
    expect(types({ select: 'merge', rightPrefix: 'r_' })?.fields).toEqual({
      k: 'text',
      n: 'number',
      r_k: 'text',
      r_n: 'text',
    });
  });
});
