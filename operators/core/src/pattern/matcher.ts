import type { Behaviour, Context, Expression, StreamRecord, Timer, Value, ValueState } from '@millrace/sdk';
import type { RowOrder } from '../shared/order-by.js';
import { copyOf, isObject } from '../shared/paths.js';

/** What a record is in the pattern; both is possible, and neither matters where nothing may come between. */
const FIRST = 1;
const SECOND = 2;

/** A record that waits for its turn: [event time, FIRST | SECOND, value (null where it matters only that there was one)]. */
type Entry = [number, number, Value];

export interface Run {
  /** In event-time order. */
  pending: Entry[];
  /** First records that wait for their second: [event time, value]. */
  open: [number, Value][];
}

export interface PatternState {
  run: ValueState<Run>;
}

export interface PatternSetup {
  readonly first: Expression;
  readonly second: Expression;
  readonly within: number;
  /** The second must be the very next record of the key. */
  readonly strict: boolean;
  /** What is looked for is that the second does not come. */
  readonly absence: boolean;
  readonly merged: boolean;
  readonly tieBreak: RowOrder;
  readonly lacksKey: (value: Value) => boolean;
}

/**
 * Finds a first record that is followed, or not followed, by a second one of its key. Records wait until the watermark has passed them and
 * are looked at in event-time order, so the matches do not depend on the order of arrival. Every first record is decided once: by the next
 * second at most `within` later, or by the watermark at its time + `within`; one second can decide several firsts.
 */
export class Matcher implements Behaviour<PatternState> {
  constructor(readonly setup: PatternSetup) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<PatternState>): void {
    const { first, second, strict, tieBreak, lacksKey } = this.setup;
    const { value, time } = record;
    if (lacksKey(value)) {
      ctx.filtered();
      return;
    }
    const kinds = (first(value, record) === true ? FIRST : 0) | (second(value, record) === true ? SECOND : 0);
    if (kinds === 0 && !strict) {
      ctx.filtered();
      return;
    }
    if (time <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const run = ctx.state.run.get() ?? { pending: [], open: [] };
    const { pending } = run;
    const plain = kinds === 0 && tieBreak.empty;
    let at = pending.length;
    while (at > 0) {
      const before = pending[at - 1]!;
      if (before[0] < time || (before[0] === time && tieBreak.compareRows(before[2], value) <= 0)) break;
      at--;
    }
    pending.splice(at, 0, [time, kinds, plain ? null : value]);
    ctx.timers.at(time);
    ctx.state.run.set(run);
  }

  onTimer({ time }: Timer, ctx: Context<PatternState>): void {
    const run = ctx.state.run.get();
    if (run === undefined) return;
    const { pending, open } = run;
    let done = 0;
    while (done < pending.length && pending[done]![0] <= time) this.#step(run, pending[done++]!, ctx);
    pending.splice(0, done);
    let over = 0;
    while (over < open.length && open[over]![0] + this.setup.within <= time) this.#missed(open[over++]!, time, ctx);
    open.splice(0, over);
    if (pending.length === 0 && open.length === 0) ctx.state.run.clear();
    else ctx.state.run.set(run);
  }

  #step({ open }: Run, [time, kinds, value]: Entry, ctx: Context<PatternState>): void {
    const { absence, strict, within } = this.setup;
    if ((kinds & SECOND) !== 0) {
      if (!absence) for (const [, first] of open) ctx.emit('match', this.#pair(first, value), time, 'insert');
      open.length = 0;
    } else if (strict) {
      for (const first of open) this.#missed(first, time, ctx);
      open.length = 0;
    }
    if ((kinds & FIRST) !== 0) {
      open.push([time, value]);
      ctx.timers.at(time + within);
    }
  }

  #missed([, first]: [number, Value], time: number, ctx: Context<PatternState>): void {
    ctx.emit(this.setup.absence ? 'match' : 'timeout', first, time, 'insert');
  }

  #pair(a: Value, b: Value): Value {
    return this.setup.merged && isObject(a) && isObject(b) ? copyOf(a, b) : { a, b };
  }
}
