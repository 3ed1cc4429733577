import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BadInput, type SourceBatch, type SourceReader, type SourceSetup, type Value } from '@millrace/sdk';
import { checkOperator, ManualClock, runSource, type SourceOptions } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read } from './read.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-read-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, bytes: string | Buffer): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), bytes);
}

const run = (config: Value, options: SourceOptions = {}) => runSource(read, config, { dir, ...options });

/** Values and broken records in the order in which they were read, one list a poll. */
async function polls(config: Value, position: Value = null, max = 1000): Promise<SourceBatch[]> {
  const setup = { config, clock: new ManualClock(), services: { resolvePath: (p: string) => join(dir, p) }, wake() {} };
  const source = read.create(setup as unknown as SourceSetup<Value>);
  const [partition] = await source.partitions();
  const reader: SourceReader = await source.open(partition!, position);
  const batches: SourceBatch[] = [];
  for (;;) {
    const batch = await reader.poll(max);
    batches.push(batch!);
    if (batch!.end) break;
  }
  await reader.close?.();
  return batches;
}

const shown = (value: Value): Value =>
  value instanceof BadInput ? { bad: value.raw, code: value.error.code, at: value.error.params } : value;
const valuesOf = (batches: readonly SourceBatch[]): Value[] => batches.flatMap((batch) => batch.values.map(shown));

