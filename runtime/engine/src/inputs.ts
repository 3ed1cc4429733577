import type { PlanExchange } from '@millrace/planner';
import type { StreamRecord, Value } from '@millrace/sdk';
import { type Batch, decodeBatch, type Mark } from './batch.js';
import type { NodeRunner } from './node-runner.js';
import type { TaskStore } from './ports/index.js';

/** A piece of input that is processed in one go: records, then at most a few signals. */
export interface Chunk {
  records: StreamRecord[];
  /** Output port of a source, per record, when it has several. */
  ports?: readonly string[] | undefined;
  marks: Mark[];
}

/** One thing a task reads: a source partition, or one sender of an exchange. */
export interface Input {
  /** Stable name, the key of its position in the commit. */
  readonly id: string;
  readonly node: NodeRunner;
  readonly port: string;
  /** Channel of the node's valve. */
  readonly channel: number;
  readonly ended: boolean;
  /** Makes data ready; false: nothing there now. */
  fill(): boolean | Promise<boolean>;
  /** The next chunk of at most `max` records; only after `fill` said true. */
  take(max: number): Chunk;
  /** Stored form of what has been taken. */
  position(): Value;
  restore(position: Value): void | Promise<void>;
}

interface ExchangePosition {
  sequence: number;
  /** Records of entry `sequence + 1` that are done. */
  skip: number;
  ended: boolean;
}

/** Reads the entries one sender made for this task. */
export class ExchangeInput implements Input {
  #batch: Batch | undefined;
  #batchRecords = 0;
  #cursor = 0;
  #mark = 0;
  #queue: { sequence: number; payload: Uint8Array; records: number }[] = [];
  #sequence = 0;
  #skip = 0;
  #consumedRecords = 0;
  ended = false;
  /** Entry and first record of the last chunk: the position in a record's delivery id. */
  lastTaken = { sequence: 0, from: 0 };

  constructor(
    readonly id: string,
    readonly node: NodeRunner,
    readonly port: string,
    readonly channel: number,
    private readonly plan: PlanExchange,
    readonly sender: number,
    readonly keyed: boolean,
    private readonly store: TaskStore,
  ) {}

  get exchange(): string {
    return this.plan.id;
  }

  /** The records are on their way out of the process: each gets a delivery id. */
  get outbox(): boolean {
    return this.plan.outbox;
  }

  fill(): boolean | Promise<boolean> {
    if (this.#batch) return true;
    if (this.#queue.length > 0) return this.#open();
    const read = this.store.readEntries(this.exchange, this.sender, this.#sequence, 64);
    return read instanceof Promise ? read.then((entries) => this.#received(entries)) : this.#received(read);
  }

  #received(entries: { sequence: number; payload: Uint8Array; records: number }[] | undefined): boolean {
    if (entries === undefined || entries.length === 0) return false;
    this.#queue = entries;
    return this.#open();
  }

  #open(): true {
    const entry = this.#queue[0]!;
    this.#batch = decodeBatch(entry.payload);
    this.#batchRecords = entry.records;
    this.#cursor = this.#skip;
    this.#mark = 0;
    // Signals before the resume point have been applied; applying one twice would do no harm.
    while (this.#mark < this.#batch.marks.length && this.#batch.marks[this.#mark]!.at < this.#skip) this.#mark++;
    return true;
  }

  take(max: number): Chunk {
    const { records, marks } = this.#batch!;
    const next = marks[this.#mark];
    const until = Math.min(next ? next.at : records.length, this.#cursor + max);
    const chunk: Chunk = {
      records: this.#cursor === 0 && until === records.length ? records : records.slice(this.#cursor, until),
      marks: [],
    };
    this.lastTaken = { sequence: this.#queue[0]!.sequence, from: this.#cursor };
    this.#cursor = until;
    while (this.#mark < marks.length && marks[this.#mark]!.at === until) chunk.marks.push(marks[this.#mark++]!);
    this.#skip = until;
    if (until === records.length && this.#mark === marks.length) {
      this.#batch = undefined;
      this.#skip = 0;
      this.#sequence = this.#queue.shift()!.sequence;
      this.#consumedRecords += this.#batchRecords;
    }
    if (chunk.marks.some((mark) => mark.kind === 'end')) this.ended = true;
    return chunk;
  }

  position(): ExchangePosition {
    return { sequence: this.#sequence, skip: this.#skip, ended: this.ended };
  }

  /** Entries done with since the last call, for removal in the commit. */
  consumed(): { exchange: string; sender: number; from: number; sequence: number; records: number } | undefined {
    if (this.#reported === this.#sequence) return undefined;
    const done = {
      exchange: this.exchange,
      sender: this.sender,
      from: this.#reported,
      sequence: this.#sequence,
      records: this.#consumedRecords,
    };
    this.#consumedRecords = 0;
    this.#reported = this.#sequence;
    return done;
  }
  #reported = 0;

  restore(position: Value): void {
    const { sequence, skip, ended } = position as ExchangePosition;
    this.#sequence = sequence;
    this.#reported = sequence;
    this.#skip = skip;
    this.ended = ended;
  }
}
