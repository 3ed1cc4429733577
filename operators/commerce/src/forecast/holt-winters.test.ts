import { describe, expect, it } from 'vitest';
import { ahead, fit, smooth, widths } from './holt-winters.js';
import { runsOutAt } from './run-out.js';
import { close, emptySeries, forecast, naiveScale, quantile } from './series.js';

const week = [10, 12, 11, 13, 20, 30, 4];
const calm = { season: 'additive', alpha: 0.1, beta: 0, gamma: 0.1, phi: 0.9 } as const;
const repeat = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i));
const meanError = (path: readonly number[], truth: (i: number) => number) =>
  path.reduce((sum, y, i) => sum + Math.abs(y - truth(i)) / path.length, 0);

describe('Holt–Winters', () => {
  it('finds a pattern of weekdays again', () => {
    const path = ahead(
      fit(
        repeat(98, (i) => week[i % 7]!),
        7,
        ['additive'],
      ),
      14,
    );
    expect(meanError(path, (i) => week[i % 7]!)).toBeLessThan(0.5);
  });

  it('multiplies the pattern when sales grow, and adds it when they do not', () => {
    const growing = (i: number) => week[i % 7]! * (1 + i / 60);
    const history = repeat(119, growing);
    const truth = (i: number) => growing(119 + i);
    const multiplied = meanError(ahead(fit(history, 7, ['multiplicative']), 7), truth);
    const added = meanError(ahead(fit(history, 7, ['additive']), 7), truth);
    expect(multiplied).toBeLessThan(added);
    expect(fit(history, 7, ['additive', 'multiplicative']).smoothing.season).toBe('multiplicative');
  });

  it('is moved little by one order for two hundred', () => {
    const history = repeat(70, (i) => (i === 60 ? 200 : 10));
    expect(Math.max(...ahead(smooth(history, 7, calm), 14))).toBeLessThan(25);
  });

  it('never forecasts less than nothing, also after closed days and the end of sales', () => {
    for (const season of ['additive', 'multiplicative'] as const) {
      const path = ahead(
        smooth(
          repeat(60, (i) => (i > 40 || i % 7 === 5 ? 0 : 9)),
          7,
          { ...calm, season, alpha: 0.4 },
        ),
        14,
      );
      expect(path.every((y) => y >= 0 && Number.isFinite(y))).toBe(true);
    }
  });

  it('has errors that grow with the distance as the formula of Hyndman says', () => {
    const found = widths(
      {
        ...smooth(
          repeat(21, (i) => week[i % 7]!),
          7,
          calm,
        ),
      },
      9,
    );
    expect(found[0]).toBe(1);
    expect(found[1]).toBeCloseTo(Math.sqrt(1 + 0.1 ** 2), 10);
    expect(found[7]! ** 2 - found[6]! ** 2).toBeCloseTo((0.1 + 0.1 * 0.9) ** 2, 10);
    expect([...found].sort((a, b) => a - b)).toEqual(found);
  });
});

describe('a series', () => {
  const settings = { m: 7, horizon: 7, seasons: ['additive'], band: 0.8, history: 60 } as const;

  it('judges what it forecast when the time is over, and forgets what is too old', () => {
    const series = emptySeries(0);
    for (let i = 0; i < 100; i++) {
      close(series, week[i % 7]! + (i % 3), settings);
      if (i >= 20) forecast(series, settings);
      expect(series.issued.length).toBeLessThanOrEqual(3);
    }
    const [ours, naive, judged, inside, periods] = series.record;
    expect([series.y.length, series.n, judged]).toEqual([60, 100, 11]);
    expect(ours / judged).toBeLessThan(naive / judged);
    expect(periods).toBe(77);
    expect(inside / periods).toBeGreaterThan(0.7);
  });

  it('measures the yardstick of the scaled error over a season', () => {
    expect(naiveScale([1, 2, 3, 5], 2)).toBe((2 + 3) / 2);
    expect(naiveScale([1, 2], 2)).toBe(0);
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect([quantile([], 0.5), quantile([1, 2], 0.01), quantile([1, 2], 0.99)]).toEqual([0, 1, 2]);
  });
});

describe('the end of stock', () => {
  const days = [0, 1, 2].map((i) => ({ from: i * 10, to: i * 10 + 10, units: 5 }));

  it('is found within a day, evenly', () => {
    expect(runsOutAt(7.5, 0, days)).toBe(15);
    expect(runsOutAt(5, 5, days)).toBe(15);
    expect(runsOutAt(15, 0, days)).toBe(30);
    expect(runsOutAt(16, 0, days)).toBeNull();
    expect(runsOutAt(0, 3, days)).toBe(3);
    expect(runsOutAt(1, 0, [{ from: 0, to: 10, units: 0 }])).toBeNull();
  });
});
