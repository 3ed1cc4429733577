import {
  type ConfigFinding,
  defineOperator,
  durationMs,
  Field,
  type FieldType,
  type Static,
  Type,
  type ValueState,
} from '@millrace/sdk';
import { type Fields, keyWriter, lastStep } from './shared/fields.js';
import { finding } from './shared/finding.js';
import { fieldsKey, lacksKey } from './shared/key-fields.js';

const STEPS = ['view', 'cart', 'checkout', 'purchase'] as const;
/** Input port of each step. */
const PORTS: { [port: string]: number } = { views: 0, carts: 1, checkouts: 2, purchases: 3 };

const config = Type.Object(
  {
    by: Type.Optional(
      Field.fields({
        title: 'Visitor',
        description: 'Fields that tell visitors apart; all inputs need them.',
        minItems: 1,
        default: ['customerId'],
      }),
    ),
    gap: Type.Optional(
      Field.duration({
        title: 'A visit ends after',
        description: 'Nothing from the visitor for longer than this: what comes next is a new visit.',
        default: '30 min',
      }),
    ),
    skipped: Type.Optional(
      Type.Boolean({
        title: 'Later steps imply earlier ones',
        description:
          'Who bought has gone through the cart, also when that was not recorded (express checkout). Off: only what was seen counts.',
        default: true,
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** A visit so far: first and last event, events and first time per step. */
interface Visit {
  start: number;
  end: number;
  n: number[];
  first: (number | null)[];
}
interface States {
  visits: ValueState<Visit[]>;
}

function lint({ gap }: Config): ConfigFinding[] {
  return durationMs(gap ?? '30 min') > 0
    ? []
    : [finding('FUNNEL_GAP', '/gap', 'Say after which silence a visit ends, such as "30 min".')];
}

function merge(a: Visit, b: Visit): Visit {
  const earlier = (x: number | null, y: number | null) => (x === null ? y : y === null ? x : Math.min(x, y));
  return {
    start: Math.min(a.start, b.start),
    end: Math.max(a.end, b.end),
    n: a.n.map((n, i) => n + b.n[i]!),
    first: a.first.map((t, i) => earlier(t, b.first[i]!)),
  };
}

const minute = 60_000;

/** How far each visit came on the way from looking to buying. */
export const conversionFunnel = defineOperator<typeof config, States>({
  type: 'commerce.conversion-funnel',
  version: 1,
  docs: {
    title: 'Conversion funnel',
    summary: 'Tells for each visit how far it came: viewed, put into the cart, checkout, purchase.',
    description: `Link views, cart changes, checkouts and purchases to the four inputs; leave out what you do not record. Events of one visitor belong to one visit until nothing comes for half an hour.

When a visit is over it leaves as one record: \`view\`, \`cart\`, \`checkout\` and \`purchase\` are 1 for each step that was reached and 0 otherwise, so that their sums are the funnel: of 1,000 visits 900 looked at a product, 300 filled a cart, 120 went to the checkout, 80 bought. Put a "Window totals" node after it that sums the four per day; for a funnel per country, name the country in "Visitor" too (every input must have it). \`furthest\` is the last step reached, \`converted\` whether something was bought, \`toPurchase\` how long that took (ms), \`events\` how many records the visit had.

Events may come in any order. What comes when its visit is already over leaves through "late". Per visitor it keeps a few numbers for each visit that is not over.`,
    category: 'commerce',
    icon: 'filter-dollar',
    zh: { title: '转化漏斗', summary: '统计每次访问到达的步骤：浏览、加购、结算、购买。' },
  },
  config,
  inputs: {
    views: { title: 'Views', kind: 'click', required: false, accepts: 'append' },
    carts: { title: 'Cart changes', kind: 'cart', required: false, accepts: 'append' },
    checkouts: { title: 'Checkouts', required: false, accepts: 'append' },
    purchases: { title: 'Purchases', kind: 'order', required: false, accepts: 'append' },
  },
  outputs: {
    visits: { title: 'Visits', description: 'One record per visit, when it is over.' },
    late: { title: 'Late', description: 'Records whose visit was already over.', side: true },
  },
  key: ({ by = ['customerId'] }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { visits: { kind: 'value' } },
  lint,
  summary: ({ gap = '30 min', by = ['customerId'] }: Config) => `By ${by.join(', ')}, a visit ends after ${gap}`,
  mode: () => ({ visits: { mode: 'append' }, late: { mode: 'append' } }),
  fields: ({ by = ['customerId'] }: Config, inputs) => {
    const known = inputs.views ?? inputs.carts ?? inputs.purchases;
    const key = Object.fromEntries(by.map((path) => [lastStep(path), known?.fields[path] ?? ('any' as FieldType)]));
    const steps = Object.fromEntries(STEPS.map((step) => [step, 'number' as FieldType]));
    return {
      visits: {
        fields: {
          ...key,
          visitStart: 'time',
          visitEnd: 'time',
          events: 'number',
          ...steps,
          furthest: 'text',
          converted: 'boolean',
          toPurchase: 'number',
        },
        open: false,
      },
      late: undefined,
    };
  },
  examples: [
    {
      title: 'Ada looks and leaves, then comes back and buys; Ben stops at the cart',
      config: { gap: '30 min' },
      input: [
        { port: 'views', value: { customerId: 'ada', sku: 'lamp' }, time: 0 },
        { port: 'carts', value: { customerId: 'ben', sku: 'tea' }, time: 2 * minute },
        { port: 'views', value: { customerId: 'ben', sku: 'tea' }, time: minute },
        { port: 'views', value: { customerId: 'ada', sku: 'lamp' }, time: 60 * minute },
        { port: 'purchases', value: { customerId: 'ada', orderId: 1 }, time: 65 * minute },
      ],
      output: {
        visits: [
          {
            customerId: 'ada',
            visitStart: 0,
            visitEnd: 0,
            events: 1,
            view: 1,
            cart: 0,
            checkout: 0,
            purchase: 0,
            furthest: 'view',
            converted: false,
            toPurchase: null,
          },
          {
            customerId: 'ben',
            visitStart: minute,
            visitEnd: 2 * minute,
            events: 2,
            view: 1,
            cart: 1,
            checkout: 0,
            purchase: 0,
            furthest: 'cart',
            converted: false,
            toPurchase: null,
          },
          {
            customerId: 'ada',
            visitStart: 60 * minute,
            visitEnd: 65 * minute,
            events: 2,
            view: 1,
            cart: 1,
            checkout: 1,
            purchase: 1,
            furthest: 'purchase',
            converted: true,
            toPurchase: 5 * minute,
          },
        ],
      },
    },
  ],
  create({ config: options }) {
    const by = options.by ?? ['customerId'];
    const gap = durationMs(options.gap ?? '30 min');
    const implies = options.skipped ?? true;
    const lacks = lacksKey(by);
    const writeKey = keyWriter(by);

    const rowOf = (visit: Visit, key: string): Fields => {
      const row: Fields = {};
      writeKey(key, row);
      let furthest = -1;
      for (let i = 0; i < STEPS.length; i++) if (visit.n[i]! > 0) furthest = i;
      row.visitStart = visit.start;
      row.visitEnd = visit.end;
      row.events = visit.n.reduce((sum, n) => sum + n, 0);
      STEPS.forEach((step, i) => {
        row[step] = visit.n[i]! > 0 || (implies && i < furthest) ? 1 : 0;
      });
      row.furthest = STEPS[furthest];
      row.converted = visit.n[3]! > 0;
      const bought = visit.first[3] ?? null;
      row.toPurchase = bought === null ? null : bought - visit.start;
      return row;
    };

    return {
      onRecord(record, port, ctx) {
        if (lacks(record.value)) return ctx.filtered();
        const { time } = record;
        const step = PORTS[port] ?? 0;
        let visit: Visit = { start: time, end: time, n: [0, 0, 0, 0], first: [null, null, null, null] };
        visit.n[step] = 1;
        visit.first[step] = time;
        const apart: Visit[] = [];
        let alone = true;
        for (const other of ctx.state.visits.get() ?? []) {
          if (other.start - gap <= visit.end && visit.start - gap <= other.end) {
            visit = merge(visit, other);
            alone = false;
          } else apart.push(other);
        }
        if (alone && time + gap <= ctx.watermark) return ctx.late(record);
        ctx.state.visits.set([...apart, visit].sort((a, b) => a.start - b.start));
        ctx.timers.at(visit.end + gap, 'over');
      },
      onTimer({ time }, ctx) {
        const open = ctx.state.visits.get() ?? [];
        const left = open.filter(({ end }) => end + gap > time);
        for (const visit of open)
          if (visit.end + gap <= time) ctx.emit('visits', rowOf(visit, ctx.key), time, 'insert');
        if (left.length === open.length) return;
        if (left.length > 0) ctx.state.visits.set(left);
        else ctx.state.visits.clear();
      },
    };
  },
});
