import { describe, it } from 'vitest';
import { answer, needShared } from '../support/shared.js';
import { count, Flow, of, pairsOf } from './flow.js';
import { expectAnswer, runFlow } from './run.js';

const FILES = { sorted: 'data/taobao.ndjson.gz', disordered: 'data/taobao_disordered120.ndjson.gz' };
const WAYS = (['sorted', 'disordered'] as const).flatMap((form) =>
  [1, 3].map((parallelism) => ({ form, parallelism })),
);

function clicks(name: string): Flow {
  const flow = new Flow(name).add('events', 'files.read', {
    path: 'events.ndjson',
    time: { field: 'event_time', disorder: '120 s' },
  });
  for (const kind of ['pv', 'cart', 'buy']) flow.filter(kind, 'events', `behavior == '${kind}'`);
  return flow;
}

/** The most viewed items of each window. */
function hot(flow: Flow, id: string, n: number, window: object, w: string): void {
  flow
    .add(`${id}-views`, 'core.window-aggregate', { ...window, groupBy: ['item_id'], aggregates: [count('pv')] }, 'pv')
    .add(
      `${id}-top`,
      'core.top-n',
      { n, per: 'given-window', orderBy: [{ field: 'pv', direction: 'desc' }, { field: 'item_id' }], rank: 'rk' },
      `${id}-views`,
    )
    .set(`${id}-rows`, `${id}-top`, { w })
    .answer(id, `${id}-rows`);
}

const HOUR_START = 'iso(windowStart)';
const DAY_START = "day(windowStart, 'UTC')";

function reports(): Flow {
  const flow = clicks('Reports over clicks');
  hot(flow, 'top10_items_pv_5m', 10, { window: 'tumbling', size: '5 min' }, HOUR_START);
  hot(flow, 'hot_items_60m_5m_top3', 3, { window: 'hopping', size: '60 min', slide: '5 min' }, HOUR_START);
  hot(flow, 'top10_items_pv_day', 10, { window: 'calendar', period: 'day' }, DAY_START);
  const users = { fn: 'distinct', field: 'user_id', as: 'users' };
  flow
    .add(
      'kinds',
      'core.window-aggregate',
      { window: 'tumbling', size: '5 min', groupBy: ['behavior'], aggregates: [count('n')] },
      'events',
    )
    .set('kind-rows', 'kinds', { w: HOUR_START })
    .answer('behavior_5m', 'kind-rows')
    .add('users-5m', 'core.window-aggregate', { window: 'tumbling', size: '5 min', aggregates: [users] }, 'events')
    .set('users-5m-rows', 'users-5m', { w: HOUR_START })
    .answer('distinct_users_5m', 'users-5m-rows')
    .add('users-day', 'core.window-aggregate', { window: 'calendar', period: 'day', aggregates: [users] }, 'events')
    .set('users-day-rows', 'users-day', { w: DAY_START })
    .answer('distinct_users_day', 'users-day-rows');
  return flow;
}

function journeys(): Flow {
  const keys = { leftKey: ['user_id', 'item_id'], rightKey: ['user_id', 'item_id'] };
  const flow = clicks('Journeys of users');
  const followed: [string, string, string, string][] = [
    ['cart_buy_pairs_1h', 'cart', 'buy', '1 h'],
    ['pv_buy_pairs_1h', 'pv', 'buy', '1 h'],
    ['pv_cart_pairs_10m', 'pv', 'cart', '10 min'],
  ];
  for (const [id, left, right, upper] of followed) {
    flow
      .add(`${id}-join`, 'core.interval-join', { ...keys, lower: 0, upper, select: 'nest' }, { left, right })
      .total(`${id}-all`, `${id}-join`, [count(id)])
      .answer(id, `${id}-all`);
  }
  flow
    .add(
      'bought-soon',
      'core.interval-join',
      { ...keys, lower: 0, upper: '30 min', type: 'left', select: 'nest' },
      { left: 'cart', right: 'buy' },
    )
    .filter('left-behind', 'bought-soon', 'right == null')
    .total('abandoned', 'left-behind', [count('abandoned')])
    .answer('cart_no_buy_30m', 'abandoned');
  flow
    .add(
      'visits',
      'core.window-aggregate',
      {
        window: 'session',
        gap: '30 min',
        groupBy: ['user_id'],
        aggregates: [
          count('events'),
          of('min', 'timestamp(event_time)', 'from'),
          of('max', 'timestamp(event_time)', 'to'),
        ],
      },
      'events',
    )
    .total('all-visits', 'visits', [
      count('sessions'),
      { fn: 'distinct', field: 'user_id', as: 'users' },
      of('sum', 'events', 'events'),
      of('avg', 'events', 'mean_events'),
      of('avg', '(to - from) / 1000', 'mean_len_s'),
      of('max', '(to - from) / 1000', 'max_len_s'),
    ])
    .answer('sessions_30m', 'all-visits');
  return pairsOf(flow, 'buy', ['user_id', 'item_id'], 1).answer('copurchase_top20', 'best-pairs');
}

describe('taobao', { timeout: 300_000 }, () => {
  it.for(WAYS)('hot items and visitors, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, FILES[form], 'answers/taobao.json') as [string, string];
    const rows = await runFlow(reports(), input, parallelism);
    for (const name of ['top10_items_pv_5m', 'hot_items_60m_5m_top3', 'top10_items_pv_day'])
      expectAnswer(rows[name]!, answer(answers, name), ['w', 'rk']);
    expectAnswer(rows.behavior_5m!, answer(answers, 'behavior_5m'), ['w', 'behavior']);
    for (const name of ['distinct_users_5m', 'distinct_users_day'])
      expectAnswer(rows[name]!, answer(answers, name), ['w']);
  });

  it.for(WAYS)('journeys, $form, parallelism $parallelism', async ({ form, parallelism }, test) => {
    const [input, answers] = needShared(test, FILES[form], 'answers/taobao.json') as [string, string];
    const rows = await runFlow(journeys(), input, parallelism);
    const joins = answer(answers, 'cart_to_buy_interval_join')[0]!;
    for (const [name, wanted] of Object.entries(joins)) expectAnswer(rows[name]!, [{ [name]: wanted }], []);
    expectAnswer(rows.cart_no_buy_30m!, [{ abandoned: answer(answers, 'cart_no_buy_30m')[0]!.abandoned }], []);
    const { sessions_if_gap_ge_splits: _, ...sessions } = answer(answers, 'sessions_30m')[0]!;
    expectAnswer(rows.sessions_30m!, [sessions], [], 0.000_001);
    expectAnswer(rows.copurchase_top20!, answer(answers, 'copurchase_top20'), ['a', 'b']);
  });
});
