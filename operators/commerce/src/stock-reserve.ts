import { defineOperator, fieldExpression, type RecordType } from '@millrace/sdk';
import { durationWords, lastStep } from './shared/fields.js';
import { lintStock, type StockConfig, stockConfig } from './stock/config.js';
import { StockPool, type StockState } from './stock/pool.js';

const poolOf = ({ pool }: StockConfig) => pool ?? ['warehouse'];
const skuOf = ({ sku }: StockConfig) => lastStep(sku ?? 'sku');

function ledgerType(config: StockConfig, input: RecordType | undefined): RecordType {
  const fields: Record<string, RecordType['fields'][string]> = {};
  for (const name of poolOf(config)) fields[lastStep(name)] = input?.fields[name] ?? 'any';
  fields[skuOf(config)] = 'any';
  for (const name of ['opening', 'restocked', 'available', 'reserved', 'sold', 'accepted', 'released', 'expired'])
    fields[name] = 'number';
  for (const name of ['refused', 'requests', 'oversold']) fields[name] = 'number';
  return { fields: { ...fields, balanced: 'boolean' }, open: false, kind: 'stock' };
}

const ledger = (row: object) => ({
  warehouse: 'Lyon',
  sku: 'mug',
  opening: 0,
  restocked: 0,
  available: 0,
  reserved: 0,
  sold: 0,
  accepted: 0,
  released: 0,
  expired: 0,
  refused: 0,
  requests: 0,
  oversold: 0,
  balanced: true,
  ...row,
});
const minute = 60_000;

