import { describe, expect, it } from 'vitest';
import { type Row, readRows, sorted } from '../support/ndjson.js';
import { answer, needShared } from '../support/shared.js';
import { dayOf, runGraph, type TestNode } from './run-graph.js';

const RETAIL = 'data/online_retail.ndjson.gz';
const FORMS = [
  { form: 'in order', parallelism: 1, retail: RETAIL, taobao: 'data/taobao.ndjson.gz' },
  {
    form: 'shuffled within the bound, on three tasks',
    parallelism: 3,
    retail: 'data/online_retail_disordered300.ndjson.gz',
    taobao: 'data/taobao_disordered120.ndjson.gz',
  },
];
const read = (path: string): TestNode => ({
  operator: 'files.read',
  config: { path, time: { field: 'event_time', disorder: '300 s' } },
});
const write = (from: string): TestNode => ({ operator: 'files.write', from });
const SALE = "quantity > 0 && unit_price > 0 && !startsWith(invoice_no, 'C') && matches(stock_code, '^[0-9]{5}')";

describe('sales figures of a wholesaler', { timeout: 300_000 }, () => {
  it.for(FORMS)(
    'per country and day equal the known revenue, and a plain count, $form',
    async ({ retail, parallelism }, test) => {
      const [input, plain, answers] = needShared(test, retail, RETAIL, 'answers/online_retail.json') as [
        string,
        string,
        string,
      ];
      const stats = {
        groupBy: ['country'],
        per: 'day',
        amount: 'quantity * unit_price',
        refund: 'quantity < 0',
        order: 'invoice_no',
      };
      const { result } = await runGraph(
        {
          lines: read(input),
          stats: { operator: 'commerce.sales-stats', config: stats, from: 'lines' },
          result: write('stats'),
        },
        parallelism,
      );
      const found = sorted(
        result!.map((row) => ({ ...row, w: dayOf(row.windowStart) })),
        'w',
        'country',
      ) as Row[];
      const wanted = sorted(answer(answers, 'revenue_country_day'), 'w', 'country');
      expect(found.map(({ w, country, records }) => [w, country, records])).toEqual(
        wanted.map(({ w, country, lines_n }) => [w, country, lines_n]),
      );
      for (const [i, row] of wanted.entries()) {
        expect(Math.abs(Number(found[i]!.net) - Number(row.net)), `net of ${row.w} ${row.country}`).toBeLessThan(0.002);
        expect(Math.abs(Number(found[i]!.gmv) - Number(row.gross)), `gmv of ${row.w} ${row.country}`).toBeLessThan(
          0.002,
        );
      }
      const counted = countedPlainly(readRows(plain));
      expect(
        found.map(({ w, country, orders, units, refundedUnits, refundedOrders }) => ({
          w,
          country,
          orders,
          units,
          refundedUnits,
          refundedOrders,
        })),
      ).toEqual(counted);
      for (const { gmv, orders, aov } of found) {
        if (orders === 0) expect(aov).toBeNull();
        else expect(Math.abs(Number(aov) - Number(gmv) / Number(orders))).toBeLessThan(0.005001);
      }
    },
  );

  it.for(FORMS)('best sellers per day equal the known lists, $form', async ({ retail, parallelism }, test) => {
    const [input, answers] = needShared(test, retail, 'answers/online_retail.json') as [string, string];
    const top = { n: 10, per: 'day', product: 'stock_code', amount: 'quantity * unit_price' };
    const { result } = await runGraph(
      {
        lines: read(input),
        sales: { operator: 'core.filter', config: { where: SALE }, from: 'lines' },
        top: { operator: 'commerce.top-products', config: top, from: 'sales' },
        result: write('top'),
      },
      parallelism,
    );
    const rows = (list: Row[]) =>
      sorted(list, 'w', 'rk').map(({ w, rk, stock_code, units }) => [w, rk, stock_code, units]);
    const wanted = answer(answers, 'top10_products_day');
    const found = result!.map((row) => ({ ...row, w: dayOf(row.windowStart), rk: row.rank }) as Row);
    expect(rows(found)).toEqual(rows(wanted));
    const revenue = new Map(wanted.map(({ w, rk, revenue }) => [`${w} ${rk}`, Number(revenue)]));
    for (const row of found)
      expect(Math.abs(Number(row.revenue) - revenue.get(`${row.w} ${row.rk}`)!)).toBeLessThan(0.002);
  });
});

