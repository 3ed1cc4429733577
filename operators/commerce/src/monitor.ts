import {
  type Context,
  defineOperator,
  durationMs,
  type FieldType,
  MAX_TIME,
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
  /** Time of the last record. */
  last: number;
}
interface States {
  memory: ValueState<Memory>;
  alarm: ValueState<Alarm>;
}

const NEVER: Alarm = { row: 0, since: 0, level: 0, told: false, sent: null, last: Number.MIN_SAFE_INTEGER };
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

- You know the limit: **threshold**. "Margin" keeps a value that wavers around the limit from alarming again and again.
- You know how fast it may move: **change**.
- It must not stop: **absence**. Only what came at least once can be missed. When the input itself ends, nothing is missed.
- You know only what is usual: **z-score** compares with the latest values. What is usual is learnt as it goes; an odd value hardly changes it, a lasting shift becomes usual after a while.
- Small shifts that stay: **ewma**, a moving average.
- Busy evenings and quiet nights: **seasonal**, with a usual value for each hour.

A *usual deviation* is the standard deviation: two thirds of normal values are closer to the mean than that.

"In a row" waits for several values before it alarms; "Quiet for" holds further alarms back. Every value also leaves through "values" with what was expected, for charts. Values are taken in the order of arrival; put a Sort node before it when they come out of order. Per watched thing it keeps a few numbers (seasonal: one set per hour).`,
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
  state: { memory: { kind: 'value' }, alarm: { kind: 'value' } },
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
    /** Sends an alarm or a recovery. */
    const tell = (
      type: 'alarm' | 'recovery',
      alarm: Alarm,
      at: number,
      value: number | null,
      verdict: Verdict | undefined,
      words: string,
      ctx: Context<States>,
    ) => {
      ctx.emit(
        'alarms',
        {
          ...keyOf(ctx),
          type,
          severity: SEVERITY[alarm.level],
          check,
          value,
          expected: round(verdict?.expected ?? null),
          low: round(verdict?.low ?? null),
          high: round(verdict?.high ?? null),
          since: alarm.since,
          at,
          lasted: Math.max(0, at - alarm.since),
          message: words,
        },
        at,
        'insert',
      );
    };
    const mayTell = ({ sent }: Alarm, at: number) => sent === null || quiet === 0 || at - sent >= quiet;

    const seen = (time: number, ctx: Context<States>) => {
      const alarm = { ...(ctx.state.alarm.get() ?? NEVER) };
      if (alarm.level > 0 && time > alarm.last) {
        if (alarm.told)
          tell(
            'recovery',
            alarm,
            time,
            null,
            undefined,
            `Back again after ${spanWords(time - alarm.since)}: ${called}${whose(keyOf(ctx))}.`,
            ctx,
          );
        alarm.level = 0;
        alarm.told = false;
      }
      if (time > alarm.last) {
        alarm.last = time;
        ctx.timers.at(time + within, 'absence');
      }
      ctx.state.alarm.set(alarm);
    };

    const judge = (value: number, time: number, ctx: Context<States>) => {
      const memory: Memory = { ...(ctx.state.memory.get() ?? { n: 0 }) };
      memory.n++;
      const verdict = rule!(value, time, memory);
      ctx.state.memory.set(memory);
      const alarm: Alarm = { ...(ctx.state.alarm.get() ?? NEVER), last: time };
      const key = keyOf(ctx);
      const words = `${called} ${verdict?.text ?? ''}${whose(key)}.`;
      if (verdict !== undefined && verdict.strain > 1) {
        if (alarm.row === 0 && alarm.level === 0) alarm.since = time;
        alarm.row++;
        const level = verdict.critical ? 2 : 1;
        if (alarm.row >= need && level > alarm.level) {
          const worse = alarm.level > 0 && alarm.told;
          alarm.level = level;
          if (worse || mayTell(alarm, time)) {
            tell('alarm', alarm, time, value, verdict, words, ctx);
            alarm.told = true;
            alarm.sent = time;
          }
        }
      } else if (verdict !== undefined) {
        alarm.row = 0;
        if (alarm.level > 0 && verdict.calm) {
          if (alarm.told)
            tell(
              'recovery',
              alarm,
              time,
              value,
              verdict,
              `${words} It lasted ${spanWords(Math.max(0, time - alarm.since))}.`,
              ctx,
            );
          alarm.level = 0;
          alarm.told = false;
        }
      }
      ctx.state.alarm.set(alarm);
      ctx.emit('values', {
        ...key,
        value,
        expected: round(verdict?.expected ?? null),
        low: round(verdict?.low ?? null),
        high: round(verdict?.high ?? null),
        strain: verdict === undefined ? null : Number.isFinite(verdict.strain) ? round(verdict.strain) : null,
        state: verdict === undefined ? 'learning' : SEVERITY[alarm.level],
        at: time,
      });
    };

    return {
      onRecord(record, _port, ctx) {
        if (record.op === 'delete' || lacks(record.value)) return ctx.filtered();
        if (rule === undefined) return seen(record.time, ctx);
        const value: Value = read!(record.value, record);
        if (typeof value !== 'number' || !Number.isFinite(value)) return ctx.filtered();
        judge(value, record.time, ctx);
      },
      onTimer({ time }, ctx) {
        const alarm = ctx.state.alarm.get();
        // The end of the input is not an absence.
        if (alarm === undefined || alarm.level > 0 || alarm.last + within > time || ctx.watermark >= MAX_TIME) return;
        const next: Alarm = { ...alarm, level: 2, since: alarm.last, told: mayTell(alarm, time) };
        if (next.told) {
          next.sent = time;
          tell(
            'alarm',
            next,
            time,
            null,
            undefined,
            `Nothing came for ${spanWords(within)}: ${called}${whose(keyOf(ctx))}.`,
            ctx,
          );
        }
        ctx.state.alarm.set(next);
      },
    };
  },
});
