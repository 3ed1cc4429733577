import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { demandForecast } from './demand-forecast.js';

const compile = compileExpression;
const DAY = 86_400_000;
const HOUR = 3_600_000;
const run = (config: object, timeZone = 'UTC') =>
  runOperator(demandForecast, { season: 2, horizon: 2, ...config }, { compile, timeZone });
const sale = (time: number, quantity: unknown = 5, sku = 'tea') => ({ port: 'sales', value: { sku, quantity }, time });
const level = (time: number, onHand: number, more: object = {}) => ({
  port: 'stock',
  value: { sku: 'tea', onHand, ...more },
  time,
});
const week = (harness: ReturnType<typeof run>) => {
  for (let day = 0; day < 8; day++) harness.feed(sale(day * DAY + HOUR));
  return harness.watermark(8 * DAY - 1);
};

describe('commerce.demand-forecast', () => {
  it('does what its examples say', async () => {
    await checkOperator(demandForecast, { compile });
  });

  it('leaves sales of closed days and what is no sale out', () => {
    const harness = week(run({}));
    harness
      .feed(sale(7 * DAY))
      .feed(sale(9 * DAY, -1))
      .feed(sale(9 * DAY, 'many'))
      .feed(sale(9 * DAY, 1, null as never));
    expect([harness.late.length, harness.filtered]).toEqual([1, 3]);
  });

  it('closes quiet days while time goes on, forgets a product after long silence, and keeps nothing of it', () => {
    const harness = week(run({ forgetAfter: 10 }));
    const before = harness.output('forecast').length;
    for (let day = 9; day <= 30; day++) harness.watermark(day * DAY - 1);
    const rows = harness.records('forecast').slice(before);
    expect(rows.map(({ op }) => op)).toEqual([...new Array(9).fill('upsert'), 'delete']);
    expect(rows[8]!.value.total).toBeLessThan(5);
    expect([harness.stateSize, harness.timersPending]).toEqual([0, 0]);
  });

  it('begins days where the shop is', () => {
    const harness = week(run({ timeZone: 'Asia/Tokyo' }));
    // 9 h east: eight days are over only at 15:00 UTC.
    expect(harness.output('forecast').at(-1)).toMatchObject({
      asOf: 7 * DAY + 15 * HOUR,
      days: [{ date: '1970-01-09' }, { date: '1970-01-10' }],
    });
  });

  it('says when the stock runs out against the lead time, once when it gets short and once when it is well again', () => {
    const harness = week(run({ leadTime: '1 d', horizon: 5 }));
    harness.feed(level(8 * DAY, 20)).watermark(8 * DAY);
    expect(harness.output('forecast').at(-1)).toMatchObject({
      onHand: 20,
      runsOut: 12 * DAY,
      orderBy: 11 * DAY,
      short: false,
    });
    harness.feed(level(8 * DAY + 1, 5)).watermark(8 * DAY + 1);
    harness.feed(level(8 * DAY + 2, 4)).watermark(8 * DAY + 2);
    harness.feed(level(8 * DAY + 3, 500)).watermark(8 * DAY + 3);
    expect(harness.output('shortage').map(({ onHand, short }) => [onHand, short])).toEqual([
      [5, true],
      [500, false],
    ]);
  });

  it('takes the lead time of the product where there is one, and no level older than the one known', () => {
    const harness = week(run({ leadTimeField: 'days', horizon: 5 }));
    harness
      .feed(level(8 * DAY + 5, 20, { days: 3 }))
      .watermark(8 * DAY + 6)
      .feed(level(8 * DAY, 1))
      .watermark(8 * DAY + 7);
    expect(harness.output('forecast').at(-1)).toMatchObject({ onHand: 20, leadTimeDays: 3 });
    harness.feed({ ...level(8 * DAY + 8, 20), op: 'delete' }).watermark(9 * DAY - 1);
    expect(harness.output('forecast').at(-1)).not.toHaveProperty('onHand');
  });

  it('finds settings that cannot work', () => {
    const codes = (config: object) => demandForecast.lint!(config as never).map(({ code }) => code);
    expect(codes({})).toEqual([]);
    expect(codes({ season: 30, history: 40, timeZone: 'Moon', by: [] })).toEqual([
      'FORECAST_BY',
      'FORECAST_HISTORY',
      'TIME_ZONE',
    ]);
  });
});
