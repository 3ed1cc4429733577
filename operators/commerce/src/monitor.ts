import {
  type Context,
  defineOperator,
  durationMs,
  type FieldType,
  fieldReader,
  MAX_TIME,
  type StreamRecord,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { type Config, config, lint, ruleOf } from './monitor/config.js';
import type { Memory, Verdict } from './monitor/rules.js';
import { type Fields, keyWriter, lastStep } from './shared/fields.js';
import { fieldsKey, lacksKey } from './shared/key-fields.js';
import { spanWords } from './shared/words.js';

/** The alarm of one watched thing. */
interface Alarm {
  /** Values out of line in a row. */
  row: number;
  /** Event time of the first of them, while there are any. */
  since: number;
  level: 0 | 1 | 2;
  /** Was the alarm that is on sent, or held back by the quiet time? */
  told: boolean;
  /** Time of the last alarm sent. */
  sent: number | null;
}
/** First and last record of a time in which nothing was missed. */
type Span = [from: number, to: number];
/** What is told about an alarm. */
interface Told {
  type: 'alarm' | 'recovery';
  alarm: Alarm;
  at: number;
  value?: number | null;
  verdict?: Verdict | undefined;
  extra?: Fields;
  message: string;
}
interface States {
  memory: ValueState<Memory>;
  alarm: ValueState<Alarm>;
  /** For absence: spans not over yet, the earliest first. */
  spans: ValueState<Span[]>;
}

const NEVER: Alarm = { row: 0, since: 0, level: 0, told: false, sent: null };
const SEVERITY = ['normal', 'warning', 'critical'] as const;

const round = (x: number | null) => (x === null ? null : Number(x.toPrecision(6)));
const minute = 60_000;

/** Watches a number, or that anything comes at all, and tells when something is wrong and when it is over. */
export const monitor = defineOperator<typeof config, States>({
  type: 'commerce.monitor',
  version: 1,
  docs: {
    title: 'Monitor',
    summary: 'Watches a number, alarms when it is out of line, and tells when all is well again.',
    description: `Watch orders per minute, the share of declined payments, stock, prices, or that anything comes at all. An alarm is sent once when something goes wrong, again when it becomes critical, and a recovery when it is over: \`type\` is "alarm" or "recovery", \`severity\` "warning" or "critical", \`message\` says it in words, \`since\` when it began, \`lasted\` how long it was (ms).

Which check?

- You know the limit: **threshold**. "Safety margin" keeps a value that wavers around the limit from alarming again and again.
- You know how fast it may move: **change**.
- It must not stop: **absence**. Only what came at least once can be missed. When the input itself ends, nothing is missed.
- You know only what is usual: **z-score** compares with the latest values. What is usual is learnt as it goes; an odd value hardly changes it, a lasting shift becomes usual after a while.
- Small shifts that stay: **ewma**, a moving average: the mean of all values, in which the newest count most.
- Busy evenings and quiet nights: **seasonal**, with a usual value for each hour.

A *usual deviation* is the standard deviation: two thirds of normal values are closer to the mean than that.

"In a row" waits for several values before it alarms; "Quiet for" holds further alarms back. Every value also leaves through "values", for charts: with what was \`expected\`, the limits \`low\` and \`high\`, the \`state\`, and \`strain\`, how far out it is (1 is at the limit, 2 twice as far; for a threshold 0 inside and 2 outside). Values are taken in the order of arrival; put a "Sort by time" node before it when they come out of order. Per watched thing it keeps a few numbers (seasonal: one set per hour).`,
    category: 'commerce',
    icon: 'activity',
    zh: { title: '监控告警', summary: '监视一个数值，异常时告警，恢复时通知。' },
  },
  config,
  inputs: { in: {} },
  outputs: {
    alarms: { title: 'Alarms', description: 'Alarms and recoveries.' },
    values: { title: 'Values', description: 'Every value with what was expected of it.', side: true },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true },
  state: { memory: { kind: 'value' }, alarm: { kind: 'value' }, spans: { kind: 'value' } },
  lint,
  summary: ({ check, value, by, above, below, within = '10 min' }: Config) =>
    [
      check === 'absence'
        ? `Nothing for ${within}`
        : `${value ?? 'value'}${above === undefined ? '' : ` above ${above}`}${below === undefined ? '' : ` below ${below}`}`,
      check === 'absence' || check === 'threshold' ? '' : check,
      by?.length ? `by ${by.join(', ')}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  mode: () => ({ alarms: { mode: 'append' }, values: { mode: 'append' } }),
  fields: ({ by = [] }: Config, inputs) => {
    const key = Object.fromEntries(by.map((path) => [lastStep(path), inputs.in?.fields[path] ?? ('any' as FieldType)]));
    const numbers = { value: 'number', expected: 'number', low: 'number', high: 'number' } as const;
    return {
      alarms: {
        fields: {
          ...key,
          type: 'text',
          severity: 'text',
          check: 'text',
          ...numbers,
          since: 'time',
          at: 'time',
          lasted: 'number',
          message: 'text',
        },
        open: false,
      },
      values: { fields: { ...key, ...numbers, strain: 'number', state: 'text', at: 'time' }, open: false },
    };
  },
  examples: [
    {
      title: 'Stock below 5 alarms once, and is well again only from 8 on',
      config: { check: 'threshold', value: 'onHand', by: ['sku'], below: 5, criticalBelow: 1, margin: 3 },
      input: [6, 4, 5, 0, 7, 9].map((onHand, i) => ({ value: { sku: 'tea', onHand }, time: i * minute })),
      output: {
        alarms: [
          {
            sku: 'tea',
            type: 'alarm',
            severity: 'warning',
            check: 'threshold',
            value: 4,
            expected: null,
            low: 5,
            high: null,
            since: minute,
            at: minute,
            lasted: 0,
            message: 'onHand is 4, below the limit of 5 (sku tea).',
          },
          {
            sku: 'tea',
            type: 'alarm',
            severity: 'critical',
            check: 'threshold',
            value: 0,
            expected: null,
            low: 5,
            high: null,
            since: minute,
            at: 3 * minute,
            lasted: 2 * minute,
            message: 'onHand is 0, below the limit of 5 (sku tea).',
          },
          {
            sku: 'tea',
            type: 'recovery',
            severity: 'critical',
            check: 'threshold',
            value: 9,
            expected: null,
            low: 5,
            high: null,
            since: minute,
            at: 5 * minute,
            lasted: 4 * minute,
            message: 'onHand is 9, within the limits (sku tea). It lasted 4 min.',
          },
        ],
        values: [6, 4, 5, 0, 7, 9].map((value, i) => ({
          sku: 'tea',
          value,
          expected: null,
          low: 5,
          high: null,
          strain: i === 1 || i === 3 ? 2 : 0,
          state: ['normal', 'warning', 'warning', 'critical', 'critical', 'normal'][i],
          at: i * minute,
        })),
      },
    },
    {
      title: 'No order for ten minutes',
      config: { check: 'absence', within: '10 min', name: 'orders' },
      input: [{ value: { order: 1 }, time: 0 }, { watermark: 11 * minute }, { value: { order: 2 }, time: 12 * minute }],
      output: {
        alarms: [
          {
            type: 'alarm',
            severity: 'critical',
            check: 'absence',
            value: null,
            expected: null,
            low: null,
            high: null,
            since: 0,
            at: 10 * minute,
            lasted: 10 * minute,
            message: 'Nothing came for 10 min: orders.',
          },
          {
            type: 'recovery',
            severity: 'critical',
            check: 'absence',
            value: null,
            expected: null,
            low: null,
            high: null,
            since: 0,
            at: 12 * minute,
            lasted: 12 * minute,
            message: 'Back again after 12 min: orders.',
          },
        ],
      },
    },
  ],
  create({ config: options, compile, timeZone }) {
    const { check, by = [] } = options;
    const rule = ruleOf(options, timeZone);
    const read = options.value === undefined ? undefined : compile(options.value);
    const within = durationMs(options.within ?? '10 min');
    const need = options.times ?? 1;
    const quiet = durationMs(options.coolDown ?? 0);
    const called = options.name ?? options.value ?? 'records';
    const writeKey = keyWriter(by);
    const lacks = lacksKey(by);

    const keyOf = (ctx: Context<States>): Fields => {
      const key: Fields = {};
      writeKey(ctx.key, key);
      return key;
    };
    const whose = (key: Fields) => {
      const parts = Object.entries(key).map(([name, value]) => `${name} ${value}`);
      return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
    };
    const extras = (options.include ?? []).map((path) => [lastStep(path), fieldReader(path)] as const);
    const extraOf = (value: Value): Fields => Object.fromEntries(extras.map(([name, get]) => [name, get(value)]));
    const bounds = (verdict: Verdict | undefined) => ({
      expected: round(verdict?.expected ?? null),
      low: round(verdict?.low ?? null),
      high: round(verdict?.high ?? null),
    });
    const tell = (ctx: Context<States>, { type, alarm, at, value = null, verdict, extra, message }: Told) => {
      const lasted = Math.max(0, at - alarm.since);
      const severity = SEVERITY[alarm.level];
      const row = { type, severity, check, value, ...bounds(verdict), since: alarm.since, at, lasted, message };
      ctx.emit('alarms', { ...keyOf(ctx), ...extra, ...row }, at, 'insert');
    };
    const mayTell = ({ sent }: Alarm, at: number) => sent === null || quiet === 0 || at - sent >= quiet;

    const judge = (value: number, record: StreamRecord, ctx: Context<States>) => {
      const { time: at } = record;
      const memory: Memory = { ...(ctx.state.memory.get() ?? { n: 0 }) };
      memory.n++;
      const verdict = rule!(value, at, memory);
      ctx.state.memory.set(memory);
      const alarm: Alarm = { ...(ctx.state.alarm.get() ?? NEVER) };
      const key = keyOf(ctx);
      const extra = extraOf(record.value);
      const words = `${called} ${verdict?.text ?? ''}${whose(key)}.`;
      if (verdict !== undefined && verdict.strain > 1) {
        if (alarm.row === 0 && alarm.level === 0) alarm.since = at;
        alarm.row++;
        const level = verdict.critical ? 2 : 1;
        if (alarm.row >= need && level > alarm.level) {
          const worse = alarm.level > 0 && alarm.told;
          alarm.level = level;
          if (worse || mayTell(alarm, at)) {
            tell(ctx, { type: 'alarm', alarm, at, value, verdict, extra, message: words });
            alarm.told = true;
            alarm.sent = at;
          }
        }
      } else if (verdict !== undefined) {
        alarm.row = 0;
        if (alarm.level > 0 && verdict.calm) {
          const message = `${words} It lasted ${spanWords(Math.max(0, at - alarm.since))}.`;
          if (alarm.told) tell(ctx, { type: 'recovery', alarm, at, value, verdict, extra, message });
          alarm.level = 0;
          alarm.told = false;
        }
      }
      ctx.state.alarm.set(alarm);
      const strain = verdict !== undefined && Number.isFinite(verdict.strain) ? round(verdict.strain) : null;
      const state = verdict === undefined ? 'learning' : SEVERITY[alarm.level];
      ctx.emit('values', { ...key, ...extra, value, ...bounds(verdict), strain, state, at });
    };

    return {
      onRecord(record, _port, ctx) {
        if (record.op === 'delete' || lacks(record.value)) return ctx.filtered();
        if (rule === undefined) {
          const { spans, alone } = join(ctx.state.spans.get() ?? [], record.time, within);
          // Too late to matter: the absence was told, or was none.
          if (alone && record.time + within <= ctx.watermark) return ctx.filtered();
          ctx.state.spans.set(spans);
          if (spans.some(([from]) => from === record.time)) ctx.timers.at(record.time, 'back');
          if (alone) ctx.timers.at(record.time + within, 'silence');
          return;
        }
        const value: Value = read!(record.value, record);
        if (typeof value !== 'number' || !Number.isFinite(value)) return ctx.filtered();
        judge(value, record, ctx);
      },
      onTimer({ time, name }, ctx) {
        const spans = ctx.state.spans.get() ?? [];
        const first = spans[0];
        const alarm: Alarm = { ...(ctx.state.alarm.get() ?? NEVER) };
        if (name === 'back') {
          if (alarm.level === 0 || first === undefined || first[0] > time) return;
          const message = `Back again after ${spanWords(first[0] - alarm.since)}: ${called}${whose(keyOf(ctx))}.`;
          if (alarm.told) tell(ctx, { type: 'recovery', alarm, at: first[0], message });
          ctx.state.alarm.set({ ...alarm, level: 0, told: false });
          return;
        }
        if (first === undefined) return;
        const due = first[1] + within;
        if (due > time) return ctx.timers.at(due, 'silence');
        // The end of the input is not an absence.
        if (ctx.watermark >= MAX_TIME && spans.length === 1) return;
        ctx.state.spans.set(spans.slice(1));
        const next: Alarm = { ...alarm, level: 2, since: first[1], told: mayTell(alarm, due) };
        if (next.told) {
          next.sent = due;
          const message = `Nothing came for ${spanWords(within)}: ${called}${whose(keyOf(ctx))}.`;
          tell(ctx, { type: 'alarm', alarm: next, at: due, message });
        }
        ctx.state.alarm.set(next);
      },
    };
  },
});

/** Puts a record into the spans of time in which nothing was missed: they end when nothing comes for `within`. */
function join(spans: readonly Span[], time: number, within: number): { spans: Span[]; alone: boolean } {
  let joined: Span = [time, time];
  const apart: Span[] = [];
  for (const span of spans) {
    if (span[0] - within <= joined[1] && joined[0] <= span[1] + within) {
      joined = [Math.min(span[0], joined[0]), Math.max(span[1], joined[1])];
    } else apart.push(span);
  }
  return { spans: [...apart, joined].sort((a, b) => a[0] - b[0]), alone: apart.length === spans.length };
}
