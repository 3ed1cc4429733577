interface Entry {
  readonly id: string;
  at: number;
  older: Entry | undefined;
  newer: Entry | undefined;
}

/**
 * Ids in the order of their last change. A linked list, since looking up the first entry of a `Map` walks over all that were deleted
 * before it: 10 µs a row with 10,000 rows.
 */
export class AgeList {
  readonly #entries = new Map<string, Entry>();
  #oldest: Entry | undefined;
  #newest: Entry | undefined;

  get size(): number {
    return this.#entries.size;
  }

  /** The entry that has not changed for longest. */
  get oldest(): { readonly id: string; readonly at: number } | undefined {
    return this.#oldest;
  }

  /** Puts an id at the newest end; `at`: ms of wall clock. */
  touch(id: string, at: number): void {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = { id, at, older: undefined, newer: undefined };
      this.#entries.set(id, entry);
    } else {
      entry.at = at;
      if (entry === this.#newest) return;
      this.#unlink(entry);
    }
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  remove(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#unlink(entry);
  }

  clear(): void {
    this.#entries.clear();
    this.#oldest = undefined;
    this.#newest = undefined;
  }

  #unlink({ older, newer }: Entry): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
