import {
  addToSum,
  type CalendarUnit,
  type Context,
  dayOf,
  defineOperator,
  durationMs,
  type ExactSum,
  fieldReader,
  isoTime,
  MAX_TIME,
  type MapState,
  nextPeriod,
  startOfPeriod,
  sumValue,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { type Config, config, lint, SEASON } from './forecast/config.js';
import type { Season } from './forecast/holt-winters.js';
import { runsOutAt } from './forecast/run-out.js';
import {
  close,
  emptySeries,
  enough,
  forecast,
  type Path,
  type Series,
  type SeriesSettings,
} from './forecast/series.js';
import { type Fields, keyWriter, lastStep } from './shared/fields.js';
import { fieldsKey, lacksKey } from './shared/key-fields.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 86_400_000;
interface Stock {
  onHand: number;
  /** ms. */
  lead: number;
  t: number;
  /** Was it short when last looked at? */
  short: boolean;
}
interface Level {
  onHand: number | null;
  lead: number;
}
interface States {
  series: ValueState<Series>;
  /** Sums of periods that are not closed yet, by their start. */
  open: MapState<ExactSum, number>;
  stock: ValueState<Stock>;
  /** Levels whose time has not come yet. */
  levels: MapState<Level, number>;
  /** The forecast in force: start of its first period, and what it says. */
  path: ValueState<Path & { from: number }>;
}

/** Units to two places: more is noise. */
const round = (x: number) => Math.round(x * 100) / 100;

const sold = (day: number, units: number) => ({
  port: 'sales',
  value: { sku: 'tea', quantity: units },
  time: day * DAY + HOUR,
});

const band = (date: string, units: number, low: number, high: number) => ({ date, units, low, high });
const additive = { pattern: 'additive', error: null, naiveError: null, insideBand: null, judged: 0 };
const judgedOnce = { error: 0.67, naiveError: 1, insideBand: 1, judged: 1 };
const short = { onHand: 20, runsOut: 857_580_000, orderBy: 684_780_000, leadTimeDays: 2, short: true };

/** How much of each product will be sold, how sure that is, and when the stock runs out. */
export const demandForecast = defineOperator<typeof config, States>({
  type: 'commerce.demand-forecast',
  version: 1,
  docs: {
    title: 'Forecast demand',
    summary: 'Forecasts the sales of each product and says when its stock runs out.',
    description: `Sales are added up per day (hour, week). When a day is over, the forecast of each product for the next days is sent; it replaces the one before. \`days\` has the forecast day by day, \`total\` their sum; \`asOf\` is the moment up to which sales are known (ms).

**How.** It follows three things: the level of sales, a trend that fades out, and a pattern that comes again after a *season*: for days a week, because Saturdays sell otherwise than Mondays. (The method is called Holt–Winters.) Newer days count more; how much more is tried out for each product on its own past. One unusually big order moves the forecast only a little. A product is forecast once two seasons of it are known (for days, two weeks), and six periods at least.

**How sure.** \`low\` and \`high\`: of 100 days, 80 shall end between them. The band comes from how far off the forecasts of this very product were.

**How good.** Once a season a forecast is put aside and compared, when its days are over, with what was sold, and with the simplest guess: "the same as a season ago" (for days, a week ago). \`error\` says how far off the forecast was, \`naiveError\` how far off that guess was for the same days; 1 is as far as the guess usually is. As long as \`error\` is the smaller of the two, the forecast is worth something. \`insideBand\` is the share of days that ended between low and high (1 is all), \`judged\` the number of forecasts compared. The first three are empty until one has been.

**Stock.** With stock levels on the second input: \`runsOut\` is when the stock is used up if sales go as forecast (empty: not within the days looked at), \`orderBy\` the last moment to order so that new stock is there in time, \`short\` whether that moment has passed. When a product becomes short, or no longer is, a record leaves through "shortage".

Days without a sale count as 0, also closed days. Sales of a day already closed leave through "late". Per product it keeps its last 400 periods and a few numbers.`,
    category: 'predict',
    icon: 'chart-line',
    zh: { title: '需求预测', summary: '预测每个商品的销量，并给出库存何时用尽。' },
  },
  config,
  inputs: {
    sales: { title: 'Sales', description: 'One record per sale or order line, or totals.', accepts: 'append' },
    stock: {
      title: 'Stock levels',
      description: 'The level of a product, whenever it changes.',
      required: false,
      kind: 'stock',
    },
  },
  outputs: {
    forecast: {
      title: 'Forecast',
      description: 'One row per product, replaced every period and whenever its stock changes.',
    },
    shortage: {
      title: 'Shortage',
      description: 'A product will run out before new stock can be there, or no longer will.',
    },
    late: { title: 'Late', description: 'Sales of periods that were already closed.', side: true },
  },
  key: ({ by = ['sku'] }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true, fanOut: 'many' },
  state: {
    series: { kind: 'value' },
    open: { kind: 'map' },
    stock: { kind: 'value' },
    levels: { kind: 'map' },
    path: { kind: 'value' },
  },
  lint,
  summary: ({ horizon = 14, period = 'day', by = ['sku'] }: Config) =>
    `${horizon} ${period}s ahead, by ${by.join(', ')}`,
  mode: ({ by = ['sku'] }: Config, inputs) => ({
    forecast: { mode: 'upsert', key: by.map(lastStep) },
    shortage: { mode: 'append' },
    late: inputs.sales ?? { mode: 'append' },
  }),
  fields: ({ by = ['sku'] }: Config, inputs) => {
    const key = Object.fromEntries(by.map((path) => [lastStep(path), inputs.sales?.fields[path] ?? ('any' as const)]));
    const stock = {
      onHand: 'number',
      runsOut: 'time',
      orderBy: 'time',
      leadTimeDays: 'number',
      short: 'boolean',
    } as const;
    return {
      forecast: {
        fields: {
          ...key,
          asOf: 'time',
          total: 'number',
          days: 'list',
          pattern: 'text',
          error: 'number',
          naiveError: 'number',
          insideBand: 'number',
          judged: 'number',
          ...stock,
        },
        open: false,
      },
      shortage: { fields: { ...key, ...stock }, open: false },
      late: inputs.sales,
    };
  },
  examples: [
    {
      title: 'Tea sells more on every second day, and its stock of 20 lasts two days, as long as new tea takes',
      config: { season: 2, horizon: 2, leadTime: '2 d', interval: 80 },
      input: [
        ...[5, 15, 6, 16, 5, 15, 6].map((units, day) => sold(day, units)),
        sold(7, 10),
        sold(7, 6),
        { watermark: 8 * DAY - 1 },
        { port: 'stock', value: { sku: 'tea', onHand: 20 }, time: 8 * DAY },
      ],
      output: {
        forecast: [
          {
            sku: 'tea',
            asOf: 6 * DAY,
            total: 20.66,
            days: [band('1970-01-07', 5.86, 4.7, 7.57), band('1970-01-08', 14.8, 13.63, 16.5)],
            ...additive,
          },
          {
            sku: 'tea',
            asOf: 7 * DAY,
            total: 20.7,
            days: [band('1970-01-08', 14.8, 13.64, 16.51), band('1970-01-09', 5.9, 4.73, 7.61)],
            ...additive,
          },
          {
            sku: 'tea',
            asOf: 8 * DAY,
            total: 21.13,
            days: [band('1970-01-09', 5.89, 4.78, 7.28), band('1970-01-10', 15.24, 14.13, 16.64)],
            ...additive,
            ...judgedOnce,
          },
          {
            sku: 'tea',
            asOf: 8 * DAY,
            total: 21.13,
            days: [band('1970-01-09', 5.89, 4.78, 7.28), band('1970-01-10', 15.24, 14.13, 16.64)],
            ...additive,
            ...judgedOnce,
            ...short,
          },
        ],
        shortage: [{ sku: 'tea', ...short }],
      },
    },
  ],
  create({ config: options, timeZone }) {
    const by = options.by ?? ['sku'];
    const period = options.period ?? 'day';
    const zone = options.timeZone ?? timeZone;
    const settings: SeriesSettings = {
      m: options.season ?? SEASON[period],
      horizon: options.horizon ?? 14,
      seasons:
        options.pattern === 'best' ? ['additive', 'multiplicative'] : [(options.pattern ?? 'additive') as Season],
      band: (options.interval ?? 80) / 100,
      history: options.history ?? 400,
    };
    const forgetAfter = options.forgetAfter ?? 90;
    const startOf = (t: number) =>
      period === 'hour' ? Math.floor(t / HOUR) * HOUR : startOfPeriod(t, period as CalendarUnit, zone);
    const after = (start: number) =>
      period === 'hour' ? start + HOUR : nextPeriod(start, period as CalendarUnit, zone);
    const nameOf = (start: number) => (period === 'hour' ? isoTime(start) : dayOf(start, zone));
    const lacks = lacksKey(by);
    const quantity = fieldReader(options.quantity ?? 'quantity');
    const onHand = fieldReader(options.onHand ?? 'onHand');
    const leadOf = options.leadTimeField === undefined ? undefined : fieldReader(options.leadTimeField);
    const leadTime = durationMs(options.leadTime ?? '7 d');
    const writeKey = keyWriter(by);

    /** The forecast row of the current key as of `now`, and a shortage record when that has changed. */
    const send = (now: number, time: number, ctx: Context<States>) => {
      const path = ctx.state.path.get();
      const series = ctx.state.series.get();
      if (path === undefined || series === undefined) return;
      const steps = [];
      for (let i = 0, from = path.from; i < path.units.length; i++) {
        const to = after(from);
        steps.push({ from, to, units: path.units[i]!, low: path.low[i]!, high: path.high[i]! });
        from = to;
      }
      const key: Fields = {};
      writeKey(ctx.key, key);
      const [ours, naive, judged, inside, periods] = series.record;
      const stock = ctx.state.stock.get();
      const about = stock && stockFields(stock, runsOutAt(stock.onHand, now, steps), now);
      ctx.emit(
        'forecast',
        {
          ...key,
          asOf: now,
          total: round(path.units.reduce((sum, units) => sum + units, 0)),
          days: steps.map(({ from, units, low, high }) => ({
            date: nameOf(from),
            units: round(units),
            low: round(low),
            high: round(high),
          })),
          pattern: path.season,
          error: judged === 0 ? null : round(ours / judged),
          naiveError: judged === 0 ? null : round(naive / judged),
          insideBand: judged === 0 ? null : round(inside / periods),
          judged,
          ...about,
        },
        time,
        'upsert',
      );
      if (stock === undefined || about === undefined || stock.short === about.short) return;
      ctx.state.stock.set({ ...stock, short: about.short });
      ctx.emit('shortage', { ...key, ...about }, time, 'insert');
    };

    /** The newest level up to this time counts; one older than what is known does not. */
    const takeLevel = (time: number, ctx: Context<States>) => {
      const { levels, stock } = ctx.state;
      const kept = stock.get();
      let newest = kept?.t ?? Number.NEGATIVE_INFINITY;
      let level: Level | undefined;
      for (const [t, found] of levels.entries()) {
        if (t > time) continue;
        levels.delete(t);
        if (t < newest) continue;
        newest = t;
        level = found;
      }
      if (level === undefined) return;
      if (level.onHand === null) return stock.clear();
      stock.set({ onHand: level.onHand, lead: level.lead, t: newest, short: kept?.short ?? false });
      send(newest, time, ctx);
    };

    return {
      onRecord(record, port, ctx) {
        if (lacks(record.value)) return ctx.filtered();
        if (port === 'stock') {
          const level: Value = onHand(record.value);
          const days: Value = leadOf?.(record.value);
          const gone = record.op === 'delete';
          if (!gone && typeof level !== 'number') return ctx.filtered();
          // Looked at when its time has come, so that it does not matter which of the inputs is ahead.
          ctx.state.levels.set(record.time, {
            onHand: gone ? null : level,
            lead: typeof days === 'number' ? days * DAY : leadTime,
          });
          ctx.timers.at(record.time, 'stock');
          return;
        }
        const units: Value = quantity(record.value);
        if (typeof units !== 'number' || units < 0) return ctx.filtered();
        const start = startOf(record.time);
        const series = ctx.state.series.get();
        if (series !== undefined && start < series.next) return ctx.late(record);
        const sum = ctx.state.open.get(start) ?? { units: 0, scale: 0 };
        const next = { ...sum };
        addToSum(next, units);
        ctx.state.open.set(start, next);
        ctx.timers.at(after(start) - 1, 'close');
      },
      onTimer({ time, name }, ctx) {
        if (name === 'stock') return takeLevel(time, ctx);
        const { open } = ctx.state;
        const kept = ctx.state.series.get();
        const end = time + 1;
        const first = kept?.next ?? Math.min(...[...open.entries()].map(([start]) => start));
        // At the end of input only what was sold is closed: time does not go on.
        if (first >= end || (ctx.watermark >= MAX_TIME && open.size === 0)) return;
        const series: Series = kept === undefined ? emptySeries(first) : structuredClone(kept);
        while (series.next < end) {
          const sum = open.get(series.next);
          open.delete(series.next);
          close(series, sum === undefined ? 0 : Math.max(0, Number(sumValue(sum))), settings);
          series.next = after(series.next);
        }
        if (series.idle >= forgetAfter && open.size === 0) {
          ctx.state.series.clear();
          const key: Fields = {};
          writeKey(ctx.key, key);
          if (ctx.state.path.get() !== undefined) ctx.emit('forecast', key, time, 'delete');
          ctx.state.path.clear();
          return;
        }
        if (enough(series, settings)) ctx.state.path.set({ ...forecast(series, settings), from: series.next });
        ctx.state.series.set(series);
        send(end, time, ctx);
        // A period without sales is closed too, as long as time goes on.
        if (ctx.watermark < MAX_TIME) ctx.timers.at(after(series.next) - 1, 'close');
      },
    };
  },
});

function stockFields({ onHand, lead }: Stock, end: number | null, now: number) {
  // To the minute: more would pretend to know more.
  const runsOut = end === null ? null : Math.floor(end / MINUTE) * MINUTE;
  const orderBy = runsOut === null ? null : runsOut - lead;
  return { onHand, runsOut, orderBy, leadTimeDays: round(lead / DAY), short: orderBy !== null && orderBy <= now };
}
