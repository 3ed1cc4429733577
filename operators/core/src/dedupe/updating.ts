import type { Behaviour, Context, StreamRecord, Timer } from '@millrace/sdk';
import { compareHeld, type DedupeSetup, type DedupeState, type Held } from './setup.js';

/** Keeps the first or last row of a key by event time and sends it, as an upsert, whenever it changes. */
export class Updating implements Behaviour<DedupeState> {
  constructor(readonly setup: DedupeSetup) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<DedupeState>): void {
    const { lacksKey, byEventTime, within, keep, tieBreak } = this.setup;
    const { value, time } = record;
    if (lacksKey(value)) {
      ctx.filtered();
      return;
    }
    if (byEventTime && time <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const { held } = ctx.state;
    const before = held.get();
    const row: Held = [time, value];
    if (before !== undefined) {
      const order = compareHeld(row, before, tieBreak);
      if (keep === 'first' ? order >= 0 : order < 0) {
        ctx.filtered();
        return;
      }
    } else if (byEventTime) {
      ctx.timers.at(time + within);
    }
    held.set(row);
    ctx.emit('out', value, time, 'upsert');
  }

  onTimer(_timer: Timer, ctx: Context<DedupeState>): void {
    ctx.state.held.clear();
  }
}
