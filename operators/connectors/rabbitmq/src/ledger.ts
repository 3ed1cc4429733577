import { hash } from 'node:crypto';

/** Characters of an id's digest that are kept: 66 bits. Two of a million different ids are alike once in 10^8 windows. */
const DIGEST = 11;
const NONE = '.'.repeat(DIGEST);

/** What the task's commit holds of a queue. */
export interface LedgerState {
  /** Messages done since the workflow began. */
  done: number;
  /** Digests of the ids of the last of them, one after the other. */
  ids: string;
}

interface Delivered {
  tag: number;
  number: number;
}

/**
 * Keeps account of the messages of one queue: which have been handed out, which are committed and may be acknowledged, and which ids
 * were seen lately, so that a message that is delivered again is dropped. A queue cannot be asked for a place in it; what a
 * commit holds instead is the ids of the last messages done.
 *
 * Numbers count messages as they come. A message is acknowledged only when the commit that holds its effects is durable. Whatever
 * the server delivers again after a crash is among the unacknowledged ones or among those whose acknowledgement it lost, and so
 * among the last ids.
 */
export class Ledger {
  /** Number of the next message that comes. */
  #next: number;
  /** Messages up to here have been handed out. */
  #taken: number;
  #committed: number;
  /** Digests of messages `#ringStart` … `#next - 1`. */
  #ring: string[];
  #ringStart: number;
  readonly #known = new Map<string, number>();
  /** Deliveries of the present channel that are not acknowledged, in the order of their tags. */
  #open: Delivered[] = [];

  constructor(
    state: LedgerState | null,
    private readonly window: number,
  ) {
    const { done, ids } = state ?? { done: 0, ids: '' };
    this.#ring = [];
    for (let at = 0; at < ids.length; at += DIGEST) this.#ring.push(ids.slice(at, at + DIGEST));
    this.#ringStart = done - this.#ring.length;
    this.#ring.forEach((digest, i) => {
      if (digest !== NONE) this.#known.set(digest, this.#ringStart + i);
    });
    this.#next = done;
    this.#taken = done;
    this.#committed = done;
  }

  /** A message has come; false: it is known and to be dropped. `id` undefined: it cannot be told from others. */
  arrived(tag: number, id: string | undefined): boolean {
    const digest = id === undefined ? NONE : hash('sha1', id, 'base64').slice(0, DIGEST);
    const known = digest === NONE ? undefined : this.#known.get(digest);
    if (known !== undefined) {
      this.#open.push({ tag, number: known });
      return false;
    }
    const number = this.#next++;
    this.#ring.push(digest);
    if (digest !== NONE) this.#known.set(digest, number);
    this.#open.push({ tag, number });
    if (this.#ring.length > 2 * this.window) this.#trim();
    return true;
  }

  /** The oldest ids leave, but never those of messages that are not committed. */
  #trim(): void {
    const excess = Math.min(this.#ring.length - this.window, this.#committed - this.#ringStart);
    for (let i = 0; i < excess; i++) {
      const digest = this.#ring[i]!;
      if (this.#known.get(digest) === this.#ringStart + i) this.#known.delete(digest);
    }
    this.#ring.splice(0, excess);
    this.#ringStart += excess;
  }

  /** The next `n` messages that came have been handed out. Answers the number of the first. */
  take(n: number): number {
    const first = this.#taken;
    this.#taken += n;
    return first;
  }

  /** What a commit has to hold when the messages before `number` are done. */
  state(number: number): LedgerState {
    const from = Math.max(this.#ringStart, number - this.window);
    return { done: number, ids: this.#ring.slice(from - this.#ringStart, number - this.#ringStart).join('') };
  }

  /** The commit of a `state` is durable. Answers the tag up to which everything may be acknowledged at once, if there is any. */
  committed({ done }: LedgerState): number | undefined {
    this.#committed = Math.max(this.#committed, done);
    return this.acknowledgeable();
  }

  /** Tags are acknowledged in order: one that is not committed holds up those behind it. */
  acknowledgeable(): number | undefined {
    let n = 0;
    while (n < this.#open.length && this.#open[n]!.number < this.#committed) n++;
    if (n === 0) return undefined;
    const { tag } = this.#open[n - 1]!;
    this.#open = n === this.#open.length ? [] : this.#open.slice(n);
    return tag;
  }

  /** The channel is gone: the server will deliver again what was not acknowledged. What was not handed out is forgotten. */
  reset(): void {
    for (let number = this.#taken; number < this.#next; number++) {
      const digest = this.#ring[number - this.#ringStart]!;
      if (this.#known.get(digest) === number) this.#known.delete(digest);
    }
    this.#ring.length = this.#taken - this.#ringStart;
    this.#next = this.#taken;
    this.#open = [];
  }
}
