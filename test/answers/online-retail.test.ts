import { describe, expect, it } from 'vitest';
import { answer, needShared } from '../support/shared.js';
import { count, Flow, of, pairsOf } from './flow.js';
import { expectAnswer, runFlow } from './run.js';

const FILES = { sorted: 'data/online_retail.ndjson.gz', disordered: 'data/online_retail_disordered300.ndjson.gz' };
const WAYS = (['sorted', 'disordered'] as const).flatMap((form) =>
  [1, 3].map((parallelism) => ({ form, parallelism })),
);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const apart = 'timestamp(right.event_time) - timestamp(left.event_time)';

const source = (name: string): Flow =>
  new Flow(name).add('events', 'files.read', {
    path: 'events.ndjson',
    time: { field: 'event_time', disorder: '300 s' },
  });

const SALE = "quantity > 0 && unit_price > 0 && !startsWith(invoice_no, 'C') && matches(stock_code, '^[0-9]{5}')";

function reports(): Flow {
  const flow = source('Reports over invoice lines');
  flow
    .add(
      'quarters',
      'core.window-aggregate',
      {
        window: 'hopping',
        size: '60 min',
        slide: '15 min',
        aggregates: [of('sum', 'quantity * unit_price', 'net'), count('lines_n')],
      },
      'events',
    )
    .set('quarter-rows', 'quarters', { w: 'iso(windowStart)' })
    .answer('hopping_60m_15m', 'quarter-rows');
  flow
    .filter('sales', 'events', SALE)
    .add(
      'per-product-and-day',
      'core.window-aggregate',
      {
        window: 'calendar',
        period: 'day',
        groupBy: ['stock_code'],
        aggregates: [of('sum', 'quantity', 'units'), of('sum', 'quantity * unit_price', 'revenue')],
      },
      'sales',
    )
    .add(
      'best',
      'core.top-n',
      {
        n: 10,
        per: 'given-window',
        orderBy: [{ field: 'units', direction: 'desc' }, { field: 'stock_code' }],
        rank: 'rk',
      },
      'per-product-and-day',
    )
    .set('best-rows', 'best', { w: "day(windowStart, 'UTC')" })
    .answer('top10_products_day', 'best-rows');
  flow
    .add(
      'visitors',
      'core.window-aggregate',
      {
        window: 'calendar',
        period: 'day',
        aggregates: [
          { fn: 'distinct', field: 'customer_id', as: 'customers' },
          count('lines_without_customer', 'customer_id == null'),
        ],
      },
      'events',
    )
    .set('visitor-rows', 'visitors', { w: "day(windowStart, 'UTC')" })
    .answer('distinct_customers_day', 'visitor-rows');
  flow
    .filter('known', 'events', 'customer_id != null')
    .add(
      'visits',
      'core.window-aggregate',
      {
        window: 'session',
        gap: '30 min',
        groupBy: ['customer_id'],
        aggregates: [
          count('events'),
          of('min', 'timestamp(event_time)', 'from'),
          of('max', 'timestamp(event_time)', 'to'),
        ],
      },
      'known',
    )
    .total('all-visits', 'visits', [
      count('sessions'),
      { fn: 'distinct', field: 'customer_id', as: 'users' },
      of('sum', 'events', 'events'),
      of('avg', 'events', 'mean_events'),
      of('avg', '(to - from) / 1000', 'mean_len_s'),
      of('max', '(to - from) / 1000', 'max_len_s'),
    ])
    .answer('sessions_30m', 'all-visits')
    .total('visits-by-start', 'visits', [count('sessions')], [{ value: "day(windowStart, 'UTC')", as: 'w' }])
    .answer('sessions_30m_by_start_day', 'visits-by-start');
  flow
    .add(
      'once',
      'core.dedupe',
      {
        by: [
          'event_time',
          'invoice_no',
          'stock_code',
          'description',
          'quantity',
          'unit_price',
          'customer_id',
          'country',
        ],
        matchNull: true,
      },
      'events',
    )
    .total('rows-once', 'once', [count('rows_out'), of('sum', 'quantity * unit_price', 'net_revenue_after')])
    .answer('dedup', 'rows-once');
  return flow;
}

function purchasesAndCancellations(): Flow {
  return source('Purchases and their cancellations')
    .filter('purchases', 'events', 'quantity > 0 && customer_id != null')
    .filter('cancellations', 'events', "startsWith(invoice_no, 'C') && customer_id != null")
    .add(
      'pairs',
      'core.interval-join',
      {
        leftKey: ['customer_id', 'stock_code'],
        rightKey: ['customer_id', 'stock_code'],
        lower: 0,
        upper: '7 d',
        select: 'nest',
      },
      { left: 'purchases', right: 'cancellations' },
    )
    .total('counted', 'pairs', [
      count('pairs_1h', `${apart} <= ${HOUR}`),
      count('pairs_1d', `${apart} <= ${DAY}`),
      count('pairs_7d'),
      of('distinct', 'right.seq', 'cancel_lines_matched_1d', `${apart} <= ${DAY}`),
    ])
    .answer('purchase_cancel_interval_join', 'counted')
    .total('all-cancellations', 'cancellations', [count('cancel_lines')])
    .answer('cancel_lines', 'all-cancellations');
}

const boughtTogether = (): Flow =>
  pairsOf(source('Bought together').filter('sales', 'events', SALE), 'sales', ['invoice_no', 'stock_code'], 50).answer(
    'copurchase_top20',
    'best-pairs',
  );

describe('online retail', { timeout: 300_000 }, () => {
  it.for(WAYS)('reports, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, FILES[form], 'answers/online_retail.json') as [string, string];
    const rows = await runFlow(reports(), input, parallelism);
    expectAnswer(rows.hopping_60m_15m!, answer(answers, 'hopping_60m_15m'), ['w']);
    expectAnswer(rows.top10_products_day!, answer(answers, 'top10_products_day'), ['w', 'rk']);
    expectAnswer(rows.distinct_customers_day!, answer(answers, 'distinct_customers_day'), ['w']);
    expectAnswer(rows.sessions_30m_by_start_day!, answer(answers, 'sessions_30m_by_start_day'), ['w']);
    const { sessions_if_gap_ge_splits: _, ...sessions } = answer(answers, 'sessions_30m')[0]!;
    expectAnswer(rows.sessions_30m!, [sessions], [], 0.000_001);
    const { rows_in: _in, removed: _out, ...once } = answer(answers, 'dedup')[0]!;
    expectAnswer(rows.dedup!, [once], []);
  });

  it.for(WAYS)('purchases and cancellations, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, FILES[form], 'answers/online_retail.json') as [string, string];
    const rows = await runFlow(purchasesAndCancellations(), input, parallelism);
    const { cancel_lines, ...pairs } = answer(answers, 'purchase_cancel_interval_join')[0]!;
    expectAnswer(rows.purchase_cancel_interval_join!, [pairs], []);
    expect(rows.cancel_lines).toMatchObject([{ cancel_lines }]);
  });

  it.for(WAYS)('bought together, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, FILES[form], 'answers/online_retail.json') as [string, string];
    const rows = await runFlow(boughtTogether(), input, parallelism);
    expectAnswer(rows.copurchase_top20!, answer(answers, 'copurchase_top20'), ['a', 'b']);
  });
});
