import type { Row } from '../aggregates/aggregate.js';
import type { Columns } from '../aggregates/columns.js';
import { type Pane, type Panes, panesBetween } from './panes.js';

/** Keys whose sums are kept at hand. They can always be made again from the panes. */
const MAX_KEYS = 10_000;

/**
 * What the overlapping windows of one key have in common, so that a window costs a few merges and not one per pane: two stacks.
 * `front` holds, per pane, that pane merged with all later ones of the front; `back` holds all panes after the front in one.
 */
interface Stacks {
  front: Pane[];
  /** First of `front` that is still inside. */
  head: number;
  back: Row | undefined;
  /** Panes from here on are in `back`, up to `end`. */
  backStart: number;
  end: number;
  /** Start of the last pane seen. */
  latest: number;
}

/** Results of overlapping windows. A cache over the panes in state: results do not depend on what is in it. */
export class Sliding {
  readonly #stacks = new Map<string, Stacks>();

  constructor(
    readonly columns: Columns,
    readonly paneSize: number,
  ) {}

  /** A pane got another record. */
  changed(key: string, pane: number): void {
    if (this.#stacks.size === 0) return;
    const stacks = this.#stacks.get(key);
    if (stacks !== undefined && pane < stacks.end) this.#stacks.delete(key);
  }

  /** True if the windows seen so far hold a pane at or after `start`; false says nothing. */
  reaches(key: string, start: number): boolean {
    return (this.#stacks.get(key)?.latest ?? Number.NEGATIVE_INFINITY) >= start;
  }

  forget(key: string): void {
    this.#stacks.delete(key);
  }

  /** All panes of [start, end) in one row, which must not be changed; undefined when there is none. Windows of a key come in order. */
  window(key: string, panes: Panes, start: number, end: number): Row | undefined {
    const stacks = this.#of(key, start);
    for (const pane of panesBetween(panes, Math.max(stacks.end, start), end, this.paneSize)) {
      stacks.back ??= this.columns.create();
      this.columns.merge(stacks.back, pane.row);
      stacks.latest = pane.start;
    }
    stacks.end = end;
    if (start > stacks.backStart) this.#flip(stacks, panes, start, end);
    while (stacks.head < stacks.front.length && stacks.front[stacks.head]!.start < start) stacks.head++;
    const front = stacks.front[stacks.head]?.row;
    if (front === undefined || stacks.back === undefined) return front ?? stacks.back;
    const both = this.columns.create();
    this.columns.merge(both, front);
    this.columns.merge(both, stacks.back);
    return both;
  }

  #of(key: string, start: number): Stacks {
    let stacks = this.#stacks.get(key);
    if (stacks === undefined || start > stacks.end) {
      if (this.#stacks.size >= MAX_KEYS) this.#stacks.clear();
      stacks = { front: [], head: 0, back: undefined, backStart: start, end: start, latest: Number.NEGATIVE_INFINITY };
      this.#stacks.set(key, stacks);
    }
    return stacks;
  }

  /** The back holds panes that have left the window: make everything inside the new front, unless the front still reaches into it. */
  #flip(stacks: Stacks, panes: Panes, start: number, end: number): void {
    const inside = panesBetween(panes, start, end, this.paneSize);
    const front: Pane[] = new Array(inside.length);
    let later: Row | undefined;
    for (let i = inside.length - 1; i >= 0; i--) {
      const row = this.columns.create();
      this.columns.merge(row, inside[i]!.row);
      if (later !== undefined) this.columns.merge(row, later);
      front[i] = { start: inside[i]!.start, row };
      later = row;
    }
    stacks.front = front;
    stacks.head = 0;
    stacks.back = undefined;
    stacks.backStart = end;
  }
}
