import type { Entry } from '@millrace/engine/ports';
import type { Link } from '../redis/link.js';

/** Bytes that may lie ready in one lane; beyond that it is not read further. */
const READY_BYTES = 4 * 1024 * 1024;
/** Entries of one lane in one reply. */
const AT_ONCE = 64;
/** ms a read waits at the server for something to come. */
const BLOCK = 500;
/** The same while some lanes have not been asked for yet and may join any moment. */
const BLOCK_EARLY = 50;
/** Reads in a row that brought nothing, after which the server is asked who it is. */
const QUIET_ROUNDS = 4;

interface Lane {
  key: string;
  /** Sequence of the last entry that was fetched. */
  position: number;
  queue: Entry[];
  bytes: number;
  /** Counts the times the position was set from outside: a reply to an older question is void. */
  turn: number;
}

type Reply = [Buffer, [Buffer, Buffer[]][]][] | null;

/**
 * Reads the lanes of a task ahead on a connection of its own, which waits at the server: an entry is here about as soon as it is
 * committed, and taking it costs no round trip.
 */
export class LaneReader {
  readonly #lanes = new Map<string, Lane>();
  #running = false;
  #changed: (() => void) | undefined;

  constructor(
    private readonly link: Link,
    /** All lanes the task has; more than `lanes.size` while some were not asked for. */
    private readonly total: number,
    private readonly arrived: () => void,
    /** The connection was away: finds out whether the server is still the same. Throws if not. */
    private readonly verify: () => Promise<void>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Entries after `after` that lie ready, at most `limit`; asks for a lane the first time. */
  take(key: string, after: number, limit: number): Entry[] | undefined {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = { key, position: after, queue: [], bytes: 0, turn: 0 };
      this.#lanes.set(key, lane);
      this.#wakeLoop();
      if (!this.#running) {
        this.#running = true;
        // Lanes that are asked for in the same round share the first read.
        setImmediate(() => {
          this.#loop().catch((error: unknown) => this.failed(error));
        });
      }
      return undefined;
    }
    const { queue } = lane;
    const first = queue[0];
    if (first === undefined ? lane.position !== after : first.sequence !== after + 1) {
      lane.position = after;
      lane.queue = [];
      lane.bytes = 0;
      lane.turn++;
      this.#wakeLoop();
      return undefined;
    }
    if (first === undefined) return undefined;
    const full = lane.bytes >= READY_BYTES;
    let entries = queue;
    if (queue.length <= limit) {
      lane.queue = [];
      lane.bytes = 0;
    } else {
      entries = queue.splice(0, limit);
      for (const { payload } of entries) lane.bytes -= payload.length;
    }
    if (full) this.#wakeLoop();
    return entries;
  }

  /** Whether anything lies ready. */
  get any(): boolean {
    for (const { queue } of this.#lanes.values()) if (queue.length > 0) return true;
    return false;
  }

  /** Fetches what is there now, over another connection than the waiting one; true if something lies ready then. */
  async catchUp(link: Link): Promise<boolean> {
    const lanes = [...this.#lanes.values()].filter((lane) => lane.queue.length === 0);
    if (lanes.length > 0) await this.#fetch(link, lanes, undefined);
    // The waiting connection may have brought the same a moment earlier.
    return this.any;
  }

  async #loop(): Promise<void> {
    while (!this.link.closed) {
      const all = [...this.#lanes.values()];
      const hungry = all.filter((lane) => lane.bytes < READY_BYTES);
      if (hungry.length === 0) {
        await this.#change(1_000);
        continue;
      }
      const waiting = hungry.length < all.length ? undefined : all.length < this.total ? BLOCK_EARLY : BLOCK;
      const got = await this.#fetch(this.link, hungry, waiting);
      // A lane that is full must not wait for the others: they are asked without waiting, at a calm pace.
      if (!got && waiting === undefined) await this.#change(2);
    }
  }

  #cuts = 0;
  #quiet = 0;

  async #fetch(link: Link, lanes: readonly Lane[], block: number | undefined): Promise<boolean> {
    const turns = lanes.map(({ turn }) => turn);
    const from = lanes.map(({ position }) => position);
    let again = false;
    const reply = await link.call(async (client) => {
      // After a cut the server may be another one. A cluster's client does not tell: there the quiet rounds ask as well.
      if (again || this.#cuts !== link.cuts || this.#quiet >= QUIET_ROUNDS) {
        this.#cuts = link.cuts;
        this.#quiet = 0;
        await this.verify();
      }
      again = true;
      return (await client.xreadBuffer(
        ...(['COUNT', AT_ONCE] as const),
        ...((block === undefined ? [] : ['BLOCK', block]) as unknown as ['BLOCK', number]),
        'STREAMS',
        ...lanes.map(({ key }) => key),
        ...from.map((position) => `${position}-0`),
      )) as Reply;
    });
    if (reply === null) {
      this.#quiet++;
      return false;
    }
    let got = false;
    for (const [name, entries] of reply) {
      const key = name.toString();
      const i = lanes.findIndex((lane) => lane.key === key);
      const lane = lanes[i]!;
      // Meanwhile read by the other connection, or set to another place.
      if (lane.turn !== turns[i] || lane.position !== from[i]) continue;
      for (const [id, [records, payload]] of entries) {
        const sequence = Number.parseInt(id.toString('latin1'), 10);
        lane.queue.push({ sequence, records: Number(records!.toString('latin1')), payload: payload! });
        lane.bytes += payload!.length;
        lane.position = sequence;
        got = true;
      }
    }
    if (got) this.arrived();
    return got;
  }

  #wakeLoop(): void {
    this.#changed?.();
  }

  #change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#changed = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#changed = done;
    });
  }

  close(): void {
    this.link.close();
    this.#wakeLoop();
  }
}