/** Reserves stock for orders without ever promising more than there is. See `stock/pool.ts` for the steps and `stock/item.ts` for the two balances. */
export const stockReserve = defineOperator<typeof stockConfig, StockState>({
  type: 'commerce.stock-reserve',
  version: 1,
  docs: {
    title: 'Reserve stock',
    summary: 'Sets units aside for each order and never promises more than there is.',
    description: `Each record says what to do with the stock:

- **reserve** sets units aside for an order. When two customers want the last one, the order that comes first gets it.
- **commit** makes the reservation a sale, usually when the payment has arrived.
- **release** gives the units back, usually because the order was cancelled.
- **restock** adds units: a delivery, or goods that came back.

A record carries \`orderId\` and either \`sku\` (the product's number) and \`quantity\`, or a list \`lines\` of these. Commit and release need the order alone; with a \`sku\` they concern this product of it. Everything about one order must name the same warehouse, because each warehouse is a stock of its own.

**Answers.** A reservation leaves through "Accepted" when at least one unit was set aside (\`reserved\`, and \`short\` for what is missing), otherwise through "Refused" with a \`reason\`. Commits, releases, deliveries and reservations whose time ran out leave through "Updates".

**Repeats change nothing.** A shop's systems send things twice: the same order again, a cancel after the time ran out. These leave through "Repeats" with what became of the order.

**Reasons:**

| Reason | What is wrong |
|---|---|
| \`sold-out\`, \`not-enough\` | none is left, or fewer than wanted |
| \`over-limit\` | more than "Most per customer" |
| \`no-product\`, \`no-order-id\`, \`no-lines\`, \`no-customer\` | something is missing in the record |
| \`bad-quantity\` | not a whole number above 0 |
| \`too-many-lines\` | over 1,000 |
| \`unknown-action\` | not one of the four words above |
| \`unknown-order\` | commit or release of an order that did not come, or is forgotten |
| \`order-id-reused\` | the same number with other contents |
| \`nothing-reserved\`, \`already-released\`, \`already-expired\`, \`already-committed\` | there is nothing to commit or release any more |

**The ledger** has one row per product with the proof: \`opening + restocked = available + reserved + sold\`, and \`accepted = reserved + sold + released + expired\`. \`balanced\` says that both hold, \`oversold\` counts units promised beyond what ever came in: it should be 0; \`requests\` counts the reservations that were asked for.

Orders are served as they arrive. To serve them in the order in which they were placed, put "Sort by time" before this node. Reservations run out by the time of the records, not of the clock, and all of them have run out when a file has been read to its end.`,
    category: 'commerce',
    icon: 'building-warehouse',
    zh: { title: '预留库存', summary: '为每个订单预留库存，绝不超卖。' },
  },
  config: stockConfig,
  inputs: { in: { accepts: 'append', kind: 'order' } },
  outputs: {
    accepted: { title: 'Accepted', description: 'Orders with at least one unit set aside.', kind: 'order' },
    refused: { title: 'Refused', description: 'Requests that changed nothing, with the reason.', kind: 'order' },
    updates: {
      title: 'Updates',
      description: 'Committed, released, expired and restocked: the record and what it moved.',
      kind: 'stock',
    },
    alerts: { title: 'Alerts', description: 'Low stock, sold out, back in stock.', kind: 'stock' },
    ledger: { title: 'Ledger', description: 'A row per product that always adds up.', kind: 'stock' },
    repeats: {
      title: 'Repeats',
      description: 'Requests that were handled before, with what became of them.',
      side: true,
    },
  },
  key: (config: StockConfig) => poolOf(config).map(fieldExpression),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: {
    items: { kind: 'map' },
    orders: { kind: 'map' },
    bought: { kind: 'map' },
    restocks: { kind: 'map' },
    parts: { kind: 'map' },
    counts: { kind: 'map' },
  },
  lint: lintStock,
  summary: ({ mode, expireAfter }: StockConfig) =>
    `${{ order: 'Whole orders', line: 'Whole lines', partial: 'What there is' }[mode]}${expireAfter === undefined ? '' : `, for ${durationWords(expireAfter)}`}`,
  mode: (config: StockConfig) => ({
    accepted: { mode: 'append' },
    refused: { mode: 'append' },
    updates: { mode: 'append' },
    alerts: { mode: 'append' },
    ledger: { mode: 'upsert', key: [...poolOf(config).map(lastStep), skuOf(config)] },
    repeats: { mode: 'append' },
  }),
  fields: (config: StockConfig, inputs) => {
    const own = inputs.in?.fields ?? {};
    const answer = { ...own, result: 'text', reserved: 'number', short: 'number', reason: 'text' } as const;
    return {
      accepted: { fields: answer, open: true, kind: 'order' },
      refused: { fields: { ...own, result: 'text', reason: 'text' }, open: true, kind: 'order' },
      updates: { fields: { ...own, result: 'text', units: 'number', lines: 'list' }, open: true, kind: 'stock' },
      alerts: {
        fields: { [skuOf(config)]: 'any', alert: 'text', available: 'number' },
        open: true,
        kind: 'stock',
      },
      ledger: ledgerType(config, inputs.in),
      repeats: { fields: { ...own, result: 'text' }, open: true },
    };
  },
  examples: [
    {
      title: 'Two customers want the last mugs; one pays, the other cancels twice',
      config: { mode: 'line', lowStock: 1 },
      input: [
        { value: { action: 'restock', warehouse: 'Lyon', sku: 'mug', quantity: 3 } },
        { value: { orderId: 1, warehouse: 'Lyon', sku: 'mug', quantity: 2 } },
        { value: { orderId: 2, warehouse: 'Lyon', sku: 'mug', quantity: 2 } },
        { value: { action: 'commit', orderId: 1, warehouse: 'Lyon' } },
        { value: { orderId: 3, warehouse: 'Lyon', sku: 'mug', quantity: 1 } },
        { value: { action: 'release', orderId: 3, warehouse: 'Lyon' } },
        { value: { action: 'release', orderId: 3, warehouse: 'Lyon' } },
      ],
      output: {
        accepted: [
          { orderId: 1, warehouse: 'Lyon', sku: 'mug', quantity: 2, result: 'reserved', reserved: 2, short: 0 },
          { orderId: 3, warehouse: 'Lyon', sku: 'mug', quantity: 1, result: 'reserved', reserved: 1, short: 0 },
        ],
        refused: [
          {
            orderId: 2,
            warehouse: 'Lyon',
            sku: 'mug',
            quantity: 2,
            result: 'refused',
            reserved: 0,
            short: 2,
            reason: 'not-enough',
          },
        ],
        updates: [
          { action: 'restock', warehouse: 'Lyon', sku: 'mug', quantity: 3, result: 'restocked', units: 3 },
          {
            action: 'commit',
            orderId: 1,
            warehouse: 'Lyon',
            result: 'committed',
            units: 2,
            lines: [{ sku: 'mug', quantity: 2 }],
          },
          {
            action: 'release',
            orderId: 3,
            warehouse: 'Lyon',
            result: 'released',
            units: 1,
            lines: [{ sku: 'mug', quantity: 1 }],
          },
        ],
        alerts: [
          { warehouse: 'Lyon', sku: 'mug', alert: 'back-in-stock', available: 3 },
          { warehouse: 'Lyon', sku: 'mug', alert: 'low-stock', available: 1 },
          { warehouse: 'Lyon', sku: 'mug', alert: 'sold-out', available: 0 },
          { warehouse: 'Lyon', sku: 'mug', alert: 'back-in-stock', available: 1 },
        ],
        ledger: [
          ledger({ restocked: 3, available: 3 }),
          ledger({ restocked: 3, available: 1, reserved: 2, accepted: 2, requests: 1 }),
          ledger({ restocked: 3, available: 1, reserved: 2, accepted: 2, requests: 2, refused: 2 }),
          ledger({ restocked: 3, available: 1, sold: 2, accepted: 2, requests: 2, refused: 2 }),
          ledger({ restocked: 3, available: 0, reserved: 1, sold: 2, accepted: 3, requests: 3, refused: 2 }),
          ledger({ restocked: 3, available: 1, sold: 2, accepted: 3, released: 1, requests: 3, refused: 2 }),
        ],
        repeats: [{ action: 'release', orderId: 3, warehouse: 'Lyon', result: 'released' }],
      },
    },
    {
      title: 'A whole order or nothing; an unpaid reservation goes back after 30 minutes',
      config: { mode: 'order', pool: [], openingStock: 1, expireAfter: '30 min' },
      input: [
        {
          value: {
            orderId: 'A',
            lines: [
              { sku: 'lamp', quantity: 1 },
              { sku: 'bulb', quantity: 1 },
            ],
          },
          time: 0,
        },
        {
          value: {
            orderId: 'B',
            lines: [
              { sku: 'lamp', quantity: 1 },
              { sku: 'rug', quantity: 1 },
            ],
          },
          time: minute,
        },
        { watermark: 30 * minute },
        { value: { action: 'commit', orderId: 'A' }, time: 31 * minute },
      ],
      output: {
        accepted: [
          {
            orderId: 'A',
            lines: [
              { sku: 'lamp', quantity: 1, reserved: 1 },
              { sku: 'bulb', quantity: 1, reserved: 1 },
            ],
            result: 'reserved',
            reserved: 2,
            short: 0,
          },
        ],
        refused: [
          {
            orderId: 'B',
            lines: [
              { sku: 'lamp', quantity: 1, reserved: 0, reason: 'sold-out' },
              { sku: 'rug', quantity: 1, reserved: 0 },
            ],
            result: 'refused',
            reserved: 0,
            short: 2,
            reason: 'sold-out',
          },
          { action: 'commit', orderId: 'A', result: 'refused', reason: 'already-expired' },
        ],
        updates: [
          {
            orderId: 'A',
            result: 'expired',
            units: 2,
            lines: [
              { sku: 'lamp', quantity: 1 },
              { sku: 'bulb', quantity: 1 },
            ],
          },
        ],
        alerts: [
          { sku: 'lamp', alert: 'sold-out', available: 0 },
          { sku: 'bulb', alert: 'sold-out', available: 0 },
          { sku: 'lamp', alert: 'back-in-stock', available: 1 },
          { sku: 'bulb', alert: 'back-in-stock', available: 1 },
        ],
        ledger: [
          { sku: 'lamp', reserved: 1, accepted: 1, requests: 1 },
          { sku: 'bulb', reserved: 1, accepted: 1, requests: 1 },
          { sku: 'lamp', reserved: 1, accepted: 1, requests: 2, refused: 1 },
          { sku: 'rug', available: 1, requests: 1, refused: 1 },
          { sku: 'lamp', available: 1, accepted: 1, expired: 1, requests: 2, refused: 1 },
          { sku: 'bulb', available: 1, accepted: 1, expired: 1, requests: 1 },
        ].map((row) => {
          const { warehouse, ...rest } = ledger({ opening: 1, ...row });
          return rest;
        }),
      },
    },
  ],
  create: ({ config }) => new StockPool(config),
});
