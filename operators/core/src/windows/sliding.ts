import type { Row } from '../aggregates/aggregate.js';
import type { Columns } from '../aggregates/columns.js';
import type { Assigner } from './assigner.js';
import { type Pane, type Panes, panesBetween } from './panes.js';

/** Keys whose windows are kept at hand. All of it can be made again from the panes. */
const MAX_KEYS = 10_000;

/** What the overlapping windows of one key have in common. */
interface Overlap {
  /** Windows that end from `next` to `until` fire by themselves: the first has a timer, and each sets that of the one after it. */
  next: number;
  until: number;
  /** What follows holds the panes of [start, end): `inside` of them, the last one starting at `latest`. */
  start: number;
  end: number;
  inside: number;
  latest: number;
  /** A running total where accumulators can be taken away again; the other places are filled for each result. Undefined: to be made anew. */
  total: Row | undefined;
  /** The others lie in two stacks. For each pane of the front: that pane merged with all later ones of the front. */
  front: readonly Pane[];
  /** The first of `front` that is still inside. */
  head: number;
  /** All panes from `backStart` on, in one. */
  back: Row | undefined;
  backStart: number;
}

/**
 * Windows that overlap, each at the cost of a few merges however many panes it holds; and which of them need no timer because others lead
 * to them. A cache over the panes and timers in state: results do not depend on what is in it.
 */
export class Sliding {
  readonly #overlaps = new Map<string, Overlap>();
  readonly #paneSize: number;
  /** What was asked for last, most often asked for again. */
  #lastKey: string | undefined;
  #last: Overlap | undefined;

  constructor(
    readonly columns: Columns,
    readonly windows: Assigner & { readonly paneSize: number },
  ) {
    this.#paneSize = windows.paneSize;
  }

  /** A new pane lies in the windows that end from `first` to `last`. False: a timer must be set for `first`. */
  leadsTo(key: string, first: number, last: number): boolean {
    const overlap = this.#of(key);
    if (overlap.next <= first && first <= overlap.until) {
      if (last > overlap.until) overlap.until = last;
      return true;
    }
    if (first < overlap.next) {
      // The windows of the pane lead to those known before, unless there is a gap between them.
      overlap.until = overlap.next <= last ? Math.max(overlap.until, last) : last;
      overlap.next = first;
    }
    return false;
  }

  /** The prepared record was added to a pane, which is `fresh` if there was none before. */
  added(key: string, pane: number, time: number, fresh: boolean): void {
    const overlap = this.#of(key);
    if (overlap.total === undefined || pane >= overlap.end || pane < overlap.start) return;
    if (this.columns.stacked) {
      overlap.total = undefined;
      return;
    }
    this.columns.add(overlap.total, time);
    if (fresh) overlap.inside++;
    if (pane > overlap.latest) overlap.latest = pane;
  }

  /** All panes of the window that ends there in one row, which must not be changed; undefined when there is none. Windows of a key come in order. */
  window(key: string, panes: Panes, end: number): Row | undefined {
    const { columns } = this;
    const overlap = this.#of(key);
    const start = this.windows.startOf(end);
    if (overlap.total === undefined || overlap.start !== start || overlap.end > end) {
      overlap.total = columns.create();
      overlap.start = start;
      overlap.end = start;
      overlap.inside = 0;
      overlap.latest = Number.NEGATIVE_INFINITY;
      overlap.front = [];
      overlap.head = 0;
      overlap.back = undefined;
      overlap.backStart = start;
    }
    if (end - overlap.end === this.#paneSize) {
      const row = panes.get(overlap.end);
      if (row !== undefined) this.#enter(overlap, overlap.end, row);
    } else {
      for (const pane of panesBetween(panes, overlap.end, end, this.#paneSize)) {
        this.#enter(overlap, pane.start, pane.row);
      }
    }
    overlap.end = end;
    if (overlap.inside === 0) return undefined;
    if (columns.stacked) {
      if (start > overlap.backStart) this.#flip(overlap, panes);
      const { front } = overlap;
      while (overlap.head < front.length && front[overlap.head]!.start < start) overlap.head++;
      columns.putStacked(overlap.total, front[overlap.head]?.row, overlap.back);
    }
    return overlap.total;
  }

  /** Goes from the window that ended at `fired` to the next one, which is to have a timer if it holds a pane: true says so, false says nothing. */
  move(key: string, panes: Panes, fired: number, next: number): boolean {
    const overlap = this.#of(key);
    const start = this.windows.startOf(next);
    if (overlap.total !== undefined && overlap.start < start) {
      if (start - overlap.start === this.#paneSize) {
        const row = panes.get(overlap.start);
        if (row !== undefined) this.#leave(overlap, row);
      } else {
        for (const { row } of panesBetween(panes, overlap.start, start, this.#paneSize)) this.#leave(overlap, row);
      }
      overlap.start = start;
    }
    // A timer that was not known of: there may be a gap before those that were.
    if (overlap.next !== fired) overlap.until = Number.NEGATIVE_INFINITY;
    overlap.next = next;
    if (next > overlap.until && overlap.inside > 0 && overlap.latest >= start) {
      overlap.until = this.windows.lastEnd(overlap.latest);
    }
    return next <= overlap.until;
  }

  /** The next window holds nothing, or shares nothing with the one before. */
  forget(key: string): void {
    this.#overlaps.delete(key);
    this.#lastKey = undefined;
  }

  #enter(overlap: Overlap, start: number, row: Row): void {
    const { columns } = this;
    columns.mergeSubtractable(overlap.total!, row);
    if (columns.stacked) {
      overlap.back ??= columns.createStacked();
      columns.mergeStacked(overlap.back, row);
    }
    overlap.inside++;
    overlap.latest = start;
  }

  #leave(overlap: Overlap, row: Row): void {
    this.columns.subtract(overlap.total!, row);
    overlap.inside--;
  }

  #of(key: string): Overlap {
    if (key === this.#lastKey) return this.#last!;
    let overlap = this.#overlaps.get(key);
    if (overlap === undefined) {
      if (this.#overlaps.size >= MAX_KEYS) this.#overlaps.clear();
      overlap = {
        next: Number.POSITIVE_INFINITY,
        until: Number.NEGATIVE_INFINITY,
        start: 0,
        end: 0,
        inside: 0,
        latest: Number.NEGATIVE_INFINITY,
        total: undefined,
        front: [],
        head: 0,
        back: undefined,
        backStart: 0,
      };
      this.#overlaps.set(key, overlap);
    }
    this.#lastKey = key;
    this.#last = overlap;
    return overlap;
  }

  /** The back holds panes that have left the window: everything inside becomes the new front. */
  #flip(overlap: Overlap, panes: Panes): void {
    const { columns } = this;
    const inside = panesBetween(panes, overlap.start, overlap.end, this.#paneSize);
    const front: Pane[] = new Array(inside.length);
    let later: Row | undefined;
    for (let i = inside.length - 1; i >= 0; i--) {
      const row = columns.createStacked();
      columns.mergeStacked(row, inside[i]!.row);
      if (later !== undefined) columns.mergeStacked(row, later);
      front[i] = { start: inside[i]!.start, row };
      later = row;
    }
    overlap.front = front;
    overlap.head = 0;
    overlap.back = undefined;
    overlap.backStart = overlap.end;
  }
}
