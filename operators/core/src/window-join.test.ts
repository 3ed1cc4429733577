import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { windowJoin } from './window-join.js';

const compile = compileExpression;
const base = { window: 'tumbling', size: 10, leftKey: ['k'], rightKey: ['k'], select: 'nest' };
const run = (config: object) => runOperator(windowJoin, { ...base, ...config }, { compile });
const L = (n: number, time: number, k: unknown = 'a') => ({ port: 'left', value: { k, n }, time });
const R = (n: number, time: number, k: unknown = 'a') => ({ port: 'right', value: { k, n }, time });
const shown = (harness: ReturnType<typeof run>) =>
  harness.output().map(({ left, right, windowEnd }) => [left?.n ?? null, right?.n ?? null, windowEnd]);

describe('core.window-join', () => {
  it('does what its examples say', async () => {
    await checkOperator(windowJoin, { compile });
  });

  it('sends a window when the watermark reaches its last millisecond, each left record with each right one', () => {
    const harness = run({}).feedAll([L(0, 0), L(0, 9), R(1, 5), R(1, 6), R(2, 10)]);
    expect(shown(harness.watermark(8))).toEqual([]);
    harness.watermark(9);
    expect(shown(harness)).toEqual([
      [0, 1, 10],
      [0, 1, 10],
      [0, 1, 10],
      [0, 1, 10],
    ]);
    expect(harness.records()[0]).toMatchObject({ time: 9, op: 'insert' });
  });

  it.each([
    ['inner', [[0, 1, 10]]],
    [
      'left',
      [
        [0, 1, 10],
        [2, null, 10],
      ],
    ],
    [
      'right',
      [
        [0, 1, 10],
        [null, 3, 10],
      ],
    ],
    [
      'full',
      [
        [0, 1, 10],
        [2, null, 10],
        [null, 3, 10],
      ],
    ],
    ['semi', [[0, null, 10]]],
    ['anti', [[2, null, 10]]],
  ])('keeps what "%s" says', (type, expected) => {
    const harness = run({ type })
      .feedAll([L(0, 0), R(1, 5), L(2, 3, 'b'), R(3, 3, 'c')])
      .end();
    expect(shown(harness)).toEqual(expected);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('never matches null keys', () => {
    const feed = [L(0, 0, null), R(1, 0, null)];
    const full = run({ type: 'full' }).feedAll(feed).end();
    expect(shown(full)).toEqual([
      [0, null, 10],
      [null, 1, 10],
    ]);
    expect(shown(run({ type: 'anti' }).feedAll(feed).end())).toEqual([[0, null, 10]]);
    const semi = run({ type: 'semi' }).feedAll(feed).end();
    expect([semi.filtered, shown(semi)]).toEqual([2, []]);
  });

  it('sends records whose windows are over to late, and takes them for windows that are not', () => {
    const harness = run({ window: 'hopping', size: 20, slide: 10 }).watermark(15);
    harness.feedAll([L(0, 5), R(1, 5), L(2, -1)]).end();
    expect(harness.output('late').map((value) => value.n)).toEqual([2]);
    expect(shown(harness)).toEqual([[0, 1, 20]]);
  });

  it('lets records between windows that leave gaps go', () => {
    const harness = run({ window: 'hopping', size: 5, slide: 10, type: 'full' })
      .feedAll([L(0, 7), L(1, 3)])
      .end();
    expect([harness.filtered, shown(harness)]).toEqual([1, [[1, null, 5]]]);
  });

  it('joins calendar days of a zone', () => {
    const harness = run({ window: 'calendar', period: 'day', zone: 'Europe/Berlin' });
    const at = Date.parse('2024-03-30T23:00:00Z');
    harness.feedAll([L(0, at), R(1, at + 23 * 3_600_000 - 1), R(2, at + 23 * 3_600_000)]).end();
    expect(shown(harness)).toEqual([[0, 1, at + 23 * 3_600_000]]);
  });

  it('finds windows without a size and keys that do not fit', () => {
    const { size: _size, ...rest } = base;
    expect(windowJoin.lint!({ ...rest, rightKey: ['k', 'n'] }).map((finding) => finding.code)).toEqual([
      'WINDOW_SPAN_MISSING',
      'JOIN_KEYS_DIFFER',
    ]);
  });

  it('knows the types of its result', () => {
    const left = { fields: { k: 'text' }, open: false } as const;
    const right = { fields: { n: 'number' }, open: false } as const;
    const types = (type: string) => windowJoin.fields!({ ...base, select: 'merge', type }, { left, right }).out;
    expect(types('inner')?.fields).toEqual({ k: 'text', n: 'number', windowStart: 'time', windowEnd: 'time' });
    expect(types('semi')).toEqual({ fields: { k: 'text', windowStart: 'time', windowEnd: 'time' }, open: false });
  });
});
