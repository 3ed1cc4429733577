/** Something whose last change can be taken back. `what` tells the kinds of change apart. */
export interface Undoable {
  undo(what: number, a: unknown, b: unknown): void;
}

/**
 * Changes made on behalf of the current record, newest last. Cleared after each record; rolled back when it throws, so that a
 * failed record leaves no trace. Flat arrays: the hot path pushes four values and allocates nothing.
 */
export class UndoLog {
  #log: unknown[] = [];

  push(target: Undoable, what: number, a: unknown, b: unknown): void {
    this.#log.push(target, what, a, b);
  }

  clear(): void {
    if (this.#log.length > 0) this.#log.length = 0;
  }

  rollback(): void {
    const log = this.#log;
    for (let i = log.length - 4; i >= 0; i -= 4) {
      (log[i] as Undoable).undo(log[i + 1] as number, log[i + 2], log[i + 3]);
    }
    log.length = 0;
  }
}
