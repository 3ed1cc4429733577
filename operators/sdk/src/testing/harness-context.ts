import { MillraceError, toMillraceError } from '../errors.js';
import type { Context, DeliveryPlace, Timer, Timers } from '../operator.js';
import { MIN_TIME, type Op, type StreamRecord, type Value } from '../record.js';
import type { Dead } from './harness-types.js';
import type { ManualClock } from './manual-clock.js';
import { deepFreeze, notJson } from './plain-data.js';
import type { StateStore, StoreHost } from './state-store.js';
import { TimerQueue } from './timer-queue.js';

type Phase =
  | { kind: 'idle' }
  | { kind: 'record'; record: StreamRecord; port: string; key: string }
  | { kind: 'timer'; timer: Timer }
  | { kind: 'batch'; records: readonly StreamRecord[]; port: string; mapping: boolean; failed: Set<StreamRecord> };

const IDLE: Phase = { kind: 'idle' };

/** The `Context` of an operator under test: everything it does is recorded, and taken back when it throws. */
export class HarnessContext implements Context, StoreHost {
  readonly outputs = new Map<string, StreamRecord[]>();
  readonly lateRecords: StreamRecord[] = [];
  readonly dead: Dead[] = [];
  readonly eventTimers = new TimerQueue('event');
  readonly clockTimers = new TimerQueue('clock');
  filteredCount = 0;
  watermark = MIN_TIME;
  store!: StateStore;
  #phase: Phase = IDLE;
  #undo: Array<() => void> = [];
  #born = 0;

  constructor(
    readonly clock: ManualClock,
    readonly keyed: boolean,
    ports: readonly string[],
    readonly deliveries: Map<StreamRecord, { id: string; place: DeliveryPlace }>,
  ) {
    for (const port of ports) this.outputs.set(port, []);
  }

  // ---- used by the harness ----

  /** Runs one step; when it throws, everything it did is undone and the error is returned. */
  attempt(phase: Phase, step: () => void): MillraceError | undefined {
    this.#phase = phase;
    this.#undo = [];
    if (phase.kind === 'record') this.#born = Math.max(this.#born, phase.record.born);
    try {
      step();
      return undefined;
    } catch (thrown) {
      this.#rollBack();
      return toMillraceError(thrown);
    } finally {
      this.#phase = IDLE;
      this.#undo = [];
    }
  }

  async attemptBatch(
    records: readonly StreamRecord[],
    port: string,
    step: () => Promise<void>,
  ): Promise<MillraceError | undefined> {
    this.#phase = { kind: 'batch', records, port, mapping: false, failed: new Set() };
    this.#undo = [];
    for (const record of records) this.#born = Math.max(this.#born, record.born);
    try {
      await step();
      return undefined;
    } catch (thrown) {
      this.#rollBack();
      return toMillraceError(thrown);
    } finally {
      this.#phase = IDLE;
      this.#undo = [];
    }
  }

  #rollBack(): void {
    for (let i = this.#undo.length - 1; i >= 0; i--) this.#undo[i]!();
  }

  // ---- StoreHost ----

  undo(step: () => void): void {
    this.#undo.push(step);
  }

  checkAccess(state: string): void {
    if (this.#phase.kind === 'batch' && this.#phase.mapping) {
      throw misuse(
        `State "${state}" was touched inside ctx.map.`,
        'STATE_IN_MAP',
        'Touch state only before or after ctx.map.',
      );
    }
  }

  currentKey(state: string): string {
    if (!this.keyed || this.#phase.kind === 'record' || this.#phase.kind === 'timer') return this.key;
    throw misuse(
      `State "${state}" belongs to a key, and there is no current key here.`,
      'STATE_NO_KEY',
      "Use it in onRecord or onTimer, or declare the state with scope 'task'.",
    );
  }

  // ---- Context ----

  get key(): string {
    if (this.#phase.kind === 'record') return this.#phase.key;
    return this.#phase.kind === 'timer' ? this.#phase.timer.key : '';
  }

  get state(): StateStore['handles'] {
    return this.store.handles;
  }

  emit(
    port: string,
    value: Value,
    time?: number,
    op: Op = this.#phase.kind === 'record' ? this.#phase.record.op : 'insert',
  ): void {
    const wrong = value === undefined ? 'the value is undefined' : notJson(value);
    if (wrong !== undefined)
      throw misuse(
        `Port "${port}" was given something that is not JSON: ${wrong}.`,
        'OUTPUT_NOT_JSON',
        'Emit JSON values; write null for nothing.',
      );
    this.#send(port, {
      value: deepFreeze(value),
      time: time ?? this.#defaultTime(port),
      key: undefined,
      born: this.#born,
      op,
    });
  }