describe('files.read', () => {
  it('does what its examples say', async () => {
    await checkOperator(read);
  });

  it('reads a last line without a line end, CR LF, a byte order mark and blank lines', async () => {
    put('a.ndjson', '\ufeff{"a":1}\r\n\r\n  \n{"a":2}');
    expect((await run({ path: 'a.ndjson' })).values).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('ends at once on an empty file, packed or not', async () => {
    put('a.ndjson', '');
    put('b.ndjson.gz', '');
    put('c.csv', '');
    put('d.ndjson.gz', gzipSync(''));
    for (const path of ['a.ndjson', 'b.ndjson.gz', 'c.csv', 'd.ndjson.gz'])
      expect((await run({ path })).values).toEqual([]);
  });

  it('gives bad lines their place and goes on', async () => {
    put(
      'a.ndjson',
      Buffer.concat([
        Buffer.from('{"é":1}\nnot json\r\n{"a":2}\n'),
        Buffer.from([0x7b, 0xff, 0x7d, 10]),
        Buffer.from('{"a":3'),
      ]),
    );
    expect(valuesOf(await polls({ path: 'a.ndjson' }))).toMatchObject([
      { é: 1 },
      { bad: 'not json', code: 'FILE_BAD_LINE', at: { file: 'a.ndjson', line: 2, byte: 9 } },
      { a: 2 },
      { bad: '{\ufffd}', code: 'FILE_BAD_LINE', at: { line: 4, byte: 27, reason: 'not valid UTF-8' } },
      { bad: '{"a":3', code: 'FILE_BAD_LINE', at: { line: 5, byte: 31 } },
    ]);
  });

  it('says what to do about a JSON array and about nesting without end', async () => {
    put('a.json', `[\n{"a":1}\n]\n${'['.repeat(50_000)}${']'.repeat(50_000)}\n`);
    const { bad, values } = await run({ path: 'a.json' });
    expect(bad[0]?.error.hint).toMatch(/one JSON array/);
    expect(bad.map((b) => b.error.code)).toEqual(['FILE_BAD_LINE', 'FILE_BAD_LINE', 'FILE_TOO_DEEP']);
    expect(values).toEqual([{ a: 1 }]);
  });

  it('keeps whole numbers beyond 2^53 and long decimals as text, in any piece of a file', async () => {
    const plain = Array.from({ length: 3000 }, (_, i) => `{"i":${i},"s":"4111111111111111"}`);
    plain[1500] = '{"i":1500,"id":9007199254740993,"rate":0.123456789012345678}';
    put('a.ndjson', plain.join('\n'));
    const { values } = await run({ path: 'a.ndjson' });
    expect(values[1500]).toEqual({ i: 1500, id: '9007199254740993', rate: '0.123456789012345678' });
    expect(values[1499]).toEqual({ i: 1499, s: '4111111111111111' });
    expect(values.map((v) => v.i)).toEqual(plain.map((_, i) => i));
  });

  it('passes over a line of 50 MiB in little memory and reads the next', async () => {
    put('a.ndjson', `{"a":"${'x'.repeat(50 * 1024 * 1024)}"}\n{"sku":"A1"}\n`);
    const before = process.memoryUsage().arrayBuffers;
    const batches = await polls({ path: 'a.ndjson' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
    const [long, next] = valuesOf(batches);
    expect(long).toMatchObject({ code: 'FILE_LINE_TOO_LONG', at: { line: 1, byte: 0 } });
    expect(long.bad.length).toBe(4097);
    expect(next).toEqual({ sku: 'A1' });
  });

  it('takes lines of just under and just over 1 MiB for what they are', async () => {
    const line = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    put('a.ndjson', `${line(1024 * 1024)}\n${line(1024 * 1024 + 1)}\n${line(70_000)}\n${line(1024 * 1024 + 1)}`);
    const { values, bad } = await run({ path: 'a.ndjson' });
    expect(values.map((v) => v.a.length)).toEqual([1024 * 1024 - 8, 69_992]);
    expect(bad.map((b) => b.error.params.line)).toEqual([2, 4]);
  });

  it('refuses UTF-16, gzip without .gz, and .gz without gzip, in words', async () => {
    put('utf16.ndjson', Buffer.from('\ufeff{"a":1}\n', 'utf16le'));
    put('packed.ndjson', gzipSync('{"a":1}\n'));
    put('plain.ndjson.gz', '{"a":1}\n');
    await expect(run({ path: 'utf16.ndjson' })).rejects.toMatchObject({ code: 'FILE_NOT_UTF8' });
    await expect(run({ path: 'packed.ndjson' })).rejects.toMatchObject({ code: 'FILE_IS_GZIP' });
    await expect(run({ path: 'plain.ndjson.gz' })).rejects.toMatchObject({ code: 'FILE_GZIP_BROKEN' });
  });

  it('names the path and the folder when there is no file', async () => {
    put('data/b.csv', '');
    await expect(run({ path: 'data/a.csv' })).rejects.toThrow(
      `There is no file "data/a.csv": a.csv is not in ${join(dir, 'data')}, which holds b.csv.`,
    );
    await expect(run({ path: 'data/*.json' })).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      params: { folder: join(dir, 'data') },
    });
    await expect(run({ path: 'other/*.json' })).rejects.toThrow(`the folder ${join(dir, 'other')} does not exist`);
    await expect(run({ path: 'data' })).rejects.toMatchObject({ code: 'FILE_IS_FOLDER' });
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    await expect(run({ path: 'pipe' })).rejects.toMatchObject({ code: 'FILE_NOT_REGULAR' });
  });

  it('reads a file whose name looks like a pattern', async () => {
    put('data[1].ndjson', '{"a":1}');
    expect((await run({ path: 'data[1].ndjson' })).values).toEqual([{ a: 1 }]);
  });

  it('refuses to go on in a file that is another one or shorter now', async () => {
    const text = Array.from({ length: 300 }, (_, i) => `{"i":${i}}\n`).join('');
    put('a.ndjson', text);
    const [first] = await polls({ path: 'a.ndjson' }, null, 10);
    put('a.ndjson', text.replace('0', '7'));
    await expect(polls({ path: 'a.ndjson' }, first!.position)).rejects.toMatchObject({
      code: 'FILE_CHANGED',
      params: { file: 'a.ndjson' },
    });
    put('a.ndjson', text);
    truncateSync(join(dir, 'a.ndjson'), 2000);
    await expect(polls({ path: 'a.ndjson' }, first!.position)).rejects.toMatchObject({ code: 'FILE_CHANGED' });
    put('a.ndjson', `${text}{"i":"new"}\n`);
    expect(valuesOf(await polls({ path: 'a.ndjson' }, first!.position)).length).toBe(301 - first!.values.length);
  });

  it('unpacks files of many members, and says when one is cut off, after the records before', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `{"i":${i},"x":"${Math.sin(i)}"}\n`);
    const members = Buffer.concat([gzipSync(lines.slice(0, 7000).join('')), gzipSync(lines.slice(7000).join(''))]);
    put('a.ndjson.gz', members);
    expect((await run({ path: 'a.ndjson.gz' })).values.map((v) => v.i)).toEqual(lines.map((_, i) => i));
    put('b.ndjson.gz', members.subarray(0, members.length - 100));
    const seen: Value[] = [];
    const setup = {
      config: { path: 'b.ndjson.gz' },
      clock: new ManualClock(),
      services: { resolvePath: (p: string) => join(dir, p) },
      wake() {},
    };
    const source = read.create(setup as unknown as SourceSetup<Value>);
    const reader = await source.open('b.ndjson.gz', null);
    await expect(
      (async () => {
        for (;;) seen.push(...(await reader.poll(1000))!.values);
      })(),
    ).rejects.toMatchObject({ code: 'FILE_GZIP_BROKEN' });
    await reader.close?.();
    expect(seen.length).toBeGreaterThan(19_900);
  });
});

