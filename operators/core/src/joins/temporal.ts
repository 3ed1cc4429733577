import type { Behaviour, Context, MapState, StreamRecord, Timer, Value, ValueState } from '@millrace/sdk';
import { neverMatches } from './keys.js';
import type { Pair } from './result.js';

export interface TemporalState {
  /** Stream records that wait for the watermark, by time. */
  waiting: MapState<Value[], number>;
  /** Times of the versions of the key's table row, ascending. */
  times: ValueState<number[]>;
  /** The versions by time; null where the row was deleted. */
  versions: MapState<Value, number>;
}

export interface TemporalSetup {
  /** Are stream records without a table row sent on? */
  readonly keep: boolean;
  readonly pair: Pair;
  readonly accept: (value: Value) => Value;
}

/** Removes versions that no record on time can need. */
const PRUNE = 'prune';

/**
 * Gives each stream record the table row as it was at the record's time. Records wait until the watermark reaches their time, so they leave in
 * order of time and every version up to then is known. Of the past only the latest version is kept.
 */
export class TemporalJoin implements Behaviour<TemporalState> {
  constructor(readonly setup: TemporalSetup) {}

  onRecord(record: StreamRecord, port: string, ctx: Context<TemporalState>): void {
    const value = this.setup.accept(record.value);
    const { time } = record;
    const late = time <= ctx.watermark;
    if (neverMatches(ctx.key) && (port === 'right' || !this.setup.keep)) {
      ctx.filtered();
      return;
    }
    if (late) ctx.late(record);
    if (port === 'right') {
      addVersion(time, record.op === 'delete' ? null : value, ctx);
      return;
    }
    const { waiting } = ctx.state;
    const same = waiting.get(time);
    if (same === undefined) {
      waiting.set(time, [value]);
      ctx.timers.at(time);
    } else {
      same.push(value);
      waiting.set(time, same);
    }
  }

  onTimer({ time, name }: Timer, ctx: Context<TemporalState>): void {
    const times = ctx.state.times.get();
    if (name !== PRUNE) {
      const at = times === undefined ? -1 : lastUpTo(times, time);
      const row = at < 0 ? null : ctx.state.versions.get(times![at]!);
      const { pair, keep } = this.setup;
      for (const value of ctx.state.waiting.get(time) ?? []) {
        if (row !== null) ctx.emit('out', pair(value, row), time, 'insert');
        else if (keep) ctx.emit('out', pair(value, null), time, 'insert');
      }
      ctx.state.waiting.delete(time);
    }
    // Not up to the watermark: timers between this one and it are still to fire.
    if (times !== undefined) prune(times, time, ctx);
  }
}

function addVersion(time: number, row: Value, ctx: Context<TemporalState>): void {
  const times = ctx.state.times.get() ?? [];
  const at = lastUpTo(times, time);
  // A late version that was replaced before the watermark is in nobody's past any more.
  if (at + 1 < times.length && times[at + 1]! <= ctx.watermark) return;
  if (at < 0 || times[at] !== time) {
    times.splice(at + 1, 0, time);
    ctx.state.times.set(times);
  }
  ctx.state.versions.set(time, row);
  if (row === null) ctx.timers.at(Math.max(time, ctx.watermark), PRUNE);
  prune(times, ctx.watermark, ctx);
}

/** Keeps the latest version up to `until`, unless it is a deletion, and all newer ones. */
function prune(times: number[], until: number, ctx: Context<TemporalState>): void {
  const last = lastUpTo(times, until);
  if (last < 0) return;
  const { versions } = ctx.state;
  const drop = versions.get(times[last]!) === null ? last + 1 : last;
  if (drop === 0) return;
  for (let i = 0; i < drop; i++) versions.delete(times[i]!);
  times.splice(0, drop);
  if (times.length === 0) ctx.state.times.clear();
  else ctx.state.times.set(times);
}

/** Index of the greatest time that is not after `time`; -1 when there is none. */
function lastUpTo(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
