/**
 * What the engine needs of a backend. Memory, embedded (LMDB) and bull (Redis) implement it and pass one contract suite.
 * All blobs are opaque to the backend; the engine frames them (format version + CRC).
 */

/** One parallel instance of a stage. */
export interface TaskId {
  stage: string;
  index: number;
}

/** Proof of ownership. A higher epoch fences all lower ones. */
export interface Lease {
  owner: string;
  epoch: number;
}

/** Address of a stored value: which node, key group, table, key, and for maps and lists the place inside. */
export interface RowKey {
  node: string;
  group: number;
  table: string;
  key: string;
  /** Map key or list index; absent for single values. */
  sub?: string | number;
}

export interface Row {
  key: RowKey;
  value: Uint8Array;
}

/** A row to write; without a value it is removed. */
export interface RowChange {
  key: RowKey;
  value?: Uint8Array;
}

/** A timer to add or remove. `kind` 0 = event time, 1 = wall clock. */
export interface TimerRow {
  node: string;
  group: number;
  kind: 0 | 1;
  time: number;
  key: string;
  name: string;
}

export interface TimerChange {
  timer: TimerRow;
  add: boolean;
}

/** A batch on its way through an exchange. */
export interface Entry {
  /** Counts from 1 for each (exchange, sender, receiver). */
  sequence: number;
  payload: Uint8Array;
  records: number;
}

export interface OutputEntry {
  exchange: string;
  receiver: number;
  payload: Uint8Array;
  records: number;
}

/** A record that could not be processed, kept with its reason. */
export interface DeadLetter {
  node: string;
  payload: Uint8Array;
}

/** A dead letter's address: its node and its number there. */
export interface ReplayId {
  node: string;
  number: number;
}

/** Everything that becomes permanent in one atomic step. */
export interface Commit {
  lease: Lease;
  /** n; the store demands that n - 1 is the last one it has. */
  sequence: number;
  /** Positions, watermarks, counters: read back after a restart. */
  meta: Uint8Array;
  rows: RowChange[];
  timers: TimerChange[];
  outputs: OutputEntry[];
  /** Entries after `from` up to `sequence` of (exchange, sender) are done with and may go. */
  consumed: { exchange: string; sender: number; from: number; sequence: number; records: number }[];
  deadLetters: DeadLetter[];
  /** Dead letters that were processed again: their replay requests end and the letters are marked done. */
  replayed: ReplayId[];
  /** The task has read all its input and emitted everything. */
  finished: boolean;
}

export type CommitReply = 'OK' | 'DUPLICATE' | 'FENCED';

export interface Restored {
  sequence: number;
  meta: Uint8Array;
  finished: boolean;
}

/** One task's view of the store, valid for one lease. */
export interface TaskStore {
  /** What the last commit of this task left, null before the first. */
  restore(): Restored | null | Promise<Restored | null>;
  /** All rows of a node's table within the task's key groups, at most `limit`; tells whether there were more. */
  loadRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    limit: number,
    visit: (row: Row) => void,
  ): { complete: boolean } | Promise<{ complete: boolean }>;
  /**
   * Some committed rows of a node's table within the task's key groups: about `limit` of them from `from` on, `null` being the start; `next`
   * is where to go on, `null` at the end. The order is the store's own. Rows that change between two calls may be left out.
   */
  scanRows(
    node: string,
    table: string,
    groups: readonly [number, number],
    from: unknown,
    limit: number,
  ): { rows: Row[]; next: unknown };
  /**
   * Reads committed rows of one key synchronously: for state that did not fit into memory. `cells`: the table has a row for each `sub`, and
   * all are wanted; otherwise a key has one row at most, which is much cheaper to look for.
   */
  readKey(node: string, group: number, table: string, key: string, cells: boolean): Row[];
  /** Committed timers in (time, key, name) order after `after` (exclusive), at most `limit`. */
  loadTimers(
    node: string,
    kind: 0 | 1,
    groups: readonly [number, number],
    after: { time: number; key: string; name: string } | null,
    limit: number,
  ): TimerRow[];
  /** Entries of (exchange, sender) for this receiver after `sequence`, oldest first; undefined = the sender has nothing new. */
  readEntries(
    exchange: string,
    sender: number,
    after: number,
    limit: number,
  ): Entry[] | undefined | Promise<Entry[] | undefined>;
  /** Dead letters of a node that somebody asked to process again, oldest first. */
  readReplays(
    node: string,
  ): { number: number; payload: Uint8Array }[] | Promise<{ number: number; payload: Uint8Array }[]>;
  /**
   * For a store that reads ahead, whose `readEntries` may not know the latest yet: fetches what was committed for this task before the
   * call; true if `readEntries` has something now.
   */
  catchUp?(): Promise<boolean>;
  /** The store has no room for new input: sources rest, what is inside is worked off. */
  full?(): boolean;
  /** Records committed to an exchange by this task and not yet consumed, the fullest receiver's number. */
  backlog(exchange: string): number;
  commit(commit: Commit): CommitReply | Promise<CommitReply>;
  /** Resolves when an input of this task may have new entries, an exchange it feeds has room again, `wake` was called, or `ms` have passed. */
  wait(ms: number): Promise<void>;
  /** Ends a `wait` of this task early (live sources, control messages). */
  wake(): void;
  close(): void | Promise<void>;
}
