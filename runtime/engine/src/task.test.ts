import { planGraph } from '@millrace/planner';
import type { Clock, Value } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { decodeBlob, encodeBlob } from './codec.js';
import {
  compileField,
  graphOf,
  MemoryBackend,
  type MemoryRunOptions,
  outsideSink,
  runInMemory,
  testCatalogue,
} from './testing/index.js';

const clock: Clock = { now: () => 5_000, sleep: async () => undefined };

function collected(backend: MemoryBackend, node = 'sink'): Value[] {
  return [...backend.rows.values()]
    .filter((row) => row.key.node === node)
    .sort((a, b) => (a.key.sub as number) - (b.key.sub as number))
    .map((row) => (decodeBlob(row.value, 'row') as [number, Value])[1]);
}

function run(graph: ReturnType<typeof graphOf>, options: Partial<MemoryRunOptions> & { parallelism?: number } = {}) {
  const catalogue = options.catalogue ?? testCatalogue();
  const plan = planGraph(
    graph,
    catalogue,
    options.parallelism === undefined ? {} : { parallelism: options.parallelism },
  );
  return runInMemory({ plan, catalogue, compile: compileField, clock, ...options });
}

const sums = (n: number) =>
  graphOf(
    [
      {
        id: 'src',
        operator: 'test.list',
        config: { values: Array.from({ length: n }, (_, i) => ({ k: `k${i % 5}`, v: i })) },
      },
      { id: 'sum', operator: 'test.sum' },
      { id: 'sink', operator: 'test.collect' },
    ],
    ['src>sum', 'sum>sink'],
  );

const finalSums = (rows: Value[]) => Object.fromEntries(rows.map((row) => [row.k, row.total]));

