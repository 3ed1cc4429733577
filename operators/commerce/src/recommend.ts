import {
  type Context,
  compareKeys,
  decodePart,
  defineOperator,
  durationMs,
  encodePart,
  Field,
  fieldReader,
  type MapState,
  type Static,
  type StreamRecord,
  Type,
  type Value,
} from '@millrace/sdk';
import { type BasketRow, type ItemRow, Model, type Scored, type UserRow } from './recommend/model.js';
import { Decay } from './shared/decay.js';
import { asObject, type Fields, isId, keyWriter, lastStep } from './shared/fields.js';
import { fieldsKey, marketsField } from './shared/key-fields.js';

const name = (title: string, description: string, value: string) =>
  Type.String({ title, description, minLength: 1, maxLength: 256, default: value });

/** Where the fields are, for one kind of record. */
const fields = (what: string, basket: { title: string; description: string; value: string }, list: boolean) =>
  Type.Object(
    {
      together: Type.Optional(name(basket.title, basket.description, basket.value)),
      item: Type.Optional(name('Product', 'Field with the product.', 'sku')),
      user: Type.Optional(
        name('Customer', 'Field with the customer. Missing is fine: it then counts for products alone.', 'customerId'),
      ),
      ...(list && {
        items: Type.Optional(
          name(
            'Lines',
            'Field with the list of order lines, each with its product. Records without it are one line themselves.',
            'items',
          ),
        ),
      }),
    },
    { title: what, additionalProperties: false, default: {} },
  );

