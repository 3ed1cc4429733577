import { type ConfigFinding, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { lastStep } from '../shared/fields.js';
import { finding } from '../shared/finding.js';

const name = (title: string, description: string, preset: string) =>
  Type.Optional(Field.field({ title, description, default: preset, ui: { advanced: true } }));

export const stockConfig = Type.Object(
  {
    mode: Type.Enum(['order', 'line', 'partial'], {
      title: 'When there is not enough',
      description:
        'order: an order is reserved whole or refused whole, over all its products. line: each line of an order is reserved whole or refused. partial: as many units as there are.',
      default: 'order',
    }),
    pool: Type.Optional(
      Field.fields({
        title: 'One stock for each',
        description:
          'Fields that say which stock an order draws from, usually the warehouse. All orders on one stock are handled one after the other, so that no unit is promised twice. Empty: one stock for everything.',
        default: ['warehouse'],
      }),
    ),
    openingStock: Type.Optional(
      Type.Integer({
        title: 'Opening stock',
        description:
          'Units of every product before the first delivery. Usually 0: the stock comes in as "restock" records.',
        minimum: 0,
        maximum: 1_000_000_000,
        default: 0,
      }),
    ),
    afterReserve: Type.Optional(
      Type.Enum(['hold', 'sell'], {
        title: 'After reserving',
        description:
          'hold: units wait for a "commit" (paid) or a "release" (cancelled). sell: an accepted order leaves the stock at once; use it when there is no payment step.',
        default: 'hold',
      }),
    ),
    expireAfter: Type.Optional(
      Field.duration({
        title: 'Give back after',
        description:
          'A reservation that is neither committed nor released after this long goes back into stock. Empty: it waits for ever.',
        examples: ['15 min', '30 min'],
        ui: { when: { property: 'afterReserve', in: ['hold'] } },
      }),
    ),
    limitPerCustomer: Type.Optional(
      Type.Integer({
        title: 'Most per customer',
        description:
          'Units of one product that one customer may have, for flash sales. Empty: no limit. Counts the orders that are remembered; released units do not count.',
        minimum: 1,
      }),
    ),
    lowStock: Type.Optional(
      Type.Integer({
        title: 'Low stock at',
        description: 'An alert is sent when the free units of a product fall to this number. Empty: no such alert.',
        minimum: 1,
      }),
    ),
    rememberFor: Type.Optional(
      Field.duration({
        title: 'Remember orders for',
        description:
          'How long after its last change an order is still known, so that a repeat of it is noticed. Orders that still hold units are always known.',
        default: '7 d',
        ui: { advanced: true },
      }),
    ),
    action: name(
      'Field: what to do',
      'Holds "reserve", "commit", "release" or "restock". A record without it is a reservation.',
      'action',
    ),
    order: name('Field: order', 'Number of the order.', 'orderId'),
    sku: name('Field: product', 'Number of the product (SKU), on the record or on each of its lines.', 'sku'),
    quantity: name('Field: units', 'A whole number above 0.', 'quantity'),
    lines: name(
      'Field: lines',
      'List of products and units of an order with several. Absent: the record itself is the only line.',
      'lines',
    ),
    customer: name('Field: customer', 'Needed only for a limit per customer.', 'customerId'),
    request: name(
      'Field: request',
      'Number of the request itself, different for each. With it, one order may be extended by further requests, and a repeated restock is noticed.',
      'requestId',
    ),
  },
  { additionalProperties: false },
);
export type StockConfig = Static<typeof stockConfig>;

export function lintStock({ mode, pool, sku, expireAfter, afterReserve, rememberFor }: StockConfig): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const product = sku ?? 'sku';
  if (mode === 'order' && (pool ?? []).includes(product)) {
    found.push(
      finding(
        'STOCK_POOL_SPLITS_ORDER',
        '/pool',
        'With one stock per product an order is no longer one step; take the product out, or choose "line".',
      ),
    );
  }
  const names = (pool ?? []).map(lastStep);
  if (new Set(names).size < names.length) {
    found.push(finding('FIELD_TWICE', '/pool', 'Two of these fields have the same name in the results.'));
  }
  if (expireAfter !== undefined && durationMs(expireAfter) <= 0) {
    found.push(finding('STOCK_EXPIRY', '/expireAfter', 'Say how long a reservation waits, such as "30 min".'));
  }
  if (expireAfter !== undefined && afterReserve === 'sell') {
    found.push(finding('STOCK_EXPIRY_UNUSED', '/expireAfter', 'Units that are sold at once never expire.', 'warning'));
  }
  if (rememberFor !== undefined && durationMs(rememberFor) <= 0) {
    found.push(finding('STOCK_REMEMBER', '/rememberFor', 'Say how long an order is remembered, such as "7 d".'));
  }
  return found;
}
