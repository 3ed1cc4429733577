import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBlob } from '@millrace/engine';
import { partsOf, unseal } from '@millrace/engine/savepoint';
import { graphOf, testCatalogue } from '@millrace/engine/testing';
import { planGraph } from '@millrace/planner';
import type { Value } from '@millrace/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { openEnvironment } from './environment.js';
import { type RunHandle, type StartOptions, startRun } from './index.js';

const catalogue = { module: new URL('../../engine/dist/testing/operators.js', import.meta.url).href, plugins: [] };
const dirs: string[] = [];

function directory(): string {
  const dir = mkdtempSync(join(tmpdir(), 'millrace-test-'));
  dirs.push(dir);
  return dir;
}

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const sums = (count: number, pace = 0, parallelism = 1) =>
  planGraph(
    graphOf(
      [
        { id: 'src', operator: 'test.list', config: { values: [], count, pace, batch: 50, time: { field: 't' } } },
        { id: 'sum', operator: 'test.sum' },
        { id: 'win', operator: 'test.window', config: { size: 100 } },
        { id: 'sink', operator: 'test.collect' },
        { id: 'windows', operator: 'test.collect' },
      ],
      ['src>sum', 'sum>sink', 'src>win', 'win>windows'],
    ),
    testCatalogue(),
    { parallelism },
  );

function start(options: Partial<StartOptions> & Pick<StartOptions, 'plan'>): Promise<RunHandle> {
  return startRun({ catalogue, baseDir: '.', ...options });
}

function rows(dataDir: string, node: string): Value[] {
  const environment = openEnvironment(dataDir, { readOnly: true });
  const found: [number, Value][] = [];
  for (const { key, value } of environment.getRange({})) {
    const [letter, id, , , , sub] = partsOf(key);
    if (letter === 's' && id === node)
      found.push([sub as number, (decodeBlob(unseal(key, value), 'row') as [number, Value])[1]]);
  }
  void environment.close();
  return found.sort((a, b) => a[0] - b[0]).map(([, value]) => value);
}

const sorted = (values: Value[]) => values.map((value) => JSON.stringify(value)).sort();

async function undisturbed(count: number): Promise<{ sink: Value[]; windows: Value[] }> {
  const dataDir = directory();
  const run = await start({ plan: sums(count), dataDir });
  expect((await run.done).status).toBe('finished');
  return { sink: rows(dataDir, 'sink'), windows: rows(dataDir, 'windows') };
}

