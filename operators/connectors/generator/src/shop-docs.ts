import type { RecordType } from '@millrace/sdk';
import type { Kind } from './visit.js';

const text = 'text' as const;
const number = 'number' as const;
/** Fields of the events, by kind; all have `ts` besides. */
export const FIELDS: { [kind in Kind]: RecordType['fields'] } = {
  orders: {
    orderId: text,
    status: text,
    customerId: text,
    country: text,
    channel: text,
    items: 'list',
    quantity: number,
    shipping: number,
    total: number,
    currency: text,
  },
  payments: {
    paymentId: text,
    orderId: text,
    customerId: text,
    method: text,
    amount: number,
    currency: text,
    country: text,
    card: text,
    device: text,
    cardCountry: text,
    status: text,
    attempt: number,
  },
  stock: { sku: text, change: number, reason: text, orderId: text, warehouse: text },
  clicks: { sessionId: text, customerId: text, sku: text, category: text, channel: text },
  carts: { cartId: text, action: text, customerId: text, sku: text, quantity: number, price: number, currency: text },
  customers: {
    event: text,
    customerId: text,
    name: 'personal',
    email: 'personal',
    country: text,
    currency: text,
    segment: text,
  },
};
/** Business kind of each port. */
export const BUSINESS = {
  orders: 'order',
  payments: 'payment',
  stock: 'stock',
  clicks: 'click',
  carts: 'cart',
  customers: 'customer',
} as const;

/** The distributions of everything. Keep it in step with visit.ts, catalogue.ts and visitors.ts. */
export const DESCRIPTION = `For trying things out before your own data is there, for showing them, and for tests. People visit the shop, look at products, fill carts, order and pay; stock goes out and comes in. Events that belong together share ids: \`orderId\` joins orders, payments and stock, \`customerId\` everything, \`sku\` clicks, carts, order items and stock. Every event has its time in \`ts\` (ms).

With the same seed the events are the same every time; a run that was stopped goes on with exactly the event that would have come next.

**Orders** \`placed\`, perhaps \`cancelled\` later · **Payments** \`captured\` or \`declined\`, with the customer's \`country\`, the \`card\` and its country, the \`device\` · **Stock movements** \`initial\`, \`sale\`, \`release\`, \`restock\`: the level of a product is the sum of \`change\` · **Clicks** one per product looked at · **Cart changes** \`add\`, \`remove\` · **Customers** \`known\` at the start, \`registered\`, \`changed\`

| what | how it is distributed |
|---|---|
| visits | evenly random at the rate; with busy and quiet hours half as many at 5:00 and 1.5 times as many at 19:00 UTC |
| customers | 5 % of visits are by new ones, 1 % change their data; of the others a quarter make half of the visits |
| country | in the order of the list: the first twice as often as the second, three times as often as the third |
| product | likewise: the most popular twice as often as the second |
| price | most near 25 euro, a few much less or more (1 to 900), ending in 5 or 9 cents; times a fixed factor in other currencies, whole yen |
| clicks | 1.5 before each wanted product and at the end, 25 s apart on average |
| cart | filled in 30 % of visits: 1 product, each further one with 45 % (at most 6); 75 % of lines have 1 piece; 8 % take one out |
| order | 55 % of carts, 50 s after the last change on average; shipping 4.90, free from 50 euro |
| payment | 10 s after the order on average; 3 % only after 5 to 15 min, 2 % never; 7 % of attempts declined, 70 % of these tried again, at most 3 times; 1.5 % for a wrong amount; 1 % with a card from abroad |
| cancellation | 3 % of paid orders within 20 min, all unpaid ones after 20 min; the stock is released |
| stock | popular products start with more; every 20th sold line brings stock for 20 such lines |
| flash sale | as many times more visits as set, all extra ones for one product at 30 % off: 60 % fill a cart, 75 % of these order; no new stock meanwhile |
| arrival | most nearly at once, some later, none by more than is set; duplicates after the first, within the same bound |
| anomalies | one of five, evenly: \`bot\` 80 to 200 clicks in a minute and no purchase · \`card-testing\` 8 to 15 small declined payments first, each with another card · \`bulk-order\` 50 to 200 pieces · \`price-glitch\` a hundredth of the price · \`foreign-card\` a card from another country |

A visit lasts at most an hour. At high rates visits are shorter in proportion, so that no more than 50,000 are under way and the memory does not fill. The shop is busy from the first moment: some of the first orders come from carts that were filled before.`;
