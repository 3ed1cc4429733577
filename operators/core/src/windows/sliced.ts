import type { Behaviour, Context, StreamRecord } from '@millrace/sdk';
import type { Row } from '../aggregates/aggregate.js';
import type { Assigner } from './assigner.js';
import { emitWindow, type WindowSetup } from './output.js';
import { type Panes, panesBetween } from './panes.js';
import { Sliding } from './sliding.js';

/** Windows of several panes. */
function inPanes(windows: Assigner): windows is Assigner & { readonly paneSize: number } {
  return windows.paneSize !== undefined;
}

export interface SlicedState {
  panes: Panes;
}

/** Name of the timer that removes panes when even late records are no longer accepted. */
const DROP = 'drop';

/**
 * Tumbling, hopping, cumulating and calendar windows over panes. A record is added to one pane. A window fires when the watermark reaches its
 * end - 1; the timer of a window sets that of the next one as long as there are panes for it, so there is one timer per key, not one per window.
 * With allowed lateness a fired window stays until end - 1 + lateness and every late record sends its result again, as an upsert.
 */
export class SlicedWindows implements Behaviour<SlicedState> {
  readonly #sliding: Sliding | undefined;
  readonly #op: 'insert' | 'upsert';

  constructor(
    readonly setup: WindowSetup,
    readonly windows: Assigner,
    readonly lateness: number,
  ) {
    // Rows that grow with their records are as dear to copy as to put together anew.
    this.#sliding = inPanes(windows) && !setup.columns.large ? new Sliding(setup.columns, windows) : undefined;
    this.#op = lateness > 0 ? 'upsert' : 'insert';
  }

  onRecord(record: StreamRecord, _port: string, ctx: Context<SlicedState>): void {
    const { windows, lateness } = this;
    const { columns } = this.setup;
    const pane = windows.pane(record.time);
    if (Number.isNaN(pane)) {
      ctx.filtered();
      return;
    }
    const lastEnd = windows.lastEnd(pane);
    const { watermark } = ctx;
    if (lastEnd - 1 + lateness <= watermark) {
      ctx.late(record);
      return;
    }
    columns.prepare(record);
    const { panes } = ctx.state;
    const found = panes.get(pane);
    const row = found ?? columns.create();
    columns.add(row, record.time);
    panes.set(pane, row);
    // Nothing throws from here on: what `sliding` remembers is not taken back with the record.
    if (found === undefined) this.#schedule(pane, lastEnd, ctx);
    this.#sliding?.added(ctx.key, pane, record.time, found === undefined);
    if (lateness > 0) this.#sendAgain(pane, lastEnd, ctx);
  }

  /** The first window that is still to fire, or if all have fired, the time when the pane goes. */
  #schedule(pane: number, lastEnd: number, ctx: Context<SlicedState>): void {
    const end = this.windows.firstEnd(pane, ctx.watermark + 1);
    if (end <= lastEnd) {
      if (!this.#sliding?.leadsTo(ctx.key, end, lastEnd)) ctx.timers.at(end - 1);
    } else ctx.timers.at(lastEnd - 1 + this.lateness, DROP);
  }

  /** The windows of the pane that have fired and are still kept. */
  #sendAgain(pane: number, lastEnd: number, ctx: Context<SlicedState>): void {
    let end = this.windows.firstEnd(pane, ctx.watermark + 1 - this.lateness);
    while (end <= lastEnd && end - 1 <= ctx.watermark) {
      const row = this.#collect(ctx.state.panes, this.windows.startOf(end), end);
      if (row !== undefined) this.#emit(row, end, ctx);
      end = this.windows.firstEnd(pane, end);
      if (this.windows.paneSize === undefined) break;
    }
  }

  onTimer(timer: { time: number; name: string }, ctx: Context<SlicedState>): void {
    if (timer.name === DROP) this.#drop(timer.time + 1 - this.lateness, ctx);
    else this.#fire(timer.time + 1, ctx);
  }

  #fire(end: number, ctx: Context<SlicedState>): void {
    const sliding = this.#sliding;
    const { panes } = ctx.state;
    const row = sliding ? sliding.window(ctx.key, panes, end) : this.#collect(panes, this.windows.startOf(end), end);
    if (row !== undefined) this.#emit(row, end, ctx);
    const next = this.windows.nextEnd(end);
    // Looking for a pane means passing over all that were deleted since the map was last tidied: not for every slide.
    const goesOn =
      next !== undefined &&
      (sliding?.move(ctx.key, panes, end, next) || this.#anyPane(panes, this.windows.startOf(next), next));
    if (this.lateness > 0) ctx.timers.at(end - 1 + this.lateness, DROP);
    else this.#drop(end, ctx);
    if (goesOn) ctx.timers.at(next - 1);
    else sliding?.forget(ctx.key);
  }

  #emit(row: Row, end: number, ctx: Context<SlicedState>): void {
    emitWindow(this.setup, ctx, row, this.windows.startOf(end), end, end - 1, this.#op);
  }

  /** Removes what no later window needs. */
  #drop(end: number, ctx: Context<SlicedState>): void {
    const { panes } = ctx.state;
    const start = this.windows.startOf(end);
    const keepFrom = this.windows.keepFrom(end);
    const { paneSize } = this.windows;
    if (paneSize === undefined || keepFrom - start === paneSize) panes.delete(start);
    else for (const pane of panesBetween(panes, start, keepFrom, paneSize)) panes.delete(pane.start);
  }

  #anyPane(panes: Panes, start: number, end: number): boolean {
    for (const [pane] of panes.entries()) if (pane >= start && pane < end) return true;
    return false;
  }

  /** The panes of [start, end) in one row; undefined when there is none. Not to be changed: a single pane is given as it is. */
  #collect(panes: Panes, start: number, end: number): Row | undefined {
    const { paneSize } = this.windows;
    if (paneSize === undefined) return panes.get(start);
    const inside = panesBetween(panes, start, end, paneSize);
    if (inside.length < 2) return inside[0]?.row;
    const row = this.setup.columns.create();
    for (const pane of inside) this.setup.columns.merge(row, pane.row);
    return row;
  }
}
