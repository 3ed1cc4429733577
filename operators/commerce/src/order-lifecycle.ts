import {
  type ConfigFinding,
  defineOperator,
  durationMs,
  Field,
  fieldExpression,
  type Static,
  Type,
} from '@millrace/sdk';
import { STATES } from './lifecycle/machine.js';
import { type LifecycleState, Tracker } from './lifecycle/tracker.js';
import { lastStep } from './shared/fields.js';
import { finding } from './shared/finding.js';

const State = Type.Enum([...STATES], { title: 'State' });

const config = Type.Object(
  {
    order: Type.Optional(
      Field.field({ title: 'Field: order', description: 'Number of the order.', default: 'orderId' }),
    ),
    event: Type.Optional(
      Field.field({
        title: 'Field: what happened',
        description: 'Holds the new state, or a word of yours for it.',
        default: 'status',
      }),
    ),
    words: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 64 }), State, {
        title: 'Your words',
        description:
          'What the states are called in your records: your word first, then the state, such as {"placed": "created", "captured": "paid"}. A record with any other word leaves through "problems". Empty: the names of the states themselves.',
      }),
    ),
    timeouts: Type.Optional(
      Type.Array(
        Type.Object(
          {
            in: State,
            after: Field.duration({
              title: 'For longer than',
              description: 'Longer than this is too long.',
              examples: ['30 min', '2 d'],
            }),
            as: Type.String({
              title: 'Report as',
              description: 'A word of your choice; it stands in the field `overdue`.',
              minLength: 1,
              maxLength: 64,
            }),
          },
          { additionalProperties: false },
        ),
        {
          title: 'Overdue',
          description: 'An order that stays in a state too long is reported, once.',
          default: [{ in: 'created', after: '30 min', as: 'unpaid' }],
          maxItems: 16,
        },
      ),
    ),
    forgetAfter: Type.Optional(
      Field.duration({
        title: 'Forget an order after',
        description: 'Time without news after which an order is no longer known. Its row in the table stays.',
        default: '180 d',
        ui: { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
export type LifecycleConfig = Static<typeof config>;

const minute = 60_000;

/** Follows each order from created to its end. See `lifecycle/machine.ts` for the moves. */
export const orderLifecycle = defineOperator<typeof config, LifecycleState>({
  type: 'commerce.order-lifecycle',
  version: 1,
  docs: {
    title: 'Order lifecycle',
    summary: 'Follows each order from created to delivered, and reports what goes wrong on the way.',
    description: `The way of an order: **created → paid → packed → shipped → delivered**. It may be **cancelled** before it is shipped, **returned** after, and **refunded** once it was paid, cancelled, delivered or returned.

- **Changes**: every move, \`from\` one state \`to\` the next, with \`afterMs\`, the time in between. An order that jumps ahead moves too, since a parcel that was shipped was shipped; \`skipped\` names the states left out (**packed** is never named, because many shops do not report it).
- **Orders**: a table with one row per order: its state, since when, and when it was in each state (ms).
- **Overdue**: an order stays in a state longer than you allow, such as unpaid for 30 minutes. Told once, at the moment when it becomes too long.
- **Problems**: \`out-of-order\` (news of a step that the order is already past, such as a payment after the parcel left), \`repeat\` (the same step again), \`illegal\` (a move that cannot be, such as shipping a cancelled order), \`unknown-state\` (a word that is no state and none of your words). The state stays as it is; a step that was skipped and is told later gets its time in the table.

Records are put into the order of their time first, as far as the source allows for late ones. Those that come even later are judged when they come.`,
    category: 'commerce',
    icon: 'route',
    zh: { title: '订单生命周期', summary: '跟踪每个订单从创建到送达的全过程，报告异常。' },
  },
  config,
  inputs: { in: { accepts: 'append', kind: 'order' } },
  outputs: {
    changes: { title: 'Changes', description: 'Every move of an order.', kind: 'order' },
    orders: { title: 'Orders', description: 'The state of every order, as a table.', kind: 'order' },
    overdue: { title: 'Overdue', description: 'Orders that stay in a state too long.', kind: 'order' },
    problems: { title: 'Problems', description: 'News that does not fit, with the reason.', kind: 'order', side: true },
  },
  key: ({ order }: LifecycleConfig) => [fieldExpression(order ?? 'orderId')],
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { waiting: { kind: 'map' }, order: { kind: 'value' } },
  lint: ({ timeouts, forgetAfter }: LifecycleConfig): ConfigFinding[] => [
    ...(timeouts ?? []).flatMap(({ after }, i) =>
      durationMs(after) > 0
        ? []
        : [finding('LIFECYCLE_TIMEOUT', `/timeouts/${i}/after`, 'Say how long is too long, such as "30 min".')],
    ),
    ...(forgetAfter === undefined || durationMs(forgetAfter) > 0
      ? []
      : [finding('LIFECYCLE_FORGET', '/forgetAfter', 'Say after how long an order is forgotten, such as "180 d".')]),
  ],
  summary: ({ timeouts }: LifecycleConfig) =>
    (timeouts ?? [{ as: 'unpaid', after: '30 min' }]).map(({ as, after }) => `${as} after ${after}`).join(', ') ||
    'No deadlines',
  mode: ({ order }: LifecycleConfig) => ({
    changes: { mode: 'append' },
    orders: { mode: 'upsert', key: [lastStep(order ?? 'orderId')] },
    overdue: { mode: 'append' },
    problems: { mode: 'append' },
  }),
  fields: ({ order }: LifecycleConfig, inputs) => {
    const id = { [lastStep(order ?? 'orderId')]: inputs.in?.fields[order ?? 'orderId'] ?? ('any' as const) };
    const times = Object.fromEntries(STATES.map((state) => [state, 'time'] as const));
    return {
      changes: {
        fields: { ...id, from: 'text', to: 'text', at: 'time', afterMs: 'number', skipped: 'list' },
        open: false,
        kind: 'order',
      },
      orders: { fields: { ...id, state: 'text', since: 'time', ...times }, open: false, kind: 'order' },
      overdue: { fields: { ...id, overdue: 'text', state: 'text', since: 'time' }, open: false, kind: 'order' },
      problems: { fields: { ...inputs.in?.fields, problem: 'text', state: 'text' }, open: true, kind: 'order' },
    };
  },
  examples: [
    {
      title: 'Paid late, shipped, and a second payment notice',
      config: { timeouts: [{ in: 'created', after: '30 min', as: 'unpaid' }] },
      input: [
        { value: { orderId: 1, status: 'created' }, time: 0 },
        { value: { orderId: 1, status: 'shipped' }, time: 60 * minute },
        { value: { orderId: 1, status: 'paid' }, time: 40 * minute },
        { value: { orderId: 1, status: 'paid' }, time: 61 * minute },
      ],
      output: {
        changes: [
          { orderId: 1, from: null, to: 'created', at: 0, afterMs: null, skipped: [] },
          { orderId: 1, from: 'created', to: 'paid', at: 40 * minute, afterMs: 40 * minute, skipped: [] },
          { orderId: 1, from: 'paid', to: 'shipped', at: 60 * minute, afterMs: 20 * minute, skipped: [] },
        ],
        orders: [
          { orderId: 1, state: 'created', since: 0, created: 0 },
          { orderId: 1, state: 'paid', since: 40 * minute, created: 0, paid: 40 * minute },
          { orderId: 1, state: 'shipped', since: 60 * minute, created: 0, paid: 40 * minute, shipped: 60 * minute },
        ],
        overdue: [{ orderId: 1, overdue: 'unpaid', state: 'created', since: 0 }],
        problems: [{ orderId: 1, status: 'paid', problem: 'repeat', state: 'shipped' }],
      },
    },
    {
      title: 'Shipped before it was paid, then cancelled, which is too late',
      config: { words: { placed: 'created', captured: 'paid', sent: 'shipped', cancelled: 'cancelled' }, timeouts: [] },
      input: [
        { value: { orderId: 2, status: 'placed' }, time: 0 },
        { value: { orderId: 2, status: 'sent' }, time: minute },
        { value: { orderId: 2, status: 'captured' }, time: 2 * minute },
        { value: { orderId: 2, status: 'cancelled' }, time: 3 * minute },
        { value: { orderId: 2, status: 'wrapped' }, time: 4 * minute },
      ],
      output: {
        changes: [
          { orderId: 2, from: null, to: 'created', at: 0, afterMs: null, skipped: [] },
          { orderId: 2, from: 'created', to: 'shipped', at: minute, afterMs: minute, skipped: ['paid'] },
        ],
        orders: [
          { orderId: 2, state: 'created', since: 0, created: 0 },
          { orderId: 2, state: 'shipped', since: minute, created: 0, shipped: minute },
          { orderId: 2, state: 'shipped', since: minute, created: 0, shipped: minute, paid: 2 * minute },
        ],
        problems: [
          { orderId: 2, status: 'captured', problem: 'out-of-order', state: 'shipped' },
          { orderId: 2, status: 'cancelled', problem: 'illegal', state: 'shipped' },
          { orderId: 2, status: 'wrapped', problem: 'unknown-state', state: 'shipped' },
        ],
      },
    },
  ],
  create: ({ config: options }) => new Tracker(options),
});
