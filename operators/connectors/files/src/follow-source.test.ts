import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceReader, SourceSetup, Value } from '@millrace/sdk';
import { ManualClock } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read } from './read.js';

let dir: string;
let path: string;
let clock: ManualClock;
let wakes: number;
let logs: string[];
let readers: SourceReader[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'millrace-follow-'));
  path = join(dir, 'a.ndjson');
  clock = new ManualClock(1000);
  wakes = 0;
  logs = [];
  readers = [];
});
afterEach(async () => {
  for (const reader of readers) await reader.close?.();
  rmSync(dir, { recursive: true, force: true });
});

async function open(position: Value = null, config: Value = {}): Promise<SourceReader> {
  const services = {
    resolvePath: (p: string) => join(dir, p),
    log: (_level: string, _message: string, fields: { code: string }) => void logs.push(fields.code),
  };
  const setup = { config: { path: 'a.ndjson', follow: true, ...config }, clock, services, wake: () => void wakes++ };
  const source = read.create(setup as unknown as SourceSetup<Value>);
  expect(source.live).toBe(true);
  await source.partitions();
  const reader = await source.open('a.ndjson', position);
  readers.push(reader);
  return reader;
}

/** Everything that is there now, and the position behind it. */
function drain(reader: SourceReader): { values: Value[]; position: Value } {
  const values: Value[] = [];
  let position: Value;
  for (let batch = reader.poll(10); batch !== null; batch = reader.poll(10)) {
    if (batch instanceof Promise) throw new TypeError('a followed file answers at once');
    values.push(...batch.values);
    position = structuredClone(batch.position);
  }
  return { values, position };
}

/** What is there now, after a rotated file has had its time. */
function drainRotated(reader: SourceReader): { values: Value[]; position: Value } {
  const values: Value[] = [];
  let position: Value;
  for (let i = 0; i < 5; i++) {
    const now = drain(reader);
    values.push(...now.values);
    position = now.position ?? position;
    clock.set(clock.now() + 1000);
  }
  return { values, position };
}

const lines = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `{"i":${from + i}}\n`).join('');
const numbers = (from: number, count: number): Value[] => Array.from({ length: count }, (_, i) => ({ i: from + i }));

describe('a followed file', () => {
  it('gives only whole lines, each once', async () => {
    writeFileSync(path, '{"sku":"A1"}\n{"sku":"A');
    const reader = await open();
    const first = drain(reader);
    expect(first.values).toEqual([{ sku: 'A1' }]);
    expect(first.position.offset).toBe(13);
    appendFileSync(path, '2"}\n');
    expect(drain(reader).values).toEqual([{ sku: 'A2' }]);
    expect(drain(await open(first.position)).values).toEqual([{ sku: 'A2' }]);
  });

  it('loses nothing and doubles nothing when it is rotated, then emptied', async () => {
    writeFileSync(path, lines(0, 1000));
    const reader = await open();
    expect(drain(reader).values).toEqual(numbers(0, 1000));
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(1000, 1000));
    appendFileSync(`${path}.1`, '{"i":"late"}\n{"i":"unended"}');
    expect(drainRotated(reader).values).toEqual([{ i: 'late' }, { i: 'unended' }, ...numbers(1000, 1000)]);
    truncateSync(path, 0);
    expect(drain(reader).values).toEqual([]);
    writeFileSync(path, lines(2000, 1000));
    expect(drain(reader).values).toEqual(numbers(2000, 1000));
    expect(logs).toEqual(['FILE_ROTATED', 'FILE_EMPTIED']);
  });

  it('waits for a rotated file until its writer has moved on', async () => {
    writeFileSync(path, lines(0, 3));
    const reader = await open();
    drain(reader);
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(10, 1));
    for (let i = 3; i < 6; i++) {
      expect(drain(reader).values).toEqual([]);
      clock.set(clock.now() + 900);
      appendFileSync(`${path}.1`, lines(i, 1));
      expect(drain(reader).values).toEqual(numbers(i, 1));
    }
    expect(drainRotated(reader).values).toEqual(numbers(10, 1));
  });

  it('sees that a file was written anew although it is longer than before', async () => {
    writeFileSync(path, lines(0, 2));
    const reader = await open();
    drain(reader);
    writeFileSync(path, lines(500, 10));
    expect(drain(reader).values).toEqual(numbers(500, 10));
    expect(logs).toEqual(['FILE_EMPTIED']);
  });

  it('finds its place after rotations while it was away', async () => {
    writeFileSync(path, lines(0, 500));
    const reader = await open();
    const batch = reader.poll(100);
    const position = structuredClone((batch as { position: Value }).position);
    await reader.close?.();
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(500, 20));
    renameSync(`${path}.1`, `${path}.2`);
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(520, 20));
    const rest = drainRotated(await open(position));
    expect(rest.values).toEqual(numbers(100, 440));
    writeFileSync(join(dir, 'a.ndjson.bak'), lines(0, 5));
    appendFileSync(path, lines(540, 1));
    expect(drain(await open(rest.position)).values).toEqual(numbers(540, 1));
  });

  it('goes on in a copy of the file, and starts over in another file, which it reports', async () => {
    writeFileSync(path, lines(0, 200));
    const { position } = drain(await open());
    copyFileSync(path, `${path}.new`);
    renameSync(`${path}.new`, path);
    appendFileSync(path, lines(200, 2));
    expect(drain(await open(position)).values).toEqual(numbers(200, 2));
    expect(logs).toEqual([]);
    rmSync(path);
    writeFileSync(path, lines(900, 1));
    expect(drain(await open(position)).values).toEqual(numbers(900, 1));
    expect(logs).toEqual(['FILE_REPLACED']);
  });

  it('waits for a file that is not there yet', async () => {
    const reader = await open();
    expect(reader.poll(10)).toBeNull();
    writeFileSync(path, lines(0, 1));
    expect(drain(reader).values).toEqual(numbers(0, 1));
  });

  it('wakes the task when the file grows, and not before', async () => {
    writeFileSync(path, lines(0, 1));
    const reader = await open();
    drain(reader);
    const turn = async (): Promise<void> => {
      clock.set(clock.now() + 200);
      await Promise.resolve();
      await Promise.resolve();
    };
    await turn();
    await turn();
    wakes = 0;
    await turn();
    expect(wakes).toBe(0);
    appendFileSync(path, lines(1, 1));
    await turn();
    expect(wakes).toBeGreaterThan(0);
    expect(drain(reader).values).toEqual(numbers(1, 1));
    wakes = 0;
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(2, 1));
    await turn();
    expect(wakes).toBeGreaterThan(0);
  });

  it('reads the header of each file that follows', async () => {
    writeFileSync(path, 'a,b\n1,2\n');
    const reader = await open(null, { format: 'csv' });
    expect(drain(reader).values).toEqual([{ a: '1', b: '2' }]);
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'b,a\n3,4\n');
    const { values, position } = drainRotated(reader);
    expect(values).toEqual([{ b: '3', a: '4' }]);
    appendFileSync(path, '5,6\n');
    expect(drain(await open(position, { format: 'csv' })).values).toEqual([{ b: '5', a: '6' }]);
  });

  it('keeps to a rate', async () => {
    writeFileSync(path, lines(0, 100));
    const reader = await open(null, { rate: 10 });
    expect(reader.poll(10)).toBeNull();
    clock.set(1500);
    await Promise.resolve();
    expect(wakes).toBeGreaterThan(0);
    expect(drain(reader).values).toEqual(numbers(0, 5));
  });
});
