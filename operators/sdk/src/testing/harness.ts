import { join } from 'node:path';
import { MillraceError } from '../errors.js';
import { encodeKey } from '../key.js';
import {
  type Behaviour,
  type DeliveryPlace,
  type Expression,
  type OperatorSpec,
  outputPorts,
  type Problem,
  type Services,
  type Setup,
  type Timer,
} from '../operator.js';
import { fieldReader } from '../path.js';
import { MAX_TIME, type StreamRecord, type Value } from '../record.js';
import { fieldOnlyCompile, isFieldName } from './compile.js';
import { HarnessContext } from './harness-context.js';
import type { Dead, Fed, HarnessOptions, LogLine } from './harness-types.js';
import { ManualClock } from './manual-clock.js';
import { deepFreeze, withDefaults } from './plain-data.js';
import { StateStore } from './state-store.js';

const FED_FIELDS = new Set(['value', 'port', 'time', 'op', 'born']);

function isFed(input: unknown): input is Fed {
  if (input === null || typeof input !== 'object' || Array.isArray(input) || !Object.hasOwn(input, 'value'))
    return false;
  return Object.keys(input).every((name) => FED_FIELDS.has(name));
}

/**
 * Runs one operator by hand: feed records, move the watermark and the clock, look at what came out.
 * Works like a task of the engine, in memory and one step at a time, and is stricter: values are frozen, outputs must be JSON.
 * With an operator that has no asynchronous part every call is done when it returns; otherwise `await harness.settled()`.
 */
export function runOperator(
  // biome-ignore lint/suspicious/noExplicitAny: any operator can be tested; its config type matters only inside
  spec: OperatorSpec<any, any>,
  config: Value,
  options: HarnessOptions = {},
): OperatorHarness {
  return new OperatorHarness(spec, config, options);
}

export class OperatorHarness {
  readonly #spec: OperatorSpec;
  readonly #config: Value;
  readonly #options: HarnessOptions;
  readonly #stop = new AbortController();
  readonly #clock: ManualClock;
  readonly #context: HarnessContext;
  readonly #inputs: readonly string[];
  readonly #keys = new Map<string, Expression[]>();
  readonly #deliveries = new Map<StreamRecord, { id: string; place: DeliveryPlace }>();
  #behaviour: Behaviour;
  #pending: Promise<void> | undefined;
  #broken: unknown;
  /** Lines that the operator printed for the person at the terminal. */
  readonly printed: string[] = [];
  readonly logs: LogLine[] = [];
  /** What the operator says keeps it from going on. */
  problem: Problem | null = null;

  constructor(spec: OperatorSpec, config: Value, options: HarnessOptions) {
    this.#spec = spec;
    this.#config = deepFreeze(withDefaults(spec.config, structuredClone(config)));
    this.#options = options;
    this.#clock = new ManualClock(options.startTime ?? 0);
    this.#inputs = Object.keys(spec.inputs);
    this.#context = new HarnessContext(
      this.#clock,
      spec.key !== undefined,
      Object.keys(outputPorts(spec, this.#config)),
      this.#deliveries,
    );
    this.#context.store = new StateStore(spec.state ?? {}, this.#config, this.#context);
    if (spec.key !== undefined) {
      for (const port of this.#inputs)
        this.#keys.set(
          port,
          spec.key(this.#config, port).map((part) => this.#compileKey(part)),
        );
    }
    this.#behaviour = spec.create(this.#setup(true));
    this.#do(() => this.#behaviour.open?.(this.#context));
  }

  #compileKey(part: string): Expression {
    return isFieldName(part) ? fieldReader(part) : this.#compile(part);
  }

  #compile(expression: string): Expression {
    return (this.#options.compile ?? fieldOnlyCompile)(expression);
  }

  #setup(fresh: boolean): Setup<Value> {
    const {
      dir,
      overwrite = false,
      nodeId = 'node',
      workflow = 'test',
      timeZone = 'UTC',
      inputModes = {},
    } = this.#options;
    const services: Services = {
      print: (line) => void this.printed.push(line),
      log: (level, message, fields) => void this.logs.push({ level, message, ...(fields && { fields }) }),
      resolvePath: (path) => {
        if (dir === undefined)
          throw new MillraceError(`The harness has no folder for "${path}".`, {
            code: 'HARNESS_NEEDS_DIR',
            domain: 'internal',
            hint: 'Pass { dir } to runOperator.',
          });
        return join(dir, path);
      },
      overwrite,
      fresh,
    };
    return {
      config: this.#config,
      nodeId,
      workflow,
      taskIndex: 0,
      epoch: this.#options.epoch ?? 1,
      parallelism: 1,
      clock: this.#clock,
      timeZone,
      inputModes,
      compile: (expression) => this.#compile(expression),
      problem: (problem) => {
        this.problem = problem;
      },
      signal: this.#stop.signal,
      services,
    };
  }

