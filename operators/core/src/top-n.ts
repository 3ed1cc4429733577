import {
  type ConfigFinding,
  defineOperator,
  durationMs,
  encodeKey,
  Field,
  type FieldType,
  fieldReader,
  type OutputMode,
  type RecordType,
  type Setup,
  type Static,
  Type,
} from '@millrace/sdk';
import { finding } from './shared/finding.js';
import {
  type GroupBy,
  groupByField,
  groupKey,
  groupNames,
  groupTypes,
  groupWords,
  lintGroupBy,
} from './shared/group-by.js';
import { durationWords } from './shared/key-fields.js';
import { orderByList, orderWords, RowOrder } from './shared/order-by.js';
import { asObject, assign, copyOf, type Fields } from './shared/paths.js';
import { Ranking } from './top-n/rows.js';
import { RunningTop } from './top-n/running.js';
import type { TopNSetup, TopNState } from './top-n/setup.js';
import { givenWindows, ownWindows, WindowedTop } from './top-n/windowed.js';

const config = Type.Object(
  {
    n: Type.Integer({
      title: 'How many',
      description: 'Places of the list, for each group.',
      minimum: 1,
      maximum: 10_000,
      default: 10,
    }),
    groupBy: groupByField,
    orderBy: orderByList('Best first by', 'The first field that differs decides.', 1),
    ties: Type.Optional(
      Type.Enum(['arrival', 'all'], {
        title: 'Equal rows',
        description:
          'arrival: the earlier one is better. all: rows equal to the last one count too, and share its rank.',
        default: 'arrival',
      }),
    ),
    per: Type.Enum(['so-far', 'window', 'given-window'], {
      title: 'Over',
      description:
        'so-far: all rows up to now, as a table that keeps changing. window: one final result for each span of time. given-window: the windows of totals before this node (`windowStart`, `windowEnd`), one final result each.',
      default: 'so-far',
    }),
    size: Type.Optional(
      Field.duration({
        title: 'Window',
        description: 'How long each span of time is.',
        examples: ['1 h', '1 d'],
        ui: { when: { property: 'per', in: ['window'] } },
      }),
    ),
    rows: Type.Optional(
      Type.Enum(['places', 'rows'], {
        title: 'Table of',
        description:
          'places: one row per rank, replaced when another takes its place. rows: the rows themselves; one that leaves is deleted.',
        default: 'places',
        'x-ui': { when: { property: 'per', in: ['so-far'] } },
      }),
    ),
    rowKey: Type.Optional(
      Field.fields({
        title: 'Rows differ by',
        description:
          'The fields that tell rows of a group apart; a second row with the same values replaces the first. Over a table its own key is used.',
      }),
    ),
    rank: Type.Optional(
      Type.String({
        title: 'Rank field',
        description: 'Field that gets the rank, from 1. A table of places has it in any case, as "rank" unless named.',
        minLength: 1,
        maxLength: 128,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

const running = ({ per }: Config) => per === 'so-far';
const byRank = (options: Config) => running(options) && options.rows !== 'rows';
const rankField = (options: Config) => options.rank ?? (byRank(options) ? 'rank' : undefined);

function lint(options: Config): ConfigFinding[] {
  const { groupBy, ties, per, size, rowKey } = options;
  const found = [...lintGroupBy(groupBy)];
  if (per === 'window' && (size === undefined || durationMs(size) <= 0)) {
    found.push(finding('TOP_N_SIZE', '/size', 'Say how long a window is, such as "1 h".'));
  }
  if (byRank(options) && ties === 'all') {
    found.push(
      finding(
        'TOP_N_TIES',
        '/ties',
        'Equal rows share a rank, so a table of places cannot hold them all: choose a table of rows.',
      ),
    );
  }
  if (running(options) && !byRank(options) && (rowKey === undefined || rowKey.length === 0)) {
    found.push(
      finding(
        'TOP_N_ROW_KEY',
        '/rowKey',
        'Name the fields that tell rows apart, so that one that leaves can be deleted.',
      ),
    );
  }
  const rank = rankField(options);
  const taken = [...groupNames(groupBy), ...(per === 'window' ? ['windowStart', 'windowEnd'] : [])];
  if (rank !== undefined && (rank.includes('.') || rank === '__proto__')) {
    found.push(finding('FIELD_NAME', '/rank', `"${rank}" cannot be a field name here.`, { name: rank }));
  } else if (rank !== undefined && taken.includes(rank)) {
    found.push(finding('FIELD_TWICE', '/rank', `Two fields would be called "${rank}".`, { name: rank }));
  }
  return found;
}

/** Where the parts of the group are in a result: fields stay where they are, expressions get their name. */
const groupPaths = (groupBy: GroupBy | undefined) =>
  (groupBy ?? []).map((part) => (typeof part === 'string' ? part : part.as));

function mode(options: Config, input: OutputMode | undefined): OutputMode {
  if (!running(options)) return { mode: 'append' };
  const group = groupPaths(options.groupBy);
  if (byRank(options)) return { mode: 'upsert', key: [...group, rankField(options) ?? 'rank'] };
  const own = input?.mode === 'upsert' ? input.key : (options.rowKey ?? []);
  return { mode: 'upsert', key: [...new Set([...group, ...own])] };
}

function types(options: Config, input: RecordType | undefined): RecordType | undefined {
  if (input === undefined) return undefined;
  const more: { [name: string]: FieldType } = {};
  const named = groupTypes(options.groupBy, input);
  for (const part of options.groupBy ?? []) if (typeof part !== 'string') more[part.as] = named[part.as] ?? 'any';
  if (options.per === 'window') Object.assign(more, { windowStart: 'time', windowEnd: 'time' });
  const rank = rankField(options);
  if (rank !== undefined) more[rank] = 'number';
  return { ...input, fields: { ...input.fields, ...more } };
}

/** A record's fields; a copy where the group or the window adds some. */
function preparer({ groupBy, per }: Config, compile: Setup<Config>['compile']): TopNSetup['prepare'] {
  const named = (groupBy ?? []).flatMap((part) => (typeof part === 'string' ? [] : [part]));
  const computed = named.map(({ as, value }) => [as, compile(value)] as const);
  if (computed.length === 0 && per !== 'window') return (record) => asObject(record.value);
  return (record) => {
    const value = copyOf(asObject(record.value));
    for (const [as, read] of computed) assign(value, as, read(record.value, record));
    return value;
  };
}

const hour = 3_600_000;

/** The best rows per group by listed fields: as a table that keeps changing, or as one final list per window. */
export const topN = defineOperator<typeof config, TopNState>({
  type: 'core.top-n',
  version: 1,
  docs: {
    title: 'Top list',
    summary: 'Keeps the first rows per group in an order.',
    description:
      'For lists such as the ten dearest orders of each country, or the products that run out first. Of a stream of new records only the rows in the list are remembered. Of a table (totals that change, say) all rows are, so that the next one moves up when a better one drops or is removed. Per window the list is sent once, when it is complete; rows that come later leave through "late".',
    category: 'combine',
    icon: 'trophy',
    zh: { title: '前 N 名', summary: '按顺序保留每组的前 N 行。' },
  },
  config,
  inputs: { in: {} },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records that came after their window was sent.', side: true },
  },
  key: ({ groupBy }: Config) => groupKey(groupBy),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { top: { kind: 'value' }, rest: { kind: 'map' }, windows: { kind: 'map' } },
  lint,
  summary: (options: Config) =>
    [
      `Top ${options.n} by ${orderWords(options.orderBy)}`,
      groupWords(options.groupBy),
      options.per === 'window' ? `every ${durationWords(options.size)}` : options.per === 'so-far' ? '' : 'per window',
    ]
      .filter(Boolean)
      .join(', '),
  mode: (options: Config, inputs) => ({ out: mode(options, inputs.in), late: inputs.in ?? { mode: 'append' } }),
  fields: (options: Config, inputs) => ({ out: types(options, inputs.in), late: inputs.in }),
  examples: [
    {
      title: 'The two dearest orders of each country so far',
      config: { n: 2, groupBy: ['country'], orderBy: [{ field: 'total', direction: 'desc' }], per: 'so-far' },
      input: [
        { value: { order: 1, country: 'DE', total: 20 } },
        { value: { order: 2, country: 'DE', total: 50 } },
        { value: { order: 3, country: 'DE', total: 5 } },
        { value: { order: 4, country: 'FR', total: 9 } },
      ],
      output: {
        out: [
          { order: 1, country: 'DE', total: 20, rank: 1 },
          { order: 2, country: 'DE', total: 50, rank: 1 },
          { order: 1, country: 'DE', total: 20, rank: 2 },
          { order: 4, country: 'FR', total: 9, rank: 1 },
        ],
      },
    },
    {
      title: 'Best seller of each hour, from hourly totals',
      config: { n: 1, orderBy: [{ field: 'sold', direction: 'desc' }], per: 'given-window' },
      input: [
        { value: { sku: 'A', sold: 3, windowStart: 0, windowEnd: hour }, time: hour - 1 },
        { value: { sku: 'B', sold: 8, windowStart: 0, windowEnd: hour }, time: hour - 1 },
        { value: { sku: 'A', sold: 4, windowStart: hour, windowEnd: 2 * hour }, time: 2 * hour - 1 },
      ],
      output: {
        out: [
          { sku: 'B', sold: 8, windowStart: 0, windowEnd: hour },
          { sku: 'A', sold: 4, windowStart: hour, windowEnd: 2 * hour },
        ],
      },
    },
    {
      title: 'Products that run out first; one that is restocked gives its place to the next',
      config: { n: 2, orderBy: [{ field: 'days' }], per: 'so-far', rows: 'rows', rowKey: ['sku'] },
      inputModes: { in: { mode: 'upsert', key: ['sku'] } },
      input: [
        { value: { sku: 'A', days: 3 }, op: 'upsert' },
        { value: { sku: 'B', days: 7 }, op: 'upsert' },
        { value: { sku: 'C', days: 9 }, op: 'upsert' },
        { value: { sku: 'A', days: 60 }, op: 'upsert' },
      ],
      output: {
        out: [
          { sku: 'A', days: 3 },
          { sku: 'B', days: 7 },
          { sku: 'A', days: 3 },
          { sku: 'C', days: 9 },
        ],
      },
    },
  ],
  create({ config: options, compile, inputModes }) {
    const input = inputModes.in ?? { mode: 'append' };
    const keyFields = input.mode === 'upsert' ? input.key : (options.rowKey ?? []);
    const readers = keyFields.map(fieldReader);
    const setup: TopNSetup = {
      ranking: new Ranking(new RowOrder(options.orderBy), options.n, options.ties ?? 'arrival'),
      prepare: preparer(options, compile),
      rowKey:
        readers.length > 0 || input.mode === 'upsert'
          ? (value: Fields) => encodeKey(readers.map((read) => read(value)))
          : undefined,
      changing: input.mode === 'upsert',
      rankField: rankField(options),
    };
    if (running(options)) return new RunningTop(setup, byRank(options));
    return new WindowedTop(
      setup,
      options.per === 'window' ? ownWindows(durationMs(options.size ?? 0)) : givenWindows(),
    );
  },
});
