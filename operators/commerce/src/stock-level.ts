import {
  addExact,
  type ConfigFinding,
  type Context,
  defineOperator,
  Field,
  fieldExpression,
  fieldReader,
  MIN_TIME,
  MillraceError,
  type Static,
  type StreamRecord,
  Type,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { asObject, type Fields, keyWriter, lastStep } from './shared/fields.js';
import { finding } from './shared/finding.js';

const config = Type.Object(
  {
    by: Type.Optional(
      Field.fields({
        title: 'One level for each',
        description: 'Usually the warehouse and the product (SKU).',
        minItems: 1,
        default: ['warehouse', 'sku'],
      }),
    ),
    change: Type.Optional(
      Field.field({
        title: 'Field: change',
        description: 'Units that came in (above 0) or went out (below 0).',
        default: 'change',
      }),
    ),
    count: Type.Optional(
      Field.field({
        title: 'Field: count',
        description: 'Units found when the shelf was counted: replaces the level as of the time of the count.',
        default: 'count',
      }),
    ),
    low: Type.Optional(
      Type.Number({
        title: 'Low at',
        description: 'From this level down the state is "low". Empty: never.',
        minimum: 0,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface Level {
  level: number;
  /** Time of the last count; movements before it are in the count already. */
  counted: number;
  updated: number;
  /** [time, change] of movements newer than the watermark: a count may still come between them. */
  recent: [number, number][];
}
interface States {
  level: ValueState<Level>;
}

const bySku = ({ by }: Config) => by ?? ['warehouse', 'sku'];

/** A table of levels. Counts and movements may arrive out of order within the bound of their source; the level is that of the order in time. */
export const stockLevel = defineOperator<typeof config, States>({
  type: 'commerce.stock-level',
  version: 1,
  docs: {
    title: 'Stock levels',
    summary: 'Keeps the current number of units per product and warehouse.',
    description: `Add the movements of a stock (deliveries, sales, returns) and from time to time a count of the shelf; the result is a table with one row per product and warehouse: \`level\`, \`state\` and \`updatedAt\` (ms).

The state is \`in-stock\`, \`low\` (at or under "Low at"), \`out\` (0), or \`below-zero\`, which means that more went out than ever came in: a delivery was not booked, or something was sold twice. To keep that from happening, use "Reserve stock".

A movement dated before the last count is part of it already and is left out (counted as filtered).`,
    category: 'commerce',
    icon: 'package',
    zh: { title: '库存水位', summary: '实时维护每个仓库、每个商品的库存数量。' },
  },
  config,
  inputs: { in: { accepts: 'append', kind: 'stock' } },
  outputs: { out: { kind: 'stock' } },
  key: (options: Config) => bySku(options).map(fieldExpression),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { level: { kind: 'value' } },
  lint: ({ change, count }: Config): ConfigFinding[] =>
    (change ?? 'change') === (count ?? 'count')
      ? [finding('STOCK_LEVEL_FIELDS', '/count', 'A change and a count need fields of their own.')]
      : [],
  summary: (options: Config) => `By ${bySku(options).map(lastStep).join(', ')}`,
  mode: (options: Config) => ({ out: { mode: 'upsert', key: bySku(options).map(lastStep) } }),
  fields: (options: Config, inputs) => ({
    out: {
      fields: {
        ...Object.fromEntries(
          bySku(options).map((field) => [lastStep(field), inputs.in?.fields[field] ?? 'any'] as const),
        ),
        level: 'number',
        state: 'text',
        updatedAt: 'time',
      },
      open: false,
      kind: 'stock',
    },
  }),
  examples: [
    {
      title: 'A delivery, a sale, and a count that arrives after a later sale',
      config: { low: 2 },
      input: [
        { value: { warehouse: 'Lyon', sku: 'mug', change: 5 }, time: 10 },
        { value: { warehouse: 'Lyon', sku: 'mug', change: -3 }, time: 20 },
        { value: { warehouse: 'Lyon', sku: 'mug', change: -1 }, time: 40 },
        { value: { warehouse: 'Lyon', sku: 'mug', count: 9 }, time: 30 },
      ],
      output: {
        out: [
          { warehouse: 'Lyon', sku: 'mug', level: 5, state: 'in-stock', updatedAt: 10 },
          { warehouse: 'Lyon', sku: 'mug', level: 2, state: 'low', updatedAt: 20 },
          { warehouse: 'Lyon', sku: 'mug', level: 1, state: 'low', updatedAt: 40 },
          { warehouse: 'Lyon', sku: 'mug', level: 8, state: 'in-stock', updatedAt: 40 },
        ],
      },
    },
  ],
  create({ config: options }) {
    const change = fieldReader(options.change ?? 'change');
    const count = fieldReader(options.count ?? 'count');
    const writeKey = keyWriter(bySku(options));
    const { low } = options;
    const number = (value: Value, what: string): number => {
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw new MillraceError(`${what} is ${JSON.stringify(value)}, not a number.`, {
        code: 'STOCK_LEVEL_VALUE',
        params: { what },
        hint: 'Each record needs a change or a count.',
      });
    };
    return {
      onRecord(record: StreamRecord, _port: string, ctx: Context<States>) {
        const value = asObject(record.value);
        const { time } = record;
        const before = ctx.state.level.get() ?? { level: 0, counted: MIN_TIME, updated: MIN_TIME, recent: [] };
        const recent = before.recent.filter(([at]) => at > ctx.watermark);
        let { level, counted } = before;
        const found = count(value);
        if (time < counted) {
          ctx.filtered();
          return;
        }
        if (found !== null) {
          level = number(found, 'The count');
          counted = time;
          for (const [at, by] of recent) if (at > time) level = addExact(level, by);
        } else {
          const by = number(change(value), 'The change');
          level = addExact(level, by);
          if (time > ctx.watermark) recent.push([time, by]);
        }
        const updated = Math.max(before.updated, time);
        ctx.state.level.set({ level, counted, updated, recent });
        const row: Fields = {};
        writeKey(ctx.key, row);
        row.level = level;
        row.state =
          level < 0 ? 'below-zero' : level === 0 ? 'out' : low !== undefined && level <= low ? 'low' : 'in-stock';
        row.updatedAt = updated;
        ctx.emit('out', row, time, 'upsert');
      },
    };
  },
});
