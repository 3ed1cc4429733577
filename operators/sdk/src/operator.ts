import type { Clock } from './clock.js';
import type { StreamRecord, Value } from './record.js';
import type { Static, TSchema } from './schema.js';
import type { ListState, MapState, StateSpec, ValueState } from './state.js';
import type { OutputMode, RecordType } from './types.js';

export type Category = 'source' | 'shape' | 'combine' | 'commerce' | 'predict' | 'sink';

export interface OperatorDocs {
  /** Name on the card, sentence case, business words: "Filter". */
  title: string;
  /** One sentence, verb first: "Keeps the records that match a rule." */
  summary: string;
  /** Markdown for the help tab and the docs page. */
  description?: string;
  category: Category;
  /** Icon name of the tabler set, e.g. `filter`. */
  icon?: string;
  /** The same texts in Simplified Chinese. */
  zh?: { title: string; summary: string };
}

export interface PortSpec {
  title?: string;
  description?: string;
  /** Input: refuse to publish when nothing is linked (default true). */
  required?: boolean;
  /** Input: more than one edge may end here (default false; use core.union otherwise). */
  many?: boolean;
  /** Input: what it can read. 'any' (default) takes append and upsert, 'append' refuses upsert. */
  accepts?: 'any' | 'append';
  /** Dashed on the canvas: late or rejected records. */
  side?: boolean;
  /** Business kind of record, for colour and suggestions. */
  kind?: string;
}
export type Ports = { readonly [name: string]: PortSpec };

/** How often the outside sees, or state holds, the effect of a record after a crash. */
export type Delivery = 'exactly-once' | 'at-least-once' | 'at-most-once';

/** How an operator behaves towards the planner, the checker and the docs. */
export interface Traits {
  /** by-key: all records of one key meet in one task (`key` says which). */
  partitioning?: 'none' | 'by-key';
  /** Same input, same output, whatever the clock says (default true). */
  deterministic?: boolean;
  /** Reads the watermark or sets event timers (default false). Graphs without such nodes skip watermarks. */
  eventTime?: boolean;
  /** 'single': never more than one task. Default 'any'. */
  parallelism?: 'any' | 'single';
  /** Sink that delivers to another system: gets an outbox before it. */
  outside?: boolean;
  /** Guarantee at this connector, printed on the node. Default for operators: exactly-once. See also `delivery` of the operator. */
  delivery?: Delivery;
  /** Outputs per input record: 'one' (default, at most one per port) or 'many' (bounded by the runtime's cap). */
  fanOut?: 'one' | 'many';
  /** Config properties that may change while running. */
  liveConfig?: readonly string[];
}

/** A problem with a config that the schema alone cannot see. */
export interface ConfigFinding {
  code: string;
  params?: { [name: string]: unknown };
  /** JSON pointer into the config, e.g. `/size`. */
  path: string;
  severity?: 'error' | 'warning';
  /** English sentence, used when no locale knows the code. */
  message: string;
}

/** One step of an example: a record, a watermark, or the wall clock moving. */
export type ExampleStep =
  | { port?: string; value: Value; time?: number; op?: StreamRecord['op'] }
  | { watermark: number }
  | { clock: number };

/** Records in → records out. Test, doc and preview in one. After the steps the input ends unless `open` is set. */
export interface Example<C = Value> {
  title: string;
  config: C;
  /** Files that exist before, by relative path (connectors). */
  files?: { readonly [path: string]: string };
  input?: readonly ExampleStep[];
  /** Values per output port, in order. Ports not listed must stay empty. */
  output?: { readonly [port: string]: readonly Value[] };
  /** Files that exist afterwards (sinks). */
  expectFiles?: { readonly [path: string]: string };
  /** Printed lines expected (core.print). */
  printed?: readonly string[];
  open?: boolean;
  /**
   * Needs the outside system: only the config is checked here. The example is documentation; the tests of the services run the
   * operator against the real server.
   */
  service?: boolean;
  /** Inputs that are upsert streams in this example. Default: all append. */
  inputModes?: { readonly [port: string]: OutputMode };
}

/** A compiled expression: from the record's value (and the record) to a plain JSON value. Throws MillraceError on wrong types. */
export type Expression = (value: Value, record?: StreamRecord) => Value;

