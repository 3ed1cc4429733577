import {
  type Behaviour,
  type ConfigFinding,
  defineOperator,
  durationMs,
  type StateSpec,
  type Static,
  Type,
} from '@millrace/sdk';
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
import { assignerOf, latenessOf, lintWindow, windowFields, windowWords } from './windows/config.js';
import { type CountState, CountWindows } from './windows/count.js';
import { type SessionState, SessionWindows } from './windows/session.js';
import { type SlicedState, SlicedWindows } from './windows/sliced.js';

const config = Type.Object(
  { ...windowFields, groupBy: groupByField, aggregates: aggregatesField },
  { additionalProperties: false },
);
type Config = Static<typeof config>;
type States = SlicedState & SessionState & CountState;

const state: { readonly [name in keyof States]: StateSpec } = {
  panes: { kind: 'map' },
  sessions: { kind: 'value' },
  counted: { kind: 'value' },
};

function lint(options: Config): ConfigFinding[] {
  const taken = new Set([...groupNames(options.groupBy), 'windowStart', 'windowEnd']);
  return [...lintWindow(options), ...lintGroupBy(options.groupBy), ...lintAggregates(options.aggregates, taken)];
}

const hour = 3_600_000;
const at = (text: string) => Date.parse(text);

/**
 * Aggregates per group and window of event time. A result is sent when the watermark says that its window is complete; records that come
 * later go to `late`. Windows exist only where there are records.
 */
export const windowAggregate = defineOperator<typeof config, States>({
  type: 'core.window-aggregate',
  version: 1,
  docs: {
    title: 'Window totals',
    summary: 'Counts, sums and more per group and span of time.',
    description: `For figures such as the revenue per country and hour, or the visitors per day. A window is a span of time, such as an hour. A result has the fields of its group, the computed fields, and \`windowStart\` and \`windowEnd\` in ms.

A window holds the records from its start up to, but not including, its end. It is sent once, when no record of it can come any more; later records leave through "late". Sums are exact (0.1 + 0.2 is 0.3), empty values are skipped.`,
    category: 'combine',
    icon: 'chart-histogram',
    zh: { title: '窗口汇总', summary: '按组和时间窗口计数、求和等。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records that came after their window was sent.', side: true },
  },
  key: ({ groupBy }: Config) => groupKey(groupBy),
  traits: { partitioning: 'by-key', eventTime: true },
  state,
  lint,
  summary: (options: Config) =>
    `${aggregateWords(options.aggregates)} ${[groupWords(options.groupBy), windowWords(options)].filter(Boolean).join(', ')}`,
  mode: (options: Config, inputs) => ({
    out:
      latenessOf(options) > 0
        ? { mode: 'upsert', key: [...groupNames(options.groupBy), 'windowStart', 'windowEnd'] }
        : { mode: 'append' },
    late: inputs.in ?? { mode: 'append' },
  }),
  fields: ({ groupBy, aggregates }: Config, inputs) => ({
    out: {
      fields: {
        ...groupTypes(groupBy, inputs.in),
        ...aggregateTypes(aggregates, inputs.in),
        windowStart: 'time',
        windowEnd: 'time',
      },
      open: false,
    },
    late: inputs.in,
  }),
  examples: [
    {
      title: 'Revenue per country and hour',
      config: {
        window: 'tumbling',
        size: '1 h',
        groupBy: ['country'],
        aggregates: [
          { fn: 'count', as: 'orders' },
          { fn: 'sum', field: 'total', as: 'revenue' },
        ],
      },
      input: [
        { value: { country: 'DE', total: 0.1 }, time: 5 },
        { value: { country: 'FR', total: 20 }, time: 10 },
        { value: { country: 'DE', total: 0.2 }, time: hour - 1 },
        { value: { country: 'DE', total: 7 }, time: hour },
        { watermark: hour },
        { value: { country: 'FR', total: 3 }, time: 20 },
      ],
      output: {
        out: [
          { country: 'DE', orders: 2, revenue: 0.3, windowStart: 0, windowEnd: hour },
          { country: 'FR', orders: 1, revenue: 20, windowStart: 0, windowEnd: hour },
          { country: 'DE', orders: 1, revenue: 7, windowStart: hour, windowEnd: 2 * hour },
        ],
        late: [{ country: 'FR', total: 3 }],
      },
    },
    {
      title: 'Visitors of the last hour, every half hour; the first hour began half an hour before 0',
      config: {
        window: 'hopping',
        size: '1 h',
        slide: '30 min',
        aggregates: [{ fn: 'distinct', field: 'user', as: 'visitors' }],
      },
      input: [
        { value: { user: 'a' }, time: 0 },
        { value: { user: 'b' }, time: hour / 2 },
        { value: { user: 'a' }, time: hour / 2 + 1 },
      ],
      output: {
        out: [
          { visitors: 1, windowStart: -hour / 2, windowEnd: hour / 2 },
          { visitors: 2, windowStart: 0, windowEnd: hour },
          { visitors: 2, windowStart: hour / 2, windowEnd: hour * 1.5 },
        ],
      },
    },
    {
      title: 'Sales per day in Berlin, on the short day when summer time begins',
      config: {
        window: 'calendar',
        period: 'day',
        zone: 'Europe/Berlin',
        aggregates: [{ fn: 'sum', value: 'quantity * price', as: 'sales' }],
      },
      input: [
        { value: { quantity: 3, price: 0.07 }, time: at('2024-03-30T23:00:00Z') },
        { value: { quantity: 1, price: 5 }, time: at('2024-03-31T21:59:59Z') },
        { value: { quantity: 1, price: 9 }, time: at('2024-03-31T22:00:00Z') },
      ],
      output: {
        out: [
          { sales: 5.21, windowStart: at('2024-03-30T23:00:00Z'), windowEnd: at('2024-03-31T22:00:00Z') },
          { sales: 9, windowStart: at('2024-03-31T22:00:00Z'), windowEnd: at('2024-04-01T22:00:00Z') },
        ],
      },
    },
    {
      title: 'Clicks of a visit, which ends after 30 minutes without a click',
      config: { window: 'session', gap: '30 min', groupBy: ['user'], aggregates: [{ fn: 'count', as: 'clicks' }] },
      input: [
        { value: { user: 'a' }, time: 0 },
        { value: { user: 'a' }, time: hour },
        { value: { user: 'a' }, time: hour / 2 },
        { value: { user: 'a' }, time: 2 * hour },
      ],
      output: {
        out: [
          { user: 'a', clicks: 3, windowStart: 0, windowEnd: 1.5 * hour },
          { user: 'a', clicks: 1, windowStart: 2 * hour, windowEnd: 2.5 * hour },
        ],
      },
    },
  ],
  create({ config: options, compile, timeZone }): Behaviour<States> {
    const setup = {
      columns: new Columns(options.aggregates, compile),
      writeGroup: groupWriter(groupNames(options.groupBy)),
    };
    const assigner = assignerOf(options, timeZone);
    if (assigner !== undefined) return new SlicedWindows(setup, assigner, latenessOf(options));
    if (options.window === 'session') {
      const gapBy = options.gapBy === undefined ? undefined : compile(options.gapBy);
      return new SessionWindows(setup, durationMs(options.gap ?? 0), latenessOf(options), gapBy);
    }
    return new CountWindows(setup, options.count ?? 1);
  },
});
