import { type ConfigFinding, durationMs, EventTime, Field, parseIso, type Static, Type } from '@millrace/sdk';
import { skuOf } from './catalogue.js';
import { KINDS, type Kind } from './visit.js';

/** When bounded shops open, unless told otherwise: a Monday. */
export const EPOCH = '2026-01-05T00:00:00Z';
export const COUNTRIES = ['DE', 'FR', 'US', 'GB', 'NL', 'IT', 'ES', 'PL', 'SE', 'CH', 'AT', 'BE'];
export const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'PLN'];
const advanced = { 'x-ui': { advanced: true } };
const code = (length: number) => Type.String({ pattern: `^[A-Z]{${length}}$` });

export const config = Type.Object(
  {
    rate: Type.Optional(
      Type.Number({
        title: 'Rate',
        description: 'Events per second, of all kinds together. 0: as fast as possible.',
        minimum: 0,
        maximum: 1_000_000,
        default: 50,
        'x-ui': { unit: 'events/s' },
      }),
    ),
    count: Type.Optional(
      Type.Integer({
        title: 'End after',
        description: 'Events in all. Empty: never ends.',
        minimum: 1,
        'x-ui': { unit: 'events' },
      }),
    ),
    kinds: Type.Optional(
      Type.Array(Type.Union(KINDS.map((kind) => Type.Literal(kind)) as [ReturnType<typeof Type.Literal<Kind>>]), {
        title: 'Kinds',
        description: 'Events to make; each comes out of its own port. The rate counts these alone.',
        uniqueItems: true,
        minItems: 1,
        default: [...KINDS],
      }),
    ),
    seed: Type.Optional(
      Type.Integer({
        title: 'Seed',
        description: 'The same seed gives the same shop and the same events.',
        minimum: 0,
        maximum: 2_147_483_647,
        default: 1,
      }),
    ),
    startTime: Type.Optional(
      Type.String({
        title: 'Opens at',
        description: `Time of the first event (ISO 8601). Default: now, or ${EPOCH} when the stream ends by itself.`,
        examples: [EPOCH],
        ...advanced,
      }),
    ),
    daily: Type.Optional(
      Type.Boolean({
        title: 'Busy and quiet hours',
        description:
          'The rate follows the day (UTC): half at 5:00, one and a half times at 19:00. It then is the mean of a day.',
        default: false,
      }),
    ),
    flashSale: Type.Optional(
      Type.Object(
        {
          every: Type.Optional(
            Field.duration({
              title: 'Every',
              description: 'From one sale to the next; the first comes after this time.',
              default: '10 min',
            }),
          ),
          duration: Type.Optional(
            Field.duration({ title: 'For', description: 'How long a sale lasts.', default: '1 min' }),
          ),
          factor: Type.Optional(
            Type.Number({
              title: 'Times as many visits',
              description: 'How many times more people come meanwhile.',
              minimum: 1,
              maximum: 1000,
              default: 10,
            }),
          ),
          sku: Type.Optional(
            Type.String({
              title: 'Product',
              description: `Default: ${skuOf(0)}, the most popular one.`,
              pattern: '^SKU-\\d{4,5}$',
            }),
          ),
        },
        { title: 'Flash sale', description: 'A rush on one product at 30 % off.', additionalProperties: false },
      ),
    ),
    disorder: Type.Optional(
      Field.duration({
        title: 'Out of order by up to',
        description: 'How long after it happened an event may arrive.',
        default: '2 s',
      }),
    ),
    duplicates: Type.Optional(
      Type.Number({
        title: 'Duplicates',
        description: 'Share of events that arrive twice.',
        minimum: 0,
        maximum: 0.5,
        default: 0,
      }),
    ),
    anomalies: Type.Optional(
      Type.Number({
        title: 'Anomalies',
        description:
          'Share of visits in which something is wrong: bot, card-testing, bulk-order, price-glitch, foreign-card.',
        minimum: 0,
        maximum: 0.5,
        default: 0,
      }),
    ),
    label: Type.Optional(
      Type.Boolean({
        title: 'Label anomalies',
        description: 'Adds a field "label" that names the anomaly, or null: to see whether your checks find it.',
        default: false,
      }),
    ),
    skus: Type.Optional(
      Type.Integer({
        title: 'Products',
        description: 'How many different products the shop sells.',
        minimum: 1,
        maximum: 10_000,
        default: 200,
        ...advanced,
      }),
    ),
    customers: Type.Optional(
      Type.Integer({ title: 'Customers at the start', minimum: 1, maximum: 100_000, default: 1000, ...advanced }),
    ),
    countries: Type.Optional(
      Type.Array(code(2), {
        title: 'Countries',
        description: 'Most customers come from the first, fewest from the last.',
        minItems: 1,
        uniqueItems: true,
        default: COUNTRIES,
        ...advanced,
      }),
    ),
    currencies: Type.Optional(
      Type.Array(code(3), {
        title: 'Currencies',
        description: 'Customers whose own currency is not listed pay in the first.',
        minItems: 1,
        uniqueItems: true,
        default: CURRENCIES,
        ...advanced,
      }),
    ),
    time: Type.Optional(
      Type.Object(
        {
          ...EventTime.properties,
          field: Type.Optional(Field.field({ title: 'Time field', default: 'ts' })),
          disorder: Type.Optional(
            Field.duration({
              title: 'Wait for events out of order by up to',
              description: 'Less than the disorder above makes late events.',
              default: '2 s',
            }),
          ),
        },
        { title: 'Event time', additionalProperties: false, default: {}, ...advanced },
      ),
    ),
  },
  { additionalProperties: false },
);
export type Config = Static<typeof config>;

/** What the schema cannot see. */
export function lint({ disorder, time, flashSale, skus, startTime }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const error = (code: string, path: string, message: string, severity: 'error' | 'warning' = 'error') =>
    found.push({ code, path, message, severity });
  if (durationMs(time?.disorder ?? '2 s') < durationMs(disorder ?? '2 s')) {
    error(
      'GENERATOR_LATE',
      '/time/disorder',
      'Events arrive further out of order than is waited for: some will be late.',
      'warning',
    );
  }
  if (startTime !== undefined && Number.isNaN(parseIso(startTime))) {
    error('TIME_INVALID', '/startTime', `Write the time as in ${EPOCH}.`);
  }
  if (flashSale !== undefined) {
    const { every = '10 min', duration = '1 min', sku } = flashSale;
    if (durationMs(duration) < 1 || durationMs(every) <= durationMs(duration)) {
      error(
        'GENERATOR_SALE_LENGTH',
        '/flashSale/duration',
        'A sale must be shorter than the time from one to the next.',
      );
    }
    if (sku !== undefined && (Number(sku.slice(4)) < 1 || Number(sku.slice(4)) > (skus ?? 200))) {
      error(
        'GENERATOR_SALE_SKU',
        '/flashSale/sku',
        `The shop has the products ${skuOf(0)} to ${skuOf((skus ?? 200) - 1)}.`,
      );
    }
  }
  return found;
}
