import { existsSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseIso, type Value } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { intervalJoin } from '../interval-join.js';

/** Rows and answers that nobody here wrote; the answers were computed by DuckDB. */
const shared = process.env.MILLRACE_SHARED ?? fileURLToPath(new URL('../../../../../shared/', import.meta.url));
const here = existsSync(joinPath(shared, 'data')) && existsSync(joinPath(shared, 'answers'));
if (!here)
  process.stdout.write('joins/real-data.test.ts is skipped: there are no folders ../shared/data and answers.\n');

const read = (name: string): Value[] => {
  const text = gunzipSync(readFileSync(joinPath(shared, `data/${name}.ndjson.gz`))).toString();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
};
const answer = (dataset: string, name: string): Value =>
  JSON.parse(readFileSync(joinPath(shared, `answers/${dataset}.json`), 'utf8')).answers[name][0];

interface Sides {
  left: (value: Value) => boolean;
  right: (value: Value) => boolean;
}

/** Feeds rows in arrival order to the sides they belong to; the watermark follows `disorder` behind the newest. */
function run(config: object, rows: readonly Value[], { left, right }: Sides, disorder: number): Value[] {
  const harness = runOperator(intervalJoin, { select: 'nest', lower: 0, ...config });
  let newest = Number.NEGATIVE_INFINITY;
  for (const value of rows) {
    const time = parseIso(value.event_time);
    if (left(value)) harness.feed({ port: 'left', value, time });
    if (right(value)) harness.feed({ port: 'right', value, time });
    if (time <= newest) continue;
    newest = time;
    harness.watermark(newest - disorder - 1);
  }
  harness.end();
  expect([harness.late.length, harness.dead, harness.stateSize, harness.timersPending]).toEqual([0, [], 0, 0]);
  return harness.output();
}

const distinct = (pairs: readonly Value[], side: string, field: string) =>
  new Set(pairs.map((pair) => pair[side][field])).size;

describe.skipIf(!here)('core.interval-join over real orders', { timeout: 120_000 }, () => {
  it('finds the payments of orders, and the orders nobody paid within a day (olist)', () => {
    const rows = read('olist');
    const expected = answer('olist', 'orders_payments_interval_join');
    const keys = { leftKey: ['order_id'], rightKey: ['order_id'] };
    const sides = { left: (v: Value) => v.kind === 'order', right: (v: Value) => v.kind === 'payment' };
    const hour = run({ ...keys, upper: '1 h' }, rows, sides, 0);
    expect([hour.length, distinct(hour, 'left', 'order_id')]).toEqual([expected.pairs_1h, expected.orders_1h]);
    const day = run({ ...keys, upper: '1 d', type: 'left' }, rows, sides, 0);
    const pairs = day.filter(({ right }) => right !== null);
    expect([pairs.length, distinct(pairs, 'left', 'order_id')]).toEqual([expected.pairs_1d, expected.orders_1d]);
    expect(day.length - pairs.length).toBe(expected.orders_unpaid_after_1d);
  });

  it.each([
    ['online_retail', 0],
    ['online_retail_disordered300', 300_000],
  ])('finds the purchases that a cancellation follows (%s)', (file, disorder) => {
    const expected = answer('online_retail', 'purchase_cancel_interval_join');
    const sides = {
      left: (v: Value) => v.quantity > 0 && v.customer_id !== null,
      right: (v: Value) => String(v.invoice_no).startsWith('C') && v.customer_id !== null,
    };
    const keys = { leftKey: ['customer_id', 'stock_code'], rightKey: ['customer_id', 'stock_code'] };
    const week = run({ ...keys, upper: '7 d' }, read(file), sides, disorder);
    const within = (ms: number) =>
      week.filter(({ left, right }) => parseIso(right.event_time) - parseIso(left.event_time) <= ms);
    const day = within(86_400_000);
    expect({
      pairs_1h: within(3_600_000).length,
      pairs_1d: day.length,
      pairs_7d: week.length,
      cancel_lines_matched_1d: distinct(day, 'right', 'seq'),
    }).toEqual({
      pairs_1h: expected.pairs_1h,
      pairs_1d: expected.pairs_1d,
      pairs_7d: expected.pairs_7d,
      cancel_lines_matched_1d: expected.cancel_lines_matched_1d,
    });
  });
});
