import {
  type Context,
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
import { amountOf, decimalOf, perPiece, placesOf, plus } from './shared/money.js';
import { lintPeriod, Periods, periodFields, periodWords } from './shared/period.js';

const config = Type.Object(
  {
    ...dimensionFields,
    ...periodFields,
    amount: Type.Optional(
      Field.expression({
        title: 'Amount',
        description: 'Money of a record: of a whole order, or of a line of one.',
        returns: 'any',
        default: 'total',
        examples: ['quantity * price'],
      }),
    ),
    units: Type.Optional(
      Field.expression({
        title: 'Units',
        description: 'Pieces of a record; nothing counts as none.',
        returns: 'any',
        default: 'quantity',
      }),
    ),
    refund: Type.Optional(
      Field.expression({
        title: 'Is a refund when',
        description: 'Empty: when the amount is below 0. The amount of a refund may have either sign.',
        returns: 'boolean',
        examples: ["type == 'refund'"],
      }),
    ),
    order: Type.Optional(
      Field.field({
        title: 'Field: order',
        description: 'Records with the same number are one order.',
        default: 'orderId',
        ui: { advanced: true },
      }),
    ),
    send: Type.Optional(
      Type.Enum(['live', 'final'], {
        title: 'Send',
        description:
          'live: the result so far after every record, each replacing the one before. final: once, when the period is over.',
        default: 'final',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface Totals {
  gmv: ExactSum;
  refunds: ExactSum;
  units: ExactSum;
  refundedUnits: ExactSum;
  orders: number;
  refundedOrders: number;
  records: number;
}
interface States {
  totals: MapState<Totals, number>;
  /** Orders seen in a period, by `start/order`; refunds by `start-order`. */
  seen: MapState<true, string>;
}

const day = 86_400_000;

/** Sales figures per period and dimension. Sums are exact; an order counts once however many records it has. */
export const salesStats = defineOperator<typeof config, States>({
  type: 'commerce.sales-stats',
  version: 1,
  docs: {
    title: 'Sales figures',
    summary: 'Counts sales, orders, units and refunds per period, country, channel or anything else.',
    description: `One row per period (and per value of "For each"), with these figures:

| Field | What it is |
|---|---|
| \`gmv\` | Gross merchandise value: what was sold, before refunds |
| \`refunds\` | What was paid back |
| \`net\` | \`gmv\` less \`refunds\` |
| \`orders\` | Different orders with a sale; the lines of one order count once |
| \`units\`, \`refundedUnits\` | Pieces sold and taken back |
| \`refundedOrders\` | Different orders with a refund |
| \`aov\` | Average order value: \`gmv\` divided by \`orders\`, rounded to the currency's cents; empty without orders |
| \`records\` | Records it was made of |

A refund counts in the period in which it was made, not in that of the sale. Money is added exactly, to the last cent, and never across currencies: each currency has rows of its own. A period runs from \`windowStart\` up to \`windowEnd\` (ms). Records that come after their final result was sent leave through "Late".`,
    category: 'commerce',
    icon: 'cash',
    zh: { title: '销售统计', summary: '按时间段和维度统计销售额、订单、件数和退款。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    out: { kind: 'money' },
    late: { title: 'Late', description: 'Records that came after their period was sent.', side: true },
  },
  key: dimensionKey,
  traits: { partitioning: 'by-key', eventTime: true },
  state: { totals: { kind: 'map' }, seen: { kind: 'map' } },
  lint: lintPeriod,
  summary: (options: Config) =>
    [periodWords(options), (options.groupBy ?? []).length > 0 ? `by ${options.groupBy!.map(lastStep).join(', ')}` : '']
      .filter(Boolean)
      .join(', '),
  mode: (options: Config) => ({
    out:
      options.send === 'live'
        ? { mode: 'upsert', key: [...dimensionNames(options), 'windowStart'] }
        : { mode: 'append' },
    late: { mode: 'append' },
  }),
  fields: (options: Config, inputs) => ({
    out: {
      fields: {
        ...dimensionTypes(options, inputs.in),
        gmv: 'number',
        refunds: 'number',
        net: 'number',
        orders: 'number',
        units: 'number',
        refundedUnits: 'number',
        refundedOrders: 'number',
        aov: 'number',
        records: 'number',
        windowStart: 'time',
        windowEnd: 'time',
      },
      open: false,
      kind: 'money',
    },
    late: inputs.in,
  }),
  examples: [
    {
      title: 'A day of sales by country: an order of two lines, a refund, two currencies',
      config: { groupBy: ['country'], per: 'day' },
      input: [
        { value: { orderId: 1, country: 'DE', currency: 'EUR', total: 0.1, quantity: 1 }, time: 5 },
        { value: { orderId: 1, country: 'DE', currency: 'EUR', total: 0.2, quantity: 2 }, time: 6 },
        { value: { orderId: 2, country: 'DE', currency: 'EUR', total: 10, quantity: 1 }, time: 7 },
        { value: { orderId: 2, country: 'DE', currency: 'EUR', total: -10, quantity: -1 }, time: 8 },
        { value: { orderId: 3, country: 'DE', currency: 'CHF', total: 4, quantity: 1 }, time: 9 },
      ],
      output: {
        out: [
          {
            country: 'DE',
            currency: 'CHF',
            gmv: 4,
            refunds: 0,
            net: 4,
            orders: 1,
            units: 1,
            refundedUnits: 0,
            refundedOrders: 0,
            aov: 4,
            records: 1,
            windowStart: 0,
            windowEnd: day,
          },
          {
            country: 'DE',
            currency: 'EUR',
            gmv: 10.3,
            refunds: 10,
            net: 0.3,
            orders: 2,
            units: 4,
            refundedUnits: 1,
            refundedOrders: 1,
            aov: 5.15,
            records: 4,
            windowStart: 0,
            windowEnd: day,
          },
        ],
      },
    },
  ],
  create({ config: options, compile, timeZone }) {
    const periods = new Periods(options, timeZone);
    const amount = compile(options.amount ?? 'total');
    const units = compile(options.units ?? 'quantity');
    const refund = options.refund === undefined ? undefined : compile(options.refund);
    const order = fieldReader(options.order ?? 'orderId');
    const writeGroup = keyWriter(dimensions(options));
    const currencyName = lastStep(options.currency ?? 'currency');
    const live = options.send === 'live';

    const send = (totals: Totals, start: number, ctx: Context<States>, time: number) => {
      const row: Fields = {};
      writeGroup(ctx.key, row);
      row.gmv = sumValue(totals.gmv);
      row.refunds = sumValue(totals.refunds);
      row.net = decimalOf(totals.gmv).add(decimalOf(totals.refunds).negate()).toJSON();
      row.orders = totals.orders;
      row.units = sumValue(totals.units);
      row.refundedUnits = sumValue(totals.refundedUnits);
      row.refundedOrders = totals.refundedOrders;
      row.aov = perPiece(totals.gmv, totals.orders, placesOf(row[currencyName]));
      row.records = totals.records;
      row.windowStart = start;
      row.windowEnd = periods.end(start);
      ctx.emit('out', row, time, live ? 'upsert' : 'insert');
    };

    /** True when the order was not yet seen in the period. A record without an order number is an order of its own. */
    const isNew = (mark: string, record: StreamRecord, { state }: Context<States>): boolean => {
      const own = order(record.value);
      if (own === null) return true;
      const name = `${mark}${encodePart(own)}`;
      if (state.seen.has(name)) return false;
      state.seen.set(name, true);
      return true;
    };

    return {
      onRecord(record: StreamRecord, _port: string, ctx: Context<States>) {
        const start = periods.start(record.time);
        const last = periods.end(start) - 1;
        if (last <= ctx.watermark) {
          ctx.late(record);
          return;
        }
        const money = amountOf(amount(record.value, record), 'The amount');
        const counted = units(record.value, record);
        const pieces = counted === null ? 0 : amountOf(counted, 'The number of units');
        const negative = typeof money === 'number' ? money < 0 : money.startsWith('-');
        const back = refund === undefined ? negative : refund(record.value, record) === true;
        const before = ctx.state.totals.get(start);
        if (before === undefined) ctx.timers.at(last);
        const totals: Totals = before
          ? { ...before }
          : {
              gmv: newSum(),
              refunds: newSum(),
              units: newSum(),
              refundedUnits: newSum(),
              orders: 0,
              refundedOrders: 0,
              records: 0,
            };
        totals.records++;
        if (back) {
          const below = typeof pieces === 'number' ? pieces < 0 : pieces.startsWith('-');
          totals.refunds = plus(totals.refunds, money, negative ? -1 : 1);
          totals.refundedUnits = plus(totals.refundedUnits, pieces, below ? -1 : 1);
          if (isNew(`${start}-`, record, ctx)) totals.refundedOrders++;
        } else {
          totals.gmv = plus(totals.gmv, money);
          totals.units = plus(totals.units, pieces);
          if (isNew(`${start}/`, record, ctx)) totals.orders++;
        }
        ctx.state.totals.set(start, totals);
        if (live) send(totals, start, ctx, record.time);
      },
      onTimer({ time }: Timer, ctx: Context<States>) {
        const start = periods.start(time);
        const totals = ctx.state.totals.get(start);
        if (totals === undefined) return;
        if (!live) send(totals, start, ctx, time);
        ctx.state.totals.delete(start);
        for (const [name] of ctx.state.seen.entries())
          if (name.startsWith(`${start}/`) || name.startsWith(`${start}-`)) ctx.state.seen.delete(name);
      },
    };
  },
});
