import { existsSync, readFileSync } from 'node:fs';
import { compileExpression } from '@millrace/graph';
import type { StreamRecord, Value } from '@millrace/sdk';
import { type OperatorHarness, runOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { dedupe } from './dedupe.js';
import { topN } from './top-n.js';

const compile = compileExpression;
const shared = process.env.MILLRACE_SHARED;
const file =
  shared === undefined
    ? new URL('../../../../shared/golden/cases.json', import.meta.url)
    : `${shared}/golden/cases.json`;
const there = existsSync(file);

interface Case {
  id: string;
  feature: string;
  config: Value;
  input: Value[];
  expected: Value[];
}
const cases: Case[] = there ? JSON.parse(readFileSync(file, 'utf8')) : [];
const of = (...features: string[]) =>
  cases.filter(({ feature }) => features.includes(feature)).map((found) => [found.id, found] as const);

const TTL = 60_000;

/** Feeds records; `op` steps restart the operator or let its state expire. */
function play(harness: OperatorHarness, input: readonly Value[]): OperatorHarness {
  let now = 0;
  for (const step of input) {
    if (step.op === 'snapshot_restore') harness.snapshotRestore();
    else if (step.op === 'ttl_expire') {
      now += TTL;
      harness.clock(now);
    } else harness.feed({ value: step, time: step.ts ?? 0 });
  }
  return harness;
}

/** The table after each change that is not the first half of an update: retraction rows are an internal step of the log they come from. */
function tables(changes: readonly { kind: string; row: Value[] }[], keyOf: (row: Value[]) => string): Value[] {
  const table = new Map<string, Value[]>();
  const seen: Value[] = [];
  for (const { kind, row } of changes) {
    if (kind === '-U') continue;
    if (kind === '-D') table.delete(keyOf(row));
    else table.set(keyOf(row), row);
    seen.push([...table.values()].map((value) => JSON.stringify(value)).sort());
  }
  return seen;
}

const change = (rowOf: (value: Value) => Value[]) => (record: StreamRecord) => ({
  kind: record.op === 'delete' ? '-D' : '+',
  row: rowOf(record.value),
});
const expectedChange = ([kind, ...row]: Value) => ({ kind, row });

describe.skipIf(!there)('golden cases (skipped where the shared cases are not beside the repository)', () => {
  it.each(of('dedup_rowtime'))('%s', (_id, { config, input, expected }) => {
    const harness = runOperator(
      dedupe,
      { by: ['key'], keep: config.keep, emit: 'updating', remember: 'clock', within: TTL },
      { compile },
    );
    const rows = play(harness, input)
      .records()
      .map(change(({ key, v, ts }) => [key, v, ts]));
    const byKey = ([key]: Value[]) => key;
    expect(tables(rows, byKey)).toEqual(tables(expected.map(expectedChange), byKey));
    if (!expected.some(([kind]) => kind === '-U')) {
      expect(rows.map(({ row }) => row)).toEqual(expected.map(([, ...row]: Value) => row));
    }
  });

  it.each(of('dedup_within_watermark'))('%s', (_id, { config, input, expected }) => {
    const harness = runOperator(
      dedupe,
      { by: ['key'], keep: 'first', emit: 'at-once', remember: 'event-time', within: config.delay },
      { compile },
    );
    // Spark: the watermark of a batch is the greatest time before it - delay.
    let greatest = Number.NEGATIVE_INFINITY;
    for (const { batch } of input) {
      harness.feedAll(batch.map(([key, time]: [string, number]) => ({ value: { key, time }, time })));
      greatest = Math.max(greatest, ...batch.map(([, time]: [string, number]) => time));
      harness.watermark(greatest - config.delay);
    }
    expect(harness.output().map(({ key, time }) => [key, time])).toEqual(expected);
  });

  it.each(of('topn'))('%s', (_id, { config, input, expected }) => {
    expect(config.from).toBe(1);
    const harness = runOperator(
      topN,
      {
        n: config.to,
        groupBy: ['key'],
        orderBy: [{ field: 'v' }],
        per: 'so-far',
        ...(!config.rank && { rows: 'rows', rowKey: ['id'] }),
      },
      { compile },
    );
    const rowOf = ({ key, id, v, rank }: Value) => (config.rank ? [key, id, v, rank] : [key, id, v]);
    const rows = play(harness, input).records().map(change(rowOf));
    const keyOf = ([key, id, , rank]: Value[]) => `${key} ${config.rank ? rank : id}`;
    expect(tables(rows, keyOf)).toEqual(tables(expected.map(expectedChange), keyOf));
  });

  it.each(of('topn_final'))('%s', (_id, { config, input, expected }) => {
    const harness = runOperator(
      topN,
      { n: config.to, groupBy: ['key'], orderBy: [{ field: 'v' }], per: 'so-far' },
      { compile },
    );
    const table = new Map<string, Value>();
    for (const { key, id, v, rank } of play(harness, input).output()) table.set(`${key} ${rank}`, [key, id, v, rank]);
    const sorted = (rows: Value[]) => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted([...table.values()])).toEqual(sorted(expected));
  });
});
