// Whole runs on the engine: commits, crashes, owners, other parallelism, records that fail, re-keyed tables.
import { decodeBlob, encodeBlob, migrateTasks, Task } from '@millrace/engine';
import { MemoryBackend, runInMemory } from '@millrace/engine/testing';
import { keyGroupRange, MillraceError } from '@millrace/sdk';
import { chain, clock, compile, listSource, step } from '../engine.mjs';

const LIST = { id: 'list', operator: 'golden.list' };
const SINK = { id: 'sink', operator: 'golden.sink' };

/** What the sink holds after the last commit, in order. @param {MemoryBackend} backend @returns {{ value: any, op: string }[]} */
function committed(backend) {
  return [...backend.rows.values()]
    .filter(({ key }) => key.node === 'sink')
    .sort((a, b) => Number(a.key.sub) - Number(b.key.sub))
    .map(({ value }) => /** @type {any[]} */ (decodeBlob(value, 'a row of the sink'))[1]);
}

/** @param {import('../cases.mjs').Case} one */
async function poison({ config, input }) {
  const work = step('work', (value, emit) => {
    if (value.key.includes('ERR')) throw new MillraceError('This record cannot be processed.', { code: 'POISON' });
    emit(value);
  });
  const onError = config.handler === 'fail' ? 'fail' : 'dead-letter';
  const graph = chain([listSource(input), work], [LIST, { id: 'work', operator: 'golden.work', onError }, SINK]);
  const backend = new MemoryBackend(graph.plan);
  const failed = await runInMemory({ ...graph, backend, compile, clock: clock(), commitEvery: 0 }).then(
    () => false,
    (/** @type {any} */ error) => {
      if (error.code !== 'POISON') throw error;
      return true;
    },
  );
  const letters = backend.deadLetters.map(
    ({ payload }) => /** @type {any} */ (decodeBlob(payload, 'a dead letter')).value.key,
  );
  return { actual: [{ out: committed(backend).map(({ value }) => value.key), dlq: letters, failed }] };
}

/** A crash between two commits: what came after the first is done again, and seen once. @param {import('../cases.mjs').Case} one */
async function exactlyOnce({ config, input }) {
  const values = input.slice(0, config.total);
  let writes = 0;
  let crash = true;
  const write = step('write', (value, emit) => {
    if (crash && writes === config.crash_after) {
      throw new MillraceError('The process is gone.', { code: 'CRASH', domain: 'internal' });
    }
    writes++;
    emit(value);
  });
  // A commit follows every read.
  const source = listSource(values, { batch: config.commit_every });
  const graph = chain(
    [source, write],
    [
      LIST,
      { id: 'sum', operator: 'core.running-aggregate', config: { aggregates: [{ fn: 'sum', field: 'v', as: 'sum' }] } },
      { id: 'write', operator: 'golden.write' },
      SINK,
    ],
  );
  const backend = new MemoryBackend(graph.plan);
  const options = { ...graph, backend, compile, clock: clock(), commitEvery: 0 };
  await runInMemory(options).catch((/** @type {any} */ error) => {
    if (error.code !== 'CRASH') throw error;
  });
  crash = false;
  await runInMemory(options);
  return { actual: [{ committed_out: committed(backend).map(({ value }) => value.sum), raw_writes: writes }] };
}

/** Two owners of one task at the store. @param {import('../cases.mjs').Case} one */
function fencing({ input }) {
  const { plan } = chain([listSource([])], [LIST, SINK]);
  const backend = new MemoryBackend(plan);
  const stage = /** @type {{ id: string }} */ (plan.stages[0]).id;
  /** @type {Map<string, any>} */
  const owners = new Map();
  let epoch = 0;
  /** @type {any[]} */
  const actual = input.map(({ op, owner, v }) => {
    if (op === 'open') {
      const lease = { owner, epoch: ++epoch };
      const store = backend.open(stage, 0, lease);
      owners.set(owner, {
        lease,
        store,
        sequence: backend.tasks.get(`${stage}/0`)?.sequence ?? 0,
        pending: [],
        fenced: false,
      });
      return `epoch ${epoch}`;
    }
    const state = owners.get(owner);
    if (state.fenced) return 'fenced';
    if (op === 'write') {
      state.pending.push(v);
      return 'ok';
    }
    const before = backend.rows.size;
    const rows = state.pending.map((/** @type {any} */ value, /** @type {number} */ i) => ({
      key: { node: 'sink', group: 0, table: 'rows', key: '', sub: before + i },
      value: encodeBlob([1, { value, op: 'insert' }]),
    }));
    const empty = { timers: [], outputs: [], consumed: [], deadLetters: [], replayed: [], finished: false };
    const meta = encodeBlob({});
    const answer = state.store.commit({ lease: state.lease, sequence: state.sequence + 1, meta, rows, ...empty });
    state.fenced = answer === 'FENCED';
    if (state.fenced) return 'fenced';
    state.sequence++;
    state.pending = [];
    return 'committed';
  });
  actual.push({ committed_out: committed(backend).map(({ value }) => value) });
  return { actual };
}

