import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileExpression } from '@millrace/graph';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookupJoin } from './lookup-join.js';

const compile = compileExpression;
const rows = [
  { id: 1, v: 'one' },
  { id: '1', v: 'text' },
  { id: 2, v: 'two' },
  { id: 2, v: 'too' },
  { id: null, v: 'none' },
];
const base = { key: ['k'], tableKey: ['id'], select: 'nest' };
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lookup-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const run = (config: object, more: object = {}) =>
  runOperator(lookupJoin, { ...base, ...config }, { compile, dir, ...more });
const shown = (harness: ReturnType<typeof run>) =>
  harness.output().map(({ left, right }) => [left.k, right?.v ?? null]);

describe('core.lookup-join', () => {
  it('does what its examples say', async () => {
    await checkOperator(lookupJoin, { compile });
  });

  it('finds all rows of a key, none for null, and never takes a text for a number', () => {
    const feed = [1, '1', 2, 3, null].map((k) => ({ k }));
    const found = [
      [1, 'one'],
      ['1', 'text'],
      [2, 'two'],
      [2, 'too'],
    ];
    const inner = run({ rows }).feedAll(feed);
    expect([shown(inner), inner.filtered]).toEqual([found, 2]);
    expect(shown(run({ rows, type: 'left' }).feedAll(feed))).toEqual([...found, [3, null], [null, null]]);
  });

  it('fails the record whose key cannot be computed, and no other', () => {
    const harness = run({ rows, key: [{ value: 'k % 10' }] }).feedAll([{ k: 11 }, { k: 'x' }, { k: 21 }]);
    expect([shown(harness), harness.dead.map((d) => d.record?.value)]).toEqual([
      [
        [11, 'one'],
        [21, 'one'],
      ],
      [{ k: 'x' }],
    ]);
  });

  it('keeps time and kind of a record; in a stream of changes what is no longer found is deleted', () => {
    const mode = { mode: 'upsert', key: ['id'] } as const;
    const config = { rows, select: 'merge' };
    const harness = run(config, { inputModes: { in: mode } });
    harness.feed({ value: { id: 9, k: 1 }, time: 7, op: 'upsert' });
    harness.feed({ value: { id: 9, k: 3 }, time: 8, op: 'upsert' });
    harness.feed({ value: { id: 9 }, time: 9, op: 'delete' });
    expect(harness.records().map(({ value, time, op }) => ({ value, time, op }))).toEqual([
      { value: { id: 9, k: 1, v: 'one' }, time: 7, op: 'upsert' },
      { value: { id: 9, k: 3 }, time: 8, op: 'delete' },
      { value: { id: 9 }, time: 9, op: 'delete' },
    ]);
    expect(lookupJoin.mode!({ ...base, ...config, leftPrefix: 'l_' }, { in: mode })).toEqual({
      out: { mode: 'upsert', key: ['l_id'] },
    });
  });

  it('reads CSV with quotes and numbers, and JSON lines with long numbers', async () => {
    writeFileSync(join(dir, 't.csv'), '\uFEFFid,v,n\r\n007,"a ""b"",\nc",1.50\r\n8,,\r\n');
    const csv = await run({ path: 't.csv', numbers: ['n'], type: 'left' })
      .feedAll([{ k: '007' }, { k: '8' }])
      .settled();
    expect(csv.output().map(({ right }) => right)).toEqual([
      { id: '007', v: 'a "b",\nc', n: 1.5 },
      { id: '8', v: '', n: null },
    ]);
    writeFileSync(
      join(dir, 't.ndjson'),
      '{"id":12345678901234567890,"v":"long"}\n\n{"id":7,"v":"a 12345678901234567890"}\n',
    );
    const long = await run({ path: 't.ndjson' })
      .feedAll([{ k: '12345678901234567890' }, { k: 7 }])
      .settled();
    expect(shown(long).map(([, v]) => v)).toEqual(['long', 'a 12345678901234567890']);
  });

  it.each([
    ['broken.csv', 'id,v\n1\n', {}, 'LOOKUP_TABLE_BROKEN'],
    ['open.csv', 'id,v\n1,"x\n', {}, 'LOOKUP_TABLE_BROKEN'],
    ['letters.csv', 'id,v\nx,1\n', { numbers: ['id'] }, 'LOOKUP_TABLE_BROKEN'],
    ['column.csv', 'id,v\n', { numbers: ['no'] }, 'LOOKUP_TABLE_BROKEN'],
    ['broken.ndjson', '{"id":1}\n{"id":', {}, 'LOOKUP_TABLE_BROKEN'],
    ['list.ndjson', '[1]\n', {}, 'LOOKUP_TABLE_BROKEN'],
    ['missing.ndjson', undefined, {}, 'LOOKUP_TABLE_UNREADABLE'],
  ])('refuses to start on %s', async (path, text, config, code) => {
    if (text !== undefined) writeFileSync(join(dir, path), text);
    await expect(run({ path, ...config }).settled()).rejects.toMatchObject({ code });
  });

  it('looks at the file again when its time is over, keeps the order, and fails records when it cannot be read', async () => {
    const path = join(dir, 't.ndjson');
    const write = (v: string, mtime: number) => {
      writeFileSync(path, `{"id":1,"v":"${v}"}\n`);
      utimesSync(path, mtime, mtime);
    };
    write('old', 1);
    const harness = run({ path: 't.ndjson', refresh: '1 s', type: 'left' });
    await harness.feedAll([{ k: 1 }, { k: 2 }]).settled();
    write('new', 2);
    await harness.clock(999).feed({ k: 1 }).settled();
    await harness
      .clock(1000)
      .feedAll([{ k: 3 }, { k: 1 }, { k: 1 }])
      .settled();
    expect(shown(harness)).toEqual([
      [1, 'old'],
      [2, null],
      [1, 'old'],
      [3, null],
      [1, 'new'],
      [1, 'new'],
    ]);
    unlinkSync(path);
    harness.clock(2000).feed({ k: 1 });
    // Every repetition sleeps by the harness's clock; moving it on ends them one after the other.
    let done = false;
    const end = harness.settled().then(() => {
      done = true;
    });
    for (let now = 2000; !done; now += 10) {
      harness.clock(now);
      await new Promise((next) => setImmediate(next));
    }
    await end;
    await harness.settled();
    expect(harness.dead.map((d) => d.error.domain)).toEqual(['external']);
    expect(harness.output()).toHaveLength(6);
  });

  it('finds settings that do not fit together', () => {
    const codes = (config: object) => lookupJoin.lint!({ ...base, ...config }).map((finding) => finding.code);
    expect(codes({ rows: rows.slice(0, 2) })).toEqual([]);
    expect(codes({})).toEqual(['LOOKUP_TABLE']);
    expect(codes({ rows, path: 'x' })).toEqual(['LOOKUP_TABLE', 'LOOKUP_ROW_KEY']);
    expect(codes({ path: 'x', key: ['a', 'b'] })).toEqual(['JOIN_KEYS_DIFFER']);
    expect(codes({ rows: [], refresh: '1 s' })).toEqual(['LOOKUP_REFRESH']);
  });

  it('knows the types of rows in the settings', () => {
    const types = lookupJoin.fields!({ ...base, select: 'merge', rows }, { in: { fields: { k: 'any' }, open: false } });
    expect(types.out).toEqual({ fields: { k: 'any', id: 'any', v: 'text' }, open: false });
  });
});
