import type { PlanExchange } from '@millrace/planner';
import { type Expression, encodePart, keyGroupOf, MAX_TIME, type StreamRecord, taskOfKeyGroup } from '@millrace/sdk';
import { encodeBatch, type Mark } from './batch.js';
import type { NodeRunner } from './node-runner.js';
import type { OutputEntry } from './ports/index.js';

/** Where the records of one edge go. */
export interface Target {
  readonly edge: string;
  sent: number;
  /** The last records that passed, for samples. */
  last: readonly StreamRecord[];
  accept(records: StreamRecord[]): void;
  watermark(value: number): void;
  idle(): void;
  active(): void;
  end(): void;
}

/** Computes the encoded key of a record from the parts' expressions; null when there is no key at all. */
export function keyFunction(parts: readonly Expression[]): (record: StreamRecord) => string {
  if (parts.length === 0) return () => '';
  if (parts.length === 1) {
    const only = parts[0]!;
    return (record) => encodePart(only(record.value, record));
  }
  return (record) => {
    let key = '\u0000a';
    for (let i = 0; i < parts.length; i++) {
      const part = encodePart(parts[i]!(record.value, record));
      key += `${part.length}:${part}`;
    }
    return key;
  };
}

/** Records per exchange entry: beyond this gains flatten and latency grows. */
const ENTRY_RECORDS = 1000;

interface Lane {
  records: StreamRecord[];
  keys: (string | undefined)[];
  marks: Mark[];
}

/** Sends records of an edge to the tasks of another stage. Entries become visible with the task's next commit. */
export class ExchangeWriter implements Target {
  sent = 0;
  last: readonly StreamRecord[] = [];
  #lanes: Lane[];
  #sealed: OutputEntry[] = [];
  #next: number;
  /** Records since the last commit. */
  uncommitted = 0;

  constructor(
    private readonly exchange: PlanExchange,
    private readonly taskIndex: number,
    /** Key of a record at the far node; undefined for exchanges that do not partition by key. */
    private readonly keyOf: ((record: StreamRecord) => string) | undefined,
    spreadFrom: number,
  ) {
    this.#lanes = Array.from({ length: exchange.receivers }, () => ({ records: [], keys: [], marks: [] }));
    this.#next = spreadFrom;
  }

  get edge(): string {
    return this.exchange.id;
  }

  /** Round-robin counter, kept in the commit so that a replay sends every record the same way. */
  get spread(): number {
    return this.#next;
  }

  accept(records: StreamRecord[]): void {
    this.sent += records.length;
    this.uncommitted += records.length;
    this.last = records;
    const { distribution, receivers } = this.exchange;
    for (let i = 0; i < records.length; i++) {
      const record = records[i]!;
      let key: string | undefined;
      if (this.keyOf) {
        try {
          key = this.keyOf(record);
        } catch {
          // The far node meets the same error and treats it by its own rules.
          key = undefined;
        }
      }
      let lane: number;
      if (distribution === 'key') lane = key === undefined ? 0 : taskOfKeyGroup(keyGroupOf(key), receivers);
      else if (distribution === 'forward') lane = this.taskIndex;
      else {
        lane = this.#next;
        this.#next = lane + 1 === receivers ? 0 : lane + 1;
      }
      const to = this.#lanes[lane]!;
      to.records.push(record);
      to.keys.push(key);
      if (to.records.length >= ENTRY_RECORDS) this.#seal(lane);
    }
  }

  watermark(value: number): void {
    for (const lane of this.#lanes) {
      const last = lane.marks.at(-1);
      if (last?.kind === 'watermark' && last.at === lane.records.length) last.value = value;
      else lane.marks.push({ at: lane.records.length, kind: 'watermark', value });
    }
  }

  idle(): void {
    for (const lane of this.#lanes) lane.marks.push({ at: lane.records.length, kind: 'idle' });
  }

  active(): void {
    for (const lane of this.#lanes) lane.marks.push({ at: lane.records.length, kind: 'active' });
  }

  end(): void {
    for (const lane of this.#lanes) lane.marks.push({ at: lane.records.length, kind: 'end' });
  }

  /** All entries since the last call, encoded. */
  collect(out: OutputEntry[]): void {
    for (let i = 0; i < this.#lanes.length; i++) this.#seal(i);
    for (const entry of this.#sealed) out.push(entry);
    this.#sealed = [];
    this.uncommitted = 0;
  }

  #seal(receiver: number): void {
    const lane = this.#lanes[receiver]!;
    if (lane.records.length === 0 && lane.marks.length === 0) return;
    this.#sealed.push({
      exchange: this.exchange.id,
      receiver,
      payload: encodeBatch(lane, this.keyOf ? lane.keys : undefined),
      records: lane.records.length,
    });
    this.#lanes[receiver] = { records: [], keys: [], marks: [] };
  }
}

/** An edge inside the stage. */
export class InnerTarget implements Target {
  sent = 0;
  last: readonly StreamRecord[] = [];

  constructor(
    readonly edge: string,
    private readonly node: NodeRunner,
    private readonly port: string,
    private readonly channel: number,
  ) {}

  accept(records: StreamRecord[]): void {
    this.sent += records.length;
    this.last = records;
    this.node.inbox.push({ port: this.port, records, keyed: false });
  }

  watermark(value: number): void {
    this.node.valve.advance(this.channel, value);
  }

  idle(): void {
    this.node.valve.setIdle(this.channel);
  }

  active(): void {
    this.node.valve.setActive(this.channel);
  }

  end(): void {
    this.node.valve.advance(this.channel, MAX_TIME);
  }
}
