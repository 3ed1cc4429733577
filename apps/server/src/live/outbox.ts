/** How much may wait in a connection before newer states replace older ones, and before it is given up, bytes. */
const COALESCE_ABOVE = 64 * 1024;
const GIVE_UP_ABOVE = 1024 * 1024;

export interface Pipe {
  /** Bytes handed over and not yet sent. */
  buffered(): number;
  write(text: string): void;
  /** Ends a connection that does not read. */
  giveUp(): void;
}

/**
 * Sends messages to one slow or fast reader: while it lags, only the newest message of each key is kept, and one that stays behind
 * by more than a megabyte is cut off instead of filling the memory.
 */
export class Outbox {
  readonly #pipe: Pipe;
  readonly #held = new Map<string, string>();

  constructor(pipe: Pipe) {
    this.#pipe = pipe;
  }

  send(text: string, key?: string): void {
    if (this.#pipe.buffered() > GIVE_UP_ABOVE) {
      this.#pipe.giveUp();
      return;
    }
    if (this.#pipe.buffered() > COALESCE_ABOVE && key !== undefined) {
      this.#held.set(key, text);
      return;
    }
    this.flush();
    this.#pipe.write(text);
  }

  /** Sends what was held back, if the reader has caught up. Called with every heartbeat too. */
  flush(): void {
    if (this.#held.size === 0 || this.#pipe.buffered() > COALESCE_ABOVE) return;
    for (const text of this.#held.values()) this.#pipe.write(text);
    this.#held.clear();
  }
}
