import { existsSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileExpression } from '@millrace/graph';
import type { OperatorSpec, Value } from '@millrace/sdk';
import { runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { intervalJoin } from '../interval-join.js';
import { join } from '../join.js';
import { windowJoin } from '../window-join.js';

/** Cases that nobody here wrote: Flink, Kafka Streams and Spark answered them. */
const shared = process.env.MILLRACE_SHARED ?? fileURLToPath(new URL('../../../../../shared/', import.meta.url));
const file = joinPath(shared, 'golden/cases.json');
const here = existsSync(file);
if (!here) process.stdout.write('golden.test.ts is skipped: there is no golden/cases.json in ../shared.\n');

interface Case {
  id: string;
  feature: string;
  description: string;
  config: Value;
  input: Value[];
  expected: Value[];
}

const keys = { leftKey: ['key'], rightKey: ['key'], select: 'nest' };
const start = (spec: OperatorSpec, config: object, options: object = {}) =>
  runOperator(spec, { ...keys, ...config }, { compile: compileExpression, ...options });
const port = (side: string) => (side === 'L' ? 'left' : 'right');
const keyOf = ({ left, right }: Value) => (left ?? right).key;

/** Steps with watermarks among the records; our bounds look from left to right, those of the cases from right to left. */
function flinkInterval({ config: { type, lower, upper }, input }: Case): Value[] {
  const harness = start(intervalJoin, { type, lower: -upper, upper: -lower });
  for (const step of input) {
    if (step.wm !== undefined) harness.watermark(step.wm);
    else harness.feed({ port: port(step.side), value: { key: step.key, ts: step.ts }, time: step.ts });
  }
  return harness.output().map((value) => [value.left?.ts ?? null, keyOf(value), value.right?.ts ?? null]);
}

/** The times of these cases are ends of windows: a window of 1 ms whose last millisecond is one before. */
function flinkWindow({ config: { type }, input }: Case): Value[] {
  const harness = start(windowJoin, { window: 'tumbling', size: 1, type });
  for (const step of input) {
    if (step.wm !== undefined) harness.watermark(step.wm);
    else harness.feed({ port: port(step.side), value: { key: step.key, ts: step.ts }, time: step.ts - 1 });
  }
  const leftOnly = type === 'semi' || type === 'anti';
  return harness.output().map((value) => {
    const row = [value.left?.ts ?? null, keyOf(value)];
    return leftOnly ? row : [...row, value.right?.ts ?? null];
  });
}

/** Kafka's stream time is our watermark with the grace as disorder, told before the record that moves it; null values are filtered before. */
function kafka({ feature, config: { type, window, grace }, input }: Case): Value[] {
  const harness = start(intervalJoin, { type: type === 'outer' ? 'full' : type, lower: -window, upper: window });
  let streamTime = Number.NEGATIVE_INFINITY;
  for (const { side, key = 0, ts, v } of input) {
    streamTime = Math.max(streamTime, ts);
    if (v === null) continue;
    harness.watermark(streamTime - grace - 1);
    harness.feed({ port: port(side), value: { key, v }, time: ts });
  }
  return harness.output().map((value) => {
    const row = [value.left?.v ?? null, value.right?.v ?? null];
    return feature === 'kafka_stream_join' ? row : [keyOf(value), ...row];
  });
}

/** One watermark for both inputs, the lower one, moved after each batch; late rows are left out. */
function spark({ config: { delayL, delayR, lo, hi }, input }: Case): Value[] {
  const harness = start(intervalJoin, { lower: -hi, upper: -lo, dropLate: true });
  const newest = { L: Number.NEGATIVE_INFINITY, R: Number.NEGATIVE_INFINITY };
  for (const { batch } of input) {
    for (const [side, ts] of batch as ['L' | 'R', number][]) {
      newest[side] = Math.max(newest[side], ts);
      harness.feed({ port: port(side), value: { key: 0, ts }, time: ts });
    }
    const watermark = Math.min(newest.L - delayL, newest.R - delayR);
    if (Number.isFinite(watermark)) harness.watermark(watermark);
  }
  return harness.output().map(({ left, right }) => [left.ts, right.ts]);
}

/** A table joined with a table; `+I` is an upsert, `-D` a delete. */
function changelog({ input }: Case): Value[] {
  const table = { mode: 'upsert', key: ['id'] };
  const config = { type: 'left', leftKey: ['id'], rightKey: ['id'] };
  const harness = start(join, config, { inputModes: { left: table, right: table } });
  input.forEach(({ side, kind, id, v = null }, time) => {
    harness.feed({ port: port(side), value: { id, v }, time, op: kind === '-D' ? 'delete' : 'upsert' });
  });
  return harness
    .records()
    .map(({ value, op }) => [op === 'delete' ? '-D' : '+I', value.left.id, value.right?.v ?? null]);
}

const RUN: { [feature: string]: (golden: Case) => Value[] } = {
  interval_join: flinkInterval,
  window_join: flinkWindow,
  kafka_stream_join: kafka,
  kafka_stream_join_keyed: kafka,
  spark_interval_join: spark,
  changelog,
};

describe.skipIf(!here)('golden cases of joins', () => {
  const cases = here ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]).filter(({ feature }) => RUN[feature]) : [];
  it.each(cases.map((golden) => [golden.id, golden.description, golden] as const))(
    '%s %s',
    (_id, _description, golden) => {
      const actual = RUN[golden.feature]!(golden);
      const order = (rows: Value[]) =>
        golden.config.compare === 'sequence' ? rows : rows.map((row) => JSON.stringify(row)).sort();
      expect(order(actual)).toEqual(order(golden.expected));
    },
  );
});