  /** Feeds one record: a plain value, or `{ value, port, time, op, born }`. */
  feed(input: Fed | Value): this {
    return this.feedAll([input]);
  }

  /** Feeds records one after the other; an operator with `onBatch` gets neighbours of one port in one call. */
  feedAll(inputs: readonly (Fed | Value)[]): this {
    let batch: StreamRecord[] = [];
    let batchPort: string | undefined;
    const flush = (): void => {
      const records = batch;
      const port = batchPort;
      if (port !== undefined && records.length > 0) this.#do(() => this.#work(records, port));
      batch = [];
    };
    for (const input of inputs) {
      const fed: Fed = isFed(input) ? input : { value: input };
      const port = fed.port ?? this.#inputs[0]!;
      if (!this.#inputs.includes(port)) throw new RangeError(`${this.#spec.type} has no input port "${port}"`);
      if (port !== batchPort) flush();
      batchPort = port;
      batch.push(this.#record(fed));
    }
    flush();
    return this;
  }

  #record(fed: Fed): StreamRecord {
    const now = this.#clock.now();
    const record: StreamRecord = {
      value: deepFreeze(structuredClone(fed.value)),
      time: fed.time ?? now,
      key: undefined,
      born: fed.born ?? now,
      op: fed.op ?? 'insert',
    };
    const { size } = this.#deliveries;
    this.#deliveries.set(record, {
      id: `${this.#options.workflow ?? 'test'}:${this.#options.nodeId ?? 'node'}:0:${size}`,
      place: this.#options.place?.(size) ?? { partition: '0', sequence: 1, offset: size },
    });
    return record;
  }

  #work(records: readonly StreamRecord[], port: string): void | Promise<void> {
    const accepted = records.filter((record) => this.#assignKey(record, port));
    if (this.#behaviour.onBatch !== undefined) return this.#workBatch(accepted, port);
    if (this.#behaviour.onRecord === undefined)
      throw new TypeError(`${this.#spec.type} has neither onRecord nor onBatch`);
    for (const record of accepted) {
      const phase = { kind: 'record', record, port, key: record.key ?? '' } as const;
      const error = this.#context.attempt(phase, () => this.#behaviour.onRecord?.(record, port, this.#context));
      if (error !== undefined) this.#context.dead.push({ record, port, error });
    }
  }

  async #workBatch(records: readonly StreamRecord[], port: string): Promise<void> {
    const error = await this.#context.attemptBatch(records, port, async () =>
      this.#behaviour.onBatch?.(records, port, this.#context),
    );
    if (error !== undefined) for (const record of records) this.#context.dead.push({ record, port, error });
  }

  #assignKey(record: StreamRecord, port: string): boolean {
    const readers = this.#keys.get(port);
    if (readers === undefined) return true;
    const error = this.#context.attempt({ kind: 'idle' }, () => {
      record.key = readers.length === 0 ? '' : encodeKey(readers.map((read) => read(record.value, record)));
    });
    if (error !== undefined) this.#context.dead.push({ record, port, error });
    return error === undefined;
  }

  /** Raises the watermark and fires the event timers at or before it. A lower or equal value changes nothing. */
  watermark(time: number): this {
    return this.#do(() => {
      if (time <= this.#context.watermark) return;
      this.#context.watermark = time;
      for (
        let timer = this.#context.eventTimers.next(time);
        timer !== undefined;
        timer = this.#context.eventTimers.next(time)
      ) {
        this.#context.eventTimers.remove(timer.key, timer.time, timer.name);
        this.#fire(timer);
      }
    });
  }

  /** Moves the wall clock to `ms` and fires the clock timers at or before it. */
  clock(ms: number): this {
    this.#clock.set(ms);
    return this.#do(() => {
      for (
        let timer = this.#context.clockTimers.next(ms);
        timer !== undefined;
        timer = this.#context.clockTimers.next(ms)
      ) {
        this.#context.clockTimers.remove(timer.key, timer.time, timer.name);
        this.#fire(timer);
      }
    });
  }

  #fire(timer: Timer): void {
    const error = this.#context.attempt({ kind: 'timer', timer }, () => {
      if (this.#behaviour.onTimer === undefined)
        throw new TypeError(`${this.#spec.type} sets timers and has no onTimer`);
      this.#behaviour.onTimer(timer, this.#context);
    });
    if (error !== undefined) this.#context.dead.push({ timer, error });
  }

  /** End of all input: the watermark goes to its end, every event timer fires, `finish` and the last commit follow. */
  end(): this {
    this.watermark(MAX_TIME);
    this.#do(() => this.#behaviour.finish?.(this.#context));
    return this.commit();
  }

  /** What a commit asks of the operator (`prepareCommit`). */
  commit(): this {
    return this.#do(() => this.#behaviour.prepareCommit?.(this.#context));
  }

  /** Closes the operator, as the end of a task does. */
  close(): this {
    return this.#do(() => this.#behaviour.close?.());
  }

  /**
   * Commits, throws the behaviour away, copies state and timers as a store would, and starts a fresh behaviour on the copy.
   * What the operator kept in closures, or changed in place without `set`, is gone afterwards.
   */
  snapshotRestore(): this {
    this.commit();
    this.close();
    this.#do(() => this.#context.store.saveAndReload());
    this.#do(() => {
      this.#behaviour = this.#spec.create(this.#setup(false));
      return this.#behaviour.open?.(this.#context);
    });
    return this;
  }

  /** Runs a step now, or after the asynchronous ones before it. */
  #do(step: () => void | Promise<void>): this {
    if (this.#broken !== undefined && this.#pending === undefined) throw this.#broken;
    if (this.#pending === undefined) {
      const result = step();
      if (result instanceof Promise) this.#track(result);
    } else {
      this.#track(this.#pending.then(() => (this.#broken === undefined ? step() : undefined)));
    }
    return this;
  }

  #track(work: Promise<void>): void {
    const tracked: Promise<void> = work
      .catch((error: unknown) => {
        this.#broken ??= error;
      })
      .then(() => {
        if (this.#pending === tracked) this.#pending = undefined;
      });
    this.#pending = tracked;
  }

  /** Resolves when every step so far is done; rejects with what `open`, `finish`, `prepareCommit` or `close` threw. */
  async settled(): Promise<this> {
    while (this.#pending !== undefined) await this.#pending;
    if (this.#broken !== undefined) throw this.#broken;
    return this;
  }

  #result(): HarnessContext {
    if (this.#pending !== undefined)
      throw new MillraceError('The operator is still at work.', {
        code: 'HARNESS_BUSY',
        domain: 'internal',
        hint: 'Write `await harness.settled()` before looking at results.',
      });
    return this.#context;
  }

  /** Records that came out of a port so far, in order. Default: the first output port. */
  records(port?: string): readonly StreamRecord[] {
    const { outputs } = this.#result();
    const name = port ?? outputs.keys().next().value;
    const list = name === undefined ? undefined : outputs.get(name);
    if (list === undefined)
      throw new RangeError(`${this.#spec.type} has no output port ${name === undefined ? '' : `"${name}"`}`);
    return list;
  }

  /** Values that came out of a port so far, in order. */
  output(port?: string): Value[] {
    return this.records(port).map((record) => record.value);
  }

  /** Values of every output port. */
  outputs(): { [port: string]: Value[] } {
    return Object.fromEntries(
      [...this.#result().outputs].map(([port, records]) => [port, records.map((record) => record.value)]),
    );
  }

  /** Records given to `ctx.late`. */
  get late(): readonly StreamRecord[] {
    return this.#result().lateRecords;
  }

  /** How many records ended in `ctx.filtered`. */
  get filtered(): number {
    return this.#result().filteredCount;
  }

  /** Records that threw (or were given to `ctx.fail`), and timers that threw. */
  get dead(): readonly Dead[] {
    return this.#result().dead;
  }

  /** How many event and clock timers wait to fire. */
  get timersPending(): number {
    return this.timers.length;
  }

  /** Event timers, then clock timers that wait to fire, each in firing order. */
  get timers(): readonly Timer[] {
    return [...this.#result().eventTimers.list(), ...this.#result().clockTimers.list()];
  }

  /** Entries in all states: a value, a map entry and a list count one each. */
  get stateSize(): number {
    return this.#result().store.size;
  }
}
