import { Field, type Static, Type } from '@millrace/sdk';

const name = (title: string, preset: string, description?: string) =>
  Type.Optional(Field.field({ title, default: preset, ui: { advanced: true }, ...(description && { description }) }));

export const validateConfig = Type.Object(
  {
    currencies: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Z]{3}$' }), {
        title: 'Currencies',
        description: 'The ones you sell in (three letters, such as EUR). Empty: any.',
        examples: [['EUR', 'USD']],
        uniqueItems: true,
        maxItems: 200,
      }),
    ),
    needCustomer: Type.Optional(
      Type.Boolean({
        title: 'A customer is needed',
        description: 'An order that names none is invalid.',
        default: true,
      }),
    ),
    plus: Type.Optional(
      Field.fields({
        title: 'Added to the total',
        description: 'Amounts of the order on top of its lines.',
        default: ['shipping', 'tax'],
      }),
    ),
    minus: Type.Optional(
      Field.fields({
        title: 'Taken off the total',
        description: 'Amounts above 0 that lower it.',
        default: ['discount'],
      }),
    ),
    tolerance: Type.Optional(
      Type.Number({
        title: 'Total may differ by',
        description: 'In units of the currency. 0: to the last cent.',
        minimum: 0,
        default: 0,
      }),
    ),
    rememberFor: Type.Optional(
      Field.duration({
        title: 'Notice repeats for',
        description: 'How long (by the clock) the number of a valid order is remembered.',
        default: '7 d',
      }),
    ),
    order: name('Field: order', 'orderId', 'Number of the order.'),
    customer: name('Field: customer', 'customerId', 'Number of the customer.'),
    currency: name('Field: currency', 'currency', 'Three capital letters, such as EUR.'),
    total: name('Field: total', 'total', 'An order that gives no total is not checked for it.'),
    lines: name('Field: lines', 'lines', 'List of products and units of the order.'),
    sku: name('Field: product', 'sku', 'On a line; the number of the product (SKU).'),
    quantity: name('Field: units', 'quantity', 'On a line; a whole number above 0.'),
    price: name('Field: price', 'price', 'On a line; of one unit, 0 or above.'),
  },
  { additionalProperties: false },
);
export type ValidateConfig = Static<typeof validateConfig>;
