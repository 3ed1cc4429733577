import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { ownFolder } from '../../support/folder.js';
import { compare, full, type Row, readLines, writeRecords } from './records.js';
import { Child, type End, flow, until, writeGraph } from './run.js';

export interface RoundTrip {
  /** Writes the records into the system. */
  sink: End;
  /** Reads them back. It may be one that never ends: it is paused when nothing more comes. */
  source: End;
  env?: { readonly [name: string]: string };
  /** The source ends by itself, however long it is silent. */
  ends?: boolean;
  /** Default: 100,000 with `--full` and in CI, else 20,000. */
  count?: number;
  /** Makes a record such that the system can keep it; `tidy` takes that back. */
  send?: (row: Row) => Row;
  /** Makes a row that was read comparable with the one sent, e.g. takes away a column that the system adds. */
  tidy?: (row: Row) => Row;
}

/** files → sink, then source → file: every record once and equal. Prints the speeds. */
export async function roundTrip(options: RoundTrip): Promise<void> {
  const { count = full || process.env.CI === 'true' ? 100_000 : 20_000, env = {}, send, ends = false } = options;
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count, send);

  const started = performance.now();
  const sending = new Child(
    writeGraph(folder, flow({ operator: 'files.read', config: { path: 'in.ndjson' } }, options.sink), 'send.json'),
    join(folder, 'send'),
    env,
  );
  const { code } = await sending.ended;
  expect(code, `${sending.stdout}\n${sending.stderr}`).toBe(0);
  const sent = performance.now();

  const result = join(folder, 'out.ndjson');
  const reading = new Child(
    writeGraph(folder, flow(options.source, { operator: 'files.write', config: { path: 'out.ndjson' } }), 'read.json'),
    join(folder, 'read'),
    env,
  );
  const size = () => statSync(result, { throwIfNoEntry: false })?.size ?? 0;
  const least = statSync(join(folder, 'in.ndjson')).size * 0.8;
  // All have come when the file is about as long as the first one and no longer grows.
  let last = 0;
  let since = performance.now();
  await until(
    'the records to come back',
    () => {
      if (size() !== last) {
        last = size();
        since = performance.now();
      }
      const quiet = performance.now() - since;
      if (reading.result !== undefined || ends) return reading.result !== undefined;
      return (last >= least && quiet > 1500) || (last > 0 && quiet > 15_000);
    },
    300_000,
  );
  const read = reading.result ? performance.now() : since;
  if (!reading.result) await reading.kill('SIGTERM');
  // 143: paused by SIGTERM.
  expect([0, 143], `${reading.stdout}\n${reading.stderr}`).toContain(reading.result!.code);
  await pause(0);

  const { lost, duplicates, changed, strange } = compare(count, readLines(result), options.tidy);
  expect({ lost: lost.slice(0, 5), duplicates: duplicates.slice(0, 5), changed, strange: strange.slice(0, 5) }).toEqual(
    {
      lost: [],
      duplicates: [],
      changed: [],
      strange: [],
    },
  );
  const speed = (ms: number) => `${Math.round(count / (ms / 1000)).toLocaleString('en')} records/s`;
  process.stdout.write(
    `${options.sink.operator} → ${options.source.operator}: ${count} records equal; in ${speed(sent - started)}, out ${speed(read - sent)} (starts included)\n`,
  );
}
