// Aggregates over one group, and over a group whose rows are taken back.
import { checkAlive, NotOffered, reader, start } from '../harness.mjs';

/** Aggregates by the name a case gives them. @type {{ [name: string]: any }} */
const BY_NAME = {
  count_star: { fn: 'count' },
  count: { fn: 'count', field: 'v' },
  distinct: { fn: 'distinct', field: 'v' },
  count_distinct: { fn: 'distinct', field: 'v' },
  avg_int: { fn: 'avgInt', field: 'v' },
  stddev: { fn: 'stddev', field: 'v' },
  stddev_samp: { fn: 'stddev', field: 'v' },
  stddev_pop: { fn: 'stddevPop', field: 'v' },
  median: { fn: 'percentileCont', field: 'v', quantile: 0.5 },
  ...Object.fromEntries(['sum', 'avg', 'min', 'max', 'first', 'last'].map((fn) => [fn, { fn, field: 'v' }])),
};

/** Integers beyond 2^53 are text with us. @param {any} value */
const input64 = (value) => (typeof value === 'bigint' ? String(value) : (value ?? null));
/** @param {any} value */
const output64 = (value) => (typeof value === 'string' && /^-?\d{16,}$/.test(value) ? BigInt(value) : value);

/**
 * The last result of running totals over values.
 * @param {any[]} aggregates
 * @param {readonly any[]} values
 */
function totals(aggregates, values) {
  const running = start('core.running-aggregate', { aggregates });
  for (const v of values) running.feed({ value: { v: input64(v) }, time: 0 });
  checkAlive(running);
  return running.output().at(-1);
}

/** @param {import('../cases.mjs').Case} one */
function aggregates({ input, expected }) {
  const names = Object.keys(expected[0]);
  const list = names.map((as) => {
    const known = BY_NAME[as];
    if (known === undefined) throw new NotOffered(`there is no aggregate "${as}"`);
    return { ...known, as };
  });
  const row =
    totals(
      list,
      input.map(({ v }) => v),
    ) ?? {};
  return { actual: [Object.fromEntries(names.map((name) => [name, output64(row[name])]))] };
}

/** @param {import('../cases.mjs').Case} one */
function avgBigint({ input }) {
  return { actual: input.map(({ v }) => output64(totals([{ fn: 'avgInt', field: 'v', as: 'r' }], v)?.r ?? null)) };
}

/**
 * Changes of a table without a key: rows get a number, and a row is taken back by the number of one that says the same. An update is the
 * old row leaving and the new one coming.
 * @param {import('../cases.mjs').Case} one
 */
function retractAggregate({ input }) {
  const fns = ['sum', 'min', 'max'].map((fn) => ({ fn, field: 'v', as: fn }));
  const running = start(
    'core.running-aggregate',
    { aggregates: [{ fn: 'count', as: 'n' }, ...fns] },
    { inputModes: { in: { mode: 'upsert', key: ['row'] } } },
  );
  const results = reader(running);
  /** @type {Map<any, number[]>} */
  const rows = new Map();
  const actual = input.flatMap(({ kind, v }, i) => {
    const same = rows.get(v) ?? [];
    rows.set(v, same);
    const add = kind === '+I' || kind === '+U';
    if (add) same.push(i);
    const row = add ? i : same.pop();
    running.feed({ value: { row, v: input64(v) }, time: i, op: add ? 'upsert' : 'delete' });
    return results().map(({ value }) => [value.n, value.sum, value.min, value.max].map(output64));
  });
  return { actual };
}

/** @param {import('../cases.mjs').Case} one */
function percentile({ input }) {
  /** @param {string} fn @param {number[]} q */
  const list = (fn, q) => q.map((quantile, i) => ({ fn, field: 'v', quantile, as: `${fn}${i}` }));
  const actual = input.map(({ v, q }) => {
    const row = totals([...list('percentileCont', q), ...list('percentileDisc', q)], v) ?? {};
    const read = (/** @type {string} */ fn) =>
      q.map((/** @type {number} */ _q, /** @type {number} */ i) => row[`${fn}${i}`] ?? null);
    return { cont: read('percentileCont'), disc: read('percentileDisc') };
  });
  return { actual };
}

export const aggregateCases = {
  aggregates,
  avg_bigint: avgBigint,
  retract_aggregate: retractAggregate,
  percentile,
};
export { totals };
