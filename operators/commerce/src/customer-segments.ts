import {
  addToSum,
  type Context,
  compareKeys,
  decodePart,
  defineOperator,
  durationMs,
  type ExactSum,
  encodePart,
  Field,
  type FieldType,
  fieldReader,
  MAX_TIME,
  type MapState,
  newSum,
  roundExact,
  type Static,
  sumAverage,
  sumValue,
  Type,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { lifetimeValue, type Scores, scoreAll, segmentOf } from './segments/rfm.js';
import { type Fields, isId, keyWriter, lastStep } from './shared/fields.js';
import { finding } from './shared/finding.js';
import { fieldsKey, lacksKey, marketsField } from './shared/key-fields.js';

const share = (title: string, description: string, value: number, max: number) =>
  Type.Optional(
    Type.Number({
      title,
      description,
      minimum: 0,
      maximum: max,
      default: value,
      'x-ui': { unit: '%', advanced: true },
    }),
  );

const config = Type.Object(
  {
    customer: Type.Optional(
      Field.field({ title: 'Customer', description: 'Records without one are left out.', default: 'customerId' }),
    ),
    order: Type.Optional(
      Field.field({ title: 'Order', description: 'Lines of one order are one purchase.', default: 'orderId' }),
    ),
    amount: Type.Optional(
      Field.expression({
        title: 'Amount',
        description: 'What the order (or the line) is worth. Negative: a refund.',
        returns: 'number',
        default: 'total',
        examples: ['total', 'quantity * unit_price'],
      }),
    ),
    currency: Type.Optional(
      Field.field({
        title: 'Currency',
        description: 'Customers are compared within one currency. Empty: all amounts are in the same one.',
      }),
    ),
    every: Type.Optional(
      Field.duration({
        title: 'Work out every',
        description: 'By the time of the records, from midnight in world time (UTC).',
        default: '1 d',
      }),
    ),
    margin: share('Margin', 'What is left of an amount after costs. 100: lifetime value is revenue.', 100, 100),
    retention: share(
      'Customers who stay',
      'Of 100 customers of a year, how many buy again in the next. Count it from the last two years; until then, leave it.',
      60,
      99,
    ),
    discount: share('Interest', 'Money that comes a year later counts less by this much. 10 is usual.', 10, 100),
    maxCustomers: Type.Optional(
      Type.Integer({
        title: 'Customers at most',
        description: 'Those who did not buy for longest are forgotten first. 100,000 take about 60 MB.',
        minimum: 10,
        maximum: 2_000_000,
        default: 200_000,
        'x-ui': { advanced: true },
      }),
    ),
    by: Type.Optional(marketsField('customers')),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface Row {
  /** Orders, exact sum, first and latest order, latest order numbers, what was sent last. */
  orders: number;
  sum: ExactSum;
  first: number;
  last: number;
  recent: string[];
  sent: string;
  segment: string | null;
}
interface States {
  customers: MapState<Row, string>;
  /** Customers, and whether any record came since the last time. */
  about: ValueState<{ n: number; news: boolean }>;
}

/** Lines of an order may be this many other orders of the customer apart and still count as one order. */
const RECENT_ORDERS = 20;
const DAY = 86_400_000;

/** Which customers are champions, which are about to be lost, and what each is worth. */
export const customerSegments = defineOperator<typeof config, States>({
  type: 'commerce.customer-segments',
  version: 1,
  docs: {
    title: 'Customer segments',
    summary: 'Sorts customers by how lately, how often and for how much they buy, and says what each is worth.',
    description: `Once a day every customer gets three marks from 1 to 5 by comparison with all others: **recency** (how lately they bought), **frequency** (how often), **monetary** (for how much). 5 is the best fifth of customers, 1 the last. (Of very few customers, as in the example, not every mark is given.) Together they name a segment:

| segment | who |
|---|---|
| \`champion\` | bought lately, often, and much |
| \`loyal\` | bought not long ago, and more than most |
| \`new\` | first order, lately |
| \`promising\` | bought not long ago, little so far |
| \`at-risk\` | used to buy more than most, silent for a while |
| \`cannot-lose\` | among the best, and silent for longest |
| \`sleeping\` | bought little, silent for a while |
| \`lost\` | bought little, silent for longest |

\`spent\` is exact, refunds taken off; \`averageOrder\` is per order. \`lifetimeValue\` is an estimate of what the customer will still bring in, made of what they spend in a year and of the settings "Margin", "Customers who stay" and "Interest": with 60 % who stay and 10 % interest, 1.2 times the margin of a year. (The formula: yearly spending × margin × r ÷ (1 + i − r), with r the share of customers who stay and i the interest.) Whoever has been a customer for less than a quarter of a year counts as one for a quarter, so that a first order does not look like one every day.

A row replaces the earlier one of the same customer and is sent only when something changed; \`before\` is the segment before. So a Filter node with \`segment == 'at-risk' && before == 'champion'\` picks the customers for a win-back mail.

All customers of a market (and currency) meet in one task (on one processor core), because they are compared with each other. "Customers at most" keeps the memory within bounds.`,
    category: 'commerce',
    icon: 'users-group',
    zh: { title: '客户分群', summary: '按最近购买、频率和金额给客户分群，并估算客户终身价值。' },
  },
  config,
  inputs: {
    in: { title: 'Orders', description: 'One record per order, or per order line.', kind: 'order', accepts: 'append' },
  },
  outputs: { out: { title: 'Customers', description: 'One row per customer, replaced when it changes.' } },
  key: ({ by = [], currency }: Config) => fieldsKey(currency === undefined ? by : [...by, currency]),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { customers: { kind: 'map' }, about: { kind: 'value' } },
  lint: ({ every, by = [], currency }: Config) => [
    ...(durationMs(every ?? '1 d') > 0
      ? []
      : [finding('SEGMENTS_EVERY', '/every', 'Say how often the segments are worked out, such as "1 d".')]),
    ...(currency !== undefined && by.includes(currency)
      ? [finding('FIELD_TWICE', '/by', 'The currency keeps customers apart already.')]
      : []),
  ],
  summary: ({ customer = 'customerId', every = '1 d' }: Config) => `By ${customer}, every ${every}`,
  mode: ({ by = [], currency }: Config) => ({
    out: {
      mode: 'upsert',
      key: [...by.map(lastStep), ...(currency === undefined ? [] : [lastStep(currency)]), 'customer'],
    },
  }),
  fields: ({ by = [], currency, customer = 'customerId' }: Config, inputs) => {
    const key = Object.fromEntries(
      (currency === undefined ? by : [...by, currency]).map((path) => [
        lastStep(path),
        inputs.in?.fields[path] ?? ('any' as FieldType),
      ]),
    );
    const numbers = Object.fromEntries(
      ['orders', 'spent', 'averageOrder', 'recency', 'frequency', 'monetary', 'lifetimeValue'].map((name) => [
        name,
        'number' as FieldType,
      ]),
    );
    return {
      out: {
        fields: {
          ...key,
          customer: inputs.in?.fields[customer] ?? 'any',
          ...numbers,
          firstOrder: 'time',
          lastOrder: 'time',
          segment: 'text',
          before: 'text',
        },
        open: false,
      },
    };
  },
  examples: [
    {
      title: 'Ada buys often and lately, Ben once and long ago',
      config: {},
      input: [
        { value: { customerId: 'ben', orderId: 1, total: 20 }, time: 0 },
        { value: { customerId: 'ada', orderId: 2, total: 40.1 }, time: DAY / 2 },
        { value: { customerId: 'ada', orderId: 3, total: 59.9 }, time: DAY / 2 + 5 },
        { value: { customerId: 'ada', orderId: 3, total: -10 }, time: DAY - 2 },
      ],
      output: {
        out: [
          {
            customer: 'ada',
            orders: 2,
            spent: 90,
            averageOrder: 45,
            firstOrder: DAY / 2,
            lastOrder: DAY / 2 + 5,
            recency: 3,
            frequency: 3,
            monetary: 3,
            segment: 'loyal',
            before: null,
            lifetimeValue: 432,
          },
          {
            customer: 'ben',
            orders: 1,
            spent: 20,
            averageOrder: 20,
            firstOrder: 0,
            lastOrder: 0,
            recency: 1,
            frequency: 1,
            monetary: 1,
            segment: 'lost',
            before: null,
            lifetimeValue: 96,
          },
        ],
      },
    },
  ],
  create({ config: options, compile }) {
    const keyFields = options.currency === undefined ? (options.by ?? []) : [...(options.by ?? []), options.currency];
    const customerOf = fieldReader(options.customer ?? 'customerId');
    const orderOf = fieldReader(options.order ?? 'orderId');
    const amountOf = compile(options.amount ?? 'total');
    const every = durationMs(options.every ?? '1 d');
    const most = options.maxCustomers ?? 200_000;
    const rates = {
      margin: (options.margin ?? 100) / 100,
      retention: (options.retention ?? 60) / 100,
      discount: (options.discount ?? 10) / 100,
    };
    const writeKey = keyWriter(keyFields);
    const lacks = lacksKey(options.currency === undefined ? [] : [options.currency]);
    const next = (time: number) => (Math.floor(time / every) + 1) * every - 1;

    const forgetOldest = (ctx: Context<States>) => {
      const all = [...ctx.state.customers.entries()].map(([id, { last }]) => ({ id, last }));
      all.sort((a, b) => b.last - a.last || compareKeys(a.id, b.id));
      for (const { id } of all.slice(most)) ctx.state.customers.delete(id);
      return Math.min(all.length, most);
    };

    return {
      onRecord(record, _port, ctx) {
        const customer: Value = customerOf(record.value);
        const amount: Value = amountOf(record.value, record);
        if (!isId(customer) || (typeof amount !== 'number' && typeof amount !== 'string') || lacks(record.value))
          return ctx.filtered();
        const { customers, about } = ctx.state;
        const id = encodePart(customer);
        const old = customers.get(id);
        const refund = Number(amount) < 0;
        const row: Row = old
          ? { ...old, sum: { ...old.sum }, recent: [...old.recent] }
          : { orders: 0, sum: newSum(), first: record.time, last: record.time, recent: [], sent: '', segment: null };
        addToSum(row.sum, amount);
        if (!refund) {
          const order = encodePart(orderOf(record.value));
          if (!row.recent.includes(order)) {
            row.orders++;
            row.recent = [...row.recent, order].slice(-RECENT_ORDERS);
          }
          // Who is first seen with a refund begins with the first order.
          if (row.orders === 1 && row.recent.length === 1 && old?.orders === 0) {
            row.first = record.time;
            row.last = record.time;
          }
          row.first = Math.min(row.first, record.time);
          row.last = Math.max(row.last, record.time);
        }
        customers.set(id, row);
        const n = (about.get()?.n ?? 0) + (old === undefined ? 1 : 0);
        about.set({ n: n > most * 1.1 ? forgetOldest(ctx) : n, news: true });
        ctx.timers.at(next(record.time), 'segments');
      },
      onTimer({ time }, ctx) {
        const { customers, about } = ctx.state;
        const kept = about.get();
        // At the end of input there is nothing new to say unless something came.
        if (kept === undefined || (!kept.news && ctx.watermark >= MAX_TIME)) return;
        about.set({ ...kept, news: false });
        const rows = [...customers.entries()]
          .filter(([, { orders }]) => orders > 0)
          .sort(([a], [b]) => compareKeys(a, b));
        const scores = scoreAll(
          rows.map(([id, { orders, sum, last }]) => ({ id, orders, spent: Number(sumValue(sum)), last })),
        );
        for (const [id, row] of rows) send(id, row, scores.get(id)!, time, ctx);
        if (ctx.watermark < MAX_TIME) ctx.timers.at(next(time + 1), 'segments');
      },
    };

    /** Sends a row that changed. */
    function send(id: string, row: Row, marks: Scores, time: number, ctx: Context<States>): void {
      const spent = sumValue(row.sum);
      const segment = segmentOf(marks, row.orders);
      const sent = [marks.recency, marks.frequency, marks.monetary, row.orders, spent, row.last].join(' ');
      if (sent === row.sent) return;
      const value: Fields = {};
      writeKey(ctx.key, value);
      Object.assign(value, {
        customer: decodePart(id),
        orders: row.orders,
        spent,
        averageOrder: roundExact(sumAverage(row.sum, row.orders), 2),
        firstOrder: row.first,
        lastOrder: row.last,
        ...marks,
        segment,
        before: row.segment,
        lifetimeValue: roundExact(lifetimeValue(Number(spent), row.first, time + 1, rates), 2),
      });
      ctx.emit('out', value, time, 'upsert');
      ctx.state.customers.set(id, { ...row, sent, segment });
    }
  },
});