/** Where a record stands in the outbox before a sink: the same after a replay. Within a partition (sequence, offset) only grows. */
export interface DeliveryPlace {
  /** Counts on its own; a new name when positions start anew (a fresh run, another number of tasks, an edited graph). */
  partition: string;
  /** Number of the outbox entry, from 1. */
  sequence: number;
  /** Place of the record within the entry, from 0. */
  offset: number;
}

/** What keeps a node from going on while it tries again, for the people who look at it. */
export interface Problem {
  code: string;
  message: string;
  hint?: string;
}

/** What `create` gets. One behaviour serves one task. */
export interface Setup<C> {
  readonly config: C;
  readonly nodeId: string;
  readonly workflow: string;
  readonly taskIndex: number;
  /** Fencing number of this task's owner; a later owner of the same task has a higher one. Compare it within one `DeliveryPlace.partition`. */
  readonly epoch: number;
  readonly parallelism: number;
  readonly clock: Clock;
  readonly timeZone: string;
  /** Append or upsert, by linked input port. */
  readonly inputModes: { readonly [port: string]: OutputMode };
  /** Compiles a CEL expression of the config. */
  compile(expression: string): Expression;
  /** Shows a problem at the node while the operator goes on trying (an outside system is down); null takes it away. */
  problem(problem: Problem | null): void;
  /** Aborts when the task is asked to stop or pause: what waits for an outside system gives up (see `keepTrying`). */
  readonly signal: AbortSignal;
  readonly services: Services;
}

/** What the host offers to operators. */
export interface Services {
  /** A line for the person at the terminal (core.print). */
  print(line: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }): void;
  /** Absolute path for a path in a config; refuses paths outside the allowed roots. */
  resolvePath(path: string): string;
  /** May an existing foreign result be replaced (`--overwrite`)? */
  readonly overwrite: boolean;
  /** True the first time this run is started with its data directory, false on resume. */
  readonly fresh: boolean;
}

export interface Timers {
  /** Event timer for the current key; the same (key, time, name) again is a no-op. Times at or before the watermark fire with the next one. */
  at(time: number, name?: string): void;
  cancel(time: number, name?: string): void;
  /** Wall-clock timer for the current key. */
  clockAt(time: number, name?: string): void;
  cancelClock(time: number, name?: string): void;
}

export interface Timer {
  kind: 'event' | 'clock';
  time: number;
  name: string;
  key: string;
}

// biome-ignore lint/suspicious/noExplicitAny: state handles are typed by the operator that declares them
export type StateHandles = { readonly [name: string]: any };

/** What a behaviour sees while it works on a record or a timer. */
export interface Context<S = StateHandles> {
  /** Encoded key of the current record or timer ('' for nodes without a key). `decodeKey` gives its parts. */
  readonly key: string;
  /** Emits a new value. Time and operation: the record's (for a timer: its time, insert) unless given. */
  emit(port: string, value: Value, time?: number, op?: StreamRecord['op']): void;
  /** Passes the current record on unchanged: cheaper than `emit`. */
  forward(port: string, record: StreamRecord): void;
  /** The current record ends here on purpose (ledger: filtered). */
  filtered(): void;
  /** The current record came too late (ledger: late); goes to the `late` port if the operator has one. */
  late(record: StreamRecord): void;
  readonly state: S;
  readonly timers: Timers;
  /** The node's current watermark. */
  readonly watermark: number;
  readonly clock: Clock;
  /** For `onBatch`: runs `fn` on each record with bounded concurrency; results in input order; a rejected one is that record's error. */
  map<R>(
    records: readonly StreamRecord[],
    fn: (record: StreamRecord, signal: AbortSignal) => Promise<R>,
    options?: { concurrency?: number; timeout?: number },
  ): Promise<Array<{ ok: true; value: R } | { ok: false; error: Error }>>;
  /** Marks a record of an `onBatch` call as failed; it gets the node's `onError` treatment. */
  fail(record: StreamRecord, error: unknown): void;
  /** Delivery id of the n-th record of an outbox batch: stable over replays. */
  deliveryId(record: StreamRecord): string;
  /** For sinks that keep their outbox position in the target: where a record of the current batch stands. */
  delivery(record: StreamRecord): DeliveryPlace;
}

