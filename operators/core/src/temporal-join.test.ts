import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { temporalJoin } from './temporal-join.js';

const compile = compileExpression;
const base = { leftKey: ['k'], rightKey: ['k'], select: 'nest' };
const run = (config: object = {}) => runOperator(temporalJoin, { ...base, ...config }, { compile });
const S = (n: number, time: number, k: unknown = 'a') => ({ port: 'left', value: { k, n }, time });
const T = (v: string, time: number, k: unknown = 'a', op: 'upsert' | 'delete' = 'upsert') => ({
  port: 'right',
  value: { k, v },
  time,
  op,
});
const shown = (harness: ReturnType<typeof run>) =>
  harness.records().map(({ value, time }) => [value.left.n, value.right?.v ?? null, time]);

describe('core.temporal-join', () => {
  it('does what its examples say', async () => {
    await checkOperator(temporalJoin, { compile });
  });

  it('waits for the watermark and sends in order of time, over all keys', () => {
    const harness = run({ type: 'left' }).feedAll([S(3, 30), T('x', 10), S(2, 20, 'b'), S(1, 10)]);
    expect(shown(harness.watermark(9))).toEqual([]);
    expect(shown(harness.watermark(30))).toEqual([
      [1, 'x', 10],
      [2, null, 20],
      [3, 'x', 30],
    ]);
  });

  it('takes the latest version at or before the record; a delete ends it', () => {
    const harness = run({ type: 'left' });
    harness.feedAll([T('b', 20), T('', 30, 'a', 'delete'), T('a', 10), S(0, 9), S(1, 19), S(2, 20), S(3, 30)]).end();
    expect(shown(harness).map(([, v]) => v)).toEqual([null, 'a', 'b', null]);
  });

  it('sends only records with a row when it is inner, and never matches null keys', () => {
    const harness = run()
      .feedAll([T('x', 10), S(0, 9), S(1, 10), T('x', 0, null), S(2, 10, null)])
      .end();
    expect([harness.filtered, shown(harness)]).toEqual([2, [[1, 'x', 10]]]);
    const left = run({ type: 'left' })
      .feedAll([T('x', 0, null), S(2, 10, null)])
      .end();
    expect([left.filtered, shown(left)]).toEqual([1, [[2, null, 10]]]);
  });

  it('still works on late records, and counts them', () => {
    const harness = run({ type: 'left' }).feed(T('x', 10)).watermark(50);
    harness.feedAll([S(1, 20), T('w', 5), T('y', 40), S(2, 60)]).end();
    expect(shown(harness)).toEqual([
      [1, null, 20],
      [2, 'y', 60],
    ]);
    expect(harness.late).toHaveLength(3);
  });

  it('keeps the latest version of the past and all newer ones', () => {
    const harness = run();
    for (let n = 0; n < 20; n++) harness.feed(T(`v${n}`, n * 10)).watermark(n * 10 - 25);
    const versions = harness.stateSize - 1;
    expect(versions).toBeLessThanOrEqual(5);
    harness.feed(S(0, 171)).end();
    expect(shown(harness)).toEqual([[0, 'v17', 171]]);
    expect([harness.stateSize, harness.timersPending]).toEqual([1 + 3, 0]);
  });

  it('forgets a deleted row', () => {
    const harness = run()
      .feedAll([T('x', 10), T('', 20, 'a', 'delete')])
      .end();
    expect(harness.stateSize).toBe(0);
  });

  it('keeps the order of arrival among records of one time', () => {
    const harness = run({ type: 'left' })
      .feedAll([S(2, 5), S(1, 5)])
      .snapshotRestore()
      .feed(S(3, 5))
      .end();
    expect(shown(harness).map(([n]) => n)).toEqual([2, 1, 3]);
  });
});
