import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows } from '../support/ndjson.js';
import { answer, needShared } from '../support/shared.js';
import { count, Flow, of, pairsOf } from './flow.js';
import { expectAnswer, runFlow } from './run.js';

const WAYS = (['sorted', 'disordered'] as const).flatMap((form) =>
  [1, 3].map((parallelism) => ({ form, parallelism })),
);
const DISORDER_S = 300;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const apart = 'timestamp(right.event_time) - timestamp(left.event_time)';

/** The same rows in an order in which none is more than five minutes behind the newest before it. */
function disordered(file: string): string {
  const arrival = new Map<Row, number>();
  const rows = readRows(file);
  for (const row of rows) {
    const delay = ((Number(row.seq) * 7919) % DISORDER_S) * 1000;
    arrival.set(row, Date.parse(String(row.event_time)) + delay);
  }
  rows.sort((a, b) => arrival.get(a)! - arrival.get(b)! || Number(a.seq) - Number(b.seq));
  const path = join(ownFolder(), 'olist.ndjson');
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}

function kinds(name: string): Flow {
  const flow = new Flow(name).add('events', 'files.read', {
    path: 'events.ndjson',
    time: { field: 'event_time', disorder: `${DISORDER_S} s` },
  });
  for (const kind of ['order', 'order_item', 'payment']) flow.filter(`${kind}s`, 'events', `kind == '${kind}'`);
  return flow;
}

const daily = (groupBy: readonly string[], aggregates: readonly object[]) => ({
  window: 'calendar',
  period: 'day',
  groupBy,
  aggregates,
});
const day = { w: "day(windowStart, 'UTC')" };

function reports(): Flow {
  const flow = kinds('Reports over orders');
  const takings = [of('sum', 'price', 'price'), of('sum', 'freight_value', 'freight'), count('items')];
  flow
    .add(
      'items-with-state',
      'core.interval-join',
      { leftKey: ['order_id'], rightKey: ['order_id'], lower: 0, upper: 0 },
      { left: 'orders', right: 'order_items' },
    )
    .set('with-state', 'items-with-state', { state: 'customer_state' })
    .add(
      'state-hours',
      'core.window-aggregate',
      { window: 'tumbling', size: '1 h', groupBy: ['state'], aggregates: takings },
      'with-state',
    )
    .set('state-hour-rows', 'state-hours', { w: 'iso(windowStart)' })
    .answer('revenue_state_hour', 'state-hour-rows')
    .add('state-days', 'core.window-aggregate', daily(['state'], takings), 'with-state')
    .set('state-day-rows', 'state-days', day)
    .answer('revenue_state_day', 'state-day-rows');
  flow
    .add(
      'products',
      'core.window-aggregate',
      daily(['product_id'], [count('units'), of('sum', 'price', 'revenue')]),
      'order_items',
    )
    .add(
      'best',
      'core.top-n',
      {
        n: 10,
        per: 'given-window',
        orderBy: [{ field: 'units', direction: 'desc' }, { field: 'product_id' }],
        rank: 'rk',
      },
      'products',
    )
    .set('best-rows', 'best', day)
    .answer('top10_products_day', 'best-rows');
  flow
    .add(
      'customers',
      'core.window-aggregate',
      daily([], [{ fn: 'distinct', field: 'customer_unique_id', as: 'customers' }, count('orders')]),
      'orders',
    )
    .set('customer-rows', 'customers', day)
    .answer('distinct_customers_day', 'customer-rows');
  flow
    .add(
      'ways-to-pay',
      'core.window-aggregate',
      daily(['payment_type'], [of('sum', 'payment_value', 'paid'), count('payments')]),
      'payments',
    )
    .set('ways-to-pay-rows', 'ways-to-pay', day)
    .answer('payment_type_day', 'ways-to-pay-rows');
  flow
    .add(
      'visits',
      'core.window-aggregate',
      {
        window: 'session',
        gap: '30 min',
        groupBy: ['customer_unique_id'],
        aggregates: [
          count('events'),
          of('min', 'timestamp(event_time)', 'from'),
          of('max', 'timestamp(event_time)', 'to'),
        ],
      },
      'orders',
    )
    .total('all-visits', 'visits', [
      count('sessions'),
      { fn: 'distinct', field: 'customer_unique_id', as: 'users' },
      of('sum', 'events', 'events'),
      of('avg', 'events', 'mean_events'),
      of('avg', '(to - from) / 1000', 'mean_len_s'),
      of('max', '(to - from) / 1000', 'max_len_s'),
    ])
    .answer('sessions_30m', 'all-visits');
  flow
    .add(
      'once',
      'core.dedupe',
      { by: ['kind', 'event_time', 'order_id', 'order_item_id', 'payment_sequential'], matchNull: true },
      'events',
    )
    .total('rows-once', 'once', [count('rows_out')])
    .answer('dedup', 'rows-once');
  return flow;
}