/** The working part of an operator or a sink. All methods but onBatch, open, prepareCommit and close are synchronous. */
export interface Behaviour<S = StateHandles> {
  open?(ctx: Context<S>): void | Promise<void>;
  onRecord?(record: StreamRecord, port: string, ctx: Context<S>): void;
  /** Instead of onRecord, for asynchronous work: awaited once per batch. Touch state only before or after `ctx.map`. */
  onBatch?(records: readonly StreamRecord[], port: string, ctx: Context<S>): Promise<void>;
  onTimer?(timer: Timer, ctx: Context<S>): void;
  /** Before a commit: make outside bytes durable and put what describes them into task state. */
  prepareCommit?(ctx: Context<S>): void | Promise<void>;
  /** All input has ended and every timer has fired; the last commit follows. */
  finish?(ctx: Context<S>): void | Promise<void>;
  close?(): void | Promise<void>;
}

export interface SourceBatch {
  /** JSON values in order; a `BadInput` stands for one that could not be read. */
  values: readonly Value[];
  /** Output port of each value, for sources with several; default `out`. */
  ports?: readonly string[];
  /** Where to go on after the last of them. Plain JSON, kept in the commit. */
  position: Value;
  /**
   * Where to go on after the first `n` of them. For readers that cannot bring the same values again in the same order; without it a
   * resumed task reads the batch again from its start and passes over what was done.
   */
  after?(n: number): Value;
  /** Event time of each value as the system knows it, ms; NaN: unknown. Used unless the config names a time field. */
  times?: ArrayLike<number>;
  /** Bounded input ends after these values. */
  end?: boolean;
}

/** Reads one partition. */
export interface SourceReader {
  /** Where it stands when it was opened without a position, if that is worth keeping from the first commit on. */
  readonly at?: Value;
  /**
   * The next values, at most about `max`. Bounded sources answer with at least one value or `end`. Live sources answer null
   * when nothing is there now, and call `wake` when that changes.
   */
  poll(max: number): SourceBatch | null | Promise<SourceBatch | null>;
  /** How much of a bounded input has been read, in any unit of its own (bytes); for progress bars. */
  progress?(): { done: number; total: number };
  /** Called after the commit that holds `position` is durable (acknowledge upstream). */
  committed?(position: Value): void | Promise<void>;
  close?(): void | Promise<void>;
}

export interface SourceSetup<C> extends Setup<C> {
  /** Tells the task that a live source has something to poll. */
  wake(): void;
}

export interface SourceBehaviour {
  /** Names of the partitions, in a stable order. Each is read by exactly one task and has its own watermark. */
  partitions(): readonly string[] | Promise<readonly string[]>;
  /** True: never ends by itself (follow mode, live systems). */
  readonly live: boolean;
  /** Opens a partition at a position of an earlier commit, or at its start when null. */
  open(partition: string, position: Value | null): SourceReader | Promise<SourceReader>;
  close?(): void | Promise<void>;
}

/** Ties operators to a kind of connection: host and secret of an outside system, kept apart from graphs under a name. */
export interface ConnectionUse {
  /** Same word for all operators of a system, e.g. `postgres`. */
  kind: string;
  /** Name for people, e.g. "PostgreSQL". */
  title: string;
  /** What a URL looks like, shown as placeholder. */
  example: string;
  /** Reaches the system and signs in; throws a MillraceError that says what is wrong. Closes everything before it returns. */
  test(url: string, signal: AbortSignal): Promise<void>;
}

interface SpecBase<T extends TSchema> {
  /** Namespaced and never renamed: `core.filter`. */
  type: `${string}.${string}`;
  /** Bump when the config or a state changes shape. */
  version: number;
  docs: OperatorDocs;
  /** One JSON Schema (an object): TypeScript type, validation, form and docs page. */
  config: T;
  /** The node in words for its card, e.g. "By order id, 24 h". */
  summary?(config: Static<T>): string;
  /** Cross-field rules. Runs only on configs that fit the schema. */
  lint?(config: Static<T>): readonly ConfigFinding[];
  /** One function per version step: config of version n → n + 1. */
  upgrade?: { readonly [fromVersion: number]: (config: Value) => Value };
  examples: readonly [Example<Static<T>>, ...Example<Static<T>>[]];
  traits?: Traits;
  /** Guarantee with this config, where it depends on it; `traits.delivery` is then the one of the defaults. */
  delivery?(config: Static<T>): Delivery;
  /** The kind of connection that the config property `connection` (see `Field.connection`) takes. */
  connection?: ConnectionUse;
}

