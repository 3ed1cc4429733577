import { describe, expect, it } from 'vitest';
import { type Row, readRows } from '../support/ndjson.js';
import { answer, needShared } from '../support/shared.js';
import { runGraph, type TestNode } from './run-graph.js';

const OLIST = 'data/olist.ndjson.gz';
const read = (path: string): TestNode => ({ operator: 'files.read', config: { path, time: { field: 'event_time' } } });
const write = (from: string): TestNode => ({ operator: 'files.write', from });
const time = (row: Row) => Date.parse(String(row.event_time));
const minute = 60_000;

describe('the orders of a marketplace', { timeout: 300_000 }, () => {
  it.for([1, 3])('are followed from created to delivered, parallelism %d', async (parallelism, test) => {
    const [input, answers] = needShared(test, OLIST, 'answers/olist.json') as [string, string];
    const config = {
      order: 'order_id',
      event: 'kind',
      words: { order: 'created', payment: 'paid', shipped: 'shipped', delivered: 'delivered' },
      timeouts: [{ in: 'created', after: '30 min', as: 'unpaid' }],
      forgetAfter: '700 d',
    };
    const { changes, problems, overdue, orders } = await runGraph(
      {
        all: read(input),
        news: { operator: 'core.filter', config: { where: "kind != 'order_item'" }, from: 'all' },
        life: { operator: 'commerce.order-lifecycle', config, from: 'news' },
        changes: write('life.changes'),
        problems: write('life.problems'),
        overdue: write('life.overdue'),
        orders: { operator: 'view.table', config: { key: ['order_id'], maxRows: 100_000 }, from: 'life.orders' },
      },
      parallelism,
    );
    const [wanted] = answer(answers, 'lifecycle') as [Row];
    const of = (problem: string, kind: string) =>
      problems!.filter((row) => row.problem === problem && row.kind === kind).length;
    const rows = readRows(input);
    const delivered = orders!.filter((row) => row.delivered !== undefined);
    const estimated = new Map(rows.map((row) => [row.order_id, row.estimated_delivery]));
    for (const row of rows) if (row.kind === 'order') estimated.set(row.order_id, row.estimated_delivery);
    const span = delivered.reduce((sum, row) => sum + Number(row.delivered) - Number(row.created), 0);
    expect({
      shipped: orders!.filter((row) => row.shipped !== undefined).length,
      delivered: delivered.length,
      delivered_late: delivered.filter((row) => Number(row.delivered) > Date.parse(String(estimated.get(row.order_id))))
        .length,
      shipped_before_payment: of('out-of-order', 'payment'),
      delivered_before_shipped: of('out-of-order', 'shipped'),
      mean_s_order_to_delivered: Number((span / delivered.length / 1000).toFixed(3)),
    }).toEqual(wanted);
    expect(of('repeat', 'payment')).toBe(
      rows.filter(({ kind }) => kind === 'payment').length - withKind(rows, 'payment').size,
    );
    expect(changes!.length + problems!.length).toBe(rows.filter(({ kind }) => kind !== 'order_item').length);
    expect(overdue!.map(({ order_id }) => order_id).sort()).toEqual(unpaidPlainly(rows, 30 * minute));
  });

  it.for([1, 3])('are unpaid after a day as often as known, parallelism %d', async (parallelism, test) => {
    const [orders, payments, answers] = needShared(
      test,
      'data/olist_order.ndjson.gz',
      'data/olist_payment.ndjson.gz',
      'answers/olist.json',
    ) as [string, string, string];
    const config = {
      order: 'order_id',
      paymentOrder: 'order_id',
      due: '1',
      amount: 'payment_value',
      within: '1 d',
      forgetAfter: '700 d',
    };
    const { open, orphans } = await runGraph(
      {
        orders: read(orders),
        payments: read(payments),
        match: { operator: 'commerce.order-payment-match', config, from: { orders: 'orders', payments: 'payments' } },
        open: write('match.open'),
        orphans: write('match.orphans'),
      },
      parallelism,
    );
    const [wanted] = answer(answers, 'orders_payments_interval_join') as [Row];
    expect(open!.filter(({ status }) => status === 'unpaid').length).toBe(wanted.orders_unpaid_after_1d);
    expect(orphans).toEqual([]);
  });

  it.for([1, 3])(
    'differ from their payments as often and by as much as known, parallelism %d',
    async (parallelism, test) => {
      const [items, payments, answers] = needShared(
        test,
        'data/olist_order_item.ndjson.gz',
        'data/olist_payment.ndjson.gz',
        'answers/olist.json',
      ) as [string, string, string];
      const config = {
        order: 'order_id',
        paymentOrder: 'order_id',
        due: 'price + freight_value',
        addUp: true,
        amount: 'payment_value',
        tolerance: 0.01,
        within: '600 d',
        forgetAfter: '700 d',
      };
      const { paid, open, wrong } = await runGraph(
        {
          items: read(items),
          payments: read(payments),
          match: { operator: 'commerce.order-payment-match', config, from: { orders: 'items', payments: 'payments' } },
          paid: write('match.paid'),
          open: write('match.open'),
          wrong: write('match.wrong'),
        },
        parallelism,
      );
      const [wanted] = answer(answers, 'order_payment_mismatch') as [Row];
      // The last word on each order counts.
      const last = new Map<unknown, Row>();
      for (const row of [...paid!, ...open!, ...wrong!]) {
        const known = last.get(row.order_id);
        if (!known || Number(row.payments) >= Number(known.payments)) last.set(row.order_id, row);
      }
      const both = [...last.values()].filter((row) => Number(row.payments) > 0);
      const cents = both.reduce((sum, { difference }) => sum + Math.round(Number(difference) * 100), 0);
      expect({
        orders_with_both: both.length,
        mismatched: both.filter(({ status }) => status !== 'paid').length,
        net_difference: cents / 100,
      }).toEqual(wanted);
    },
  );
});

function withKind(rows: readonly Row[], kind: string): Map<unknown, number> {
  const first = new Map<unknown, number>();
  for (const row of rows)
    if (row.kind === kind)
      first.set(row.order_id, Math.min(first.get(row.order_id) ?? Number.POSITIVE_INFINITY, time(row)));
  return first;
}

/** Orders without any news beyond their creation within a span, by a loop over the rows. */
function unpaidPlainly(rows: readonly Row[], within: number): unknown[] {
  const news = ['payment', 'shipped', 'delivered'].map((kind) => withKind(rows, kind));
  return [...withKind(rows, 'order')]
    .filter(([order, at]) => !news.some((first) => (first.get(order) ?? Number.POSITIVE_INFINITY) <= at + within))
    .map(([order]) => order)
    .sort();
}
