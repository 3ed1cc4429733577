/** Something whose last change can be taken back. `what` tells the kinds of change apart. */
export interface Undoable {
  undo(what: number, a: unknown, b: unknown, c: unknown): void;
}

/** An array longer than this is not kept from one record to the next. */
const KEEP = 4096;

/**
 * Changes made on behalf of the current record, newest last. Cleared after each record; rolled back when it throws, so that a
 * failed record leaves no trace. Flat arrays: the hot path writes five values and allocates nothing, so clearing does not shrink the array.
 */
export class UndoLog {
  #log: unknown[] = [];
  #length = 0;

  push(target: Undoable, what: number, a: unknown, b: unknown, c: unknown = undefined): void {
    const log = this.#log;
    const at = this.#length;
    log[at] = target;
    log[at + 1] = what;
    log[at + 2] = a;
    log[at + 3] = b;
    log[at + 4] = c;
    this.#length = at + 5;
  }

  clear(): void {
    if (this.#length > KEEP) this.#log = [];
    this.#length = 0;
  }

  rollback(): void {
    const log = this.#log;
    for (let i = this.#length - 5; i >= 0; i -= 5) {
      (log[i] as Undoable).undo(log[i + 1] as number, log[i + 2], log[i + 3], log[i + 4]);
    }
    this.clear();
  }
}
