import { decodeBlob } from '../codec.js';
import type { Row, RowChange } from '../ports/index.js';
import type { TableHost } from './table.js';

/** Rows looked at in one go, and ms of processing time between two: about 1 ms of work in 50, and a million rows in a little over 2 minutes. */
const ROWS = 400;
const EVERY = 50;
/** A pass through the store begins at most this often in a time to live, so expired rows stay an eighth longer and the time of a pass. */
const PASSES = 8;

/**
 * Finds the rows of expired keys that left memory for the store and were not asked for since. It looks at a few rows a commit, so that a
 * table of any size costs the same.
 */
export class StoreSweep {
  /** Where the pass under way goes on; undefined: between two passes. */
  #place: { from: unknown } | undefined;
  #next = Number.NEGATIVE_INFINITY;
  #nextPass = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly host: TableHost,
    private readonly node: string,
    private readonly table: string,
    private readonly ttl: number,
    /** Is the key in memory? Then memory knows better. */
    private readonly inMemory: (key: string) => boolean,
  ) {}

  /** Appends the removal of expired rows. Call it when no commit is on its way and after memory's own changes. */
  collect(out: RowChange[]): void {
    const now = this.host.now();
    if (now < this.#next) return;
    if (this.#place === undefined) {
      if (now < this.#nextPass) return;
      this.#nextPass = now + this.ttl / PASSES;
      this.#place = { from: null };
    }
    this.#next = now + EVERY;
    const { rows, next } = this.host.store.scanRows(this.node, this.table, this.host.groups, this.#place.from, ROWS);
    this.#place = next === null ? undefined : { from: next };
    let last: string | undefined;
    for (const row of rows) {
      const { key, sub, group } = row.key;
      if (key === last || this.inMemory(key)) continue;
      if (!this.#expired(row, now)) continue;
      // A key lives as long as the youngest of its rows, which may lie beyond what was read.
      last = key;
      const all = sub === undefined ? [row] : this.host.store.readKey(this.node, group, this.table, key, true);
      if (all.every((each) => this.#expired(each, now))) for (const each of all) out.push({ key: each.key });
    }
  }

  #expired({ value }: Row, now: number): boolean {
    const [, , touched] = decodeBlob(value, `State "${this.table}" of node "${this.node}"`) as [
      number,
      unknown,
      number?,
    ];
    return touched !== undefined && touched + this.ttl <= now;
  }
}
