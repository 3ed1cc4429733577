import { planGraph } from '@millrace/planner';
import {
  createCatalogue,
  defineOperator,
  defineSource,
  keepTrying,
  MillraceError,
  type SourceBatch,
  systemClock,
  Type,
  type Value,
} from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { Task } from './task.js';
import { compileField, graphOf, MemoryBackend, runInMemory, testOperators } from './testing/index.js';

const docs = { title: 'T', summary: 'S.', category: 'source' } as const;
const common = { version: 1, docs, config: Type.Object({}), examples: [{ title: 'e', config: {} }] as never };
const down = () => new MillraceError('Nobody answers.', { code: 'X_DOWN', domain: 'external' });

/** A source that cannot bring a batch again: what was handed out comes no more, only positions say what is done. */
function oneWay(polled: Value[], times?: number[]) {
  const opened: (Value | null)[] = [];
  let taken = 0;
  const source = defineSource({
    ...common,
    type: 'test.one-way',
    outputs: { out: {} },
    create: () => ({
      live: false,
      partitions: () => ['0'],
      open: (_name, position) => {
        opened.push(position);
        const from = (position as number | null) ?? 0;
        taken = from;
        return {
          at: 0,
          // More than the task works off in one go: commits fall within.
          poll: (): SourceBatch => {
            const values = polled.slice(taken, taken + 3000);
            const first = taken;
            taken += values.length;
            return {
              values,
              position: taken,
              after: (n) => first + n,
              ...(times && { times: times.slice(first, taken) }),
              end: taken >= polled.length,
            };
          },
        };
      },
    }),
  });
  return { source, opened };
}

const graph = graphOf(
  [
    { id: 'src', operator: 'test.one-way' },
    { id: 'sink', operator: 'test.collect' },
  ],
  ['src>sink'],
);

describe('a source that cannot go back', () => {
  it('is opened where the last commit ended, in the middle of a batch', async () => {
    const values = Array.from({ length: 20_000 }, (_, v) => ({ v }));
    const { source, opened } = oneWay(values);
    const catalogue = createCatalogue([...testOperators, source]);
    const plan = planGraph(graph, catalogue);
    let backend: MemoryBackend | undefined;
    let counted = 0;
    for (let round = 0; round < 40; round++) {
      const result = await runInMemory({
        plan,
        catalogue,
        compile: compileField,
        clock: systemClock,
        commitEvery: 0,
        pauseAfterCommits: 2,
        ...(backend && { backend }),
      });
      backend = result.backend;
      counted = result.reports[0]!.nodes.sink!.in;
      if (result.ends[0] === 'finished') break;
    }
    expect(counted).toBe(20_000);
    // What the reader said when it was opened without a position is part of the first commit.
    expect(opened[0]).toBeNull();
    expect(opened.slice(1)).not.toContain(null);
    expect(opened.some((position) => position !== null && position % 3000 !== 0)).toBe(true);
  });

  it('gives its records the times that the system knows, the clock where it knows none', async () => {
    const { source } = oneWay([{ v: 1 }, { v: 2 }, { v: 3 }], [5000, Number.NaN, 7000]);
    const seen: number[] = [];
    const look = defineOperator({
      ...common,
      type: 'test.look',
      inputs: { in: {} },
      outputs: {},
      create: () => ({ onRecord: ({ time }) => void seen.push(time) }),
    });
    const catalogue = createCatalogue([source, look]);
    const plan = planGraph(
      graphOf(
        [
          { id: 'src', operator: 'test.one-way' },
          { id: 'look', operator: 'test.look' },
        ],
        ['src>look'],
      ),
      catalogue,
    );
    await runInMemory({
      plan,
      catalogue,
      compile: compileField,
      clock: { now: () => 42, sleep: async () => undefined },
    });
    expect(seen).toEqual([5000, 42, 7000]);
  });
});

describe('a task whose outside system is down', () => {
  const waiting = (where: 'partitions' | 'batch') => {
    const source = defineSource({
      ...common,
      type: 'test.remote',
      outputs: { out: {} },
      create: (setup) => ({
        live: false,
        partitions: async () => {
          if (where === 'partitions') await keepTrying(setup, () => Promise.reject(down()));
          return ['0'];
        },
        open: () => ({ poll: () => ({ values: [{ v: 1 }], position: 1, end: true }) }),
      }),
    });
    const sink = defineOperator({
      ...common,
      type: 'test.remote-sink',
      inputs: { in: {} },
      outputs: {},
      create: (setup) => ({ onBatch: () => keepTrying(setup, () => Promise.reject(down())) }),
    });
    const catalogue = createCatalogue([source, sink]);
    const plan = planGraph(
      graphOf(
        [
          { id: 'src', operator: 'test.remote' },
          { id: 'out', operator: 'test.remote-sink' },
        ],
        ['src>out'],
      ),
      catalogue,
    );
    const backend = new MemoryBackend(plan);
    const lease = { owner: 'me', epoch: 1 };
    const stage = plan.stages[0]!.id;
    const task = new Task({
      plan,
      stage,
      index: 0,
      catalogue,
      store: backend.open(stage, 0, lease),
      lease,
      clock: systemClock,
      services: {
        print: () => undefined,
        log: () => undefined,
        resolvePath: (path) => path,
        overwrite: false,
        fresh: true,
      },
      workflow: 'w',
      compile: compileField,
    });
    return { task, ended: task.run() };
  };

  it.each([
    ['before it is built', 'partitions', 'src'],
    ['in the middle of a batch', 'batch', 'out'],
  ] as const)('shows the problem %s, and ends when it is asked to pause', async (_when, where, node) => {
    const { task, ended } = waiting(where);
    while (task.report().nodes[node]?.problem === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(task.report().nodes[node]!.problem).toMatchObject({ code: 'X_DOWN', message: 'Nobody answers.' });
    task.pause();
    expect(await ended).toBe('paused');
  });
});