describe('visits', { timeout: 300_000 }, () => {
  const DATA = [
    { of: 'customers of a wholesaler', file: 'retail', answers: 'answers/online_retail.json', by: 'customer_id' },
    { of: 'users of a marketplace', file: 'taobao', answers: 'answers/taobao.json', by: 'user_id' },
  ] as const;
  const CASES = DATA.flatMap((data) => FORMS.map((form) => ({ ...data, ...form })));

  it.for(CASES)('of $of, $form', async ({ file, answers: known, by, parallelism, ...forms }, test) => {
    const [input, answers] = needShared(test, forms[file], known) as [string, string];
    const { visits, events } = await runGraph(
      {
        lines: read(input),
        cut: { operator: 'commerce.sessionize', config: { by: [by], gap: '30 min' }, from: 'lines' },
        visits: write('cut.visits'),
        events: write('cut.events'),
      },
      parallelism,
    );
    const [wanted] = answer(answers, 'sessions_30m') as [Row];
    const total = (field: string) => visits!.reduce((sum, row) => sum + Number(row[field]), 0);
    expect({
      sessions: visits!.length,
      users: new Set(visits!.map((row) => row[by])).size,
      events: total('events'),
      mean_events: Number((total('events') / visits!.length).toFixed(6)),
      mean_len_s: Number((total('durationMs') / 1000 / visits!.length).toFixed(6)),
      max_len_s: Math.max(...visits!.map(({ durationMs }) => Number(durationMs))) / 1000,
    }).toEqual({
      sessions: wanted.sessions,
      users: wanted.users,
      events: wanted.events,
      mean_events: wanted.mean_events,
      mean_len_s: wanted.mean_len_s,
      max_len_s: wanted.max_len_s,
    });
    expect(events!.length).toBe(wanted.events);
    expect(new Set(visits!.map(({ sessionId }) => sessionId)).size).toBe(wanted.sessions);
    if (file !== 'retail') return;
    const days: { [day: string]: number } = {};
    for (const { startedAt } of visits!) days[dayOf(startedAt)] = (days[dayOf(startedAt)] ?? 0) + 1;
    expect(days).toEqual(
      Object.fromEntries(answer(answers, 'sessions_30m_by_start_day').map(({ w, sessions }) => [w, sessions])),
    );
  });
});

/** Orders and units per day and country by a loop over the rows. */
function countedPlainly(lines: readonly Row[]): Row[] {
  interface Count {
    w: string;
    country: string;
    orders: Set<unknown>;
    units: number;
    refundedUnits: number;
    refundedOrders: Set<unknown>;
  }
  const counts = new Map<string, Count>();
  for (const line of lines) {
    const w = String(line.event_time).slice(0, 10);
    const country = String(line.country);
    const count = counts.get(`${w} ${country}`) ?? {
      w,
      country,
      orders: new Set(),
      units: 0,
      refundedUnits: 0,
      refundedOrders: new Set(),
    };
    counts.set(`${w} ${country}`, count);
    const quantity = Number(line.quantity);
    if (quantity < 0) {
      count.refundedUnits -= quantity;
      count.refundedOrders.add(line.invoice_no);
    } else {
      count.units += quantity;
      count.orders.add(line.invoice_no);
    }
  }
  const rows = [...counts.values()].map((count) => ({
    ...count,
    orders: count.orders.size,
    refundedOrders: count.refundedOrders.size,
  }));
  return sorted(rows, 'w', 'country');
}
