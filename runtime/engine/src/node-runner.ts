import type { PlanNode } from '@millrace/planner';
import {
  type Behaviour,
  type Clock,
  type Context,
  type DeliveryPlace,
  type Expression,
  keyGroupOf,
  MIN_TIME,
  type MillraceError,
  preciseNow,
  type StreamRecord,
  type Timers,
  taskOfKeyGroup,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import { type MapOptions, mapRecords, type Outcome } from './map-records.js';
import { Counters } from './metrics.js';
import type { Table } from './state/table.js';
import type { TimerQueue } from './state/timer-queue.js';
import type { UndoLog } from './state/undo.js';
import { keyFunction, type Target } from './targets.js';
import { WatermarkValve } from './valve.js';

enum Fate {
  Handled,
  Filtered,
  Late,
}

/** Records of one emission, waiting to go to the next nodes. */
export interface OutPort {
  readonly name: string;
  buffer: StreamRecord[];
  readonly targets: Target[];
}

export interface Delivery {
  port: string;
  records: StreamRecord[];
  /** The records carry their key for this node already (they came through a keyed exchange). */
  keyed: boolean;
}

/** What a node needs of the task it runs in. */
export interface NodeHost {
  readonly clock: Clock;
  readonly undo: UndoLog;
  /** Keeps a record that failed; throws when the node is set to fail the run. */
  failed(node: NodeRunner, record: StreamRecord, port: string, error: MillraceError): void;
  deliveryId(node: NodeRunner, record: StreamRecord): string;
  delivery(record: StreamRecord): DeliveryPlace;
  readonly signal: AbortSignal;
  /** Aborts when the task is asked to stop or pause. */
  readonly stopping: AbortSignal;
}

const NO_TIMERS = { at() {}, cancel() {}, clockAt() {}, cancelClock() {} };

/**
 * One node in one task. It is its behaviour's context: `emit` collects into port buffers, state handles and timers point at the
 * current key, and the fate of each record is counted.
 */
export class NodeRunner implements Context {
  key = '';
  watermark = MIN_TIME;
  /** Timers up to the watermark are still to fire (kept in the commit: firing goes on after a restart). */
  firing = false;
  /** The watermark has been handed to the next nodes; false after a restart, so that it is handed on again. */
  passed = true;
  passedIdle = false;
  readonly counters = new Counters();
  readonly clock: Clock;
  readonly inbox: Delivery[] = [];
  readonly outs: OutPort[];
  readonly timers: Timers;
  readonly valve: WatermarkValve;
  readonly #ports: { [name: string]: OutPort } = Object.create(null);
  readonly #keyOf: { [port: string]: (record: StreamRecord) => string } | undefined;
  readonly #tables: Table[];
  #fate: Fate = Fate.Handled;
  #time = 0;
  #born = 0;
  #op: StreamRecord['op'] = 'insert';
  #marks: number[];
  #failures = new Map<StreamRecord, MillraceError>();

  constructor(
    readonly plan: PlanNode,
    readonly behaviour: Behaviour,
    private readonly host: NodeHost,
    readonly state: { readonly [name: string]: Table },
    readonly eventTimers: TimerQueue | undefined,
    readonly clockTimers: TimerQueue | undefined,
    channels: number,
    compile: (expression: string) => Expression,
  ) {
    this.clock = host.clock;
    this.valve = new WatermarkValve(channels);
    this.outs = plan.outputs.map((name) => ({ name, buffer: [], targets: [] }));
    for (const out of this.outs) this.#ports[out.name] = out;
    this.#marks = this.outs.map(() => 0);
    this.#tables = Object.values(state);
    if (plan.keys) {
      this.#keyOf = Object.create(null) as { [port: string]: (record: StreamRecord) => string };
      for (const [port, parts] of Object.entries(plan.keys)) this.#keyOf[port] = keyFunction(parts.map(compile));
    }
    this.timers = eventTimers && clockTimers ? this.#makeTimers(eventTimers, clockTimers) : NO_TIMERS;
  }

  get id(): string {
    return this.plan.id;
  }

  get isAsync(): boolean {
    return this.behaviour.onBatch !== undefined;
  }

  get stateKeys(): number {
    let keys = 0;
    for (const table of this.#tables) keys += table.slotCount;
    return keys;
  }

  port(name: string): OutPort | undefined {
    return this.#ports[name];
  }

  #makeTimers(events: TimerQueue, clocks: TimerQueue): Timers {
    return {
      at: (time, name = '') => events.add(time, this.key, name),
      cancel: (time, name = '') => events.cancel(time, this.key, name),
      clockAt: (time, name = '') => clocks.add(time, this.key, name),
      cancelClock: (time, name = '') => clocks.cancel(time, this.key, name),
    };
  }

  emit(port: string, value: Value, time: number = this.#time, op: StreamRecord['op'] = this.#op): void {
    const out = this.#ports[port];
    if (out === undefined) throw this.#noPort(port);
    out.buffer.push({ value, time, key: undefined, born: this.#born, op });
  }

  forward(port: string, record: StreamRecord): void {
    const out = this.#ports[port];
    if (out === undefined) throw this.#noPort(port);
    out.buffer.push(record);
  }

  filtered(): void {
    // Inside onBatch there is no current record: each call stands for one.
    if (this.isAsync) this.counters.filtered++;
    else this.#fate = Fate.Filtered;
  }

  late(record: StreamRecord): void {
    if (this.isAsync) this.counters.late++;
    this.#fate = Fate.Late;
    this.#ports.late?.buffer.push(record);
  }

  map<R>(
    records: readonly StreamRecord[],
    fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
    options: MapOptions = {},
  ): Promise<Outcome<R>[]> {
    return mapRecords(records, fn, options, this.clock, this.host.signal);
  }

  fail(record: StreamRecord, error: unknown): void {
    this.#failures.set(record, toMillraceError(error));
  }

  deliveryId(record: StreamRecord): string {
    return this.host.deliveryId(this, record);
  }

  delivery(record: StreamRecord): DeliveryPlace {
    return this.host.delivery(record);
  }

  #noPort(port: string): Error {
    return new TypeError(`${this.plan.operator} has no output "${port}"`);
  }

  /** The task that owns a record's key; undefined for nodes without keys, 0 when the key itself fails. */
  ownerOf(record: StreamRecord, port: string, parallelism: number): number | undefined {
    const keyOf = this.#keyOf?.[port];
    if (keyOf === undefined) return undefined;
    try {
      return taskOfKeyGroup(keyGroupOf(keyOf(record)), parallelism);
    } catch {
      return 0;
    }
  }

  /** Points state and timers at a key. */
  setKey(key: string): void {
    this.key = key;
    const tables = this.#tables;
    for (let i = 0; i < tables.length; i++) tables[i]!.setKey(key);
  }

  /** Counts and works through everything in the inbox. Afterwards the out buffers hold the results. */
  run(): void | Promise<void> {
    if (this.isAsync) return this.#runAsync();
    const started = performance.now();
    const inbox = this.inbox;
    for (let d = 0; d < inbox.length; d++) this.#runDelivery(inbox[d]!);
    inbox.length = 0;
    this.counters.busyMs += performance.now() - started;
  }

  #runDelivery(delivery: Delivery): void {
    const { records, port, keyed } = delivery;
    const { behaviour, counters } = this;
    const { undo } = this.host;
    const keyOf = this.#keyOf?.[port];
    const outs = this.outs;
    const marks = this.#marks;
    const n = records.length;
    this.#observe(records);
    counters.in += n;
    for (let i = 0; i < n; i++) {
      const record = records[i]!;
      this.#fate = Fate.Handled;
      this.#time = record.time;
      this.#born = record.born;
      this.#op = record.op;
      for (let p = 0; p < outs.length; p++) marks[p] = outs[p]!.buffer.length;
      try {
        if (keyOf !== undefined) {
          const key = keyed && record.key !== undefined ? record.key : keyOf(record);
          record.key = key;
          this.setKey(key);
        }
        behaviour.onRecord!(record, port, this);
        undo.clear();
        if (this.#fate !== Fate.Handled) {
          if (this.#fate === Fate.Filtered) counters.filtered++;
          else counters.late++;
        }
      } catch (thrown) {
        undo.rollback();
        for (let p = 0; p < outs.length; p++) outs[p]!.buffer.length = marks[p]!;
        this.host.failed(this, record, port, toMillraceError(thrown));
      }
    }
  }

  async #runAsync(): Promise<void> {
    const deliveries = this.inbox.splice(0);
    for (const { records, port, keyed } of deliveries) {
      const started = performance.now();
      const keyOf = this.#keyOf?.[port];
      this.#observe(records);
      this.counters.in += records.length;
      this.counters.waiting += records.length;
      const marks = this.outs.map((out) => out.buffer.length);
      this.#failures.clear();
      if (keyOf) for (const record of records) if (!keyed || record.key === undefined) record.key = keyOf(record);
      const last = records.at(-1);
      if (last) {
        this.#time = last.time;
        this.#born = last.born;
        this.#op = last.op;
      }
      try {
        await this.behaviour.onBatch!(records, port, this);
        this.host.undo.clear();
      } catch (thrown) {
        this.host.undo.rollback();
        this.outs.forEach((out, p) => {
          out.buffer.length = marks[p]!;
        });
        const error = toMillraceError(thrown);
        // An outside system that is down is not the records' fault: the task starts again from its last commit.
        if (error.retry === 'backoff') throw Object.assign(error, { nodeId: this.id });
        for (const record of records) this.#failures.set(record, error);
      } finally {
        this.counters.waiting -= records.length;
        this.counters.busyMs += performance.now() - started;
      }
      for (const [record, error] of this.#failures) this.host.failed(this, record, port, error);
    }
  }

  /** Records of one read share their birth, so the common case is one histogram entry for the whole delivery. */
  #observe(records: readonly StreamRecord[]): void {
    const n = records.length;
    if (n === 0) return;
    const now = preciseNow(this.clock);
    const first = records[0]!.born;
    if (first === records[n - 1]!.born) {
      this.counters.latency.record(now - first, n);
      return;
    }
    for (let i = 0; i < n; i++) this.counters.latency.record(now - records[i]!.born);
  }

  /**
   * Fires up to `max` event timers at or before the watermark; true when none is left. `born`: of the record that moved time.
   */
  fireEvents(max: number, born: number): boolean {
    return this.eventTimers === undefined || this.#fire(this.eventTimers, 'event', this.watermark, max, born);
  }

  fireClock(max: number, now: number): boolean {
    return this.clockTimers === undefined || this.#fire(this.clockTimers, 'clock', now, max, now);
  }

  #fire(queue: TimerQueue, kind: 'event' | 'clock', until: number, max: number, born: number): boolean {
    if (queue.peekTime() > until) return true;
    const started = performance.now();
    const { undo } = this.host;
    for (let i = 0; i < max; i++) {
      const timer = queue.pop(until);
      if (timer === undefined) break;
      this.setKey(timer.key);
      this.#time = timer.time;
      this.#born = born;
      this.#op = 'insert';
      this.behaviour.onTimer!({ kind, time: timer.time, name: timer.name, key: timer.key }, this);
      undo.clear();
    }
    this.counters.busyMs += performance.now() - started;
    return queue.peekTime() > until;
  }

  /** Puts the context outside any record, for open, prepareCommit and finish. */
  enterLifecycle(now: number): void {
    this.#time = this.watermark === MIN_TIME ? now : this.watermark;
    this.#born = now;
    this.#op = 'insert';
    this.setKey('');
  }

  /** Hands the out buffers to their targets. */
  dispatch(): void {
    const outs = this.outs;
    for (let p = 0; p < outs.length; p++) {
      const out = outs[p]!;
      const records = out.buffer;
      if (records.length === 0) continue;
      out.buffer = [];
      this.counters.out += records.length;
      const { targets } = out;
      for (let t = 0; t < targets.length; t++) targets[t]!.accept(records);
    }
  }
}
