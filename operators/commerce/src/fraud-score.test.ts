import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { fraudScore } from './fraud-score.js';

const compile = compileExpression;
const HOUR = 3_600_000;
const run = (check: object, more: object = {}) =>
  runOperator(fraudScore, { checks: [{ points: 50, ...check }], ...more }, { compile });
const scores = (harness: ReturnType<typeof run>) => harness.output('scored').map(({ fraudScore }) => fraudScore);

describe('commerce.fraud-score', () => {
  it('has personal reasons where a check quotes a personal field', () => {
    const type = { fields: { email: 'personal', country: 'text' }, open: true } as const;
    const reasons = (field: string) =>
      fraudScore.fields?.({ checks: [{ check: 'list', field, values: ['x'], points: 50 }] } as never, { in: type })
        .alerts?.fields.fraudReasons;
    expect(reasons('email')).toBe('personal');
    expect(reasons('country')).toBe('list');
  });

  it('does what its examples say', async () => {
    await checkOperator(fraudScore, { compile });
  });

  it('counts a card within its time, in whatever order the records arrive', () => {
    const harness = run({ check: 'velocity', per: ['card'], moreThan: 2, within: 100 });
    for (const time of [0, 50, 99, 100, 300]) harness.feed({ value: { card: 'a' }, time });
    harness.feed({ value: { card: 'b' }, time: 99 }).feed({ value: {}, time: 99 });
    expect(scores(harness)).toEqual([0, 0, 50, 50, 0, 0, 0]);
    const disorder = run({ check: 'velocity', per: ['card'], moreThan: 2, within: 100 });
    for (const time of [99, 50, 20]) disorder.feed({ value: { card: 'a' }, time });
    expect(scores(disorder)).toEqual([0, 0, 50]);
  });

  it('counts different cards of a device, each once', () => {
    const harness = run({ check: 'velocity', per: ['device'], different: 'card', moreThan: 1, within: '1 h' });
    ['a', 'a', 'a', 'b', 'a'].forEach((card, i) => {
      harness.feed({ value: { device: 1, card }, time: i });
    });
    expect(scores(harness)).toEqual([0, 0, 0, 50, 50]);
    expect(harness.output('alerts')[0].fraudReasons[0].text).toBe(
      '2 different values of card within 1 h; more than 1 are suspicious',
    );
  });

  it('knows what is usual for each product, up and down, and is not taught by what is not usual', () => {
    const harness = run({ check: 'amount', value: 'price', per: ['sku'], times: 5, side: 'both', learn: 3 });
    [20, 20, 20, 100, 4, 99, 4.1, 1000].forEach((price, i) => {
      harness.feed({ value: { sku: 'lamp', price }, time: i });
    });
    harness
      .feed({ value: { sku: 'tea', price: 1000 }, time: 9 })
      .feed({ value: { sku: 'tea', price: 'free' }, time: 9 });
    expect(scores(harness).slice(0, 3)).toEqual([0, 0, 0]);
    expect(scores(harness)[3]).toBe(50);
    expect(scores(harness)[7]).toBe(50);
    expect(scores(harness).slice(8)).toEqual([0, 0]);
  });

  it('notices another country too soon after the last one', () => {
    const harness = run({ check: 'change', field: 'country', per: ['customer'], within: '2 h' });
    const at = (country: string, hours: number) =>
      harness.feed({ value: { customer: 1, country }, time: hours * HOUR });
    at('DE', 0);
    at('DE', 1);
    at('US', 2);
    at('US', 2.5);
    at('DE', 20);
    expect(scores(harness)).toEqual([0, 0, 50, 0, 0]);
    expect(harness.output('alerts')[0].fraudReasons[0].text).toBe('country is US, 1 h before it was DE');
  });

  it('adds up points, ends at 100, and decides by the limits', () => {
    const checks = [
      { check: 'list', field: 'email', values: ['bad@example.com'], points: 60 },
      { check: 'rule', where: 'total > 100', points: 70 },
    ];
    const harness = runOperator(fraudScore, { checks, review: 60, block: 90 }, { compile });
    harness
      .feed({ email: 'bad@example.com', total: 5 })
      .feed({ email: 'bad@example.com', total: 500 })
      .feed({ email: 'x', total: 5 });
    expect(harness.output('scored').map((row) => [row.fraudScore, row.fraudDecision])).toEqual([
      [60, 'review'],
      [100, 'block'],
      [0, 'accept'],
    ]);
  });

  it('forgets: what is out of its time by the hour, and the oldest when there is too much', () => {
    const harness = run({ check: 'velocity', per: ['card'], moreThan: 2, within: '10 min' }, { maxRemembered: 100 });
    for (let i = 0; i < 1000; i++) harness.feed({ value: { card: i }, time: i });
    expect(harness.stateSize).toBeLessThanOrEqual(112);
    harness.watermark(2 * HOUR);
    expect(harness.stateSize).toBeLessThanOrEqual(1);
    expect(harness.timersPending).toBe(0);
  });

  it('takes no record that is not an object, and finds limits the wrong way round', () => {
    expect(
      run({ check: 'rule', where: 'true' })
        .feed({ value: 7, time: 0 })
        .dead.map(({ error }) => error.code),
    ).toEqual(['NOT_AN_OBJECT']);
    const codes = (config: object) => fraudScore.lint!(config as never).map(({ code }) => code);
    expect(codes({ checks: [{ points: 10 }], review: 90, block: 50 })).toEqual(['FRAUD_LIMITS', 'FRAUD_POINTS']);
  });
});
