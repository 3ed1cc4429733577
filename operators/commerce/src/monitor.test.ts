import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { monitor } from './monitor.js';

const compile = compileExpression;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const run = (config: object) => runOperator(monitor, { value: 'v', ...config }, { compile });
const feed = (harness: ReturnType<typeof run>, values: readonly number[], step = MINUTE, from = 0) => {
  values.forEach((v, i) => {
    harness.feed({ value: { v }, time: from + i * step });
  });
  return harness;
};
const told = (harness: ReturnType<typeof run>) =>
  harness.output('alarms').map(({ type, severity, at }) => [type, severity, at / MINUTE]);
/** Around 100, never further than 6. */
const usual = (n: number) => Array.from({ length: n }, (_, i) => 100 + ((i * 7) % 13) - 6);

describe('commerce.monitor', () => {
  it('does what its examples say', async () => {
    await checkOperator(monitor, { compile });
  });

  it('waits for several in a row, and is quiet for a while', () => {
    const harness = feed(
      run({ check: 'threshold', above: 10, times: 2, coolDown: '10 min' }),
      [11, 5, 11, 12, 13, 5, 11, 11, 5, 5, 5, 5, 5, 5, 11, 11],
    );
    expect(told(harness)).toEqual([
      ['alarm', 'warning', 3],
      ['recovery', 'warning', 5],
      ['alarm', 'warning', 15],
    ]);
  });

  it('sees a change by percent, also from zero', () => {
    const harness = feed(run({ check: 'change', percent: 50, side: 'low' }), [100, 60, 20, 90, 0, 0, 5]);
    expect(told(harness)).toEqual([
      ['alarm', 'warning', 2],
      ['recovery', 'warning', 3],
      ['alarm', 'warning', 4],
      ['recovery', 'warning', 5],
    ]);
    expect(feed(run({ check: 'change' }), [0, 3]).output('alarms')[0].message).toBe('v is 3 after 0.');
  });

  it('finds what is far from usual without being told what is usual, and does not take it for usual', () => {
    const harness = feed(run({ check: 'z-score' }), [...usual(60), 300, 300, ...usual(5)]);
    expect(told(harness)).toEqual([
      ['alarm', 'critical', 60],
      ['recovery', 'critical', 62],
    ]);
    expect(harness.output('values')[10]).toMatchObject({ state: 'learning', expected: null });
    expect(told(feed(run({ check: 'z-score', side: 'low' }), [...usual(60), 300]))).toEqual([]);
  });

  it('gets used to a shift that stays', () => {
    const shifted = feed(run({ check: 'z-score' }), [...usual(60), ...usual(300).map((v) => v + 100)]);
    expect(told(shifted).map(([type]) => type)).toEqual(['alarm', 'recovery']);
  });

  it('sees a small shift with a moving average that single values hide', () => {
    const values = [...usual(100), ...usual(20).map((v) => v + 6)];
    expect(told(feed(run({ check: 'ewma', limit: 3, leastSpread: 0 }), values))[0]?.[0]).toBe('alarm');
    expect(told(feed(run({ check: 'z-score', limit: 3, leastSpread: 0 }), values))).toEqual([]);
  });

  it('knows busy and quiet hours', () => {
    const day = Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 10 : 100));
    const harness = feed(
      run({ check: 'seasonal' }),
      [...day, ...day, ...day, ...day.map((v, hour) => (hour === 3 ? 100 : v))],
      HOUR,
    );
    expect(harness.output('alarms').map(({ at, type }) => [at / HOUR, type])).toEqual([
      [75, 'alarm'],
      [76, 'recovery'],
    ]);
    // The hour of another day is not what went before it.
    const week = feed(
      run({ check: 'seasonal', season: 'week', warmUp: 1 }),
      Array.from({ length: 24 * 8 }, (_, i) => (i < 24 ? 10 : 100)),
      HOUR,
    );
    expect(week.output('alarms')[0]).toMatchObject({ at: 24 * 7 * HOUR, expected: 10 });
  });

  it('does not alarm at a hair when nothing ever moved', () => {
    expect(told(feed(run({ check: 'z-score', leastSpread: 5 }), [...new Array(40).fill(20), 21]))).toEqual([]);
    expect(told(feed(run({ check: 'z-score', leastSpread: 5 }), [...new Array(40).fill(20), 0.2]))).toHaveLength(1);
  });

  it('misses what was there once, told once, also when the next record arrives before anybody could notice', () => {
    const harness = run({ check: 'absence', within: '10 min', by: ['shop'] });
    const at = (shop: string, minute: number) => harness.feed({ value: { shop }, time: minute * MINUTE });
    at('a', 0);
    at('a', 8);
    at('a', 40);
    at('b', 41);
    harness.watermark(60 * MINUTE).watermark(90 * MINUTE);
    at('b', 95);
    harness.end();
    expect(
      harness.output('alarms').map(({ shop, type, since, at }) => [shop, type, since / MINUTE, at / MINUTE]),
    ).toEqual([
      ['a', 'alarm', 8, 18],
      ['a', 'recovery', 8, 40],
      ['a', 'alarm', 40, 50],
      ['b', 'alarm', 41, 51],
      ['b', 'recovery', 41, 95],
    ]);
  });

  it('passes fields on, leaves out what is no number, and has its limits checked', () => {
    const harness = run({ check: 'threshold', above: 1, include: ['order'] });
    harness
      .feed({ value: { v: 5, order: 'O1' }, time: 0 })
      .feed({ value: { v: 'x' }, time: 1 })
      .feed({ value: {}, time: 2 });
    expect([harness.output('alarms')[0].order, harness.output('values')[0].order, harness.filtered]).toEqual([
      'O1',
      'O1',
      2,
    ]);
    const codes = (config: object) => monitor.lint!(config as never).map(({ code }) => code);
    expect(codes({ check: 'threshold' })).toEqual(['MONITOR_VALUE', 'MONITOR_LIMIT']);
    expect(codes({ check: 'threshold', value: 'v', above: 1, below: 2 })).toEqual(['MONITOR_LIMITS']);
    expect(codes({ check: 'absence', within: 0 })).toEqual(['MONITOR_WITHIN']);
  });
});
