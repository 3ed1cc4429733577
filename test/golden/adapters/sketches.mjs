// Approximate aggregates: the error has to stay within what the case allows.
import { checkAlive, start } from '../harness.mjs';
import { totals } from './aggregates.mjs';

const WITHIN = 'within_tolerance';

/** Numbers that look random and are the same every time: the linear congruence of ANSI C. @param {number} n */
function numbers(n) {
  let x = 12345n;
  return Array.from({ length: n }, () => {
    x = (x * 1103515245n + 12345n) % 2147483648n;
    return Number(x);
  });
}

/** Rank error of approximate percentiles, half as much at the far end. @param {import('../cases.mjs').Case} one */
function quantiles({ config, input }) {
  const { tol_rank: tolerance = 0.01 } = config;
  const actual = input.map(({ n, q }) => {
    const values = numbers(n);
    const sorted = [...values].sort((a, b) => a - b);
    const list = q.map((/** @type {number} */ quantile, /** @type {number} */ i) => ({
      fn: 'percentileApprox',
      field: 'v',
      quantile,
      // Ours bounds the error of the value; for values spread evenly a quarter of the rank error keeps within it.
      accuracy: tolerance / 4,
      as: `q${i}`,
    }));
    const row = totals(list, values);
    const wrong = q.find((/** @type {number} */ quantile, /** @type {number} */ i) => {
      const rank = sorted.filter((value) => value <= row[`q${i}`]).length / n;
      return Math.abs(rank - quantile) > (quantile >= 0.99 ? tolerance / 2 : tolerance);
    });
    return wrong === undefined ? WITHIN : `percentile ${wrong} of ${n} values is ${row[`q${q.indexOf(wrong)}`]}`;
  });
  return { actual };
}

/** Estimate of running totals over texts. @param {readonly string[]} values @returns {number} */
const estimate = (values) => totals([{ fn: 'distinctApprox', field: 'v', as: 'n' }], values).n;

/** Estimate of two panes of a window that are merged when it fires. @param {readonly string[]} a @param {readonly string[]} b */
function merged(a, b) {
  const windows = start('core.window-aggregate', {
    window: 'hopping',
    size: 2,
    slide: 1,
    aggregates: [{ fn: 'distinctApprox', field: 'v', as: 'n' }],
  });
  for (const v of a) windows.feed({ value: { v }, time: 0 });
  for (const v of b) windows.feed({ value: { v }, time: 1 });
  windows.end();
  checkAlive(windows);
  return windows.output().find(({ windowStart }) => windowStart === 0).n;
}

/** @param {import('../cases.mjs').Case} one */
function hll({ config, input }) {
  const actual = input.map(({ n, dup = 1 }) => {
    const values = Array.from({ length: n }, (_, i) => `user-${i}`);
    const found = estimate(values);
    const allowed = config.abs ?? config.tol * n;
    if (Math.abs(found - n) > allowed) return `${n} values are counted as ${found}`;
    const repeated = Array.from({ length: dup }, () => values).flat();
    if (dup > 1 && estimate(repeated) !== found) return 'repeats change the estimate';
    const half = Math.ceil(n / 2);
    // The halves overlap, so a sum of both would be wrong.
    const both = merged(values.slice(0, half + Math.floor(n / 4)), values.slice(half));
    return both === found ? WITHIN : `merged sketches count ${both}, one sketch ${found}`;
  });
  return { actual };
}

export const sketches = { tdigest: quantiles, hll };
