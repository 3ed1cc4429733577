import type { Behaviour, Context, StreamRecord, Timer } from '@millrace/sdk';
import type { DedupeSetup, DedupeState } from './setup.js';

/**
 * The first record of a key to arrive goes on, later ones are repeats. Remembered for ever, for a time by the clock (the state's time to
 * live), or until first seen + `within` has been passed by the watermark, which repeats do not put off (Spark's
 * dropDuplicatesWithinWatermark).
 */
export class FirstAtOnce implements Behaviour<DedupeState> {
  constructor(readonly setup: DedupeSetup) {}

  onRecord(record: StreamRecord, _port: string, ctx: Context<DedupeState>): void {
    const { lacksKey, byEventTime, within } = this.setup;
    if (lacksKey(record.value)) {
      ctx.filtered();
      return;
    }
    if (byEventTime && record.time <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    const { seen } = ctx.state;
    if (seen.get() !== undefined) {
      ctx.filtered();
      return;
    }
    seen.set(true);
    if (byEventTime) ctx.timers.at(record.time + within);
    ctx.forward('out', record);
  }

  onTimer(_timer: Timer, ctx: Context<DedupeState>): void {
    ctx.state.seen.clear();
  }
}
