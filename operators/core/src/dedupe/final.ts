import { type Behaviour, type Context, MAX_TIME, type StreamRecord, type Timer } from '@millrace/sdk';
import { compareHeld, type DedupeSetup, type DedupeState, type Held, type Waiting } from './setup.js';

/**
 * One result per group of repeats, sent when nothing can change it any more. Rows of a key wait until the watermark has passed them and are
 * then looked at in event-time order, so the result does not depend on the order of arrival: a row opens a group, rows less than `within`
 * after it are its repeats. Keep first sends the row that opens the group, at its own time; keep last sends the newest one when the group
 * is over, at that time (its own has been passed by the watermark).
 */
export class Final implements Behaviour<DedupeState> {
  constructor(readonly setup: DedupeSetup) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<DedupeState>): void {
    const { lacksKey, within, keep, tieBreak } = this.setup;
    const { value, time } = record;
    if (lacksKey(value)) {
      ctx.filtered();
      return;
    }
    const waiting = ctx.state.waiting.get() ?? { start: null, row: null, pending: [] };
    const { start, pending } = waiting;
    if (keep === 'first' && start !== null && time >= start && time < start + within) {
      ctx.filtered();
      return;
    }
    if (time <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const row: Held = [time, value];
    if (keep === 'first' && within === Number.POSITIVE_INFINITY) {
      // Only the earliest can be the one.
      const best = pending[0];
      if (best !== undefined && compareHeld(row, best, tieBreak) >= 0) {
        ctx.filtered();
        return;
      }
      if (best !== undefined && best[0] !== time) ctx.timers.cancel(best[0]);
      pending.length = 0;
    }
    ctx.timers.at(time);
    let at = pending.length;
    while (at > 0 && compareHeld(row, pending[at - 1]!, tieBreak) < 0) at--;
    pending.splice(at, 0, row);
    ctx.state.waiting.set(waiting);
  }

  onTimer({ time }: Timer, ctx: Context<DedupeState>): void {
    const waiting = ctx.state.waiting.get();
    if (waiting === undefined) return;
    const { pending } = waiting;
    let done = 0;
    while (done < pending.length && pending[done]![0] <= time) this.#settle(waiting, pending[done++]!, ctx);
    pending.splice(0, done);
    const { start, row } = waiting;
    const end = start === null ? Number.POSITIVE_INFINITY : start + this.setup.within - 1;
    if (end <= time) {
      if (row !== null) ctx.emit('out', row[1], time, 'insert');
      waiting.start = null;
      waiting.row = null;
    } else if (done > 0 && end !== Number.POSITIVE_INFINITY) {
      ctx.timers.at(end);
    }
    if (waiting.start === null && pending.length === 0) ctx.state.waiting.clear();
    else ctx.state.waiting.set(waiting);
  }

  /** A row whose turn it is. A group that it no longer belongs to has been closed by a timer before. */
  #settle(waiting: Waiting, row: Held, ctx: Context<DedupeState>): void {
    const last = this.setup.keep === 'last';
    if (waiting.start === null) {
      waiting.start = row[0];
      if (!last) ctx.emit('out', row[1], row[0], 'insert');
    }
    if (last) waiting.row = row;
  }
}

/** Keep last, for ever: certain only at the end of input, and sent then. */
export class LastAtEnd implements Behaviour<DedupeState> {
  constructor(readonly setup: DedupeSetup) {}

  onRecord({ value, time }: StreamRecord, _port: string, ctx: Context<DedupeState>): void {
    if (this.setup.lacksKey(value)) {
      ctx.filtered();
      return;
    }
    const { held } = ctx.state;
    const before = held.get();
    const row: Held = [time, value];
    if (before === undefined) ctx.timers.at(MAX_TIME);
    else if (compareHeld(row, before, this.setup.tieBreak) < 0) {
      ctx.filtered();
      return;
    }
    held.set(row);
  }

  onTimer(_timer: Timer, ctx: Context<DedupeState>): void {
    const row = ctx.state.held.get();
    if (row === undefined) return;
    ctx.emit('out', row[1], row[0], 'insert');
    ctx.state.held.clear();
  }
}
