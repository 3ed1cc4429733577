// Operators for benchmarks, loaded with --operators: a source that costs next to nothing.
import { appendFileSync } from 'node:fs';
import { defineSource, Type } from '@millrace/sdk';

const config = Type.Object({
  events: Type.Integer({ title: 'Events', minimum: 0 }),
  keys: Type.Integer({ title: 'Different keys', minimum: 1 }),
  step: Type.Optional(Type.Number({ title: 'ms of event time from one to the next', default: 1 })),
  perSecond: Type.Optional(Type.Number({ title: 'Events a second, by the clock', exclusiveMinimum: 0 })),
  partitions: Type.Optional(Type.Integer({ title: 'Partitions', minimum: 1, maximum: 128 })),
  log: Type.Optional(
    Type.String({ title: 'File that is told where a partition was opened, and when `mark` is passed' }),
  ),
  mark: Type.Optional(Type.Integer({ title: 'Event whose passing is logged' })),
  time: Type.Optional(Type.Object({ field: Type.String(), disorder: Type.Optional(Type.Any()) })),
});

/** { n, k: n mod keys, t }: event n of a partition belongs to it when n mod partitions is its number. */
const count = defineSource({
  type: 'bench.count',
  version: 1,
  docs: { title: 'Count', summary: 'Counts.', category: 'source' },
  config,
  outputs: { out: {} },
  examples: [{ title: 'none', config: { events: 0, keys: 1 } }],
  create: ({ config: { events, keys, step = 1, perSecond, partitions = 1, log, mark }, clock }) => ({
    live: false,
    partitions: () => Array.from({ length: partitions }, (_, i) => String(i)),
    open: (partition, position) => {
      let n = position ?? Number(partition);
      let started;
      const first = n;
      let marked = mark === undefined || n >= mark;
      const note = (what) => log !== undefined && appendFileSync(log, `${what} ${n} ${Date.now()}\n`);
      note('opened');
      return {
        poll: async (max) => {
          let limit = events;
          if (perSecond !== undefined) {
            started ??= clock.now();
            await clock.sleep(20);
            limit = Math.min(events, first + Math.ceil(((clock.now() - started) / 1000) * perSecond));
          }
          const values = [];
          for (; n < limit && values.length < max; n += partitions)
            values.push({ n, k: n % keys, t: Math.floor(n * step) });
          if (!marked && n >= mark) {
            marked = true;
            note('passed');
          }
          return { values, position: n, end: n >= events };
        },
        progress: () => ({ done: n, total: events }),
      };
    },
  }),
});

export default [count];