describe('a resumed reader', () => {
  const line = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({ id: fc.nat(), name: fc.string({ unit: 'grapheme', maxLength: 12 }) })
        .map((value) => JSON.stringify(value)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        '  ',
        '{"a":',
        '{"a":[{}',
        '{}]}',
        '1,2',
        '{"big":12345678901234567890}',
        '\u00ff',
        '[1]',
      ),
    },
  );
  const file = fc.record({
    lines: fc.array(line, { maxLength: 30 }),
    end: fc.constantFrom('\n', '\r\n'),
    last: fc.boolean(),
    mark: fc.boolean(),
    gzip: fc.boolean(),
  });

  it('gives the same rest from every position, whatever the file and the size of a poll', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 7 }), async ({ lines, end, last, mark, gzip }, max) => {
        const text = (mark ? '\ufeff' : '') + lines.join(end) + (last ? end : '');
        const path = gzip ? 'a.ndjson.gz' : 'a.ndjson';
        put(path, gzip ? gzipSync(text) : text);
        const whole = valuesOf(await polls({ path }));
        const batches = await polls({ path }, null, max);
        expect(valuesOf(batches)).toEqual(whole);
        for (let i = 0; i < batches.length; i++) {
          const rest = valuesOf(batches.slice(i + 1));
          expect(valuesOf(await polls({ path }, structuredClone(batches[i]!.position), 1000))).toEqual(rest);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('does so for CSV with quoted line ends and bad rows', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' '), maxLength: 5 });
    const row = fc.oneof(
      { weight: 5, arbitrary: fc.array(cell, { minLength: 3, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(cell, { maxLength: 4 }) },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 15 }),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 4 }),
        async (rows, header, named, max) => {
          const csv = [['x', 'y', 'z'], ...rows]
            .map((cells) => cells.map((c) => `"${c.replaceAll('"', '""')}"`).join(','))
            .join('\n');
          put('a.csv', csv);
          const config = { path: 'a.csv', csv: { header, ...(named && { columns: ['p', 'q', 'r'] }) } };
          const whole = valuesOf(await polls(config));
          const batches = await polls(config, null, max);
          expect(valuesOf(batches)).toEqual(whole);
          expect(batches.every((batch) => batch.values.length <= max)).toBe(true);
          for (let i = 0; i < batches.length; i++) {
            expect(valuesOf(await polls(config, structuredClone(batches[i]!.position)))).toEqual(
              valuesOf(batches.slice(i + 1)),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('does so in a file of many pieces, with the same line numbers', async () => {
    const lines = Array.from({ length: 12_000 }, (_, i) =>
      i % 1000 === 999 ? `broken ${i}` : `{"i":${i},"pad":"${'é'.repeat(i % 90)}"}`,
    );
    put('a.ndjson', lines.join('\n'));
    const whole = await polls({ path: 'a.ndjson' }, null, 500);
    const values = valuesOf(whole);
    expect(values.length).toBe(lines.length);
    expect(values.filter((v) => v.bad).map((v) => v.at.line)).toEqual(
      Array.from({ length: 12 }, (_, i) => (i + 1) * 1000),
    );
    const again = await run({ path: 'a.ndjson' }, { reopen: true, max: 700 });
    expect(again.values).toEqual(values.filter((v) => !v.bad));
    const middle = whole[Math.floor(whole.length / 2)]!;
    const rest = valuesOf(await polls({ path: 'a.ndjson' }, middle.position));
    expect(rest).toEqual(values.slice(values.length - rest.length));
  });
});

describe('a throttled reader', () => {
  it('gives records at the rate, and does not catch up after a stop', async () => {
    put('a.ndjson', Array.from({ length: 1000 }, (_, i) => `{"i":${i}}`).join('\n'));
    const clock = new ManualClock(5000);
    const setup = {
      config: { path: 'a.ndjson', rate: 100 },
      clock,
      services: { resolvePath: (p: string) => join(dir, p) },
      wake() {},
    };
    const reader = await read.create(setup as unknown as SourceSetup<Value>).open('a.ndjson', null);
    let polling = reader.poll(500) as Promise<SourceBatch>;
    let seen = 0;
    for (let t = 5000; t <= 8000; t += 10) {
      clock.set(t);
      await Promise.resolve();
      const batch = await Promise.race([
        polling,
        new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined))),
      ]);
      if (batch === undefined) continue;
      seen += batch.values.length;
      expect(seen).toBeLessThanOrEqual(((t - 5000) * 100) / 1000);
      polling = reader.poll(500) as Promise<SourceBatch>;
    }
    expect(seen).toBeGreaterThan(290);
    clock.set(20_000);
    await new Promise((resolve) => setImmediate(resolve));
    clock.set(20_100);
    expect((await polling).values.length).toBeLessThanOrEqual(10);
    await reader.close?.();
  });
});
