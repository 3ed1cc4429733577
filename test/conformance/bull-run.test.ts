import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  connect,
  createRun,
  dropRun,
  exportSavepoint,
  hasEntries,
  importSavepoint,
  migrateRun,
  type RedisClient,
  readRun,
  runMemory,
} from '@millrace/bull';
import { type RunTasksOptions, readRows, runTasks } from '@millrace/bull/testing';
import { startRun } from '@millrace/embedded';
import { readRows as readEmbeddedRows } from '@millrace/embedded/testing';
import { graphOf, testCatalogue } from '@millrace/engine/testing';
import { type Plan, planGraph } from '@millrace/planner';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { redisMissing, startRedis, type TestRedis } from '../support/redis.js';

/** Sums and windows of `count` records of 101 keys; `pace` ms for each batch of 50 make it last. */
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

async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; !(await reached()); ) {
    if (Date.now() > end) throw new Error('the condition was not met within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const sorted = (values: unknown[]) => values.map((value) => JSON.stringify(value)).sort();

/** What one undisturbed process gives. */
function truth(count: number): { sink: string[]; windows: string[] } {
  const totals = new Map<string, number>();
  const counts = new Map<string, { k: string; start: number; count: number }>();
  const sink: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const k = `k${(i * 7919) % 101}`;
    totals.set(k, (totals.get(k) ?? 0) + i);
    sink.push({ k, total: totals.get(k) });
    const start = Math.floor(i / 100) * 100;
    const id = `${k} ${start}`;
    const before = counts.get(id);
    counts.set(id, { k, start, count: (before?.count ?? 0) + 1 });
  }
  return { sink: sorted(sink), windows: sorted([...counts.values()]) };
}

const missing = redisMissing();

describe.skipIf(missing !== undefined)(`a run on Redis${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let server: TestRedis;
  let redis: RedisClient;

  beforeAll(async () => {
    server = await startRedis();
    redis = connect({ url: server.url }, 'control', 'test');
  }, 30_000);
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  async function create(plan: Plan): Promise<string> {
    const run = `run-${randomUUID()}`;
    await createRun(redis, run, { graph: 'g', plan, workflow: 'w', startedAt: Date.now(), numbering: 'n' });
    onTestFinished(async () => dropRun(redis, run));
    return run;
  }

  const work = (run: string, options: Partial<RunTasksOptions> = {}) =>
    runTasks({ target: { url: server.url }, redis, run, catalogue: testCatalogue(), commitEvery: 5, ...options });

  async function expectTruth(run: string, count: number): Promise<void> {
    const { sink, windows } = truth(count);
    expect(sorted(await readRows(redis, run, 'sink'))).toEqual(sink);
    expect(sorted(await readRows(redis, run, 'windows'))).toEqual(windows);
  }

  it('gives what one process gives, with two tasks a stage', async () => {
    const run = await create(sums(5_000, 0, 2));
    const { ends } = await work(run);
    expect(new Set(await ends)).toEqual(new Set(['finished']));
    await expectTruth(run, 5_000);
    expect(await hasEntries(redis, run)).toBe(false);
  });

  it('survives new owners for all tasks again and again, whose predecessors still write', {
    timeout: 60_000,
  }, async () => {
    const run = await create(sums(6_000, 2, 2));
    for (let i = 0; i < 6; i++) {
      const { ends } = await work(run);
      await new Promise((resolve) => setTimeout(resolve, 60));
      // The old tasks are not told: their next commits are refused.
      if (i < 5) ends.catch(() => undefined);
      else expect(new Set(await ends)).toEqual(new Set(['finished']));
    }
    await expectTruth(run, 6_000);
    expect((await readRun(redis, run))!.refused).toBeGreaterThan(0);
  });

  it('goes on by itself when its connections are cut', { timeout: 60_000 }, async () => {
    const run = await create(sums(6_000, 2, 2));
    const { ends } = await work(run);
    let cuts = 0;
    const cutting = setInterval(() => {
      cuts++;
      void redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }, 50);
    const ended = await ends.finally(() => clearInterval(cutting));
    expect(new Set(ended)).toEqual(new Set(['finished']));
    expect(cuts).toBeGreaterThan(1);
    await expectTruth(run, 6_000);
  });

  it('tasks that meet a restarted server begin again and nothing is lost', { timeout: 90_000 }, async () => {
    const run = await create(sums(8_000, 4, 2));
    const codes: string[] = [];
    for (let attempt = 0; ; attempt++) {
      const { ends } = await work(run);
      if (attempt < 3) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await server.kill();
        await new Promise((resolve) => setTimeout(resolve, 50));
        await server.start();
      }
      const end = await ends.then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (end === undefined) break;
      codes.push(end);
      expect(attempt).toBeLessThan(10);
    }
    expect(new Set(codes)).toEqual(new Set(['STORE_RESTARTED']));
    await expectTruth(run, 8_000);
  });

  it('falls back as a whole when a power cut takes the last moments, and makes them again', {
    timeout: 90_000,
  }, async () => {
    const run = await create(sums(8_000, 4, 2));
    for (let attempt = 0; ; attempt++) {
      const { ends } = await work(run);
      if (attempt < 3) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        server.remember();
        const before = (await readRows(redis, run, 'sink')).length;
        for (let i = 0; i < 500 && (await readRows(redis, run, 'sink')).length === before; i++)
          await new Promise((resolve) => setTimeout(resolve, 10));
        const reached = (await readRows(redis, run, 'sink')).length;
        await server.kill();
        server.forget();
        await server.start();
        expect((await readRows(redis, run, 'sink')).length).toBeLessThan(reached);
      }
      const end = await ends.then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (end === undefined) break;
      expect(end).toBe('STORE_RESTARTED');
      expect(attempt).toBeLessThan(10);
    }
    await expectTruth(run, 8_000);
  });

  it('changes its parallelism from 1 to 3 to 2, with its state', { timeout: 60_000 }, async () => {
    const run = await create(sums(9_000, 3, 1));
    for (const parallelism of [3, 2]) {
      const working = await work(run);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await working.drain();
      const before = await readRun(redis, run);
      await migrateRun(redis, run, sums(9_000, 3, parallelism), 'g');
      const after = await readRun(redis, run);
      expect(after!.layout).toBe(before!.layout + 1);
      expect(after!.numbering).not.toBe(before!.numbering);
    }
    await (await work(run)).ends;
    await expectTruth(run, 9_000);
    expect(await redis.keys(`{${run}}:1:*`)).toEqual([]);
  });

  it('refuses a new cut while records lie between its stages', async () => {
    const run = await create(sums(100, 0, 2));
    await redis.xadd(`{${run}}:1:lane:e0:0:0`, '1-0', '1', 'x');
    await expect(migrateRun(redis, run, sums(100, 0, 1), 'g')).rejects.toMatchObject({ code: 'RUN_NOT_DRAINED' });
    expect((await readRun(redis, run))!.layout).toBe(1);
  });

  it('moves from LMDB to Redis and back in savepoint files', { timeout: 60_000 }, async () => {
    const folder = ownFolder();
    const catalogue = {
      module: new URL('../../runtime/engine/dist/testing/operators.js', import.meta.url).href,
      plugins: [],
    };
    const count = 9_000;
    const plan = sums(count, 3, 1);
    const first = await startRun({ plan, catalogue, baseDir: '.', dataDir: join(folder, 'a'), commitEvery: 5 });
    await until(() => (first.report().nodes.sink?.in ?? 0) > 0);
    await first.savepoint(join(folder, 'one'));
    await first.kill();
    // One task became two.
    const run = `run-${randomUUID()}`;
    onTestFinished(async () => dropRun(redis, run));
    await importSavepoint(redis, run, join(folder, 'one'), { plan: sums(count, 3, 2), graph: 'g', workflow: 'w' });
    const before = (await readRows(redis, run, 'sink')).length;
    const working = await work(run);
    await until(async () => (await readRows(redis, run, 'sink')).length > before);
    await working.drain();
    const taken = (await readRows(redis, run, 'sink')).length;
    expect(taken).toBeGreaterThan(before);
    expect(taken).toBeLessThan(count);
    await exportSavepoint(redis, run, join(folder, 'two'));
    const last = await startRun({
      ...{ plan, catalogue, baseDir: '.', dataDir: join(folder, 'b'), savepoint: join(folder, 'two'), migrate: true },
    });
    expect((await last.done).status).toBe('finished');
    const { sink, windows } = truth(count);
    expect(sorted(await readEmbeddedRows(join(folder, 'b'), 'sink'))).toEqual(sink);
    expect(sorted(await readEmbeddedRows(join(folder, 'b'), 'windows'))).toEqual(windows);
  });

  it('refuses a savepoint that is none, and leaves nothing behind', async () => {
    const file = join(ownFolder(), 'bad');
    writeFileSync(file, 'MRSP and then nonsense that is long enough to be looked at');
    const run = `run-${randomUUID()}`;
    const plan = sums(10);
    await expect(importSavepoint(redis, run, file, { plan, graph: 'g', workflow: 'w' })).rejects.toMatchObject({
      code: 'SAVEPOINT_DAMAGED',
    });
    expect(await redis.keys(`{${run}}*`)).toEqual([]);
  });

  it('ends with STATE_LIMIT when a task would hold more state than allowed', async () => {
    const run = await create(sums(3_000));
    const { ends } = await work(run, { stateBytes: 5_000 });
    await expect(ends).rejects.toMatchObject({ code: 'STATE_LIMIT', retry: 'never' });
  });

  it('keeps few decoded keys in memory and still gives the same', async () => {
    const run = await create(sums(3_000));
    await (await work(run, { stateLimit: 10 })).ends;
    await expectTruth(run, 3_000);
  });

  it('tells how much memory it takes and leaves none when dropped', async () => {
    const run = await create(sums(3_000));
    await (await work(run)).ends;
    const memory = await runMemory(redis, run);
    expect(memory.state).toBeGreaterThan(10_000);
    expect(memory.total).toBeGreaterThanOrEqual(memory.state + memory.exchanges + memory.deadLetters);
    await dropRun(redis, run);
    expect(await redis.keys(`{${run}}*`)).toEqual([]);
  });

  it('has a damaged row found, not used', async () => {
    const run = await create(sums(500));
    await (await work(run)).ends;
    const stage = (await readRun(redis, run))!.plan.nodes.sink!.stage;
    const log = `{${run}}:1:log:${stage}:0`;
    const [[id, fields]] = (await redis.xrangeBuffer(log, '-', '+', 'COUNT', 1)) as [[Buffer, Buffer[]]];
    const blob = fields[1]!;
    blob[blob.length >> 1]! ^= 1;
    await redis.xadd(`${log}:copy`, id.toString(), 'd', blob);
    await redis.rename(`${log}:copy`, log);
    await expect(readRows(redis, run, 'sink')).rejects.toMatchObject({ code: 'DATA_DAMAGED' });
  });
});
