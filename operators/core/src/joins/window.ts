import type { Behaviour, Context, StreamRecord, Value } from '@millrace/sdk';
import type { Assigner } from '../windows/assigner.js';
import { bucketsBetween, type Chunk, type Chunks, chunkKey, dropBucket, lastChunk, valuesOf } from './chunks.js';
import { neverMatches } from './keys.js';
import { type JoinType, keepsSide, type Pair } from './result.js';

/** Rows of the current key by start of the pane. */
export interface WindowJoinState {
  left: Chunks<Chunk>;
  right: Chunks<Chunk>;
}

export interface WindowJoinSetup {
  readonly windows: Assigner;
  readonly type: JoinType;
  readonly pair: Pair;
  readonly accept: (value: Value) => Value;
}

const SIDES = ['left', 'right'] as const;

/**
 * Joins the rows of a key that lie in the same window, when the watermark says that the window is complete. A row is kept once, however many
 * windows it is in; the timer of a window sets that of the next one.
 */
export class WindowJoin implements Behaviour<WindowJoinState> {
  readonly #keepLeft: boolean;
  readonly #keepRight: boolean;

  constructor(readonly setup: WindowJoinSetup) {
    this.#keepLeft = keepsSide(setup.type, 'left');
    this.#keepRight = keepsSide(setup.type, 'right');
  }

  onRecord(record: StreamRecord, port: string, ctx: Context<WindowJoinState>): void {
    const { windows } = this.setup;
    const left = port === 'left';
    const value = this.setup.accept(record.value);
    const pane = windows.pane(record.time);
    if (Number.isNaN(pane)) {
      ctx.filtered();
      return;
    }
    const lastEnd = windows.lastEnd(pane);
    if (lastEnd - 1 <= ctx.watermark) {
      ctx.late(record);
      return;
    }
    if (!(left ? this.#keepLeft : this.#keepRight) && neverMatches(ctx.key)) {
      ctx.filtered();
      return;
    }
    const rows = left ? ctx.state.left : ctx.state.right;
    const { head, last } = lastChunk(rows, pane, newChunk);
    const first = head === last && head.values.length === 0;
    last.values.push(value);
    rows.set(chunkKey(pane, head.more), last);
    if (first) {
      const end = windows.firstEnd(pane, ctx.watermark + 1);
      if (end <= lastEnd) ctx.timers.at(end - 1);
    }
  }

  onTimer({ time }: { time: number }, ctx: Context<WindowJoinState>): void {
    const { windows } = this.setup;
    const end = time + 1;
    const start = windows.startOf(end);
    const left: Value[] = [];
    const right: Value[] = [];
    this.#collect(ctx.state.left, start, end, left);
    this.#collect(ctx.state.right, start, end, right);
    if (neverMatches(ctx.key)) {
      this.#send(left, [], start, end, ctx);
      this.#send([], right, start, end, ctx);
    } else this.#send(left, right, start, end, ctx);
    this.#next(start, end, ctx);
  }

  #panes(rows: Chunks<Chunk>, from: number, to: number): number[] {
    return bucketsBetween(rows, from, to, this.setup.windows.paneSize ?? to - from);
  }

  #collect(rows: Chunks<Chunk>, start: number, end: number, into: Value[]): void {
    if (rows.size === 0) return;
    for (const pane of this.#panes(rows, start, end)) valuesOf(rows, pane, into);
  }

  #send(left: readonly Value[], right: readonly Value[], start: number, end: number, ctx: Context): void {
    const { type, pair } = this.setup;
    const emit = (l: Value, r: Value) => {
      const value = type === 'semi' || type === 'anti' ? pair(l, null) : pair(l, r);
      value.windowStart = start;
      value.windowEnd = end;
      ctx.emit('out', value, end - 1, 'insert');
    };
    const matched = left.length > 0 && right.length > 0;
    if (type === 'semi') {
      if (matched) for (const l of left) emit(l, null);
    } else if (matched) {
      if (type !== 'anti') for (const l of left) for (const r of right) emit(l, r);
    } else {
      if (this.#keepLeft) for (const l of left) emit(l, null);
      if (this.#keepRight) for (const r of right) emit(null, r);
    }
  }

  /** Removes what no later window needs, and sets the timer of the next window if there is something for it. */
  #next(start: number, end: number, ctx: Context<WindowJoinState>): void {
    const { windows } = this.setup;
    const keepFrom = windows.keepFrom(end);
    const next = windows.nextEnd(end);
    let more = false;
    for (const side of SIDES) {
      const rows = ctx.state[side];
      if (rows.size === 0) continue;
      for (const pane of this.#panes(rows, start, windows.paneSize === undefined ? end : keepFrom)) {
        dropBucket(rows, pane);
      }
      more ||= next !== undefined && this.#panes(rows, windows.startOf(next), next).length > 0;
    }
    if (more) ctx.timers.at(next! - 1);
  }
}

function newChunk(): Chunk {
  return { values: [], more: 0 };
}
