import type { SourceBatch, SourceReader, SourceSetup } from '../operator.js';
import type { Value } from '../record.js';
import { keepTrying, type TryingOptions } from '../retry.js';
import { type Cursor, CursorWindow, hashOf, type Placed } from './cursor-window.js';

export interface TableRow extends Placed {
  value: Value;
  /** Event time as the table knows it, ms; NaN: unknown. */
  time: number;
}

/** One connection to a table, in the reading order of the node's config. */
export interface TableClient {
  /** Rows say how old they are (`settled`), so that reading can wait for them instead of remembering without bound. */
  readonly aged: boolean;
  /** Rows after `after`, in order, at most `limit`. `settled`: only rows that are. `bytes`: about what they took on the wire. */
  page(after: Cursor | null, limit: number, settled: boolean): Promise<{ rows: TableRow[]; bytes: number }>;
  /** Places of rows after `after` up to and including `upTo`, in order, at most `limit`. */
  scan(after: Cursor | null, upTo: Cursor, limit: number): Promise<Cursor[]>;
  /** The rows at these places, as far as they are still there. */
  rowsAt(places: readonly Cursor[]): Promise<TableRow[]>;
  close(): Promise<void>;
}

export interface TableReading {
  setup: Pick<SourceSetup<unknown>, 'clock' | 'signal' | 'problem' | 'wake'>;
  connect(): Promise<TableClient>;
  explain: NonNullable<TryingOptions['explain']>;
  /** False: ends when a page is not full. */
  live: boolean;
  /** ms between two looks when nothing is new. */
  every: number;
  /** ms for which rows that commit late are looked for. 0: not at all. */
  overlap: number;
}

interface Page {
  batch: SourceBatch;
}

/** Bytes of one page to aim for, and rows of the first one. */
const PAGE_BYTES = 4 * 1024 * 1024;
const FIRST_ROWS = 200;
const MAX_ROWS = 5000;
const SCAN_ROWS = 5000;
const LATE_ROWS = 200;
/** Rows remembered between two positions; every commit carries them (11 bytes each). */
const MOST = 20_000;

/**
 * Reads a table by a cursor, one page ahead of the task. Live reading goes on for ever and looks again at what lies behind the cursor:
 * a row whose transaction commits after a later one has been read turns up there.
 */
export class TableReader implements SourceReader {
  readonly #reading: TableReading;
  readonly #stop = new AbortController();
  readonly #span: number;
  #client: TableClient | undefined;
  #window: CursorWindow;
  #seen: Set<string>;
  #page: Page | undefined;
  #fetching: Promise<void> | undefined;
  #failure: unknown;
  #limit = FIRST_ROWS;
  #caughtUp = true;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #ended = false;

  constructor(reading: TableReading, position: Value | null) {
    this.#reading = reading;
    this.#span = reading.overlap / 8;
    this.#window = CursorWindow.fromJson(position);
    this.#seen = this.#window.hashes();
  }

  poll(max: number): SourceBatch | null | Promise<SourceBatch | null> {
    if (this.#failure) throw this.#failure;
    if (this.#page === undefined) {
      this.#fetch(max);
      return this.#reading.live ? null : this.#fetching!.then(() => this.poll(max));
    }
    const { batch } = this.#page;
    this.#page = undefined;
    this.#fetch(MAX_ROWS);
    return batch;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    const client = this.#client;
    this.#client = undefined;
    await client?.close().catch(() => undefined);
  }

  #fetch(max: number): void {
    if (this.#fetching || this.#ended || this.#stop.signal.aborted) return;
    const { setup, explain } = this.#reading;
    const signal = AbortSignal.any([setup.signal, this.#stop.signal]);
    const attempt = async () => {
      try {
        this.#client ??= await this.#reading.connect();
        return await this.#next(this.#client, max);
      } catch (error) {
        await this.#client?.close().catch(() => undefined);
        this.#client = undefined;
        throw error;
      }
    };
    const problem = (what: Parameters<typeof setup.problem>[0]) => {
      if (!this.#stop.signal.aborted) setup.problem(what);
    };
    this.#fetching = keepTrying({ clock: setup.clock, signal, problem }, attempt, { explain })
      .then((page) => {
        this.#page = page;
      })
      .catch((error: unknown) => {
        // Being asked to stop is no failure of a reader that nobody polls any more.
        if (!this.#stop.signal.aborted) this.#failure = error;
      })
      .finally(() => {
        this.#fetching = undefined;
        if (this.#stop.signal.aborted) return;
        if (this.#page || this.#failure) setup.wake();
        else if (this.#reading.live) void this.#later();
      });
  }

  async #later(): Promise<void> {
    const { setup, every } = this.#reading;
    await setup.clock.sleep(every, this.#stop.signal);
    this.#fetch(MAX_ROWS);
  }

  async #next(client: TableClient, max: number): Promise<Page | undefined> {
    const { setup, live, every, overlap } = this.#reading;
    const { aged } = client;
    const now = setup.clock.now();
    if (live && overlap > 0 && this.#window.at !== null && (this.#caughtUp || now - this.#lookedAt >= every)) {
      const late = await this.#late(client);
      if (late.length > 0) {
        const before = this.#window;
        return this.#pageOf(late, (n) => before.late(late.slice(0, n), now, this.#span), false);
      }
      this.#window = this.#window.settle(now - overlap);
      this.#seen = this.#window.hashes();
      this.#lookedAt = now;
    }
    const limit = Math.max(1, Math.min(this.#limit, max));
    const held = aged && this.#window.remembered >= MOST;
    const { rows, bytes } = await client.page(this.#window.at, limit, held);
    if (rows.length > 0) this.#limit = Math.max(20, Math.min(MAX_ROWS, Math.floor((PAGE_BYTES * rows.length) / bytes)));
    this.#caughtUp = rows.length < limit;
    this.#ended = !live && this.#caughtUp;
    if (rows.length === 0 && live) return undefined;
    const before = this.#window;
    const remember = live && overlap > 0;
    const after = (n: number) => {
      const some = n === rows.length ? rows : rows.slice(0, n);
      return remember
        ? before.forward(some, now, this.#span, aged ? Number.POSITIVE_INFINITY : MOST)
        : before.plain(some);
    };
    return this.#pageOf(rows, after, this.#ended);
  }

  #pageOf(rows: readonly TableRow[], after: (n: number) => CursorWindow, end: boolean): Page {
    this.#window = after(rows.length);
    this.#seen = this.#window.hashes();
    return {
      batch: {
        values: rows.map((row) => row.value),
        times: Float64Array.from(rows, (row) => row.time),
        position: this.#window.toJson(),
        after: (n) => after(n).toJson(),
        ...(end && { end }),
      },
    };
  }

  /** Rows between `low` and the cursor that have not been read. */
  async #late(client: TableClient): Promise<TableRow[]> {
    const { low, at } = this.#window;
    const unseen: Cursor[] = [];
    for (let from = low; unseen.length < LATE_ROWS; ) {
      const places = await client.scan(from, at!, SCAN_ROWS);
      for (const place of places) if (unseen.length < LATE_ROWS && !this.#seen.has(hashOf(place))) unseen.push(place);
      if (places.length < SCAN_ROWS) break;
      from = places.at(-1)!;
    }
    return unseen.length === 0 ? [] : client.rowsAt(unseen);
  }
}
