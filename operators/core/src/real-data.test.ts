import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { compileExpression } from '@millrace/graph';
import { dayOf, isoTime, parseIso, type Value } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { runningAggregate } from './running-aggregate.js';
import { windowAggregate } from './window-aggregate.js';

/** Rows and answers that nobody here wrote; the answers were computed by DuckDB. */
const shared = new URL('../../../../shared/', import.meta.url);
const here = existsSync(new URL('data/', shared));
if (!here) process.stdout.write('real-data.test.ts is skipped: there is no folder ../shared/data.\n');

const compile = compileExpression;

function rowsOf(name: string): Value[] {
  const text = gunzipSync(readFileSync(new URL(`data/${name}.ndjson.gz`, shared))).toString();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}
const answersOf = (name: string) => JSON.parse(readFileSync(new URL(`answers/${name}.json`, shared), 'utf8')).answers;

/** Feeds rows in arrival order; the watermark follows `disorder` behind the newest. Nothing may be late. */
function run(config: object, rows: readonly Value[], disorder: number): Value[] {
  const harness = runOperator(windowAggregate, config, { compile });
  let newest = Number.NEGATIVE_INFINITY;
  for (const value of rows) {
    const time = parseIso(value.event_time);
    harness.feed({ value, time });
    if (time > newest) {
      newest = time;
      harness.watermark(newest - disorder - 1);
    }
  }
  harness.end();
  expect([harness.late.length, harness.dead, harness.stateSize, harness.timersPending]).toEqual([0, [], 0, 0]);
  return harness.output();
}

const by =
  (...names: string[]) =>
  (a: Value, b: Value) => {
    for (const name of names) if (a[name] !== b[name]) return a[name] < b[name] ? -1 : 1;
    return 0;
  };

/** Numbers equal to the third decimal, which is what the answers are written to; everything else equal. */
function expectClose(actual: Value[], expected: Value[], ...order: string[]): void {
  const round = (row: Value) =>
    Object.fromEntries(
      Object.entries<Value>(row).map(([k, v]) => [k, typeof v === 'number' ? Math.round(v * 1000) / 1000 : v]),
    );
  expect(actual.map(round).sort(by(...order))).toEqual(expected.map(round).sort(by(...order)));
}

describe.skipIf(!here)('windows over real invoices (online_retail)', { timeout: 60_000 }, () => {
  const net = { fn: 'sum', value: 'quantity * unit_price', as: 'net' };
  const lines = { fn: 'count', as: 'lines_n' };
  const gross = { ...net, where: 'quantity > 0', as: 'gross' };
  const read = (() => {
    const kept = new Map<string, Value[]>();
    return (name: string) => kept.get(name) ?? kept.set(name, rowsOf(name)).get(name)!;
  })();
  const answers = here ? answersOf('online_retail') : {};

  it.each([
    ['online_retail', 0],
    ['online_retail_disordered300', 300_000],
  ] as const)('%s: revenue per country and hour, and per day', (name, disorder) => {
    const hours = run(
      { window: 'tumbling', size: '1 h', groupBy: ['country'], aggregates: [net, gross, lines] },
      read(name),
      disorder,
    );
    const shape =
      (w: (ms: number) => string) =>
      ({ country, net, gross, lines_n, windowStart }: Value) => ({
        w: w(windowStart),
        country,
        net,
        gross: gross ?? 0,
        lines_n,
      });
    expectClose(hours.map(shape(isoTime)), answers.revenue_country_hour, 'w', 'country');
    const days = run(
      { window: 'calendar', period: 'day', groupBy: ['country'], aggregates: [net, gross, lines] },
      read(name),
      disorder,
    );
    expectClose(days.map(shape((ms) => dayOf(ms))), answers.revenue_country_day, 'w', 'country');
  });

  it('hopping windows of an hour every quarter, disordered', () => {
    const rows = run(
      { window: 'hopping', size: '1 h', slide: '15 min', aggregates: [net, lines] },
      read('online_retail_disordered300'),
      300_000,
    );
    expectClose(
      rows.map(({ windowStart, windowEnd: _, ...rest }) => ({ w: isoTime(windowStart), ...rest })),
      answers.hopping_60m_15m,
      'w',
    );
  });

  it('different customers per day, nulls not counted', () => {
    const rows = run(
      {
        window: 'calendar',
        period: 'day',
        aggregates: [
          { fn: 'distinct', field: 'customer_id', as: 'customers' },
          { fn: 'count', where: 'customer_id == null', as: 'lines_without_customer' },
        ],
      },
      read('online_retail'),
      0,
    );
    expectClose(
      rows.map(({ windowStart, windowEnd: _, ...rest }) => ({ w: dayOf(windowStart), ...rest })),
      answers.distinct_customers_day,
      'w',
    );
  });

  it('sessions of customers with pauses up to 30 minutes', () => {
    const rows = run(
      { window: 'session', gap: '30 min', groupBy: ['customer_id'], aggregates: [{ fn: 'count', as: 'n' }] },
      read('online_retail_disordered300'),
      300_000,
    ).filter((row) => row.customer_id !== null);
    const lengths = rows.map(({ windowStart, windowEnd }) => (windowEnd - windowStart) / 1000 - 1800);
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const [expected] = answers.sessions_30m;
    expect({
      sessions: rows.length,
      users: new Set(rows.map((row) => row.customer_id)).size,
      max: Math.max(...lengths),
    }).toEqual({ sessions: expected.sessions, users: expected.users, max: expected.max_len_s });
    expect([mean(rows.map((row) => row.n)), mean(lengths)].map((v) => v.toFixed(6))).toEqual([
      expected.mean_events.toFixed(6),
      expected.mean_len_s.toFixed(6),
    ]);
  });

  it('running totals end at the totals', () => {
    const harness = runOperator(runningAggregate, { aggregates: [net, gross, lines] }, { compile });
    for (const value of read('online_retail')) harness.feed({ value, time: 0 });
    const [{ net_revenue, gross_revenue, lines_n }] = answers.totals;
    expect(harness.output().at(-1)).toEqual({ net: net_revenue, gross: gross_revenue, lines_n });
  });
});

describe.skipIf(!here)('windows over real clicks (taobao)', { timeout: 60_000 }, () => {
  it('different users per 5 minutes, disordered', () => {
    const rows = run(
      { window: 'tumbling', size: '5 min', aggregates: [{ fn: 'distinct', field: 'user_id', as: 'users' }] },
      rowsOf('taobao_disordered120'),
      120_000,
    );
    expectClose(
      rows.map(({ windowStart, users }) => ({ w: isoTime(windowStart), users })),
      answersOf('taobao').distinct_users_5m,
      'w',
    );
  });
});
