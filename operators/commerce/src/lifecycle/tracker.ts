import {
  type Behaviour,
  type Context,
  durationMs,
  fieldReader,
  type MapState,
  type StreamRecord,
  type Timer,
  type Value,
  type ValueState,
} from '@millrace/sdk';
import { asObject, type Fields, keyWriter, withFields } from '../shared/fields.js';
import { judge, type OrderState, STATES } from './machine.js';

interface Known {
  state: OrderState;
  since: number;
  /** When it was in each state. */
  times: { [state in OrderState]?: number };
}
export interface LifecycleState {
  /** News that waits for older news, by time. */
  waiting: MapState<Value[], number>;
  order: ValueState<Known>;
}
export interface TrackerConfig {
  order?: string;
  event?: string;
  words?: { readonly [word: string]: OrderState };
  timeouts?: readonly { in: OrderState; after: number | string; as: string }[];
  forgetAfter?: number | string;
}

const OVERDUE = 'overdue/';
const FORGET = 'forget';
const NAMES = new Set<string>(STATES);

/** One order after the other: news by time, then timeouts of the same moment. */
export class Tracker implements Behaviour<LifecycleState> {
  readonly #event: (value: Value) => Value;
  readonly #order: (value: Value) => Value;
  readonly #writeOrder: (key: string, target: Fields) => void;
  readonly #stateOf: (word: Value) => OrderState | undefined;
  readonly #timeouts: readonly { in: OrderState; ms: number; as: string }[];
  readonly #forgetAfter: number;

  constructor(config: TrackerConfig) {
    const { order = 'orderId', event = 'status', words, forgetAfter = '180 d' } = config;
    const timeouts = config.timeouts ?? [{ in: 'created' as const, after: '30 min', as: 'unpaid' }];
    this.#event = fieldReader(event);
    this.#order = fieldReader(order);
    this.#writeOrder = keyWriter([order]);
    this.#stateOf =
      words === undefined || Object.keys(words).length === 0
        ? (word) => (NAMES.has(word) ? (word as OrderState) : undefined)
        : (word) => (typeof word === 'string' && Object.hasOwn(words, word) ? words[word] : undefined);
    this.#timeouts = timeouts.map(({ in: state, after, as }) => ({ in: state, ms: durationMs(after), as }));
    this.#forgetAfter = durationMs(forgetAfter);
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context<LifecycleState>): void {
    const value = asObject(record.value);
    if (this.#order(value) === null) {
      ctx.filtered();
      return;
    }
    if (record.time <= ctx.watermark) {
      this.#hear(value, record.time, ctx);
      return;
    }
    const waiting = ctx.state.waiting.get(record.time);
    if (waiting === undefined) ctx.timers.at(record.time);
    ctx.state.waiting.set(record.time, waiting === undefined ? [value] : [...waiting, value]);
  }

  onTimer({ time, name }: Timer, ctx: Context<LifecycleState>): void {
    if (name.startsWith(OVERDUE)) this.#overdue(name.slice(OVERDUE.length), time, ctx);
    else if (name === FORGET) {
      const known = ctx.state.order.get();
      if (known !== undefined && lastNews(known) + this.#forgetAfter <= time) ctx.state.order.clear();
    } else {
      // Of news of one moment, the earlier step comes first.
      const values = [...(ctx.state.waiting.get(time) ?? [])];
      ctx.state.waiting.delete(time);
      const place = (value: Value) => STATES.indexOf(this.#stateOf(this.#event(value)) ?? 'refunded');
      values.sort((a, b) => place(a) - place(b));
      for (const value of values) this.#hear(value, time, ctx);
    }
  }

  #hear(value: Value, time: number, ctx: Context<LifecycleState>): void {
    const known = ctx.state.order.get();
    const to = this.#stateOf(this.#event(value));
    if (to === undefined) {
      this.#problem(value, 'unknown-state', known, time, ctx);
      return;
    }
    const had = new Set(Object.keys(known?.times ?? {}) as OrderState[]);
    const verdict = judge(known?.state, to, had);
    if (verdict.kind === 'repeat' || verdict.kind === 'illegal') {
      this.#problem(value, verdict.kind, known, time, ctx);
      return;
    }
    ctx.timers.at(time + this.#forgetAfter, FORGET);
    if (verdict.kind === 'behind') {
      const noted = { ...known!, times: { ...known!.times, [to]: time } };
      ctx.state.order.set(noted);
      this.#row(noted, time, ctx);
      this.#problem(value, 'out-of-order', known, time, ctx);
      return;
    }
    const moved: Known = { state: to, since: time, times: { ...known?.times, [to]: time } };
    for (const { in: state, ms, as } of this.#timeouts) {
      if (state === known?.state) ctx.timers.cancel(known.since + ms, OVERDUE + as);
      if (state === to) ctx.timers.at(time + ms, OVERDUE + as);
    }
    ctx.state.order.set(moved);
    const change: Fields = {};
    this.#writeOrder(ctx.key, change);
    change.from = known?.state ?? null;
    change.to = to;
    change.at = time;
    change.afterMs = known === undefined ? null : time - known.since;
    change.skipped = verdict.skipped;
    ctx.emit('changes', change, time);
    this.#row(moved, time, ctx);
  }

  #overdue(as: string, time: number, ctx: Context<LifecycleState>): void {
    const known = ctx.state.order.get();
    const timeout = this.#timeouts.find((one) => one.as === as);
    // News of the very moment has been heard before: its timer has the empty name.
    if (known === undefined || timeout === undefined || known.state !== timeout.in) return;
    if (known.since + timeout.ms > time) return;
    const event: Fields = {};
    this.#writeOrder(ctx.key, event);
    event.overdue = as;
    event.state = known.state;
    event.since = known.since;
    ctx.emit('overdue', event, time);
  }

  #row(known: Known, time: number, ctx: Context<LifecycleState>): void {
    const row: Fields = {};
    this.#writeOrder(ctx.key, row);
    row.state = known.state;
    row.since = known.since;
    ctx.emit('orders', Object.assign(row, known.times), time, 'upsert');
  }

  #problem(value: Value, problem: string, known: Known | undefined, time: number, ctx: Context<LifecycleState>): void {
    ctx.emit('problems', withFields(value, { problem, state: known?.state ?? null }), time);
  }
}

function lastNews({ times }: Known): number {
  return Math.max(...Object.values(times));
}