export interface OperatorSpec<T extends TSchema = TSchema, S = StateHandles> extends SpecBase<T> {
  kind?: 'operator' | 'sink';
  inputs: Ports;
  /** Output ports; a function where the config names them (core.route). Sinks have none. */
  outputs: Ports | ((config: Static<T>) => Ports);
  /** For by-key operators: the key of a record at a port, as field names or expressions. Empty list: one group for all. */
  key?(config: Static<T>, port: string): readonly string[];
  state?: { readonly [name: string]: StateSpec };
  /** Append or upsert per output port, given the modes of the inputs. Default: append, or the mode of the only input passed through. */
  mode?(config: Static<T>, inputs: { readonly [port: string]: OutputMode }): { readonly [port: string]: OutputMode };
  /** Field types per output port, given those of the inputs (undefined = unknown). Default: unknown. */
  fields?(
    config: Static<T>,
    inputs: { readonly [port: string]: RecordType | undefined },
  ): { readonly [port: string]: RecordType | undefined };
  /**
   * Field types that an expression or field name at a place of the config reads (`pointer`: JSON pointer into the config), where that is not
   * simply the input port: a step that sees what earlier steps made. Undefined = as usual.
   */
  fieldsAt?(
    config: Static<T>,
    inputs: { readonly [port: string]: RecordType | undefined },
    pointer: string,
  ): RecordType | undefined;
  /** A fresh behaviour per task. */
  create(setup: Setup<Static<T>>): Behaviour<S>;
}

export interface SourceSpec<T extends TSchema = TSchema> extends SpecBase<T> {
  kind: 'source';
  outputs: Ports;
  fields?(config: Static<T>): { readonly [port: string]: RecordType | undefined };
  mode?(config: Static<T>): { readonly [port: string]: OutputMode };
  /** Event time settings of a config; default `config.time`. */
  create(setup: SourceSetup<Static<T>>): SourceBehaviour;
}

export type AnyOperator = OperatorSpec | SourceSpec;

/** Declares an operator: frozen data plus a factory. A plugin's default export is an array of these. */
// biome-ignore lint/suspicious/noExplicitAny: any operator fits a catalogue; its own config type matters only inside
export function defineOperator<T extends TSchema, S = any>(spec: OperatorSpec<T, S>): OperatorSpec<any, any> {
  return Object.freeze({
    kind:
      Object.keys(typeof spec.outputs === 'function' ? { out: 1 } : spec.outputs).length === 0 ? 'sink' : 'operator',
    ...spec,
  }) as OperatorSpec<never, never>;
}

/** Declares a source. */
// biome-ignore lint/suspicious/noExplicitAny: see defineOperator
export function defineSource<T extends TSchema>(spec: Omit<SourceSpec<T>, 'kind'>): SourceSpec<any> {
  return Object.freeze({ ...spec, kind: 'source' }) as SourceSpec<never>;
}

export function isSource(spec: AnyOperator): spec is SourceSpec {
  return spec.kind === 'source';
}

/** Guarantee of a node with this config; without one, of the operator with its defaults. A sink to the outside that says nothing may send again. */
export function deliveryOf(spec: AnyOperator, config?: Value): Delivery {
  const own = config === undefined ? undefined : spec.delivery?.(config);
  return own ?? spec.traits?.delivery ?? (spec.traits?.outside ? 'at-least-once' : 'exactly-once');
}

export function outputPorts(spec: AnyOperator, config: Value): Ports {
  return typeof spec.outputs === 'function' ? spec.outputs(config) : spec.outputs;
}

export function inputPorts(spec: AnyOperator): Ports {
  return isSource(spec) ? {} : spec.inputs;
}

export type { ListState, MapState, ValueState };
