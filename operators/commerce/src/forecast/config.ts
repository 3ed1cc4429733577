import { type ConfigFinding, Field, isTimeZone, type Static, Type } from '@millrace/sdk';
import { finding } from '../shared/finding.js';

/** Periods after which the pattern comes again, unless told otherwise. */
export const SEASON = { hour: 24, day: 7, week: 52 };

export const config = Type.Object(
  {
    by: Type.Optional(
      Field.fields({
        title: 'For each',
        description:
          'What is forecast by itself: the product, or product and warehouse. Sales and stock need the same fields.',
        minItems: 1,
        default: ['sku'],
      }),
    ),
    quantity: Type.Optional(
      Field.field({
        title: 'Units sold',
        description: 'Field of a sale with the number of units. Negative ones (returns) do not count.',
        default: 'quantity',
        ui: { port: 'sales' },
      }),
    ),
    period: Type.Optional(
      Type.Enum(['hour', 'day', 'week'], {
        title: 'Per',
        description: 'Sales are added up per hour, day or week (from Monday).',
        default: 'day',
      }),
    ),
    season: Type.Optional(
      Type.Integer({
        title: 'Season',
        description:
          'Periods after which the pattern comes again: 7 days for weekdays and weekends, 24 hours for the time of day. Default: 7 for days, 24 for hours, 52 for weeks. 1: no pattern.',
        minimum: 1,
        maximum: 400,
        'x-ui': { unit: 'periods' },
      }),
    ),
    horizon: Type.Optional(
      Type.Integer({
        title: 'Look ahead',
        description: 'Periods that are forecast.',
        minimum: 1,
        maximum: 366,
        default: 14,
        'x-ui': { unit: 'periods' },
      }),
    ),
    pattern: Type.Optional(
      Type.Enum(['additive', 'multiplicative', 'best'], {
        title: 'Pattern',
        description:
          'additive: Mondays sell 20 more. multiplicative: Mondays sell 30 % more, so more when sales grow. best: per product, whichever was closer on its own past; take it when you are not sure.',
        default: 'additive',
      }),
    ),
    interval: Type.Optional(
      Type.Integer({
        title: 'Band',
        description: 'Of 100 periods this many shall end between low and high.',
        minimum: 50,
        maximum: 98,
        default: 80,
        'x-ui': { unit: '%' },
      }),
    ),
    timeZone: Type.Optional(
      Type.String({
        title: 'Time zone',
        description: 'Zone in which days begin, such as Europe/Berlin. Default: that of the workflow.',
        'x-ui': { widget: 'timezone' },
      }),
    ),
    onHand: Type.Optional(
      Field.field({
        title: 'Units in stock',
        description: 'Field of a stock record with the level.',
        default: 'onHand',
        ui: { port: 'stock' },
      }),
    ),
    leadTime: Type.Optional(
      Field.duration({ title: 'Lead time', description: 'From ordering new stock to having it.', default: '7 d' }),
    ),
    leadTimeField: Type.Optional(
      Field.field({
        title: 'Lead time of the product',
        description:
          'Field of a stock record with the lead time of the product in days; it is used instead of "Lead time".',
        ui: { port: 'stock', advanced: true },
      }),
    ),
    history: Type.Optional(
      Type.Integer({
        title: 'Past used',
        description: 'Periods that are remembered.',
        minimum: 14,
        maximum: 1500,
        default: 400,
        'x-ui': { unit: 'periods', advanced: true },
      }),
    ),
    forgetAfter: Type.Optional(
      Type.Integer({
        title: 'Forget after',
        description: 'A product without sales for this long is no longer forecast.',
        minimum: 1,
        maximum: 1500,
        default: 90,
        'x-ui': { unit: 'periods', advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
export type Config = Static<typeof config>;

/** What the schema cannot see. */
export function lint({ by, period = 'day', season, history = 400, timeZone }: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  if (by?.length === 0) found.push(finding('FORECAST_BY', '/by', 'Name the field with the product.'));
  if (history < 2 * (season ?? SEASON[period]))
    found.push(
      finding(
        'FORECAST_HISTORY',
        '/history',
        'The past must be at least two seasons long, or nothing can be forecast.',
      ),
    );
  if (timeZone !== undefined && !isTimeZone(timeZone))
    found.push(finding('TIME_ZONE', '/timeZone', `"${timeZone}" is no time zone; write one as in Europe/Berlin.`));
  return found;
}
