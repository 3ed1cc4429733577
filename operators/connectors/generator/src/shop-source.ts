import { defineSource, durationMs, parseIso, type RecordType, type SourceSetup, type Value } from '@millrace/sdk';
import { skuOf } from './catalogue.js';
import { COUNTRIES, type Config, CURRENCIES, config, EPOCH, lint } from './shop-config.js';
import { BUSINESS, DESCRIPTION, FIELDS } from './shop-docs.js';
import { type ShopPosition, ShopReader } from './shop-reader.js';
import { KINDS } from './visit.js';

/** Events per second of shop time when they need not keep to the clock. */
const UNPACED_RATE = 1000;

function start({ config, clock }: SourceSetup<Config>): ShopPosition {
  const now = Math.floor(clock.now());
  const given = config.startTime ?? (config.count === undefined ? undefined : EPOCH);
  return { block: 0, index: 0, done: 0, start: given === undefined ? now : parseIso(given), anchor: now };
}

function open(setup: SourceSetup<Config>, from: ShopPosition): ShopReader {
  const { rate = 50, count, kinds = KINDS, seed = 1, daily = false, disorder = '2 s', flashSale } = setup.config;
  const {
    duplicates = 0,
    anomalies = 0,
    label = false,
    skus = 200,
    customers = 1000,
    countries = COUNTRIES,
    currencies = CURRENCIES,
  } = setup.config;
  const sale = flashSale && {
    every: durationMs(flashSale.every ?? '10 min'),
    duration: durationMs(flashSale.duration ?? '1 min'),
    factor: flashSale.factor ?? 10,
    sku: Number((flashSale.sku ?? skuOf(0)).slice(4)) - 1,
  };
  return new ShopReader({
    shop: {
      seed,
      kinds,
      rate: rate || UNPACED_RATE,
      daily,
      sale,
      disorder: durationMs(disorder),
      duplicates,
      anomalies,
      label,
      skus,
      customers,
      countries,
      currencies,
    },
    from,
    paced: rate > 0,
    count,
    clock: setup.clock,
    wake: setup.wake,
  });
}

/** A shop that is always open: customers, clicks, carts, orders, payments and stock that fit together, the same for the same seed. */
export const shop = defineSource({
  type: 'generator.shop',
  version: 1,
  docs: {
    title: 'Simulated shop',
    summary: 'Makes the events of a shop: clicks, carts, orders, payments, stock and customers.',
    description: DESCRIPTION,
    category: 'source',
    icon: 'building-store',
    zh: { title: '模拟商店', summary: '生成商店事件：点击、购物车、订单、支付、库存和客户。' },
  },
  config,
  outputs: {
    orders: { title: 'Orders', kind: 'order' },
    payments: { title: 'Payments', kind: 'payment' },
    stock: { title: 'Stock movements', kind: 'stock' },
    clicks: { title: 'Clicks', kind: 'click' },
    carts: { title: 'Cart changes', kind: 'cart' },
    customers: { title: 'Customers', kind: 'customer' },
  },
  summary: ({ rate = 50, count }) =>
    `${rate === 0 ? 'As fast as possible' : `${rate} events/s`}${count === undefined ? '' : `, ${count} in all`}`,
  lint,
  fields: ({ label }) =>
    Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        {
          fields: { ...FIELDS[kind], ts: 'time', ...(label && { label: 'text' }) },
          open: false,
          kind: BUSINESS[kind],
        } as RecordType,
      ]),
    ),
  examples: [
    {
      title: 'Two orders, the same every time',
      config: { seed: 7, rate: 0, count: 2, kinds: ['orders'] },
      output: {
        orders: [
          {
            orderId: 'O-00059904',
            status: 'placed',
            customerId: 'C-000370',
            country: 'DE',
            channel: 'app',
            items: [{ sku: 'SKU-0092', quantity: 1, price: 9.69 }],
            quantity: 1,
            shipping: 4.9,
            total: 14.59,
            currency: 'EUR',
            ts: 1767571200001,
          },
          {
            orderId: 'O-00059963',
            status: 'placed',
            customerId: 'C-000343',
            country: 'DE',
            channel: 'web',
            items: [
              { sku: 'SKU-0165', quantity: 1, price: 6.69 },
              { sku: 'SKU-0001', quantity: 2, price: 18.05 },
              { sku: 'SKU-0020', quantity: 2, price: 82.05 },
            ],
            quantity: 5,
            shipping: 0,
            total: 206.89,
            currency: 'EUR',
            ts: 1767571200005,
          },
        ],
      },
    },
  ],
  create(setup) {
    return {
      live: setup.config.count === undefined,
      partitions: () => ['shop'],
      open: (_partition, position: Value | null) => open(setup, (position as ShopPosition | null) ?? start(setup)),
    };
  },
});
