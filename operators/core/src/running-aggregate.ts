import {
  type ConfigFinding,
  type Context,
  defineOperator,
  durationMs,
  encodeKey,
  Field,
  fieldReader,
  type MapState,
  type Static,
  type StreamRecord,
  Type,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import type { Row } from './aggregates/aggregate.js';
import { Columns } from './aggregates/columns.js';
import { aggregatesField, aggregateTypes, aggregateWords, lintAggregates } from './aggregates/config.js';
import {
  groupByField,
  groupKey,
  groupNames,
  groupTypes,
  groupWords,
  groupWriter,
  lintGroupBy,
} from './shared/group-by.js';
import type { Fields } from './shared/paths.js';

const config = Type.Object(
  {
    groupBy: groupByField,
    aggregates: aggregatesField,
    forgetAfter: Type.Optional(
      Field.duration({
        title: 'Forget a group after',
        description: 'A group without records for this long (by the clock) starts again from nothing. Default: never.',
        ui: { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** [records in the group, number of the next record, ...accumulators]; changed in place, then set. */
interface Group {
  n: number;
  next: number;
  row: Row;
}
/** What the last row of an upsert key added: its number, its time, its prepared values. */
type Kept = [number, number, ...Value[]];
interface States {
  group: ValueState<Group>;
  rows: MapState<Kept, string>;
}

function lint({ groupBy, aggregates }: Config): ConfigFinding[] {
  return [...lintGroupBy(groupBy), ...lintAggregates(aggregates, new Set(groupNames(groupBy)))];
}

const ttl = ({ forgetAfter }: Config) => (forgetAfter === undefined ? undefined : durationMs(forgetAfter));

/**
 * Totals that are always up to date: after every record the new result row of its group, as an upsert keyed by the group's fields.
 * Over upsert input the last row per key is kept and taken away before its successor is added; a group without rows is deleted.
 */
export const runningAggregate = defineOperator<typeof config, States>({
  type: 'core.running-aggregate',
  version: 1,
  docs: {
    title: 'Running totals',
    summary: 'Keeps totals per group and sends the new result after every record.',
    description:
      'For figures that are always up to date, such as the revenue per country so far. Results replace one another: together they are a table with one row per group. For results per hour or day use "Window totals". Sums are exact (0.1 + 0.2 is 0.3).',
    category: 'combine',
    icon: 'sum',
    zh: { title: '实时累计', summary: '按组持续汇总，每条记录后输出最新结果。' },
  },
  config,
  inputs: { in: {} },
  outputs: { out: {} },
  key: ({ groupBy }: Config) => groupKey(groupBy),
  traits: { partitioning: 'by-key' },
  state: {
    group: { kind: 'value', ttl },
    rows: { kind: 'map', ttl },
  },
  lint,
  summary: ({ groupBy, aggregates }: Config) => `${aggregateWords(aggregates)} ${groupWords(groupBy)}`.trim(),
  mode: ({ groupBy }: Config) => ({ out: { mode: 'upsert', key: groupNames(groupBy) } }),
  fields: ({ groupBy, aggregates }: Config, inputs) => ({
    out: { fields: { ...groupTypes(groupBy, inputs.in), ...aggregateTypes(aggregates, inputs.in) }, open: false },
  }),
  examples: [
    {
      title: 'Revenue per country so far',
      config: {
        groupBy: ['country'],
        aggregates: [
          { fn: 'count', as: 'orders' },
          { fn: 'sum', field: 'total', as: 'revenue' },
        ],
      },
      input: [
        { value: { country: 'DE', total: 0.1 } },
        { value: { country: 'FR', total: 5 } },
        { value: { country: 'DE', total: 0.2 } },
      ],
      output: {
        out: [
          { country: 'DE', orders: 1, revenue: 0.1 },
          { country: 'FR', orders: 1, revenue: 5 },
          { country: 'DE', orders: 2, revenue: 0.3 },
        ],
      },
    },
    {
      title: 'Open orders per customer, while orders change',
      config: {
        groupBy: ['customer'],
        aggregates: [
          { fn: 'sum', value: 'total', where: "status == 'open'", as: 'open' },
          { fn: 'max', field: 'total' },
        ],
      },
      inputModes: { in: { mode: 'upsert', key: ['order'] } },
      input: [
        { value: { order: 1, customer: 'ada', status: 'open', total: 30 }, op: 'upsert' },
        { value: { order: 2, customer: 'ada', status: 'open', total: 12.5 }, op: 'upsert' },
        { value: { order: 1, customer: 'ada', status: 'paid', total: 10 }, op: 'upsert' },
        { value: { order: 2, customer: 'ada' }, op: 'delete' },
      ],
      output: {
        out: [
          { customer: 'ada', open: 30, max_total: 30 },
          { customer: 'ada', open: 42.5, max_total: 30 },
          { customer: 'ada', open: 12.5, max_total: 12.5 },
          { customer: 'ada', open: null, max_total: 10 },
        ],
      },
    },
  ],
  create({ config: { groupBy, aggregates }, compile, inputModes }) {
    const mode = inputModes?.in ?? { mode: 'append' };
    const columns = new Columns(aggregates, compile, mode.mode === 'upsert');
    const names = groupNames(groupBy);
    const writeGroup = groupWriter(names);
    const send = (group: Group, record: StreamRecord, ctx: Context<States>, op: 'upsert' | 'delete') => {
      const value: Fields = {};
      writeGroup(ctx.key, value);
      columns.write(group.row, value);
      ctx.emit('out', value, record.time, op);
    };
    if (mode.mode === 'append') {
      return {
        onRecord(record, _port, ctx) {
          columns.prepare(record);
          const group = ctx.state.group.get() ?? { n: 0, next: 0, row: columns.create() };
          group.n++;
          columns.add(group.row, record.time);
          ctx.state.group.set(group);
          send(group, record, ctx, 'upsert');
        },
      };
    }
    const keyParts = mode.key.map(fieldReader);
    return {
      onRecord(record, _port, ctx) {
        const rowKey = encodeKey(keyParts.map((read) => read(record.value)));
        const remove = record.op === 'delete';
        if (!remove) columns.prepare(record);
        const old = ctx.state.rows.get(rowKey);
        if (remove && old === undefined) {
          ctx.filtered();
          return;
        }
        const group = ctx.state.group.get() ?? { n: 0, next: 0, row: columns.create() };
        if (old !== undefined) {
          ctx.state.rows.delete(rowKey);
          takeAway(group, old, ctx, columns);
        }
        if (!remove) {
          ctx.state.rows.set(rowKey, [group.next, record.time, ...columns.kept()]);
          columns.add(group.row, record.time);
          group.n++;
          group.next++;
        }
        const gone = group.n === 0 && names.length > 0;
        if (gone) ctx.state.group.clear();
        else ctx.state.group.set(group);
        send(group, record, ctx, gone ? 'delete' : 'upsert');
      },
    };
  },
});

/** Takes a row away; what cannot be subtracted (the greatest value, say) is built again from the rows that are left, in their order. */
function takeAway(group: Group, [, time, ...kept]: Kept, ctx: Context<States>, columns: Columns): void {
  group.n--;
  const rebuild = columns.retract(group.row, kept, time);
  if (rebuild === undefined) return;
  const left = [...ctx.state.rows.entries()].map(([, row]) => row).sort((a, b) => a[0] - b[0]);
  for (const at of rebuild) {
    columns.reset(group.row, at);
    for (const row of left) columns.addKept(group.row, at, row[at + 2], row[1]);
  }
}
