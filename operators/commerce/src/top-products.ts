import {
  type Context,
  decodePart,
  defineOperator,
  type ExactSum,
  encodePart,
  Field,
  fieldReader,
  type MapState,
  newSum,
  type Static,
  type StreamRecord,
  sumValue,
  type Timer,
  Type,
} from '@millrace/sdk';
import { dimensionFields, dimensionKey, dimensionNames, dimensions, dimensionTypes } from './shared/dimensions.js';
import { type Fields, keyWriter, lastStep } from './shared/fields.js';
import { amountOf, decimalOf, plus } from './shared/money.js';
import { lintPeriod, Periods, periodFields, periodWords } from './shared/period.js';

const config = Type.Object(
  {
    n: Type.Integer({
      title: 'Places',
      description: 'How many products the list has.',
      minimum: 1,
      maximum: 1000,
      default: 10,
    }),
    by: Type.Optional(
      Type.Enum(['units', 'revenue'], {
        title: 'Best by',
        description: 'Pieces sold, or money made.',
        default: 'units',
      }),
    ),
    ...dimensionFields,
    ...periodFields,
    product: Type.Optional(
      Field.field({
        title: 'Field: product',
        description: 'The number of the product (SKU), or another field by which products are told apart.',
        default: 'sku',
      }),
    ),
    units: Type.Optional(
      Field.expression({
        title: 'Units',
        description: 'Pieces of a record. Below 0 for what came back.',
        returns: 'any',
        default: 'quantity',
        examples: ['quantity', '1'],
      }),
    ),
    amount: Type.Optional(
      Field.expression({
        title: 'Amount',
        description: 'Money of a record; nothing counts as 0.',
        returns: 'any',
        default: 'quantity * price',
      }),
    ),
    send: Type.Optional(
      Type.Enum(['live', 'final'], {
        title: 'Send',
        description: 'live: every place that changes, at once. final: the whole list once, when the period is over.',
        default: 'final',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** [encoded product, units, money] */
type Sold = [string, ExactSum, ExactSum];
interface States {
  /** By `start/product`. */
  sold: MapState<Sold, string>;
  /** The list so far, by start of the period (live only): encoded products in order. */
  lists: MapState<string[], number>;
  periods: MapState<true, number>;
}

const day = 86_400_000;

/** Best sellers per period. Equal ones are in the order of their product numbers, so that a list has one right answer. */
export const topProducts = defineOperator<typeof config, States>({
  type: 'commerce.top-products',
  version: 1,
  docs: {
    title: 'Best sellers',
    summary: 'Lists the products that sold best in each period.',
    description: `Reads the lines of orders: one record per product and order. A row has the place (\`rank\`, 1 is best), the product, \`units\` and \`revenue\`, and the period from \`windowStart\` up to \`windowEnd\` (ms).

Returned pieces with a number below 0 are taken off. Of products that sold equally well the one with the lower product number (SKU) comes first. Lists are kept apart by currency, because money of two currencies cannot be added. Sent live, a list can be shown as a table that changes place by place. All products of one list are counted by one task (on one processor core): in a very large shop, make a list per country or category in "For each".`,
    category: 'commerce',
    icon: 'trophy',
    zh: { title: '畅销商品', summary: '列出每个时间段卖得最好的商品。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    out: {},
    late: { title: 'Late', description: 'Records that came after their list was sent.', side: true },
  },
  key: dimensionKey,
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { sold: { kind: 'map' }, lists: { kind: 'map' }, periods: { kind: 'map' } },
  lint: lintPeriod,
  summary: (options: Config) => `Top ${options.n} by ${options.by ?? 'units'} ${periodWords(options)}`,
  mode: (options: Config) => ({
    out:
      options.send === 'live'
        ? { mode: 'upsert', key: [...dimensionNames(options), 'windowStart', 'rank'] }
        : { mode: 'append' },
    late: { mode: 'append' },
  }),
  fields: (options: Config, inputs) => ({
    out: {
      fields: {
        ...dimensionTypes(options, inputs.in),
        rank: 'number',
        [lastStep(options.product ?? 'sku')]: inputs.in?.fields[options.product ?? 'sku'] ?? 'any',
        units: 'number',
        revenue: 'number',
        windowStart: 'time',
        windowEnd: 'time',
      },
      open: false,
    },
    late: inputs.in,
  }),
  examples: [
    {
      title: 'The two best sellers of a day',
      config: { n: 2, per: 'day' },
      input: [
        { value: { sku: 'mug', quantity: 1, price: 0.1, currency: 'EUR' }, time: 1 },
        { value: { sku: 'pot', quantity: 5, price: 20, currency: 'EUR' }, time: 2 },
        { value: { sku: 'mug', quantity: 5, price: 0.1, currency: 'EUR' }, time: 3 },
        { value: { sku: 'pan', quantity: 1, price: 30, currency: 'EUR' }, time: 4 },
        { value: { sku: 'pot', quantity: -2, price: 20, currency: 'EUR' }, time: 5 },
      ],
      output: {
        out: [
          { currency: 'EUR', rank: 1, sku: 'mug', units: 6, revenue: 0.6, windowStart: 0, windowEnd: day },
          { currency: 'EUR', rank: 2, sku: 'pot', units: 3, revenue: 60, windowStart: 0, windowEnd: day },
        ],
      },
    },
    {
      title: 'The best earner so far, live',
      config: { n: 1, by: 'revenue', per: 'day', send: 'live' },
      input: [
        { value: { sku: 'mug', quantity: 3, price: 5 }, time: 1 },
        { value: { sku: 'pan', quantity: 1, price: 30 }, time: 2 },
        { value: { sku: 'mug', quantity: 1, price: 5 }, time: 3 },
      ],
      output: {
        out: [
          { currency: null, rank: 1, sku: 'mug', units: 3, revenue: 15, windowStart: 0, windowEnd: day },
          { currency: null, rank: 1, sku: 'pan', units: 1, revenue: 30, windowStart: 0, windowEnd: day },
        ],
      },
    },
  ],
  create({ config: options, compile, timeZone }) {
    const { n, by = 'units' } = options;
    const periods = new Periods(options, timeZone);
    const product = fieldReader(options.product ?? 'sku');
    const productName = lastStep(options.product ?? 'sku');
    const units = compile(options.units ?? 'quantity');
    const amount = compile(options.amount ?? 'quantity * price');
    const writeGroup = keyWriter(dimensions(options));
    const live = options.send === 'live';
    const measure = by === 'units' ? 1 : 2;
    const better = (a: Sold, b: Sold): number =>
      decimalOf(b[measure]).compare(decimalOf(a[measure])) || (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);

    const send = (row: Sold, rank: number, start: number, ctx: Context<States>, time: number) => {
      const value: Fields = {};
      writeGroup(ctx.key, value);
      value.rank = rank;
      value[productName] = decodePart(row[0]);
      value.units = sumValue(row[1]);
      value.revenue = sumValue(row[2]);
      value.windowStart = start;
      value.windowEnd = periods.end(start);
      ctx.emit('out', value, time, live ? 'upsert' : 'insert');
    };

    const best = (start: number, { state }: Context<States>): Sold[] => {
      const rows: Sold[] = [];
      for (const [name, row] of state.sold.entries()) if (name.startsWith(`${start}/`)) rows.push(row);
      return rows.sort(better).slice(0, n);
    };

    /** Puts a product that grew at its place; a listed one that shrank may have lost its place to any other, so all are looked at. */
    const update = (row: Sold, grew: boolean, start: number, ctx: Context<States>, time: number) => {
      const before = ctx.state.lists.get(start) ?? [];
      const read = (name: string) => ctx.state.sold.get(`${start}/${name}`)!;
      let after: Sold[];
      if (!grew && before.includes(row[0])) after = best(start, ctx);
      else {
        after = before.filter((name) => name !== row[0]).map(read);
        let at = after.length;
        while (at > 0 && better(row, after[at - 1]!) < 0) at--;
        after.splice(at, 0, row);
        after.length = Math.min(after.length, n);
      }
      after.forEach((one, i) => {
        if (before[i] !== one[0] || one[0] === row[0]) send(one, i + 1, start, ctx, time);
      });
      const names = after.map(([name]) => name);
      if (names.some((name, i) => before[i] !== name)) ctx.state.lists.set(start, names);
    };

    return {
      onRecord(record: StreamRecord, _port: string, ctx: Context<States>) {
        const start = periods.start(record.time);
        const last = periods.end(start) - 1;
        if (last <= ctx.watermark) {
          ctx.late(record);
          return;
        }
        const own = product(record.value);
        if (own === null) {
          ctx.filtered();
          return;
        }
        const pieces = amountOf(units(record.value, record), 'The number of units');
        const money = amountOf(amount(record.value, record) ?? 0, 'The amount');
        const name = encodePart(own);
        const { state } = ctx;
        if (!state.periods.has(start)) {
          state.periods.set(start, true);
          ctx.timers.at(last);
        }
        const before = state.sold.get(`${start}/${name}`);
        const row: Sold = [name, plus(before?.[1] ?? newSum(), pieces), plus(before?.[2] ?? newSum(), money)];
        state.sold.set(`${start}/${name}`, row);
        if (live) update(row, before === undefined || better(row, before) <= 0, start, ctx, record.time);
      },
      onTimer({ time }: Timer, ctx: Context<States>) {
        const start = periods.start(time);
        const { state } = ctx;
        if (!live) for (const [i, row] of best(start, ctx).entries()) send(row, i + 1, start, ctx, time);
        for (const [name] of state.sold.entries()) if (name.startsWith(`${start}/`)) state.sold.delete(name);
        state.lists.delete(start);
        state.periods.delete(start);
      },
    };
  },
});