  #defaultTime(port: string): number {
    if (this.#phase.kind === 'record') return this.#phase.record.time;
    if (this.#phase.kind === 'timer') return this.#phase.timer.time;
    throw misuse(
      `Port "${port}" was given a value without a time, and there is no current record.`,
      'EMIT_NEEDS_TIME',
      'Pass the time as the third argument of ctx.emit.',
    );
  }

  forward(port: string, record: StreamRecord): void {
    this.#send(port, record);
  }

  #send(port: string, record: StreamRecord): void {
    const list = this.outputs.get(port);
    if (list === undefined) {
      throw misuse(
        `There is no output port "${port}".`,
        'PORT_UNKNOWN',
        `Emit to one of: ${[...this.outputs.keys()].join(', ') || '(a sink has none)'}.`,
      );
    }
    if (!Number.isInteger(record.time))
      throw misuse(
        `The time ${record.time} is not a whole number of ms.`,
        'TIME_INVALID',
        'Emit with an event time in ms.',
      );
    list.push(record);
    this.undo(() => list.pop());
  }

  filtered(): void {
    this.filteredCount++;
    this.undo(() => this.filteredCount--);
  }

  late(record: StreamRecord): void {
    this.lateRecords.push(record);
    this.undo(() => this.lateRecords.pop());
    if (this.outputs.has('late')) this.#send('late', record);
  }

  readonly timers: Timers = {
    at: (time, name = '') => this.#setTimer(this.eventTimers, time, name),
    cancel: (time, name = '') => this.#dropTimer(this.eventTimers, time, name),
    clockAt: (time, name = '') => this.#setTimer(this.clockTimers, time, name),
    cancelClock: (time, name = '') => this.#dropTimer(this.clockTimers, time, name),
  };

  #setTimer(queue: TimerQueue, time: number, name: string): void {
    if (!Number.isInteger(time))
      throw misuse(`A timer cannot be set at ${time}.`, 'TIMER_TIME', 'Use a whole number of ms.');
    const key = this.currentKey('timers');
    if (queue.add(key, time, name)) this.undo(() => queue.remove(key, time, name));
  }

  #dropTimer(queue: TimerQueue, time: number, name: string): void {
    const key = this.currentKey('timers');
    if (queue.remove(key, time, name)) this.undo(() => queue.add(key, time, name));
  }

  async map<R>(
    records: readonly StreamRecord[],
    fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
    options: { concurrency?: number; timeout?: number } = {},
  ): Promise<Array<{ ok: true; value: R } | { ok: false; error: Error }>> {
    const phase = this.#phase;
    if (phase.kind !== 'batch')
      throw misuse(
        'ctx.map works in onBatch only.',
        'MAP_OUTSIDE_BATCH',
        'Give the behaviour an onBatch instead of onRecord.',
      );
    const results = new Array<{ ok: true; value: R } | { ok: false; error: Error }>(records.length);
    let next = 0;
    const lane = async (): Promise<void> => {
      while (next < records.length) {
        const i = next++;
        try {
          results[i] = { ok: true, value: await this.#limited(records[i]!, fn, options.timeout) };
        } catch (thrown) {
          results[i] = { ok: false, error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
        }
      }
    };
    phase.mapping = true;
    try {
      await Promise.all(Array.from({ length: Math.min(options.concurrency ?? 16, records.length) }, lane));
    } finally {
      phase.mapping = false;
    }
    return results;
  }

  async #limited<R>(
    record: StreamRecord,
    fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
    timeout: number | undefined,
  ): Promise<R> {
    const abort = new AbortController();
    if (timeout === undefined) return fn(record, abort.signal);
    const done = new AbortController();
    const tooLong = this.clock.sleep(timeout, done.signal).then(() => {
      if (done.signal.aborted) return undefined as never;
      abort.abort();
      throw new MillraceError(`No answer within ${timeout} ms.`, {
        code: 'TIMEOUT',
        domain: 'external',
        params: { timeout },
      });
    });
    try {
      return await Promise.race([fn(record, abort.signal), tooLong]);
    } finally {
      done.abort();
    }
  }

  fail(record: StreamRecord, error: unknown): void {
    if (this.#phase.kind !== 'batch')
      throw misuse('ctx.fail works in onBatch only.', 'FAIL_OUTSIDE_BATCH', 'Throw from onRecord instead.');
    const { failed, port } = this.#phase;
    if (failed.has(record)) return;
    failed.add(record);
    this.dead.push({ record, port, error: toMillraceError(error) });
    this.undo(() => this.dead.pop());
  }

  deliveryId(record: StreamRecord): string {
    return this.#delivered(record).id;
  }

  delivery(record: StreamRecord): DeliveryPlace {
    return this.#delivered(record).place;
  }

  #delivered(record: StreamRecord): { id: string; place: DeliveryPlace } {
    const known = this.deliveries.get(record);
    if (known === undefined)
      throw misuse(
        'That record was not given to this operator.',
        'RECORD_UNKNOWN',
        'Pass a record of the current batch.',
      );
    return known;
  }
}

function misuse(message: string, code: string, hint: string): MillraceError {
  return new MillraceError(message, { code, domain: 'internal', hint });
}