const config = Type.Object(
  {
    top: Type.Optional(
      Type.Integer({
        title: 'Recommendations',
        description: 'Products per list.',
        minimum: 1,
        maximum: 100,
        default: 10,
      }),
    ),
    halfLife: Type.Optional(
      Field.duration({
        title: 'Half as important after',
        description:
          'A purchase of this long ago counts half, one of twice as long ago a quarter: tastes and seasons change. 0: nothing fades.',
        default: '30 d',
      }),
    ),
    popularity: Type.Optional(
      Type.Number({
        title: 'Against bestsellers',
        description:
          '0: what was bought together most often, so bestsellers are in every list. 1: what is bought with this product far more often than without it, so rare finds. 0.5 is between the two.',
        minimum: 0,
        maximum: 1,
        default: 0.5,
      }),
    ),
    minTogether: Type.Optional(
      Type.Integer({
        title: 'Seen together at least',
        description: 'Pairs in fewer baskets and visits are left out: they may be chance.',
        minimum: 1,
        maximum: 1000,
        default: 2,
        'x-ui': { unit: 'baskets' },
      }),
    ),
    caution: Type.Optional(
      Type.Number({
        title: 'Caution',
        description:
          'A pair seen together this often gets half of its score, one seen often nearly all. 0: no caution.',
        minimum: 0,
        maximum: 1000,
        default: 2,
        'x-ui': { unit: 'baskets', advanced: true },
      }),
    ),
    viewWeight: Type.Optional(
      Type.Number({
        title: 'Weight of a view',
        description: 'How much looking at two products in one visit counts, compared with buying both.',
        minimum: 0,
        maximum: 1,
        default: 0.2,
      }),
    ),
    purchases: Type.Optional(
      fields(
        'Fields of a purchase',
        {
          title: 'Order',
          description: 'Field with the order: lines of one order were bought together.',
          value: 'orderId',
        },
        true,
      ),
    ),
    views: Type.Optional(
      fields(
        'Fields of a view',
        {
          title: 'Visit',
          description: 'Field with the visit: products of one visit were looked at together.',
          value: 'sessionId',
        },
        false,
      ),
    ),
    refresh: Type.Optional(
      Field.duration({
        title: 'Send at most every',
        description: 'Lists that changed are sent after this long, by the time of the records.',
        default: '1 min',
      }),
    ),
    keepBasket: Type.Optional(
      Field.duration({
        title: 'A basket may grow for',
        description:
          'Lines of an order (views of a visit) that come later than this after the last one start a new basket.',
        default: '1 h',
        ui: { advanced: true },
      }),
    ),
    basketLimit: Type.Optional(
      Type.Integer({
        title: 'Products per basket',
        description:
          'A product is paired with this many latest ones of its basket. So a program that looks at everything (a bot) does not fill the memory.',
        minimum: 2,
        maximum: 5000,
        default: 100,
        'x-ui': { advanced: true },
      }),
    ),
    neighbours: Type.Optional(
      Type.Integer({
        title: 'Partners per product',
        description: 'Partners remembered for each product; the weakest are forgotten first.',
        minimum: 10,
        maximum: 5000,
        default: 200,
        'x-ui': { advanced: true },
      }),
    ),
    maxItems: Type.Optional(
      Type.Integer({
        title: 'Products at most',
        description: 'The least popular are forgotten first. 10,000 products with 200 partners each take about 200 MB.',
        minimum: 10,
        maximum: 200_000,
        default: 10_000,
        'x-ui': { advanced: true },
      }),
    ),
    maxUsers: Type.Optional(
      Type.Integer({
        title: 'Customers at most',
        description: 'Those not seen for longest are forgotten first.',
        minimum: 0,
        maximum: 2_000_000,
        default: 100_000,
        'x-ui': { advanced: true },
      }),
    ),
    history: Type.Optional(
      Type.Integer({
        title: 'Products per customer',
        description: 'The latest products of a customer that recommendations are made from.',
        minimum: 1,
        maximum: 100,
        default: 20,
        'x-ui': { advanced: true },
      }),
    ),
    by: Type.Optional(marketsField('lists')),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  items: MapState<ItemRow, string>;
  baskets: MapState<BasketRow, string>;
  users: MapState<UserRow, string>;
  /** Lists to send with the next refresh: `i` + product, `u` + customer. */
  changed: MapState<1, string>;
}

const minute = 60_000;
const day = 86_400_000;

/** What goes with a product, and what a customer may like next: lists that learn from every view and purchase. */
export const recommend = defineOperator<typeof config, States>({
  type: 'commerce.recommend',
  version: 1,
  docs: {
    title: 'Recommend products',
    summary: 'Learns which products go together, and recommends them per product and per customer.',
    description: `Products that are bought in one order, or looked at in one visit, go together. From every record the operator learns at once; nothing is trained overnight.

**Per product** ("bought together with"): the products that are in the same baskets more often than their popularity explains. \`together\` is the number of baskets and visits with both, \`score\` goes from 0 to 1.

**Per customer** ("you may also like"): what goes with the products the customer looked at or bought last, added up; recent ones count more. Nothing the customer has bought is recommended. \`because\` names the product that speaks for it most. Customers without purchases and views have no list yet: show them the best sellers.

Old purchases fade ("Half as important after"). The score of a pair compares how often both were bought with how often each was bought at all, so that what everybody buys is not in every list; "Against bestsellers" makes that stronger or weaker. (The formula: *together ÷ √(first · second)*, how often both, the first and the second were bought, all faded.) Pairs seen rarely are held back ("Caution").

A list is sent when something about it happened, at most once per "Send at most every". It replaces the earlier list of the same product or customer.

"Products at most", "Customers at most", "Partners per product" and "Products per customer" keep the memory within bounds. Send only purchases that count: filter cancelled orders out before.`,
    category: 'commerce',
    icon: 'thumb-up',
    zh: { title: '商品推荐', summary: '学习哪些商品经常一起出现，并按商品和客户给出推荐。' },
  },
  config,
  inputs: {
    purchases: {
      title: 'Purchases',
      description: 'Orders with their lines, or one record per line.',
      kind: 'order',
      required: false,
      accepts: 'append',
    },
    views: {
      title: 'Views',
      description: 'One record per product looked at.',
      kind: 'click',
      required: false,
      accepts: 'append',
    },
  },
  outputs: {
    items: { title: 'Per product', description: 'For each product, what goes with it.' },
    users: { title: 'Per customer', description: 'For each customer, what to offer next.' },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: { items: { kind: 'map' }, baskets: { kind: 'map' }, users: { kind: 'map' }, changed: { kind: 'map' } },
  summary: ({ top = 10, halfLife = '30 d' }: Config) => `Top ${top}, half as important after ${halfLife}`,
  mode: ({ by = [] }: Config) => ({
    items: { mode: 'upsert', key: [...by.map(lastStep), 'item'] },
    users: { mode: 'upsert', key: [...by.map(lastStep), 'user'] },
  }),
  fields: ({ by = [], purchases, views }: Config, inputs) => {
    const bought = inputs.purchases?.fields[purchases?.user ?? 'customerId'];
    const looked = inputs.views?.fields[views?.user ?? 'customerId'];
    const user = looked === 'personal' ? looked : (bought ?? looked ?? 'any');
    const market = Object.fromEntries(by.map((path) => [lastStep(path), 'any' as const]));
    return {
      items: { fields: { ...market, item: 'any', recommendations: 'list' }, open: false },
      users: { fields: { ...market, user, recommendations: 'list' }, open: false },
    };
  },
  examples: [
    {
      title: 'Tea and cups go together; Lin, who bought tea, is offered the cup',
      config: { top: 2, popularity: 0, minTogether: 1, caution: 0, halfLife: 0 },
      input: [
        {
          port: 'purchases',
          value: { orderId: 1, customerId: 'ada', items: [{ sku: 'tea' }, { sku: 'cup' }] },
          time: 0,
        },
        { watermark: minute },
        { port: 'purchases', value: { orderId: 2, customerId: 'lin', sku: 'tea' }, time: 2 * minute },
      ],
      output: {
        items: [
          { item: 'cup', recommendations: [{ item: 'tea', score: 1, together: 1 }] },
          { item: 'tea', recommendations: [{ item: 'cup', score: 1, together: 1 }] },
          { item: 'tea', recommendations: [{ item: 'cup', score: 0.5, together: 1 }] },
        ],
        users: [
          { user: 'ada', recommendations: [] },
          { user: 'lin', recommendations: [{ item: 'cup', score: 0.5, because: 'tea' }] },
        ],
      },
    },
    {
      title: 'Looking counts too, a fifth of buying',
      config: { top: 3, minTogether: 1, caution: 0, halfLife: '10 d', refresh: '1 d' },
      input: [
        { port: 'views', value: { sessionId: 'a', sku: 'lamp' }, time: 0 },
        { port: 'views', value: { sessionId: 'a', sku: 'bulb' }, time: 1000 },
        { port: 'purchases', value: { orderId: 7, items: [{ sku: 'lamp' }, { sku: 'shade' }] }, time: 2000 },
        { watermark: day },
      ],
      output: {
        items: [
          { item: 'bulb', recommendations: [{ item: 'lamp', score: 0.408248, together: 1 }] },
          {
            item: 'lamp',
            recommendations: [
              { item: 'shade', score: 0.912871, together: 1 },
              { item: 'bulb', score: 0.408248, together: 1 },
            ],
          },
          { item: 'shade', recommendations: [{ item: 'lamp', score: 0.912871, together: 1 }] },
        ],
      },
    },
  ],
  create({ config: options }) {
    const model = new Model({
      decay: new Decay(durationMs(options.halfLife ?? '30 d')),
      popularity: options.popularity ?? 0.5,
      caution: options.caution ?? 2,
      minTogether: options.minTogether ?? 2,
      neighbours: options.neighbours ?? 200,
      maxItems: options.maxItems ?? 10_000,
      maxUsers: options.maxUsers ?? 100_000,
      history: options.history ?? 20,
      top: options.top ?? 10,
    });
    const refresh = Math.max(1, durationMs(options.refresh ?? minute));
    const keep = Math.max(1, durationMs(options.keepBasket ?? '1 h'));
    const limit = options.basketLimit ?? 100;
    const writeKey = keyWriter(options.by ?? []);
    const bought = readers(options.purchases ?? {}, 'orderId');
    const viewed = readers(options.views ?? {}, 'sessionId');
    const viewWeight = options.viewWeight ?? 0.2;

    const take = (
      id: Value,
      basketKey: string | undefined,
      user: string | undefined,
      time: number,
      isView: boolean,
      ctx: Context<States>,
    ) => {
      const { items, baskets, users, changed } = ctx.state;
      const item = encodePart(id);
      const basket = basketKey === undefined ? undefined : baskets.get(basketKey);
      if (basketKey === undefined || !basket?.items.includes(item)) {
        model.addToBasket(items, basket, item, time, isView ? viewWeight : 1);
        for (const other of basket?.items ?? []) changed.set(`i${other}`, 1);
        changed.set(`i${item}`, 1);
      }
      if (basketKey !== undefined) {
        const others = (basket?.items ?? []).filter((other) => other !== item);
        baskets.set(basketKey, { t: Math.max(time, basket?.t ?? time), items: [...others.slice(1 - limit), item] });
        if (basket === undefined) ctx.timers.at(time + keep, basketKey);
      }
      if (user !== undefined && model.remembersUsers) {
        model.addToUser(users, user, item, time, !isView);
        changed.set(`u${user}`, 1);
      }
    };

    return {
      onRecord(record: StreamRecord, port, ctx) {
        const isView = port === 'views';
        const read = isView ? viewed : bought;
        const value = asObject(record.value);
        const lines = read.lines(value);
        const products = lines.map(read.item).filter(isId);
        if (products.length === 0) {
          ctx.filtered();
          return;
        }
        const together = read.together(value);
        const basketKey = isId(together) ? (isView ? 'v' : 'p') + encodePart(together) : undefined;
        const buyer = read.user(value);
        const user = isId(buyer) ? encodePart(buyer) : undefined;
        for (const id of products) take(id, basketKey, user, record.time, isView, ctx);
        ctx.timers.at((Math.floor(record.time / refresh) + 1) * refresh, 'refresh');
      },
      onTimer(timer, ctx) {
        const { items, baskets, users, changed } = ctx.state;
        if (timer.name !== 'refresh') {
          const last = baskets.get(timer.name)?.t;
          if (last === undefined) return;
          if (last + keep <= timer.time) baskets.delete(timer.name);
          else ctx.timers.at(last + keep, timer.name);
          return;
        }
        const due = [...changed.entries()].map(([key]) => key).sort(compareKeys);
        changed.clear();
        for (const key of due) {
          const id = key.slice(1);
          const value: Fields = {};
          writeKey(ctx.key, value);
          if (key[0] === 'i') {
            value.item = decodePart(id);
            value.recommendations = model.topOf(items, id, timer.time).map(forItem);
            ctx.emit('items', value, timer.time, 'upsert');
          } else {
            const user = users.get(id);
            if (user === undefined) continue;
            value.user = decodePart(id);
            value.recommendations = model.topFor(items, user, timer.time).map(forUser);
            ctx.emit('users', value, timer.time, 'upsert');
          }
        }
      },
    };
  },
});

const forItem = ({ id, score, together }: Scored) => ({ item: decodePart(id), score, together });
const forUser = ({ id, score, because }: Scored) => ({ item: decodePart(id), score, because: decodePart(because) });

/** How the fields of a record are read; `lines` are the order lines, or the record itself when it is one. */
function readers(names: { together?: string; item?: string; user?: string; items?: unknown }, basket: string) {
  const { together, item, user, items } = names;
  const list = fieldReader(typeof items === 'string' ? items : 'items');
  return {
    together: fieldReader(together ?? basket),
    item: fieldReader(item ?? 'sku'),
    user: fieldReader(user ?? 'customerId'),
    lines: (value: Value): readonly Value[] => {
      const found = list(value);
      return Array.isArray(found) ? found : [value];
    },
  };
}
