import { compileExpression } from '@millrace/graph';
import type { Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { strength } from './recommend/strength.js';
import { recommend } from './recommend.js';

const compile = compileExpression;
const DAY = 86_400_000;
const run = (config: object) =>
  runOperator(recommend, { minTogether: 1, caution: 0, halfLife: 0, refresh: '1 d', ...config }, { compile });
const order = (orderId: number, items: unknown[], more: object = {}, time = orderId) => ({
  port: 'purchases',
  value: { orderId, items: items.map((sku) => ({ sku })), ...more },
  time,
});
/** The last list of each product or customer, as ids. */
function lists(harness: ReturnType<typeof run>, port: 'items' | 'users'): { [of: string]: unknown[] } {
  const rows = harness
    .output(port)
    .map((row) => [row.item ?? row.user, row.recommendations.map(({ item }: Value) => item)]);
  return Object.fromEntries(rows);
}

describe('commerce.recommend', () => {
  it('does what its examples say', async () => {
    await checkOperator(recommend, { compile });
  });

  it('never offers what a customer has bought, but what was only looked at', () => {
    const harness = run({});
    harness
      .feed(order(1, ['tea', 'cup', 'pot']))
      .feed(order(2, ['tea', 'cup'], { customerId: 'ada' }))
      .feed({ port: 'views', value: { sessionId: 's', sku: 'pot', customerId: 'ada' }, time: 3 })
      .end();
    expect(lists(harness, 'users')).toEqual({ ada: ['pot'] });
  });

  it('holds best sellers back as far as it is told', () => {
    // Everybody takes the bag; the filter goes with the pot alone.
    const orders = [
      ...Array.from({ length: 30 }, (_, i) => ['bag', `other ${i}`]),
      ['pot', 'bag'],
      ['pot', 'bag'],
      ['pot', 'bag', 'filter'],
      ['pot', 'filter'],
    ];
    const first = (popularity: number) => {
      const harness = run({ popularity });
      for (const [i, items] of orders.entries()) harness.feed(order(i, items));
      return lists(harness.end(), 'items').pot?.[0];
    };
    expect([first(0), first(1)]).toEqual(['bag', 'filter']);
  });

  it('lets old baskets fade', () => {
    const harness = run({ halfLife: '10 d', popularity: 0 });
    for (let i = 0; i < 5; i++) harness.feed(order(i, ['tea', 'cup']));
    harness
      .feed(order(9, ['tea', 'pot'], {}, 60 * DAY))
      .feed(order(10, ['tea', 'pot'], {}, 60 * DAY))
      .end();
    expect(lists(harness, 'items').tea).toEqual(['pot', 'cup']);
  });

  it('counts a product of an order once, however its lines come', () => {
    const lines = run({});
    for (const sku of ['tea', 'cup', 'tea', 'cup'])
      lines.feed({ port: 'purchases', value: { orderId: 1, sku }, time: 5 });
    const whole = run({}).feed(order(1, ['tea', 'cup'], {}, 5));
    expect(lines.end().output('items')).toEqual(whole.end().output('items'));
    expect(lines.output('items')[0].recommendations[0].together).toBe(1);
  });

  it('keeps markets apart', () => {
    const harness = run({ by: ['country'] });
    harness
      .feed(order(1, ['tea', 'cup'], { country: 'DE' }))
      .feed(order(2, ['tea', 'pot'], { country: 'FR' }))
      .end();
    const of = (country: string) =>
      harness
        .output('items')
        .filter((row) => row.country === country && row.item === 'tea')[0]
        .recommendations.map(({ item }: Value) => item);
    expect([of('DE'), of('FR')]).toEqual([['cup'], ['pot']]);
  });

  it('stays within its limits', () => {
    const harness = run({ maxItems: 20, maxUsers: 20, neighbours: 10, basketLimit: 5 });
    for (let i = 0; i < 400; i++) {
      const items = Array.from({ length: 8 }, (_, n) => `sku ${(i * 7 + n * n) % 100}`);
      harness.feed(order(i, items, { customerId: `c ${i}` }, i * 3_600_000)).watermark(i * 3_600_000 - 1);
      // Products and customers with a tenth of slack, baskets of the last hours, lists to send.
      expect(harness.stateSize).toBeLessThan(22 + 22 + 3 + 22 * 10);
    }
    for (const row of harness.end().output('items')) expect(row.recommendations.length).toBeLessThanOrEqual(10);
    expect(harness.timersPending).toBe(0);
  });

  it('gives a basket up when it has not grown for its time', () => {
    const harness = run({ keepBasket: '1 h' });
    const at = (sku: string, time: number) => harness.feed({ port: 'purchases', value: { orderId: 1, sku }, time });
    at('tea', 0);
    at('cup', 1_800_000);
    harness.watermark(3_700_000);
    at('pot', 3_800_000);
    harness.watermark(9_000_000);
    at('lamp', 9_100_000);
    expect(lists(harness.end(), 'items')).toEqual({
      tea: ['cup', 'pot'],
      cup: ['pot', 'tea'],
      pot: ['cup', 'tea'],
      lamp: [],
    });
  });

  it('leaves records without a product out', () => {
    const harness = run({})
      .feed({ port: 'purchases', value: { orderId: 1 }, time: 0 })
      .feed(order(2, []));
    expect([harness.filtered, harness.end().output('items')]).toEqual([2, []]);
  });
});

describe('strength', () => {
  it('is the share at 0, the cosine at a half, and halves with as much caution', () => {
    expect(strength(3, 6, 12, 0, 0)).toBe(0.5);
    expect(strength(3, 4, 9, 0.5, 0)).toBe(0.5);
    expect(strength(3, 4, 9, 0.5, 3)).toBe(0.25);
    expect(strength(3, 6, 12, 1, 0)).toBe(0.25);
    expect([strength(0, 1, 1, 0, 0), strength(5, 1, 1, 0.5, 0)]).toEqual([0, 1]);
  });
});
