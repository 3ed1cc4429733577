import {
  type AnyOperator,
  type Catalogue,
  createCatalogue,
  defineOperator,
  defineSource,
  type Expression,
  fieldReader,
  type StreamRecord,
  Type,
  type Value,
} from '@millrace/sdk';

/**
 * Small operators for tests of the engine and the backends: the runtime must never need a built-in one.
 * `test.list` bounded source, `test.pass`, `test.double` (fan-out), `test.fail` (throws on request), `test.sum` (keyed running sum),
 * `test.window` (keyed tumbling count through event timers), `test.collect` (sink that keeps what it got in task state).
 */
const list = defineSource({
  type: 'test.list',
  version: 1,
  docs: { title: 'List', summary: 'Gives the values of its config.', category: 'source' },
  config: Type.Object({
    values: Type.Array(Type.Any()),
    partitions: Type.Optional(Type.Integer()),
    batch: Type.Optional(Type.Integer()),
    time: Type.Optional(Type.Any()),
    live: Type.Optional(Type.Boolean()),
    count: Type.Optional(Type.Integer()),
    pace: Type.Optional(Type.Number()),
  }),
  outputs: { out: {} },
  examples: [{ title: 'none', config: { values: [] } }],
  create: ({ config }) => ({
    live: config.live ?? false,
    partitions: () => Array.from({ length: config.partitions ?? 1 }, (_, i) => `p${i}`),
    open: (partition, position) => {
      const n = config.partitions ?? 1;
      const all =
        config.count === undefined
          ? config.values
          : Array.from({ length: config.count }, (_, i) => ({ k: `k${(i * 7919) % 101}`, v: i, t: i }));
      const mine = all.filter((_: Value, i: number) => `p${i % n}` === partition);
      let at = (position as number | null) ?? 0;
      return {
        poll: async (max) => {
          // `pace` ms for each batch: makes a run last long enough to be disturbed.
          if (config.pace) await new Promise((resolve) => setTimeout(resolve, config.pace));
          if (config.live && at >= mine.length) return null;
          const values = mine.slice(at, at + Math.min(max, config.batch ?? 7));
          at += values.length;
          return { values, position: at, end: !config.live && at >= mine.length };
        },
      };
    },
  }),
});

const none = Type.Object({});
const example = [{ title: 'none', config: {} }] as const;

const pass = defineOperator({
  type: 'test.pass',
  version: 1,
  docs: { title: 'Pass', summary: 'Passes records on.', category: 'shape' },
  config: none,
  inputs: { in: { many: true } },
  outputs: { out: {} },
  examples: [...example],
  create: () => ({ onRecord: (record, _port, ctx) => ctx.forward('out', record) }),
});

const double = defineOperator({
  type: 'test.double',
  version: 1,
  docs: { title: 'Double', summary: 'Emits each record twice.', category: 'shape' },
  config: none,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { fanOut: 'many' },
  examples: [...example],
  create: () => ({
    onRecord: (record, _port, ctx) => {
      ctx.emit('out', { ...record.value, copy: 1 });
      ctx.emit('out', { ...record.value, copy: 2 });
    },
  }),
});

/** Emits, changes state, then throws for values with `bad`: nothing of it may remain. */
const fail = defineOperator({
  type: 'test.fail',
  version: 1,
  docs: { title: 'Fail', summary: 'Throws on bad records, after half the work.', category: 'shape' },
  config: none,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { partitioning: 'by-key' },
  key: () => ['k'],
  state: { seen: { kind: 'value' }, cells: { kind: 'map' }, log: { kind: 'list' } },
  examples: [...example],
  create: () => ({
    onRecord: (record, _port, ctx) => {
      const seen = (ctx.state.seen.get() ?? 0) + 1;
      ctx.state.seen.set(seen);
      ctx.state.cells.set(record.value.v, seen);
      ctx.state.log.add(record.value.v);
      ctx.timers.at(1_000_000 + record.value.v);
      ctx.emit('out', { k: record.value.k, seen, cells: ctx.state.cells.size, log: ctx.state.log.get().length });
      if (record.value.bad) throw new Error('bad record');
    },
    onTimer: (timer, ctx) => ctx.emit('out', { timer: timer.time, k: ctx.key }),
  }),
});

const sum = defineOperator({
  type: 'test.sum',
  version: 1,
  docs: { title: 'Sum', summary: 'Running sum by key.', category: 'combine' },
  config: none,
  inputs: { in: {} },
  outputs: { out: {} },
  traits: { partitioning: 'by-key' },
  key: () => ['k'],
  state: { total: { kind: 'value' } },
  examples: [...example],
  create: () => ({
    onRecord: (record, _port, ctx) => {
      const total = (ctx.state.total.get() ?? 0) + record.value.v;
      ctx.state.total.set(total);
      ctx.emit('out', { k: record.value.k, total });
    },
  }),
});

const window = defineOperator({
  type: 'test.window',
  version: 1,
  docs: { title: 'Window', summary: 'Counts per key and 10 ms.', category: 'combine' },
  config: Type.Object({ size: Type.Optional(Type.Integer()) }),
  inputs: { in: {} },
  outputs: { out: {}, late: { side: true } },
  traits: { partitioning: 'by-key', eventTime: true },
  key: () => ['k'],
  state: { counts: { kind: 'map' } },
  examples: [...example],
  create: ({ config }) => {
    const size = config.size ?? 10;
    return {
      onRecord: (record, _port, ctx) => {
        const start = Math.floor(record.time / size) * size;
        if (start + size - 1 <= ctx.watermark) return ctx.late(record);
        const before = ctx.state.counts.get(start);
        if (before === undefined) ctx.timers.at(start + size - 1);
        ctx.state.counts.set(start, (before ?? 0) + 1);
      },
      onTimer: (timer, ctx) => {
        const start = timer.time - size + 1;
        ctx.emit('out', { k: ctx.key, start, count: ctx.state.counts.get(start) });
        ctx.state.counts.delete(start);
      },
    };
  },
});

const collect = defineOperator({
  type: 'test.collect',
  version: 1,
  docs: { title: 'Collect', summary: 'Keeps what it got.', category: 'sink' },
  config: none,
  inputs: { in: { many: true } },
  outputs: {},
  traits: { parallelism: 'single' },
  state: { rows: { kind: 'list', scope: 'task' } },
  examples: [...example],
  create: () => ({ onRecord: (record: StreamRecord, _port, ctx) => ctx.state.rows.add(record.value) }),
});

/** Delivers to a list outside the process, one batch at a time; used for the outbox. */
export function outsideSink(deliver: (batch: { id: string; value: Value }[]) => Promise<void>): AnyOperator {
  return defineOperator({
    type: 'test.outside',
    version: 1,
    docs: { title: 'Outside', summary: 'Delivers to another system.', category: 'sink' },
    config: none,
    inputs: { in: {} },
    outputs: {},
    traits: { outside: true, delivery: 'at-least-once' },
    examples: [...example],
    create: () => ({
      onBatch: async (records, _port, ctx) => {
        await deliver(records.map((record) => ({ id: ctx.deliveryId(record), value: record.value })));
      },
    }),
  });
}

export const testOperators: readonly AnyOperator[] = [list, pass, double, fail, sum, window, collect];

export function testCatalogue(more: readonly AnyOperator[] = []): Catalogue {
  return createCatalogue([...testOperators, ...more]);
}

/** Expressions that are just field names. */
export const compileField = (expression: string): Expression => fieldReader(expression);

/** For threads: this module as a catalogue module. */
export async function loadCatalogue(): Promise<Catalogue> {
  return testCatalogue();
}
