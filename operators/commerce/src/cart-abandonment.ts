import {
  type Context,
  defineOperator,
  durationMs,
  Field,
  type FieldType,
  fieldReader,
  type ListState,
  type Static,
  type StreamRecord,
  Type,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { apply, type Cart, type Change, emptyCart, worth } from './cart/cart.js';
import { type Fields, isId, keyWriter, lastStep } from './shared/fields.js';
import { finding } from './shared/finding.js';
import { fieldsKey, lacksKey } from './shared/key-fields.js';

const field = (title: string, description: string, value: string, port = 'carts') =>
  Type.Optional(Field.field({ title, description, default: value, ui: { port, advanced: true } }));

const config = Type.Object(
  {
    by: Type.Optional(
      Field.fields({
        title: 'Whose cart',
        description: 'Fields that tell carts apart. Orders need the same fields.',
        minItems: 1,
        default: ['customerId'],
      }),
    ),
    after: Type.Optional(
      Field.duration({
        title: 'Abandoned after',
        description: 'No change of the cart and no order for this long.',
        default: '1 h',
      }),
    ),
    minValue: Type.Optional(
      Type.Number({
        title: 'Worth at least',
        description: 'Carts worth less are not reported. In the currency of the cart.',
        minimum: 0,
        default: 0,
      }),
    ),
    again: Type.Optional(
      Field.duration({
        title: 'Again only after',
        description: 'The same customer is not reported a second time before.',
        default: '24 h',
      }),
    ),
    recoverWithin: Type.Optional(
      Field.duration({
        title: 'Won back within',
        description: 'An order this long after the report counts as won back. Then the cart is forgotten.',
        default: '7 d',
      }),
    ),
    action: field('Action', 'Field with add, remove, set (a new quantity) or clear. Missing: add.', 'action'),
    item: field('Product', 'Field with the product.', 'sku'),
    quantity: field('Quantity', 'Field with the units. Missing: 1; for remove: all.', 'quantity'),
    price: field('Price', 'Field with the price of one unit.', 'price'),
    currency: field('Currency', 'Field with the currency of the price.', 'currency'),
    cart: field('Cart id', 'Field with the number of the cart, passed on.', 'cartId'),
    order: field('Order id', 'Field of an order with its number, passed on.', 'orderId', 'orders'),
    orderWhere: Type.Optional(
      Field.expression({
        title: 'Orders that count',
        description: 'Others do not empty the cart. Default: all.',
        returns: 'boolean',
        examples: ["status == 'placed'"],
        ui: { port: 'orders' },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  cart: ValueState<Cart>;
  /** Changes whose time has not come yet. */
  changes: ListState<Change>;
}

/** Changes of one cart that wait for their time; more are passed over (a script gone wild). */
const MAX_WAITING = 2000;
const ACTIONS: { [action: string]: 0 | 1 | 2 | 3 } = { add: 0, remove: 1, set: 2, clear: 3 };
const minute = 60_000;
const hour = 60 * minute;

/** Carts that were filled and left, what they are worth, and which of them are bought after all. */
export const cartAbandonment = defineOperator<typeof config, States>({
  type: 'commerce.cart-abandonment',
  version: 1,
  docs: {
    title: 'Abandoned carts',
    summary: 'Reports carts that were filled and left without an order, and those that are bought after all.',
    description: `Follows each cart: what is added, removed, changed. When nothing has happened to a filled cart for an hour and no order came, it leaves through "abandoned" with its products, what it is worth (exact, with its currency), and \`since\`, the time of the last change: ready for a reminder.

An order empties the cart. If it comes after the report, it leaves through "won back" with what the abandoned cart was worth, and how long after the report it came (\`waited\`, ms): so you see what reminders bring in.

Customers are not bothered: the same one is reported once a day at most ("Again only after"), and small carts can be left out ("Worth at least").

Everything is decided in the order in which it happened, also when records arrive late or the orders come faster than the carts. A cart with prices in several currencies is reported without a value. A cart keeps up to 200 different products, and is forgotten seven days after its report.`,
    category: 'commerce',
    icon: 'shopping-cart-off',
    zh: { title: '弃购挽回', summary: '发现已加购却未下单的购物车，并报告之后被挽回的订单。' },
  },
  config,
  inputs: {
    carts: {
      title: 'Cart changes',
      description: 'One record per product added, removed or changed.',
      kind: 'cart',
      accepts: 'append',
    },
    orders: { title: 'Orders', description: 'Empty the cart.', kind: 'order', accepts: 'append' },
  },
  outputs: {
    abandoned: { title: 'Abandoned', description: 'Carts left behind.' },
    recovered: { title: 'Won back', description: 'Orders after a report.' },
  },
  key: ({ by = ['customerId'] }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { cart: { kind: 'value' }, changes: { kind: 'list' } },
  lint: ({ after }: Config) =>
    durationMs(after ?? '1 h') > 0
      ? []
      : [finding('CART_AFTER', '/after', 'Say how long a cart must be left alone, such as "1 h".')],
  summary: ({ after = '1 h', by = ['customerId'] }: Config) => `After ${after}, by ${by.join(', ')}`,
  mode: () => ({ abandoned: { mode: 'append' }, recovered: { mode: 'append' } }),
  fields: ({ by = ['customerId'] }: Config, inputs) => {
    const key = Object.fromEntries(
      by.map((path) => [lastStep(path), inputs.carts?.fields[path] ?? ('any' as FieldType)]),
    );
    return {
      abandoned: {
        fields: {
          ...key,
          cart: 'any',
          items: 'list',
          units: 'number',
          value: 'number',
          currency: 'text',
          since: 'time',
          abandonedAt: 'time',
        },
        open: false,
      },
      recovered: {
        fields: {
          ...key,
          order: 'any',
          value: 'number',
          currency: 'text',
          abandonedAt: 'time',
          orderedAt: 'time',
          waited: 'number',
        },
        open: false,
      },
    };
  },
  examples: [
    {
      title: 'Ada leaves two products behind and comes back in the evening; Ben orders at once',
      config: { after: '1 h' },
      input: [
        {
          port: 'carts',
          value: {
            customerId: 'ada',
            action: 'add',
            sku: 'lamp',
            quantity: 1,
            price: 29.9,
            currency: 'EUR',
            cartId: 7,
          },
          time: 0,
        },
        {
          port: 'carts',
          value: { customerId: 'ben', action: 'add', sku: 'tea', quantity: 2, price: 4.5, currency: 'EUR' },
          time: minute,
        },
        {
          port: 'carts',
          value: { customerId: 'ada', action: 'add', sku: 'bulb', quantity: 3, price: 0.1, currency: 'EUR', cartId: 7 },
          time: 5 * minute,
        },
        { port: 'orders', value: { customerId: 'ben', orderId: 'O1' }, time: 10 * minute },
        { port: 'orders', value: { customerId: 'ada', orderId: 'O2' }, time: 9 * hour },
      ],
      output: {
        abandoned: [
          {
            customerId: 'ada',
            cart: 7,
            items: [
              { item: 'lamp', quantity: 1, price: 29.9 },
              { item: 'bulb', quantity: 3, price: 0.1 },
            ],
            units: 4,
            value: 30.2,
            currency: 'EUR',
            since: 5 * minute,
            abandonedAt: 65 * minute,
          },
        ],
        recovered: [
          {
            customerId: 'ada',
            order: 'O2',
            value: 30.2,
            currency: 'EUR',
            abandonedAt: 65 * minute,
            orderedAt: 9 * hour,
            waited: 9 * hour - 65 * minute,
          },
        ],
      },
    },
  ],
  create({ config: options, compile }) {
    const by = options.by ?? ['customerId'];
    const after = durationMs(options.after ?? '1 h');
    const again = durationMs(options.again ?? '24 h');
    const recoverWithin = durationMs(options.recoverWithin ?? '7 d');
    const minValue = options.minValue ?? 0;
    const counts = options.orderWhere === undefined ? undefined : compile(options.orderWhere);
    const read = {
      action: fieldReader(options.action ?? 'action'),
      item: fieldReader(options.item ?? 'sku'),
      quantity: fieldReader(options.quantity ?? 'quantity'),
      price: fieldReader(options.price ?? 'price'),
      currency: fieldReader(options.currency ?? 'currency'),
      cart: fieldReader(options.cart ?? 'cartId'),
      order: fieldReader(options.order ?? 'orderId'),
    };
    const lacks = lacksKey(by);
    const writeKey = keyWriter(by);

    const changeOf = ({ value, time: t }: StreamRecord): Change | undefined => {
      const action: Value = read.action(value) ?? 'add';
      const kind = ACTIONS[action];
      const cart = read.cart(value);
      if (kind === 3) return { t, kind, cart };
      const item = read.item(value);
      const quantity: Value = read.quantity(value);
      if (kind === undefined || !isId(item) || (quantity !== null && typeof quantity !== 'number')) return undefined;
      if (kind === 1) return { t, kind, item, quantity, cart };
      return { t, kind, item, quantity: quantity ?? 1, price: read.price(value), currency: read.currency(value), cart };
    };

    /** Takes in everything up to this time. An order after a report is won back. */
    const takeIn = (time: number, ctx: Context<States>): Cart => {
      const { cart, changes } = ctx.state;
      const now: Cart = structuredClone(cart.get() ?? emptyCart());
      const all = changes.get();
      const due = all.filter(({ t }) => t <= time).sort((a, b) => a.t - b.t || a.kind - b.kind);
      changes.set(all.filter(({ t }) => t > time));
      for (const change of due) {
        if (change.kind === 4 && now.told !== null && change.t - now.told.at <= recoverWithin) {
          const value: Fields = {};
          writeKey(ctx.key, value);
          const { at, value: worthThen, currency } = now.told;
          ctx.emit(
            'recovered',
            {
              ...value,
              order: change.order,
              value: worthThen,
              currency,
              abandonedAt: at,
              orderedAt: change.t,
              waited: Math.max(0, change.t - at),
            },
            time,
            'insert',
          );
          now.told = null;
        } else if (change.kind === 4) now.told = null;
        apply(now, change);
      }
      return now;
    };

    const report = (cart: Cart, time: number, ctx: Context<States>) => {
      const { value, currency } = worth(cart.lines);
      if ((value !== null && Number(value) < minValue) || (cart.reported !== null && time - cart.reported < again))
        return;
      const row: Fields = {};
      writeKey(ctx.key, row);
      const items = cart.lines.map(({ item, quantity, price }) => ({ item, quantity, price }));
      const units = cart.lines.reduce((sum, { quantity }) => sum + quantity, 0);
      ctx.emit(
        'abandoned',
        { ...row, cart: cart.id, items, units, value, currency, since: cart.last, abandonedAt: time },
        time,
        'insert',
      );
      cart.told = { at: time, value, currency };
      cart.reported = time;
    };

    return {
      onRecord(record, port, ctx) {
        if (lacks(record.value)) return ctx.filtered();
        if (ctx.state.changes.get().length >= MAX_WAITING) return ctx.filtered();
        if (port === 'orders') {
          if (counts !== undefined && counts(record.value, record) !== true) return ctx.filtered();
          ctx.state.changes.add({ t: record.time, kind: 4, order: read.order(record.value) });
          ctx.timers.at(record.time, 'order');
          return;
        }
        const change = changeOf(record);
        if (change === undefined) return ctx.filtered();
        ctx.state.changes.add(change);
        ctx.timers.at(record.time + after, 'cart');
      },
      onTimer({ time }, ctx) {
        const cart = takeIn(time, ctx);
        if (cart.lines.length > 0 && cart.last + after <= time && (cart.told === null || cart.last > cart.told.at))
          report(cart, time, ctx);
        // Remembered as long as it can still be won back, or must not be reported again.
        const until = Math.max(
          cart.lines.length > 0 ? cart.last + recoverWithin : time,
          cart.told === null ? time : cart.told.at + recoverWithin,
          cart.reported === null ? time : cart.reported + again,
        );
        if (until <= time) {
          ctx.state.cart.clear();
          return;
        }
        ctx.state.cart.set(cart);
        ctx.timers.at(until, 'forget');
      },
    };
  },
});