/** A table that is counted by another field than its key: a row that changes it leaves one group and joins another. @param {import('../cases.mjs').Case} one */
async function tableCount({ input }) {
  const graph = chain(
    [listSource(input)],
    [
      LIST,
      { id: 'table', operator: 'core.latest', config: { by: ['key'], newest: 'arrival' } },
      {
        id: 'count',
        operator: 'core.running-aggregate',
        config: { groupBy: ['v'], aggregates: [{ fn: 'count', as: 'n' }] },
      },
      SINK,
    ],
  );
  const { backend } = await runInMemory({ ...graph, compile, clock: clock(), commitEvery: 0 });
  return { actual: committed(backend).map(({ value, op }) => [value.v, op === 'delete' ? 0 : value.n]) };
}

/**
 * One part of the input at each parallelism; between them the run is drained, and its progress becomes that of the next plan.
 * @param {import('../cases.mjs').Case} one
 */
async function rescale({ config, input }) {
  const keys = input.flatMap((part) => part.keys.map((/** @type {string} */ key) => ({ key })));
  let allowed = 0;
  let dry = () => {};
  const operators = [listSource(keys, { batch: 2, until: () => allowed, dry: () => dry() })];
  /** @type {MemoryBackend | undefined} */
  let before;
  /** @type {import('@millrace/planner').Plan | undefined} */
  let oldPlan;
  for (const [i, parallelism] of config.parallelism.entries()) {
    const owned = Array.from({ length: parallelism }, (_, task) => keyGroupRange(task, parallelism, config.max));
    const groups = owned.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n));
    if (groups.join() !== Array.from({ length: config.max }, (_, group) => group).join()) return { actual: owned };

    const nodes = [
      LIST,
      {
        id: 'count',
        operator: 'core.running-aggregate',
        config: { groupBy: ['key'], aggregates: [{ fn: 'count', as: 'n' }] },
      },
      SINK,
    ];
    const { plan, catalogue } = chain(operators, nodes, parallelism);
    const backend = new MemoryBackend(plan);
    if (before !== undefined && oldPlan !== undefined) moveTo(backend, plan, before, oldPlan);
    const last = i === config.parallelism.length - 1;
    allowed = last ? keys.length : allowed + (input[i]?.keys.length ?? 0);
    await runUntilDry(plan, catalogue, backend, last, (then) => {
      dry = then;
    });
    before = backend;
    oldPlan = plan;
  }
  const counts = new Map(committed(/** @type {MemoryBackend} */ (before)).map(({ value }) => [value.key, value.n]));
  return { actual: [...counts] };
}

/** @param {MemoryBackend} backend @param {any} plan @param {MemoryBackend} before @param {any} oldPlan */
function moveTo(backend, plan, before, oldPlan) {
  for (const [id, row] of before.rows) backend.rows.set(id, row);
  for (const [id, timer] of before.timers) backend.timers.set(id, timer);
  const old = [...before.tasks].map(([name, task]) => {
    const cut = name.lastIndexOf('/');
    return { stage: name.slice(0, cut), index: Number(name.slice(cut + 1)), finished: task.finished, meta: task.meta };
  });
  for (const { stage, index, finished, meta } of migrateTasks(oldPlan, old, plan)) {
    backend.tasks.set(`${stage}/${index}`, { lease: { owner: 'migration', epoch: 0 }, sequence: 1, meta, finished });
  }
}

/**
 * Runs all tasks until the source has given what it may, then drains them stage by stage.
 * @param {any} plan
 * @param {any} catalogue
 * @param {MemoryBackend} backend
 * @param {boolean} finish
 * @param {(then: () => void) => void} whenDry
 */
async function runUntilDry(plan, catalogue, backend, finish, whenDry) {
  const services = {
    print() {},
    log() {},
    resolvePath: (/** @type {string} */ path) => path,
    overwrite: false,
    fresh: false,
  };
  const read = new Promise((resolve) => whenDry(() => resolve(undefined)));
  const stages = plan.stages.map((/** @type {any} */ stage) =>
    Array.from({ length: stage.parallelism }, (_, index) => {
      const lease = { owner: `${stage.id}-${index}`, epoch: 1 };
      const store = backend.open(stage.id, index, lease);
      const task = new Task({
        plan,
        stage: stage.id,
        index,
        catalogue,
        store,
        lease,
        clock: clock(),
        services,
        workflow: 'golden',
        compile,
      });
      return { task, done: task.run() };
    }),
  );
  await Promise.race([read, ...stages.flat().map((/** @type {any} */ { done }) => done.then(() => read))]);
  for (const tasks of stages) {
    for (const { task } of tasks) finish ? task.finish() : task.drain();
    await Promise.all(tasks.map((/** @type {any} */ { done }) => done));
  }
}

export const runs = {
  poison,
  eos: exactlyOnce,
  fencing,
  ktable_count: tableCount,
  rescale,
};
