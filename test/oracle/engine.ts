import { coreOperators } from '@millrace/core';
import { decodeBlob } from '@millrace/engine';
import { MemoryBackend, runInMemory, testCatalogue } from '@millrace/engine/testing';
import { compileExpression, messageOf, validateGraph } from '@millrace/graph';
import { planGraph } from '@millrace/planner';
import { defineOperator, type Op, systemClock, Type, type Value } from '@millrace/sdk';
import fc from 'fast-check';

/** A record of a trace: `t` is its event time, `n` tells it apart. */
export interface Event {
  n: number;
  t: number;
  k: string | null;
  v: number;
}

/** How a trace is run; none of it may show in the result. */
export interface Way {
  parallelism: number;
  /** Records read at a time. */
  batch: number;
  /** Commits after which everything is thrown away and started from the last commit, one after the other. */
  crashes: readonly number[];
  /** Pause instead of crash: the commit under way is made. */
  gently: boolean;
}

/** Records come at most this much later than others that are newer. */
export const DISORDER = 20;

const log = defineOperator({
  type: 'test.log',
  version: 1,
  docs: { title: 'Log', summary: 'Keeps what it got, with what it does.', category: 'sink' },
  config: Type.Object({}),
  inputs: { in: { many: true } },
  outputs: {},
  traits: { parallelism: 'single' },
  state: { rows: { kind: 'list', scope: 'task' } },
  examples: [{ title: 'none', config: {} }],
  create: () => ({ onRecord: ({ value, op }, _port, ctx) => ctx.state.rows.add({ value, op }) }),
});
const catalogue = testCatalogue([...coreOperators, log]);

/** Seed of this run, printed by fast-check with every counterexample: `FAST_CHECK_SEED=… npx vitest run test/oracle`. */
const seed = process.env.FAST_CHECK_SEED;
export const RUNS: fc.Parameters<unknown> = { numRuns: 40, ...(seed !== undefined && { seed: Number(seed) }) };

const event = fc.record({
  t: fc.integer({ min: 0, max: 120 }),
  delay: fc.integer({ min: 0, max: DISORDER }),
  k: fc.constantFrom('a', 'b', 'c', null),
  v: fc.integer({ min: -3, max: 9 }),
});

/** Events in an order of arrival that keeps within the bound, so that none is late. */
export const traces: fc.Arbitrary<Event[]> = fc.array(event, { maxLength: 60 }).map((parts) =>
  parts
    .map(({ t, delay, k, v }, i) => ({ arrival: t + delay, i, k, v, t }))
    .sort((a, b) => a.arrival - b.arrival || a.i - b.i)
    .map(({ k, v, t }, n) => ({ n, t, k, v })),
);

export const ways: fc.Arbitrary<Way> = fc.record({
  parallelism: fc.constantFrom(1, 2, 3),
  batch: fc.integer({ min: 1, max: 20 }),
  crashes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
  gently: fc.boolean(),
});

export interface Change {
  value: Value;
  op: Op;
}

interface Job {
  operator: string;
  config: object;
  /** Events of each input port. */
  inputs: { [port: string]: readonly Event[] };
  /** Makes a table of an input, one row per these fields, before it is read. */
  tables?: { [port: string]: readonly string[] };
  output?: string;
}

/** What a node gives for the events, in order of arrival at the sink. */
export async function changesOf(
  { operator, config, inputs, tables = {}, output = 'out' }: Job,
  way: Way,
): Promise<Change[]> {
  const nodes: object[] = [
    { id: 'node', operator, config },
    { id: 'sink', operator: 'test.log', config: {} },
  ];
  const edges: object[] = [{ id: 'result', source: 'node', sourceHandle: output, target: 'sink', targetHandle: 'in' }];
  for (const [port, values] of Object.entries(inputs)) {
    const time = { field: 't', disorder: DISORDER };
    nodes.unshift({ id: `in-${port}`, operator: 'test.list', config: { values, batch: way.batch, time } });
    let from = `in-${port}`;
    if (tables[port] !== undefined) {
      nodes.push({ id: `table-${port}`, operator: 'core.latest', config: { by: tables[port] } });
      edges.push({ id: `t-${port}`, source: from, target: `table-${port}` });
      from = `table-${port}`;
    }
    edges.push({ id: `e-${port}`, source: from, target: 'node', targetHandle: port });
  }
  const document = { schema: 1, name: 'oracle', settings: { watermarkInterval: 1 }, nodes, edges };
  const { graph, findings } = validateGraph(document, catalogue);
  if (!graph) throw new Error(findings.map((finding) => messageOf(finding)).join('\n'));
  const plan = planGraph(graph, catalogue, { parallelism: way.parallelism });
  const backend = new MemoryBackend(plan);
  const run = (pauseAfterCommits?: number) =>
    runInMemory({
      plan,
      catalogue,
      backend,
      compile: (expression, zone) => compileExpression(expression, { zone }),
      clock: systemClock,
      commitEvery: 0,
      ...(pauseAfterCommits !== undefined && { pauseAfterCommits }),
    });
  for (const commits of way.crashes) {
    if (way.gently) await run(commits);
    else await crash(backend, commits, () => run());
  }
  await run();
  return [...backend.rows.values()]
    .filter((row) => row.key.node === 'sink')
    .sort((a, b) => Number(a.key.sub) - Number(b.key.sub))
    .map((row) => (decodeBlob(row.value, 'row') as [number, Change])[1]);
}

async function crash(backend: MemoryBackend, commits: number, run: () => Promise<unknown>): Promise<void> {
  let left = commits;
  backend.onCommit = () => {
    if (--left < 0) throw new Error('crash');
  };
  await run().catch((error: Error) => {
    if (error.message !== 'crash') throw error;
  });
  backend.onCommit = undefined;
}

/** Values of a stream as a multiset, comparable. */
export const bag = (values: readonly Value[]): string[] => values.map((value) => canonical(value)).sort();

/** The table that changes leave behind: the last row of each key. */
export function tableOf(changes: readonly Change[], key: readonly string[]): string[] {
  const rows = new Map<string, Value>();
  for (const { value, op } of changes) {
    const id = JSON.stringify(key.map((field) => value[field] ?? null));
    if (op === 'delete') rows.delete(id);
    else rows.set(id, value);
  }
  return bag([...rows.values()]);
}

function canonical(value: Value): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Events by key, in the order given. */
export function byKey(events: readonly Event[]): Map<string | null, Event[]> {
  const groups = new Map<string | null, Event[]>();
  for (const one of events) groups.set(one.k, [...(groups.get(one.k) ?? []), one]);
  return groups;
}

export const inTime = (events: readonly Event[]): Event[] => [...events].sort((a, b) => a.t - b.t || a.n - b.n);
