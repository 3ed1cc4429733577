import {
  type Behaviour,
  type ConfigFinding,
  type Context,
  defineOperator,
  durationMs,
  Field,
  MAX_TIME,
  type MapState,
  type Static,
  type StreamRecord,
  type Timer,
  Type,
  type Value,
} from '@millrace/sdk';
import { finding } from './shared/finding.js';
import { durationWords, fieldsKey } from './shared/key-fields.js';
import { floorTo } from './windows/assigner.js';

const config = Type.Object(
  {
    n: Type.Integer({
      title: 'At most',
      description: 'Records per interval.',
      minimum: 1,
      maximum: 10_000,
      default: 1,
    }),
    interval: Field.duration({ title: 'Per', description: 'How long an interval is.', examples: ['1 s', '1 h'] }),
    by: Type.Optional(
      Field.fields({
        title: 'For each',
        description: 'Counted apart for different values of these. Empty: all together.',
      }),
    ),
    keep: Type.Optional(
      Type.Enum(['first', 'last'], {
        title: 'Keep',
        description: 'first: the first ones to arrive, at once. last: the last ones, when the interval is over.',
        default: 'first',
      }),
    ),
    time: Type.Optional(
      Type.Enum(['event-time', 'clock'], {
        title: 'Time',
        description:
          'event-time: when it happened. clock: when it passes here; when the same records are run again, others may be kept.',
        default: 'event-time',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

interface States {
  /** Records let through, by start of the interval. */
  counts: MapState<number, number>;
  /** Records that are still the last ones, [event time, value], by start of the interval. */
  held: MapState<[number, Value][], number>;
}

/** What is over the limit leaves through `dropped` and counts as filtered. */
class First implements Behaviour<States> {
  constructor(
    readonly n: number,
    readonly interval: number,
    readonly byClock: boolean,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<States>): void {
    const { interval, byClock, n } = this;
    const start = floorTo(byClock ? ctx.clock.now() : record.time, interval, 0);
    const end = start + interval;
    if (!byClock && end - 1 <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const { counts } = ctx.state;
    const count = counts.get(start) ?? 0;
    if (count >= n) {
      ctx.forward('dropped', record);
      ctx.filtered();
      return;
    }
    if (count === 0) {
      if (byClock) ctx.timers.clockAt(end);
      else ctx.timers.at(end - 1);
    }
    counts.set(start, count + 1);
    ctx.forward('out', record);
  }

  onTimer({ kind, time }: Timer, ctx: Context<States>): void {
    ctx.state.counts.delete((kind === 'clock' ? time : time + 1) - this.interval);
  }
}

class Last implements Behaviour<States> {
  constructor(
    readonly n: number,
    readonly interval: number,
    readonly byClock: boolean,
  ) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<States>): void {
    const { interval, byClock, n } = this;
    const { time, value } = record;
    const start = floorTo(byClock ? ctx.clock.now() : time, interval, 0);
    const end = start + interval;
    if (!byClock && end - 1 <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const rows = ctx.state.held.get(start) ?? [];
    if (rows.length === 0) {
      if (byClock) {
        ctx.timers.clockAt(end);
        // The clock may not get there before the input ends.
        ctx.timers.at(MAX_TIME);
      } else ctx.timers.at(end - 1);
    }
    let at = rows.length;
    if (!byClock) while (at > 0 && rows[at - 1]![0] > time) at--;
    rows.splice(at, 0, [time, value]);
    if (rows.length > n) {
      const [oldTime, old] = rows.shift()!;
      ctx.emit('dropped', old, oldTime, 'insert');
      ctx.filtered();
    }
    ctx.state.held.set(start, rows);
  }

  /** The watermark may have passed a record while it was held: it then gets the next time that is not late. */
  onTimer({ kind, time }: Timer, ctx: Context<States>): void {
    const { held } = ctx.state;
    if (!this.byClock) {
      const start = time + 1 - this.interval;
      for (const [, value] of held.get(start) ?? []) ctx.emit('out', value, time, 'insert');
      held.delete(start);
      return;
    }
    const starts = kind === 'clock' ? [time - this.interval] : [...held.entries()].map(([start]) => start);
    for (const start of starts.sort((a, b) => a - b)) {
      for (const [own, value] of held.get(start) ?? []) {
        ctx.emit('out', value, ctx.watermark === MAX_TIME ? own : Math.max(own, ctx.watermark + 1), 'insert');
      }
      held.delete(start);
      if (kind === 'event') ctx.timers.cancelClock(start + this.interval);
    }
    if (held.size === 0) ctx.timers.cancel(MAX_TIME);
  }
}

function lint({ interval }: Config): ConfigFinding[] {
  return durationMs(interval) > 0
    ? []
    : [finding('THROTTLE_INTERVAL', '/interval', 'Say how long an interval is, such as "1 min".')];
}

/** Lets at most n records per key and interval pass. Intervals are multiples of their length since 1970 in UTC. */
export const throttle = defineOperator<typeof config, States>({
  type: 'core.throttle',
  version: 1,
  docs: {
    title: 'Throttle',
    summary: 'Lets at most so many records pass in a span of time, such as one alert per hour.',
    description:
      'So that nobody gets a hundred messages about the same thing. The others leave through "dropped" and count as filtered. With "Keep" set to last, records wait until their interval is over, and then have its end as their time. (By the clock they keep their own time, unless newer records have passed already.)',
    category: 'shape',
    icon: 'hourglass',
    zh: { title: '限流', summary: '每段时间最多放行指定数量的记录，例如每小时一条提醒。' },
  },
  config,
  inputs: { in: { accepts: 'append' } },
  outputs: {
    out: {},
    dropped: { title: 'Dropped', description: 'Records over the limit.', side: true },
    late: {
      title: 'Late',
      description: 'Records whose interval was already over, by the time in the records.',
      side: true,
    },
  },
  key: ({ by }: Config) => fieldsKey(by),
  traits: { partitioning: 'by-key', eventTime: true, deterministic: false, fanOut: 'many' },
  state: { counts: { kind: 'map' }, held: { kind: 'map' } },
  lint,
  summary: ({ n, interval, by }: Config) =>
    `${n} per ${durationWords(interval)}${by === undefined || by.length === 0 ? '' : ` by ${by.join(', ')}`}`,
  mode: () => ({ out: { mode: 'append' }, dropped: { mode: 'append' }, late: { mode: 'append' } }),
  fields: (_config, inputs) => ({ out: inputs.in, dropped: inputs.in, late: inputs.in }),
  examples: [
    {
      title: 'One low-stock alert per product and hour',
      config: { n: 1, interval: '1 h', by: ['sku'] },
      input: [
        { value: { sku: 'A', stock: 3 }, time: 0 },
        { value: { sku: 'B', stock: 1 }, time: 10 },
        { value: { sku: 'A', stock: 2 }, time: 20 },
        { value: { sku: 'A', stock: 1 }, time: 3_600_000 },
      ],
      output: {
        out: [
          { sku: 'A', stock: 3 },
          { sku: 'B', stock: 1 },
          { sku: 'A', stock: 1 },
        ],
        dropped: [{ sku: 'A', stock: 2 }],
      },
    },
    {
      title: 'The last position of a courier per ten seconds',
      config: { n: 1, interval: '10 s', by: ['courier'], keep: 'last' },
      input: [
        { value: { courier: 'c1', km: 2 }, time: 4000 },
        { value: { courier: 'c1', km: 1 }, time: 1000 },
        { watermark: 9999 },
        { value: { courier: 'c1', km: 9 }, time: 11_000 },
        { value: { courier: 'c1', km: 3 }, time: 5000 },
      ],
      output: {
        out: [
          { courier: 'c1', km: 2 },
          { courier: 'c1', km: 9 },
        ],
        dropped: [{ courier: 'c1', km: 1 }],
        late: [{ courier: 'c1', km: 3 }],
      },
    },
  ],
  create({ config: { n, interval, keep, time } }) {
    const ms = durationMs(interval);
    return keep === 'last' ? new Last(n, ms, time === 'clock') : new First(n, ms, time === 'clock');
  },
});