function payments(): Flow {
  const keys = { leftKey: ['order_id'], rightKey: ['order_id'] };
  const flow = kinds('Orders and their payments');
  flow
    .add(
      'paid',
      'core.interval-join',
      { ...keys, lower: 0, upper: '3000 d', select: 'nest' },
      { left: 'orders', right: 'payments' },
    )
    .total('counted', 'paid', [
      count('pairs_1h', `${apart} <= ${HOUR}`),
      of('distinct', 'left.order_id', 'orders_1h', `${apart} <= ${HOUR}`),
      count('pairs_1d', `${apart} <= ${DAY}`),
      of('distinct', 'left.order_id', 'orders_1d', `${apart} <= ${DAY}`),
      count('pairs_any'),
    ])
    .answer('orders_payments_interval_join', 'counted');
  flow
    .add(
      'within-a-day',
      'core.interval-join',
      { ...keys, lower: 0, upper: '1 d', type: 'left', select: 'nest' },
      { left: 'orders', right: 'payments' },
    )
    .filter('unpaid', 'within-a-day', 'right == null')
    .total('all-unpaid', 'unpaid', [count('orders_unpaid_after_1d')])
    .answer('orders_unpaid_after_1d', 'all-unpaid');
  flow
    .total('due', 'order_items', [of('sum', 'price + freight_value', 'due')], ['order_id'])
    .total('received', 'payments', [of('sum', 'payment_value', 'paid')], ['order_id'])
    .add('both', 'core.join', { ...keys, type: 'inner' }, { left: 'due', right: 'received' })
    .total('compared', 'both', [
      count('orders_with_both'),
      count('mismatched', 'abs(due - paid) > 0.01'),
      of('sum', 'paid - due', 'net_difference'),
    ])
    .answer('order_payment_mismatch', 'compared');
  flow
    .total(
      'stories',
      'events',
      [
        of('min', 'timestamp(event_time)', 'ordered', "kind == 'order'"),
        of('min', 'timestamp(event_time)', 'shipped_at', "kind == 'shipped'"),
        of('min', 'timestamp(event_time)', 'delivered_at', "kind == 'delivered'"),
        of('min', 'timestamp(event_time)', 'paid_at', "kind == 'payment'"),
        of('first', 'timestamp(estimated_delivery)', 'promised', "kind == 'order'"),
      ],
      ['order_id'],
    )
    .total('lives', 'stories', [
      count('shipped', 'shipped_at != null'),
      count('delivered', 'delivered_at != null'),
      count('delivered_late', 'delivered_at > promised'),
      count('shipped_before_payment', 'shipped_at < paid_at'),
      count('delivered_before_shipped', 'delivered_at < shipped_at'),
      of('avg', '(delivered_at - ordered) / 1000', 'mean_s_order_to_delivered'),
    ])
    .answer('lifecycle', 'lives');
  return flow;
}

const boughtTogether = (item: string): Flow =>
  pairsOf(
    kinds('Bought together').filter('named', 'order_items', `${item} != null`),
    'named',
    ['order_id', item],
    1,
  ).answer('top20', 'best-pairs');

describe('olist', { timeout: 300_000 }, () => {
  it.for(WAYS)('reports, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, 'data/olist.ndjson.gz', 'answers/olist.json') as [string, string];
    const rows = await runFlow(reports(), form === 'sorted' ? input : disordered(input), parallelism);
    expectAnswer(rows.revenue_state_hour!, answer(answers, 'revenue_state_hour'), ['w', 'state']);
    expectAnswer(rows.revenue_state_day!, answer(answers, 'revenue_state_day'), ['w', 'state']);
    expectAnswer(rows.top10_products_day!, answer(answers, 'top10_products_day'), ['w', 'rk']);
    expectAnswer(rows.distinct_customers_day!, answer(answers, 'distinct_customers_day'), ['w']);
    expectAnswer(rows.payment_type_day!, answer(answers, 'payment_type_day'), ['w', 'payment_type']);
    const { sessions_if_gap_ge_splits: _, ...sessions } = answer(answers, 'sessions_30m')[0]!;
    expectAnswer(rows.sessions_30m!, [sessions], [], 0.000_001);
    expectAnswer(rows.dedup!, [{ rows_out: answer(answers, 'dedup')[0]!.rows_out }], []);
  });

  it.for(WAYS)('payments and lifecycle, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, 'data/olist.ndjson.gz', 'answers/olist.json') as [string, string];
    const rows = await runFlow(payments(), form === 'sorted' ? input : disordered(input), parallelism);
    const wanted = answer(answers, 'orders_payments_interval_join')[0]!;
    const { orders: _o, payments: _p, orders_unpaid_after_1d, ...pairs } = wanted;
    expectAnswer(rows.orders_payments_interval_join!, [pairs], []);
    expectAnswer(rows.orders_unpaid_after_1d!, [{ orders_unpaid_after_1d }], []);
    expectAnswer(rows.order_payment_mismatch!, answer(answers, 'order_payment_mismatch'), []);
    expectAnswer(rows.lifecycle!, answer(answers, 'lifecycle'), []);
  });

  it.for(WAYS)('bought together, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [file, answers] = needShared(test, 'data/olist.ndjson.gz', 'answers/olist.json') as [string, string];
    const input = form === 'sorted' ? file : disordered(file);
    const products = await runFlow(boughtTogether('product_id'), input, parallelism);
    expectAnswer(products.top20!, answer(answers, 'copurchase_top20'), ['a', 'b']);
    const categories = await runFlow(boughtTogether('category'), input, parallelism);
    expectAnswer(categories.top20!, answer(answers, 'copurchase_categories_top20'), ['a', 'b']);
  });
});
