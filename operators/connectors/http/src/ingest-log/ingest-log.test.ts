import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Value } from '@millrace/sdk';
import { ManualClock } from '@millrace/sdk/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { segmentBases } from './format.js';
import { IngestLog, type IngestLogOptions } from './ingest-log.js';
import { IngestReader } from './reader.js';

let dir: string;
const open: { close(): unknown }[] = [];
beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'ingest-')), 'log');
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  rmSync(join(dir, '..'), { recursive: true });
});

function writer(options: IngestLogOptions = {}): IngestLog {
  const log = IngestLog.open(dir, options);
  open.push(log);
  return log;
}
function reader(position: number | null = null, wake = () => undefined as unknown): IngestReader {
  const made = new IngestReader({ dir, position, wake, shape: (value) => value });
  open.push(made);
  return made;
}
function readAll(from: IngestReader): { values: Value[]; position: Value } {
  const values: Value[] = [];
  let position: Value = null;
  for (let batch = from.poll(100); batch !== null; batch = from.poll(100)) {
    values.push(...batch.values);
    position = batch.position;
  }
  return { values, position };
}
const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const appendAll = (log: IngestLog, list: number[]) => Promise.all(list.map((n) => log.append([String(n)])));

describe('an ingest log', () => {
  it('gives every record back in order, over many segments', async () => {
    const log = writer({ segmentBytes: 2000 });
    for (let i = 0; i < 20; i++) await appendAll(log, numbers(i * 25, i * 25 + 25));
    expect(segmentBases(readdirSync(dir)).length).toBeGreaterThan(5);
    expect(readAll(reader()).values).toEqual(numbers(0, 500));
  });

  it('gives a request with several records whole, and goes on behind it', async () => {
    const log = writer();
    await log.append(['{"a":1}', '{"a":2}', '{"a":"订单"}']);
    const first = reader();
    const batch = first.poll(1);
    expect(batch?.values).toEqual([{ a: 1 }, { a: 2 }, { a: '订单' }]);
    await log.append(['4']);
    expect(readAll(reader(batch?.position as number)).values).toEqual([4]);
  });

  it('reads entries larger than its chunk', async () => {
    const log = writer();
    const big = 'x'.repeat(700_000);
    await log.append([JSON.stringify({ big })]);
    await log.append(['1']);
    expect(readAll(reader()).values).toEqual([{ big }, 1]);
  });

  it('wakes a reader that has caught up', async () => {
    const log = writer();
    const woken = new Promise<void>((resolve) => reader(null, resolve));
    await log.append(['1']);
    await woken;
  });

  it('goes on where it was after it is closed and opened', async () => {
    const first = writer();
    await appendAll(first, numbers(0, 10));
    await first.close();
    await appendAll(writer(), numbers(10, 20));
    expect(readAll(reader()).values).toEqual(numbers(0, 20));
  });

  it('cuts off an entry that a crash left half written, wherever it was cut', async () => {
    const first = writer();
    await appendAll(first, numbers(0, 5));
    await first.close();
    const segment = join(dir, readdirSync(dir).find((name) => name.startsWith('0'))!);
    const whole = statSync(segment).size;
    const head = readFileSync(join(dir, 'head'));
    const second = writer();
    await second.append(['"the last one"']);
    await second.close();
    const bytes = readFileSync(segment);
    for (let cut = whole; cut < bytes.length; cut += 3) {
      writeFileSync(segment, bytes.subarray(0, cut));
      writeFileSync(join(dir, 'head'), head);
      const again = IngestLog.open(dir);
      await again.append(['"after"']);
      const tail = new IngestReader({ dir, position: null, wake: () => undefined, shape: (value) => value });
      expect(readAll(tail).values).toEqual([...numbers(0, 5), 'after']);
      tail.close();
      await again.close();
    }
  });

  it('refuses to open when a byte in an older segment has changed', async () => {
    const log = writer({ segmentBytes: 200 });
    for (const n of numbers(0, 20)) await log.append([`"record ${n}"`]);
    await log.close();
    const segment = join(dir, '0000000000000000.log');
    const bytes = readFileSync(segment);
    bytes[60]! ^= 1;
    writeFileSync(segment, bytes);
    expect(() => IngestLog.open(dir)).toThrow(expect.objectContaining({ code: 'INGEST_LOG_CORRUPT' }));
  });

  it('gives everything back or refuses, wherever a bit has turned', async () => {
    const log = writer({ segmentBytes: 400 });
    for (const n of numbers(0, 30)) await log.append([`"record ${n}"`]);
    await log.close();
    const names = readdirSync(dir).filter((name) => name.startsWith('0') || name === 'head');
    const originals = new Map(names.map((name) => [name, readFileSync(join(dir, name))]));
    const all = numbers(0, 30).map((n) => `record ${n}`);
    const turned = fc.record({
      file: fc.constantFrom(...names),
      place: fc.double({ min: 0, max: 1, noNaN: true }),
      bit: fc.integer({ min: 0, max: 7 }),
    });
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(turned, async ({ file, place, bit }) => {
        for (const [name, bytes] of originals) writeFileSync(join(dir, name), bytes);
        const bytes = Buffer.from(originals.get(file)!);
        bytes[Math.min(bytes.length - 1, Math.floor(place * bytes.length))]! ^= 1 << bit;
        writeFileSync(join(dir, file), bytes);
        try {
          await IngestLog.open(dir).close();
        } catch (error) {
          refused++;
          expect((error as { code: string }).code).toBe('INGEST_LOG_CORRUPT');
          return;
        }
        const tail = new IngestReader({ dir, position: null, wake: () => undefined, shape: (value) => value });
        expect(readAll(tail).values).toEqual(all);
        tail.close();
      }),
      { numRuns: 200 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('takes a key once, answers it again the same way, and refuses it with another body', async () => {
    const log = writer();
    const answer = await log.append(['1'], { key: 'k', hash: 'h' });
    expect(await log.append(['1'], { key: 'k', hash: 'h' })).toEqual({ ...answer, repeated: true });
    await expect(log.append(['2'], { key: 'k', hash: 'other' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    });
    expect(readAll(reader()).values).toEqual([1]);
  });

  it('takes one of 50 requests at once with the same key', async () => {
    const log = writer();
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, () => log.append(['1'], { key: 'k', hash: 'h' })),
    );
    expect(answers.filter((answer) => answer.status === 'fulfilled')).toHaveLength(1);
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'IDEMPOTENCY_IN_FLIGHT' });
    expect(readAll(reader()).values).toEqual([1]);
  });

  it('knows a key after a restart, after its segment is trimmed, and no longer after 24 hours', async () => {
    const clock = new ManualClock(1_700_000_000_000);
    const log = writer({ segmentBytes: 50, clock });
    const first = await log.append(['1'], { key: 'k', hash: 'h' });
    await log.append(['2']);
    await log.append(['3']);
    const tail = reader();
    tail.committed(readAll(tail).position);
    await log.trim();
    expect(segmentBases(readdirSync(dir))[0]).toBeGreaterThan(0);
    await log.close();
    const again = writer({ segmentBytes: 50, clock });
    expect(await again.append(['1'], { key: 'k', hash: 'h' })).toEqual({ ...first, repeated: true });
    clock.set(1_700_000_000_000 + 24 * 3_600_000);
    expect((await again.append(['1'], { key: 'k', hash: 'h' })).repeated).toBe(false);
  });

  it('is full when its bound waits, and takes more once records are consumed', async () => {
    const log = writer({ maxBytes: 500 });
    let taken = 0;
    await expect(
      (async () => {
        for (; ; taken++) await log.append([`"${'x'.repeat(60)}"`]);
      })(),
    ).rejects.toMatchObject({ code: 'INGEST_FULL' });
    expect(taken).toBeGreaterThan(2);
    const tail = reader();
    tail.committed(readAll(tail).position);
    expect((await log.append(['1'])).n).toBe(1);
  });

  it('starts a new run behind what earlier runs have consumed', async () => {
    const log = writer();
    await appendAll(log, numbers(0, 10));
    const old = reader();
    old.committed(readAll(old).position);
    await appendAll(log, numbers(10, 15));
    expect(readAll(reader(null)).values).toEqual(numbers(10, 15));
  });

  it('does not show a reader what is not yet durable', async () => {
    const log = writer();
    await log.append(['1']);
    const segment = join(dir, '0000000000000000.log');
    const size = statSync(segment).size;
    appendFileSync(segment, 'half an entry');
    expect(readAll(reader()).values).toEqual([1]);
    truncateSync(segment, size);
  });
});