describe('a task', () => {
  it('runs a keyed sum to the end and counts every record once', async () => {
    const { ends, backend, reports } = await run(sums(100));
    expect(ends).toEqual(['finished']);
    expect(collected(backend)).toHaveLength(100);
    expect(finalSums(collected(backend))).toEqual({ k0: 950, k1: 970, k2: 990, k3: 1010, k4: 1030 });
    expect(reports[0]!.nodes.sum).toMatchObject({ in: 100, out: 100, handled: 100 });
  });

  it('gives the same sums in three tasks, over exchanges', async () => {
    const { ends, backend } = await run(sums(1000), { parallelism: 3 });
    expect(ends).toEqual(Array(5).fill('finished'));
    expect(collected(backend)).toHaveLength(1000);
    const one = await run(sums(1000));
    expect(finalSums(collected(backend))).toEqual(finalSums(collected(one.backend)));
    expect([...backend.lanes.values()].every((lane) => lane.entries.length === 0)).toBe(true);
  });

  it('resumes after a pause at any commit as if nothing had happened', async () => {
    const whole = collected((await run(sums(200))).backend);
    for (let pause = 1; pause < 30; pause += 3) {
      const first = await run(sums(200), { pauseAfterCommits: pause, commitEvery: 0 });
      expect(first.ends).toEqual(['paused']);
      const second = await run(sums(200), { backend: first.backend, commitEvery: 0 });
      expect(collected(second.backend)).toEqual(whole);
      expect(second.reports[0]!.nodes.sum!.in).toBe(200);
    }
  });

  it('resumes after a crash that loses everything since the last commit', async () => {
    const whole = collected((await run(sums(200))).backend);
    for (let crash = 2; crash < 30; crash += 3) {
      const graph = sums(200);
      const plan = planGraph(graph, testCatalogue());
      const backend = new MemoryBackend(plan);
      backend.onCommit = () => {
        if (backend.commits === crash) throw new Error('power cut');
      };
      await expect(run(graph, { backend, commitEvery: 0 })).rejects.toThrow('power cut');
      const { ends } = await run(graph, { backend, commitEvery: 0 });
      expect(ends).toEqual(['finished']);
      expect(collected(backend)).toEqual(whole);
    }
  });

  it('leaves no trace of a record that throws, and keeps it as a dead letter', async () => {
    const values = [
      { k: 'a', v: 1 },
      { k: 'a', v: 2, bad: true },
      { k: 'b', v: 3, bad: true },
      { k: 'a', v: 4 },
    ];
    const graph = (onError: 'dead-letter' | 'skip' | 'fail') =>
      graphOf(
        [
          { id: 'src', operator: 'test.list', config: { values } },
          { id: 'f', operator: 'test.fail', onError },
          { id: 'sink', operator: 'test.collect' },
        ],
        ['src>f', 'f>sink'],
      );
    const { backend, deadLetters, reports } = await run(graph('dead-letter'));
    expect(collected(backend)).toEqual([
      { k: 'a', seen: 1, cells: 1, log: 1 },
      { k: 'a', seen: 2, cells: 2, log: 2 },
      { timer: 1_000_001, k: 'a' },
      { timer: 1_000_004, k: 'a' },
    ]);
    expect(deadLetters.map((letter) => letter.value)).toEqual([values[1], values[2]]);
    expect(reports[0]!.nodes.f).toMatchObject({ in: 4, handled: 2, deadLettered: 2 });
    const skipped = await run(graph('skip'));
    expect(skipped.reports[0]!.nodes.f).toMatchObject({ in: 4, skipped: 2, deadLettered: 0 });
    await expect(run(graph('fail'))).rejects.toMatchObject({ nodeId: 'f' });
  });

  it('processes a dead letter again as new input, and marks it done with the effects', async () => {
    const graph = (bad: boolean) =>
      graphOf(
        [
          {
            id: 'src',
            operator: 'test.list',
            config: {
              values: [
                { k: 'a', v: 1 },
                { k: 'b', v: 2, bad },
              ],
            },
          },
          { id: 'f', operator: 'test.fail' },
          { id: 'sink', operator: 'test.collect' },
        ],
        ['src>f', 'f>sink'],
      );
    const { backend } = await run(graph(true), { pauseAfterCommits: 1 });
    await run(graph(true), { backend, pauseAfterCommits: 2 });
    const letter = backend.deadLetters[0]!;
    const kept = decodeBlob(letter.payload, 'letter') as { value: Value };
    kept.value.bad = false;
    backend.deadLetters[0] = { node: 'f', payload: encodeBlob(kept) };
    backend.replays.add(0);
    backend.tasks.forEach((task) => {
      task.finished = false;
    });
    await run(graph(true), { backend });
    expect(backend.replays.size).toBe(0);
    expect(collected(backend)).toContainEqual({ k: 'b', seen: 1, cells: 1, log: 1 });
  });

  const windows = (values: Value[], disorder = 0, config = {}) =>
    graphOf(
      [
        { id: 'src', operator: 'test.list', config: { values, time: { field: 't', disorder }, ...config } },
        { id: 'win', operator: 'test.window' },
        { id: 'sink', operator: 'test.collect' },
        { id: 'late', operator: 'test.collect' },
      ],
      ['src>win', 'win>sink', 'win.late>late'],
    );

  it('closes windows by watermark, sends late records to the side, and closes the rest at the end', async () => {
    const values = [
      { k: 'a', t: 1 },
      { k: 'a', t: 5 },
      { k: 'b', t: 12 },
      { k: 'a', t: 9 },
      { k: 'a', t: 25 },
    ];
    const { backend, reports } = await run(windows(values));
    expect(collected(backend)).toEqual([
      { k: 'a', start: 0, count: 2 },
      { k: 'b', start: 10, count: 1 },
      { k: 'a', start: 20, count: 1 },
    ]);
    expect(collected(backend, 'late')).toEqual([{ k: 'a', t: 9 }]);
    expect(reports[0]!.nodes.win).toMatchObject({ in: 5, late: 1, handled: 4 });
    expect(collected((await run(windows(values, 5))).backend)[0]).toEqual({ k: 'a', start: 0, count: 3 });
  });

  it('fires timers in (time, key) order, whatever the batches, commits, pauses and parallelism', async () => {
    let seed = 1;
    const random = (n: number) => {
      seed = (seed * 48271) % 2147483647;
      return seed % n;
    };
    const values = Array.from({ length: 600 }, (_, i) => ({ k: `k${random(9)}`, t: i * 2 - random(20) }));
    const expected = collected((await run(windows(values, 20))).backend);
    for (const batch of [1, 3, 100]) {
      expect(collected((await run(windows(values, 20, { batch }), { commitEvery: 0 })).backend)).toEqual(expected);
    }
    for (let pause = 2; pause < 60; pause += 7) {
      const first = await run(windows(values, 20), { pauseAfterCommits: pause, commitEvery: 0 });
      const second = await run(windows(values, 20), { backend: first.backend });
      expect(collected(second.backend)).toEqual(expected);
    }
    const order = (rows: Value[]) => [...rows].sort((a, b) => a.start - b.start || (a.k < b.k ? -1 : 1));
    const parallel = await run(windows(values, 20, { partitions: 1 }), { parallelism: 3, commitEvery: 0 });
    expect(order(collected(parallel.backend))).toEqual(order(expected));
  });

  it('merges partitions by the lowest watermark', async () => {
    const values = Array.from({ length: 100 }, (_, i) => ({ k: 'x', t: i }));
    const { backend, reports } = await run(windows(values, 0, { partitions: 4 }));
    expect(reports[0]!.nodes.win!.late).toBe(0);
    expect(collected(backend)).toHaveLength(10);
    expect(collected(backend).every((row) => row.count === 10)).toBe(true);
  });

  it('sends a diamond both ways and joins it again without loss', async () => {
    const graph = graphOf(
      [
        {
          id: 'src',
          operator: 'test.list',
          config: { values: Array.from({ length: 500 }, (_, i) => ({ k: i % 7, v: 1 })) },
        },
        { id: 'a', operator: 'test.pass' },
        { id: 'b', operator: 'test.double' },
        { id: 'sum', operator: 'test.sum' },
        { id: 'u', operator: 'test.pass' },
        { id: 'sink', operator: 'test.collect' },
      ],
      ['src>a', 'src>b', 'b>sum', 'a>u', 'sum>u', 'u>sink'],
    );
    for (const parallelism of [1, 2]) {
      const { backend, reports } = await run(graph, { parallelism });
      expect(collected(backend)).toHaveLength(1500);
      expect(reports.reduce((n, r) => n + (r.nodes.u?.in ?? 0), 0)).toBe(1500);
    }
  });

  it('delivers outbox records only after their commit, with an id that a replay repeats', async () => {
    const delivered: { id: string; value: Value }[] = [];
    let failures = 2;
    const sink = outsideSink(async (batch) => {
      delivered.push(...batch);
      if (failures-- > 0) throw Object.assign(new Error('down'), { code: 'DOWN', domain: 'external' });
    });
    const catalogue = testCatalogue([sink]);
    const graph = graphOf(
      [
        { id: 'src', operator: 'test.list', config: { values: Array.from({ length: 30 }, (_, i) => ({ i })) } },
        { id: 'out', operator: 'test.outside' },
      ],
      ['src>out'],
    );
    const plan = planGraph(graph, catalogue);
    expect(plan.exchanges[0]!.outbox).toBe(true);
    const backend = new MemoryBackend(plan);
    await expect(run(graph, { catalogue, backend })).rejects.toMatchObject({ code: 'DOWN' });
    await expect(run(graph, { catalogue, backend })).rejects.toMatchObject({ code: 'DOWN' });
    await run(graph, { catalogue, backend });
    const byId = new Map(delivered.map(({ id, value }) => [id, value.i]));
    expect([...byId.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(delivered.length).toBeGreaterThan(30);
  });

  it('gives a dead letter of an outside sink that is processed again an id of its own', async () => {
    const ids: string[] = [];
    const sink = outsideSink(async (batch) => {
      ids.push(...batch.map(({ id }) => id));
      if (ids.length === 1) throw Object.assign(new Error('refused'), { code: 'REFUSED', domain: 'user' });
    });
    const catalogue = testCatalogue([sink]);
    const graph = graphOf(
      [
        { id: 'src', operator: 'test.list', config: { values: [{ i: 0 }] } },
        { id: 'out', operator: 'test.outside' },
      ],
      ['src>out'],
    );
    const { backend } = await run(graph, { catalogue });
    expect(backend.deadLetters).toHaveLength(1);
    backend.replays.add(0);
    backend.tasks.forEach((task) => {
      task.finished = false;
    });
    await run(graph, { catalogue, backend });
    expect(ids).toHaveLength(2);
    expect(ids[1]).toMatch(/:out:letter-0:1-0$/);
  });

  it('keeps state beyond the limit in the store and finds it again', async () => {
    const values = Array.from({ length: 3000 }, (_, i) => ({ k: `key-${i % 700}`, v: 1 }));
    const graph = graphOf(
      [
        { id: 'src', operator: 'test.list', config: { values } },
        { id: 'sum', operator: 'test.sum' },
        { id: 'sink', operator: 'test.collect' },
      ],
      ['src>sum', 'sum>sink'],
    );
    const { backend, reports } = await run(graph, { stateLimit: 50, commitEvery: 0 });
    expect(reports[0]!.nodes.sum!.stateKeys).toBeLessThan(200);
    const totals = collected(backend)
      .filter((row) => row.k === 'key-3')
      .map((row) => row.total);
    expect(totals).toEqual([1, 2, 3, 4, 5]);
  });
});
