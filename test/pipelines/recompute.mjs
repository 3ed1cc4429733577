// `node test/pipelines/recompute.mjs`: writes the input and the expected result of every pipeline. Nothing of the product is used: each
// result is computed from the whole input by plain loops, so a mistake of ours cannot hide in its own answer.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Four hours before summer time begins in Berlin. */
const START = Date.parse('2024-03-30T20:00:00Z');
/** Records come at most this much later than newer ones. */
const DISORDER = 5 * MINUTE;

let state = 20_240_330;
/** Whole number from 0 to n - 1: a linear congruential generator (Numerical Recipes), the same on every machine. */
const random = (n) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const pick = (list) => list[random(list.length)];
const iso = (time) => new Date(time).toISOString();
const cents = (n) => Number((n / 100).toFixed(2));

/** Rows in an order of arrival within the bound. */
const arriving = (rows) =>
  rows
    .map((row) => ({ row, at: Date.parse(row.at) + random(DISORDER) }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);

const groups = (rows, key) => {
  const found = new Map();
  for (const row of rows) found.set(key(row), [...(found.get(key(row)) ?? []), row]);
  return found;
};
const sum = (rows, value) => rows.reduce((total, row) => total + value(row), 0);
const inTime = (rows) => [...rows].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.id - b.id);

const orders = Array.from({ length: 700 }, (_, id) => ({
  id,
  at: iso(START + random(12 * HOUR)),
  order: `o${id}`,
  customer: `c${random(60)}`,
  country: pick(['DE', 'FR', 'GB', null]),
  sku: `s${random(25)}`,
  qty: 1 + random(4),
  cents: 99 + random(5000),
  status: pick(['paid', 'paid', 'paid', 'cancelled']),
}));
const lines = arriving(orders).map(({ cents: price, ...row }) => ({ ...row, price: cents(price) }));
const priceOf = new Map(orders.map(({ id, cents: price }) => [id, price]));
const time = ({ at }) => Date.parse(at);

const revenue = () => {
  const paid = orders.filter(({ status }) => status === 'paid');
  return [...groups(paid, (row) => `${row.country}/${Math.floor(time(row) / HOUR)}`).values()].map((rows) => ({
    hour: iso(Math.floor(time(rows[0]) / HOUR) * HOUR).replace('.000Z', 'Z'),
    country: rows[0].country,
    orders: rows.length,
    revenue: cents(sum(rows, (row) => row.qty * priceOf.get(row.id))),
  }));
};

const sessions = () =>
  [...groups(inTime(orders), ({ customer }) => customer)].flatMap(([customer, own]) => {
    const found = [];
    for (const row of own) {
      const last = found.at(-1);
      if (last && time(row) - last.to <= HOUR) Object.assign(last, { n: last.n + 1, to: time(row) });
      else found.push({ customer, n: 1, from: time(row), to: time(row) });
    }
    return found.map(({ customer: who, n, from, to }) => ({ customer: who, orders: n, minutes: (to - from) / MINUTE }));
  });

const best = () =>
  [...groups(orders, (row) => Math.floor(time(row) / (2 * HOUR)))].flatMap(([window, own]) =>
    [...groups(own, ({ sku }) => sku)]
      .map(([sku, rows]) => ({ sku, units: sum(rows, ({ qty }) => qty) }))
      .sort((a, b) => b.units - a.units || (a.sku < b.sku ? -1 : 1))
      .slice(0, 3)
      .map((row, i) => ({ from: iso(window * 2 * HOUR).replace('.000Z', 'Z'), rank: i + 1, ...row })),
  );

/** Days in Berlin: the second one has 23 hours. */
const MIDNIGHT = Date.parse('2024-03-30T23:00:00Z');
const berlin = (at) => (at < MIDNIGHT ? '2024-03-30' : '2024-03-31');
const doubled = [
  ...orders,
  ...orders.filter(({ id }) => id % 3 === 0).map((row) => ({ ...row, at: iso(time(row) + random(MINUTE)) })),
];
const days = () =>
  [...groups(orders, (row) => berlin(time(row)))].map(([day, rows]) => ({
    day,
    orders: rows.length,
    customers: new Set(rows.map(({ customer }) => customer)).size,
    revenue: cents(sum(rows, (row) => row.qty * priceOf.get(row.id))),
  }));

const payments = orders
  .filter(() => random(5) > 0)
  .map(({ order, at }, id) => ({ id, kind: 'payment', at: iso(Date.parse(at) + random(2 * HOUR)), order }));
const mixed = arriving([...orders.map((row) => ({ kind: 'order', ...row })), ...payments]).map(
  ({ cents: _, ...row }) => row,
);
const unpaid = () => {
  const paidAt = new Map(payments.map(({ order, at }) => [order, Date.parse(at)]));
  return orders
    .filter(({ order, at }) => !(paidAt.get(order) - Date.parse(at) <= HOUR))
    .map(({ order, customer }) => ({ order, customer }));
};

const statuses = ['new', 'paid', 'packed', 'shipped'];
const moves = orders.flatMap((row) =>
  statuses.slice(0, 1 + random(4)).map((status, i) => ({
    id: row.id * 10 + i,
    at: iso(time(row) + i * HOUR),
    order: row.order,
    status,
    qty: row.qty,
  })),
);
const board = () => {
  const now = new Map();
  for (const row of inTime(moves)) now.set(row.order, row);
  return [...groups([...now.values()], ({ status }) => status)].map(([status, rows]) => ({
    status,
    orders: rows.length,
    units: sum(rows, ({ qty }) => qty),
  }));
};

const prices = Array.from({ length: 120 }, (_, id) => ({
  id,
  kind: 'price',
  at: iso(START + random(12 * HOUR)),
  sku: `s${random(25)}`,
  list: cents(500 + random(500)),
}));
const priced = () =>
  orders.map((row) => {
    const valid = inTime(prices).filter(({ sku, at }) => sku === row.sku && Date.parse(at) <= time(row));
    return { order: row.order, sku: row.sku, list: valid.at(-1)?.list ?? null };
  });

const CASES = {
  'revenue-per-hour': { input: lines, expected: revenue() },
  sessions: { input: lines, expected: sessions() },
  'best-sellers': { input: lines, expected: best() },
  'days-in-berlin': {
    input: arriving(doubled).map(({ cents: price, ...row }) => ({ ...row, price: cents(price) })),
    expected: days(),
  },
  'unpaid-orders': { input: mixed, expected: unpaid() },
  'order-board': { input: arriving(moves), expected: board(), as: 'expected.view-board.ndjson' },
  'price-of-the-time': {
    input: arriving([...orders.map(({ cents: _, ...row }) => ({ kind: 'order', ...row })), ...prices]),
    expected: priced(),
  },
};

const ndjson = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
for (const [name, { input, expected, as = 'expected.ndjson' }] of Object.entries(CASES)) {
  mkdirSync(join(here, name), { recursive: true });
  writeFileSync(join(here, name, 'events.ndjson'), ndjson(input));
  writeFileSync(join(here, name, as), ndjson(expected));
}
