import { compileExpression } from '@millrace/graph';
import { parseIso, type Value } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { demandForecast } from '../demand-forecast.js';
import { haveRealData, print, rowsOf } from '../shared/testing/real-data.js';

const here = haveRealData('forecast/real-data.test.ts');
const DAY = 86_400_000;
const HORIZON = 14;
const WEEK = 7;

describe.skipIf(!here)('forecasts of real daily sales (online_retail_daily)', { timeout: 400_000 }, () => {
  const rows = here ? rowsOf('online_retail_daily') : [];
  const dayOf = (row: Value) => parseIso(row.date) / DAY;
  const last = Math.max(...rows.map(dayOf));

  /** All forecasts of the operator, by product and day, as it sent them while the days went by. */
  function forecasts(config: object, rows: readonly Value[]): Map<string, Map<number, Value>> {
    const sorted = [...rows].sort((a, b) => dayOf(a) - dayOf(b));
    const harness = runOperator(
      demandForecast,
      { by: ['stock_code'], quantity: 'units', horizon: HORIZON, ...config },
      { compile: compileExpression },
    );
    let day = dayOf(sorted[0]);
    for (const row of sorted) {
      for (; day < dayOf(row); day++) harness.watermark((day + 1) * DAY - 1);
      harness.feed({ value: row, time: dayOf(row) * DAY });
    }
    harness.end();
    expect([harness.dead, harness.late]).toEqual([[], []]);
    const found = new Map<string, Map<number, Value>>();
    for (const { value } of harness.records('forecast')) {
      const of = found.get(value.stock_code) ?? new Map<number, Value>();
      found.set(value.stock_code, of.set(value.asOf / DAY, value));
    }
    return found;
  }

  it.each([
    ['additive', 200],
    ['multiplicative', 50],
  ])('%s: are closer than "the same as a week ago", and the band holds what it says', (pattern, count) => {
    const codes = new Set([...new Set(rows.map((row) => row.stock_code))].sort().slice(0, count));
    const own = rows.filter((row) => codes.has(row.stock_code));
    const sent = forecasts({ pattern }, own);
    const sums = { ours: 0, naive: 0, origins: 0, inside: 0, days: 0 };
    const products = new Set<string>();
    for (const [code, byDay] of sent) {
      const sales = new Map(
        own.filter((row) => row.stock_code === code).map((row) => [dayOf(row), row.units as number]),
      );
      const first = Math.min(...sales.keys());
      const at = (day: number) => sales.get(day) ?? 0;
      // Every day of the last eight weeks that leaves fourteen days to compare with.
      for (let origin = last + 1 - 8 * WEEK; origin <= last + 1 - HORIZON; origin++) {
        const forecast = byDay.get(origin);
        if (forecast === undefined) continue;
        let scale = 0;
        for (let day = first + WEEK; day < origin; day++) scale += Math.abs(at(day) - at(day - WEEK));
        scale /= origin - first - WEEK;
        let ours = 0;
        let naive = 0;
        forecast.days.forEach(({ units, low, high }: Value, h: number) => {
          const y = at(origin + h);
          ours += Math.abs(y - units) / HORIZON;
          naive += Math.abs(y - at(origin - WEEK + (h % WEEK))) / HORIZON;
          if (y >= low && y <= high) sums.inside++;
          sums.days++;
        });
        sums.ours += ours / scale;
        sums.naive += naive / scale;
        sums.origins++;
        products.add(code);
      }
    }
    const mase = sums.ours / sums.origins;
    const naive = sums.naive / sums.origins;
    const coverage = sums.inside / sums.days;
    print(
      `demand-forecast ${pattern}, online_retail_daily, ${products.size} products, ${sums.origins} forecasts of 14 days: MASE ${mase.toFixed(3)}, seasonal naive ${naive.toFixed(3)}; 80 % band holds ${(100 * coverage).toFixed(1)} %`,
    );
    expect(products.size).toBe(count);
    expect(mase).toBeLessThan(0.85 * naive);
    expect(coverage).toBeGreaterThan(0.72);
    expect(coverage).toBeLessThan(0.88);
  });
});