describe('an embedded run', { timeout: 60_000 }, () => {
  it('finishes and reports every node', async () => {
    const run = await start({ plan: sums(1000) });
    const report = await run.done;
    expect(report).toMatchObject({
      status: 'finished',
      restarts: 0,
      nodes: { sum: { in: 1000, out: 1000, handled: 1000 }, sink: { in: 1000 } },
    });
  });

  it('gives the same at parallelism 3', async () => {
    const one = await undisturbed(2000);
    const dataDir = directory();
    const run = await start({ plan: sums(2000, 0, 3), dataDir });
    expect((await run.done).status).toBe('finished');
    expect(sorted(rows(dataDir, 'sink'))).toEqual(sorted(one.sink));
    expect(sorted(rows(dataDir, 'windows'))).toEqual(sorted(one.windows));
  });

  it('resumes after pauses with the same result, record for record', async () => {
    const one = await undisturbed(2000);
    const dataDir = directory();
    let pauses = 0;
    let seen = 0;
    for (;;) {
      const run = await start({ plan: sums(2000, 40), dataDir });
      const moving = setInterval(() => {
        const read = run.report().nodes.src!.in;
        if (read > seen && read < 2000) void run.pause();
        seen = Math.max(seen, read);
      }, 20);
      const report = await run.done;
      clearInterval(moving);
      if (report.status === 'finished') break;
      expect(report.status).toBe('paused');
      pauses++;
    }
    expect(pauses).toBeGreaterThan(0);
    expect(rows(dataDir, 'sink')).toEqual(one.sink);
    expect(rows(dataDir, 'windows')).toEqual(one.windows);
  });

  it.each([1, 3])('survives the death of task threads at parallelism %i', async (parallelism) => {
    const one = await undisturbed(3000);
    const dataDir = directory();
    const plan = sums(3000, 40, parallelism);
    const run = await start({ plan, dataDir });
    const tasks = plan.stages.flatMap((stage) =>
      Array.from({ length: stage.parallelism }, (_, index) => ({ stage: stage.id, index })),
    );
    let kills = 0;
    let seen = 0;
    // Each victim dies while the run is moving: only after it has read more since the last one.
    const killer = setInterval(() => {
      const read = run.report().nodes.src!.in;
      if (read <= seen || read >= 2900) return;
      seen = read;
      const { stage, index } = tasks[kills++ % tasks.length]!;
      void run.terminateTask(stage, index);
    }, 20);
    const report = await run.done;
    clearInterval(killer);
    expect(report.status).toBe('finished');
    expect(report.restarts).toBeGreaterThan(2);
    expect(report.nodes.sum!.in).toBe(3000);
    const [sink, windows] = [rows(dataDir, 'sink'), rows(dataDir, 'windows')];
    if (parallelism === 1) expect(sink).toEqual(one.sink);
    expect(sorted(sink)).toEqual(sorted(one.sink));
    expect(sorted(windows)).toEqual(sorted(one.windows));
  });

  it('resumes from copies of the data directory taken while it ran', async () => {
    const one = await undisturbed(2000);
    const source = directory();
    const run = await start({ plan: sums(2000, 4), dataDir: source });
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const copy = directory();
      cpSync(join(source, 'run'), join(copy, 'run'), { recursive: true });
      const again = await start({ plan: sums(2000, 4), dataDir: copy });
      expect((await again.done).status).toBe('finished');
      expect(rows(copy, 'sink')).toEqual(one.sink);
      expect(rows(copy, 'windows')).toEqual(one.windows);
    }
    await run.kill();
  });

  it('refuses the directory of another unfinished run, with the way out', async () => {
    const dataDir = directory();
    const run = await start({ plan: sums(2000, 4), dataDir });
    await run.pause();
    await expect(start({ plan: sums(1999, 4), dataDir })).rejects.toMatchObject({ code: 'DATA_DIR_OTHER_GRAPH' });
    const again = await start({ plan: sums(2000, 4), dataDir });
    await expect(start({ plan: sums(2000, 4), dataDir })).rejects.toMatchObject({ code: 'DATA_DIR_BUSY' });
    await again.kill();
  });

  it('refuses a directory whose bytes were flipped, and never starts wrong', async () => {
    const one = await undisturbed(1500);
    const source = directory();
    const run = await start({ plan: sums(1500, 4), dataDir: source });
    await new Promise((resolve) => setTimeout(resolve, 250));
    await run.kill();
    let refused = 0;
    let seed = 7;
    for (let i = 0; i < 12; i++) {
      const dataDir = directory();
      cpSync(join(source, 'run'), join(dataDir, 'run'), { recursive: true });
      const file = join(dataDir, 'run', 'data.mdb');
      const bytes = readFileSync(file);
      seed = (seed * 48271) % 2147483647;
      const at = i % 2 === 0 ? seed % bytes.length : seed % Math.min(bytes.length, 200_000);
      bytes[at]! ^= 0x40;
      writeFileSync(file, i % 4 === 3 ? bytes.subarray(0, at) : bytes);
      try {
        const again = await start({ plan: sums(1500, 4), dataDir });
        const report = await again.done;
        expect(report.status).toBe('finished');
        expect(sorted(rows(dataDir, 'sink'))).toEqual(sorted(one.sink));
      } catch (error) {
        expect(error).toMatchObject({ code: 'DATA_DAMAGED' });
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('changes its parallelism 1 → 3 → 2 on resume, with the same result', async () => {
    const one = await undisturbed(3000);
    const dataDir = directory();
    let seen = 0;
    for (const parallelism of [1, 3, 2]) {
      const run = await start({ plan: sums(3000, 30, parallelism), dataDir });
      const moving = setInterval(() => {
        const read = run.report().nodes.src!.in;
        if (parallelism !== 2 && read > seen) void run.pause();
        seen = Math.max(seen, read);
      }, 20);
      const report = await run.done;
      clearInterval(moving);
      expect(report.status).toBe(parallelism === 2 ? 'finished' : 'paused');
      if (parallelism === 2) expect(report.nodes.sum!.in).toBe(3000);
    }
    expect(sorted(rows(dataDir, 'sink'))).toEqual(sorted(one.sink));
    expect(sorted(rows(dataDir, 'windows'))).toEqual(sorted(one.windows));
  });

  it('goes on after a savepoint, and a new run can start from it at another parallelism', async () => {
    const one = await undisturbed(2000);
    const dataDir = directory();
    const file = join(directory(), 'save');
    const run = await start({ plan: sums(2000, 30, 2), dataDir });
    while (run.report().nodes.src!.in === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await run.savepoint(file);
    expect((await run.done).status).toBe('finished');
    expect(sorted(rows(dataDir, 'sink'))).toEqual(sorted(one.sink));
    const other = directory();
    const again = await start({ plan: sums(2000, 30, 3), dataDir: other, savepoint: file });
    expect((await again.done).status).toBe('finished');
    expect(sorted(rows(other, 'sink'))).toEqual(sorted(one.sink));
    expect(sorted(rows(other, 'windows'))).toEqual(sorted(one.windows));
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
    await expect(start({ plan: sums(2000, 30, 3), dataDir: directory(), savepoint: file })).rejects.toMatchObject({
      code: 'SAVEPOINT_DAMAGED',
    });
  });
});
