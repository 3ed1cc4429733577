import {
  type Context,
  defineOperator,
  durationMs,
  encodeKey,
  Field,
  fieldReader,
  type MapState,
  Type,
  type Value,
} from '@millrace/sdk';
import { AgeList } from './age-list.js';

const config = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        title: 'Name',
        description: 'Under which the view is opened and asked for. Default: the name of the node.',
        minLength: 1,
        maxLength: 64,
        pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$',
        examples: ['stock', 'revenue-today'],
      }),
    ),
    key: Field.fields({
      title: 'One row for each',
      description:
        'Fields that tell rows apart: a new record replaces the row with the same values. Empty: one row in all.',
      default: [],
      examples: [['sku'], ['country', 'windowStart']],
    }),
    maxRows: Type.Optional(
      Type.Integer({
        title: 'Rows at most',
        description: 'When there are more, the row that has not changed for longest goes.',
        minimum: 1,
        maximum: 1_000_000,
        default: 10_000,
        'x-ui': { advanced: true },
      }),
    ),
    ttl: Type.Optional(
      Field.duration({
        title: 'Forget after',
        description: 'A row that has not changed for this long goes. Default: never.',
        examples: ['1 d'],
        ui: { advanced: true },
      }),
    ),
    title: Type.Optional(
      Type.String({
        title: 'Heading',
        description: 'Stands above the table. Default: the name.',
        maxLength: 120,
        'x-ui': { advanced: true },
      }),
    ),
    columns: Type.Optional(
      Field.fields({
        title: 'Columns',
        description: 'What to show, in this order. Default: all fields.',
        ui: { advanced: true },
      }),
    ),
    sort: Type.Optional(
      Type.Object(
        {
          field: Field.field({ title: 'Sort by', description: 'Rows are put into order by this field.' }),
          descending: Type.Optional(Type.Boolean({ title: 'Largest first', default: true })),
        },
        { title: 'Order', additionalProperties: false, 'x-ui': { advanced: true } },
      ),
    ),
  },
  { additionalProperties: false },
);

/** A stored row: the value, when it last changed (ms of wall clock) and as the how many-th change. */
interface Row {
  row: Value;
  at: number;
  n: number;
}

type State = { rows: MapState<Row, string> };

const EVICT = 'ttl';

/**
 * Keeps the latest record of each key as a table that people and programs can read while the workflow runs. The rows are task state,
 * so they are part of the commit: a reader never sees a record twice or half. `delete` removes a row.
 */
export const table = defineOperator<typeof config, State>({
  type: 'view.table',
  version: 1,
  docs: {
    title: 'Live table',
    summary: 'Shows the latest record of each key as a table that updates itself.',
    description:
      'The table is on the page "Views" in the browser, and changes there as records come. Programs read it at `/api/views/NAME`. A record replaces the row with the same key fields; a deleted row disappears. The rows stay when the workflow is paused or published anew.',
    category: 'sink',
    icon: 'table',
    zh: { title: '实时表格', summary: '把每个键的最新记录显示为自动更新的表格。' },
  },
  config,
  inputs: { in: {} },
  outputs: {},
  traits: { parallelism: 'single', delivery: 'exactly-once' },
  state: { rows: { kind: 'map', scope: 'task' } },
  summary: ({ key }) => (key.length === 0 ? 'The latest record' : `One row for each ${key.join(', ')}`),
  examples: [
    {
      title: 'Stock on hand, the latest count wins',
      config: { key: ['sku'] },
      input: [
        { value: { sku: 'mug', onHand: 12 } },
        { value: { sku: 'pot', onHand: 3 } },
        { value: { sku: 'mug', onHand: 11 } },
      ],
      output: {},
    },
  ],
  create: ({ config: { key, maxRows = 10_000, ttl }, clock }) => {
    const parts = key.map(fieldReader);
    const lifetime = ttl === undefined ? undefined : durationMs(ttl);
    /** Row keys by age. Built from the rows at open. */
    const ages = new AgeList();
    let changes = 0;

    const idOf = (value: Value): string => encodeKey(parts.map((part) => part(value)));

    const drop = (id: string, ctx: Context<State>): void => {
      ctx.state.rows.delete(id);
      ages.remove(id);
    };

    /** One wall-clock timer at a time: for the row that is next to expire. */
    const watch = (ctx: Context<State>): void => {
      if (lifetime !== undefined && ages.oldest !== undefined) ctx.timers.clockAt(ages.oldest.at + lifetime, EVICT);
    };

    /** Drops rows, the longest unchanged first, until there are no more than allowed. */
    const limit = (ctx: Context<State>): void => {
      while (ages.size > maxRows) drop(ages.oldest!.id, ctx);
    };

    return {
      open: (ctx) => {
        ages.clear();
        const rows = [...ctx.state.rows.entries()].sort(([, a], [, b]) => a.n - b.n);
        // A new version of the workflow may have other key fields; of rows that become one, the newest stays.
        const moved = rows.some(([stored, { row }]) => idOf(row) !== stored);
        if (moved) ctx.state.rows.clear();
        for (const [, row] of rows) {
          const id = idOf(row.row);
          if (moved) ctx.state.rows.set(id, row);
          ages.touch(id, row.at);
          changes = row.n;
        }
        limit(ctx);
        watch(ctx);
      },
      onRecord: (record, _port, ctx) => {
        const id = idOf(record.value);
        if (record.op === 'delete') {
          drop(id, ctx);
          return;
        }
        const at = clock.now();
        ctx.state.rows.set(id, { row: record.value, at, n: ++changes });
        const first = ages.size === 0;
        ages.touch(id, at);
        limit(ctx);
        if (first) watch(ctx);
      },
      onTimer: (_timer, ctx) => {
        if (lifetime === undefined) return;
        const before = clock.now() - lifetime;
        while (ages.oldest !== undefined && ages.oldest.at <= before) drop(ages.oldest.id, ctx);
        watch(ctx);
      },
    };
  },
});
