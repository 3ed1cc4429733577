import type { MapState } from '@millrace/sdk';
import type { RowOrder, SortKey } from '../shared/order-by.js';
import type { Fields } from '../shared/paths.js';

/** A row of a group, kept in state. */
export interface Row {
  /** Values of the fields that rank it. */
  sort: SortKey;
  /** Number of its first arrival in the group: decides between equal rows. */
  seq: number;
  /** Encoded row key; '' where rows are not told apart. */
  key: string;
  value: Fields;
}

export type Ties = 'arrival' | 'all';

/** How rows of a group are ranked, and which of them count. */
export class Ranking {
  constructor(
    readonly order: RowOrder,
    readonly n: number,
    readonly ties: Ties,
  ) {}

  compare = (a: Row, b: Row): number => this.order.compare(a.sort, b.sort) || a.seq - b.seq;

  /** How many of the ranked rows are in the result. */
  visible(rows: readonly Row[]): number {
    const { n } = this;
    if (rows.length <= n) return rows.length;
    let count = n;
    if (this.ties === 'all') {
      const last = rows[n - 1]!.sort;
      while (count < rows.length && this.order.compare(last, rows[count]!.sort) === 0) count++;
    }
    return count;
  }

  /** True if a new row with these values would not be in the result. */
  tooLow(rows: readonly Row[], sort: SortKey): boolean {
    if (rows.length < this.n) return false;
    const order = this.order.compare(sort, rows[this.n - 1]!.sort);
    return this.ties === 'all' ? order > 0 : order >= 0;
  }

  insert(rows: Row[], row: Row): void {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(rows[middle]!, row) <= 0) low = middle + 1;
      else high = middle;
    }
    rows.splice(low, 0, row);
  }

  /** Ranks of the rows: 1, 2, 3 ...; where ties count in full, equal rows share a rank and the next one is left out. */
  rank(rows: readonly Row[], at: number): number {
    if (this.ties === 'arrival') return at + 1;
    let first = at;
    while (first > 0 && this.order.compare(rows[first - 1]!.sort, rows[at]!.sort) === 0) first--;
    return first + 1;
  }
}

/** The best rows of a group in order, and the number of the next arrival. */
export interface Top {
  rows: Row[];
  next: number;
}

/**
 * All rows of a group that can change or leave. The best are in `top`, in order, the others by key in `rest`. While there are others, the last
 * of `top` is not in the result and no other ranks before it, so the result is always at hand. Others are searched only after as many best
 * rows have left as there are spare ones: a change costs O(n), and once per n + 16 departures O(group).
 */
export class RowSet {
  readonly #spare: number;

  constructor(
    readonly ranking: Ranking,
    readonly top: Top,
    readonly rest: MapState<Row, string>,
  ) {
    this.#spare = ranking.n + 16;
  }

  /** Takes a row out; undefined when there is none with that key. */
  remove(key: string): Row | undefined {
    const other = this.rest.get(key);
    if (other !== undefined) {
      this.rest.delete(key);
      return other;
    }
    const { rows } = this.top;
    const at = rows.findIndex((row) => row.key === key);
    return at < 0 ? undefined : rows.splice(at, 1)[0];
  }

  add(row: Row): void {
    const { rows } = this.top;
    const last = rows.at(-1);
    if (this.rest.size > 0 && (last === undefined || this.ranking.compare(last, row) < 0)) this.rest.set(row.key, row);
    else this.ranking.insert(rows, row);
  }

  /** Restores the rule of this class after changes. */
  settle(): void {
    const { ranking, rest } = this;
    const { rows } = this.top;
    let visible = ranking.visible(rows);
    if (rest.size > 0 && visible === rows.length) {
      const others: Row[] = [];
      for (const [, row] of rest.entries()) others.push(row);
      others.sort(ranking.compare);
      for (const row of others) {
        if (rows.length >= visible + this.#spare) break;
        rows.push(row);
        rest.delete(row.key);
        visible = ranking.visible(rows);
      }
    }
    while (rows.length > visible + this.#spare + ranking.n) {
      const row = rows.pop()!;
      rest.set(row.key, row);
    }
  }
}
