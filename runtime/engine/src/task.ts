import {
  type Behaviour,
  type Catalogue,
  type Clock,
  durationMs,
  type Expression,
  isSource,
  keyGroupRange,
  MAX_TIME,
  type MillraceError,
  type Services,
  type SourceBehaviour,
  type StateSpec,
  type StreamRecord,
} from '@millrace/sdk';
import type { Plan, PlanNode, PlanStage } from '@millrace/planner';
import { MillraceError as TaskError } from '@millrace/sdk';
import type { Mark } from './batch.js';
import { decodeBlob, encodeBlob } from './codec.js';
import { type Chunk, ExchangeInput, type Input } from './inputs.js';
import type { TaskReport } from './metrics.js';
import { NodeRunner } from './node-runner.js';
import type { Commit, DeadLetter, Lease, ReplayId, TaskStore } from './ports/index.js';
import { SourceInput } from './source-input.js';
import { ListTable } from './state/list-table.js';
import { MapTable } from './state/map-table.js';
import type { Table, TableHost } from './state/table.js';
import { TimerQueue } from './state/timer-queue.js';
import { UndoLog } from './state/undo.js';
import { ValueTable } from './state/value-table.js';
import { ExchangeWriter, keyFunction, type Target } from './targets.js';
import type { ValveState } from './valve.js';

export interface TaskOptions {
  plan: Plan;
  stage: string;
  index: number;
  catalogue: Catalogue;
  store: TaskStore;
  lease: Lease;
  clock: Clock;
  services: Services;
  workflow: string;
  compile(expression: string, zone: string): Expression;
  /** Keys of state kept in memory per task; more are left in the store. */
  stateLimit?: number;
  /** ms between commits under load. */
  commitEvery?: number;
}

/** How a task ended. */
export type TaskEnd = 'finished' | 'paused' | 'stopped';

/** What a task's commit says about its progress. */
export interface TaskMeta {
  inputs: { [id: string]: unknown };
  nodes: { [id: string]: { watermark: number; firing: boolean; valve: ValveState; counters: number[]; finished: boolean } };
  spread: { [exchange: string]: number };
  sent: { [edge: string]: number };
  born: number;
}

/** Records processed between two looks at the clock. */
const CHUNK = 1024;
/** Timers fired before their results move on and a commit may fall. */
const FIRE_CHUNK = 512;
/** Soft bound on records that wait in one exchange for one receiver. */
const BACKLOG = 50_000;

/**
 * One parallel instance of a stage: reads its inputs, runs its nodes over the records, commits. "Read what is there, process,
 * commit" adapts by itself: when quiet a commit follows each read, when loaded one comes every `commitEvery` ms.
 */
export class Task {
  readonly #nodes: NodeRunner[] = [];
  readonly #byId = new Map<string, NodeRunner>();
  readonly #inputs: Input[] = [];
  readonly #writers: ExchangeWriter[] = [];
  readonly #targets: Target[] = [];
  readonly #tables: Table[] = [];
  readonly #timers: TimerQueue[] = [];
  readonly #sources = new Map<string, SourceBehaviour>();
  readonly #undo = new UndoLog();
  readonly #abort = new AbortController();
  #deadLetters: DeadLetter[] = [];
  #sequence = 0;
  #born = 0;
  #dirty = false;
  #slots = 0;
  #lastCommit = 0;
  #inFlight: Promise<void> | undefined;
  #fatal: unknown;
  #stop: 'paused' | 'stopped' | undefined;
  #finishing = false;
  #draining = false;
  #replayAsked = true;
  #replayed: ReplayId[] = [];
  #hasAsync = false;
  #started = 0;
  #idleMs = 0;
  #backPressuredMs = 0;
  readonly #stage: PlanStage;

  constructor(private readonly options: TaskOptions) {
    const stage = options.plan.stages.find((s) => s.id === options.stage);
    if (!stage) throw new TypeError(`the plan has no stage ${options.stage}`);
    this.#stage = stage;
  }

  /** Runs until the input ends, or until `pause`, `finish` or `stop`. Rejects with a MillraceError when the task cannot go on. */
  async run(): Promise<TaskEnd> {
    this.#started = performance.now();
    try {
      const finishedBefore = await this.#open();
      if (finishedBefore) return 'finished';
      const end = await this.#loop();
      await this.#settle();
      return end;
    } finally {
      this.#abort.abort();
      for (const input of this.#inputs) if (input instanceof SourceInput) await input.close();
      for (const source of this.#sources.values()) await source.close?.();
      for (const node of this.#nodes) await node.behaviour.close?.();
      await this.options.store.close();
    }
  }

  /** Commits what is done and ends; the run can be resumed. */
  pause(): void {
    this.#stop = 'paused';
    this.options.store.wake();
  }

  /** Somebody asked for dead letters to be processed again. */
  replay(): void {
    this.#replayAsked = true;
    this.options.store.wake();
  }

  /** Reads no source any more, works off what lies in the exchanges, commits and ends. Ask a stage once all before it have ended. */
  drain(): void {
    this.#draining = true;
    this.options.store.wake();
  }

  /** Treats the input as ended: windows close, results are final. */
  finish(): void {
    this.#finishing = true;
    for (const input of this.#inputs) if (input instanceof SourceInput) input.finishing = true;
    this.options.store.wake();
  }

  /** Ends without a commit. */
  stop(): void {
    this.#stop = 'stopped';
    this.#abort.abort();
    this.options.store.wake();
  }

  // ---- building -------------------------------------------------------------------------------------------------

  async #open(): Promise<boolean> {
    const { plan, store } = this.options;
    const stage = this.#stage;
    const restored = await store.restore();
    const meta = restored ? (decodeBlob(restored.meta, `The progress of stage "${stage.id}"`) as TaskMeta) : undefined;
    this.#sequence = restored?.sequence ?? 0;
    if (restored?.finished) {
      for (const id of stage.nodes) this.#finishedCounters.set(id, meta!.nodes[id]!.counters);
      this.#finishedSent = meta!.sent;
      return true;
    }
    for (const id of stage.nodes) await this.#buildNode(plan.nodes[id]!, stage);
    this.#wire(stage, meta);
    for (const node of this.#nodes) {
      const kept = meta?.nodes[node.id];
      if (!kept) continue;
      node.watermark = kept.watermark;
      node.firing = kept.firing;
      node.passed = false;
      node.valve.restore(kept.valve);
      node.counters.restore(kept.counters);
    }
    if (meta) {
      for (const table of this.#tables) await table.load(this.#stateLimit);
      for (const timers of this.#timers) timers.load();
      this.#born = meta.born;
      for (const target of this.#targets) target.sent = meta.sent[target.edge] ?? 0;
      for (const input of this.#inputs) {
        const position = meta.inputs[input.id];
        if (position === undefined) continue;
        await input.restore(position);
        // Its end was told to a valve that may have been built anew since (another parallelism).
        if (input.ended) this.#apply(input, { at: 0, kind: 'end' });
      }
    }
    for (const [node, channel] of this.#silent) node.valve.setIdle(channel);
    for (const input of this.#inputs) if (input instanceof SourceInput) await input.open();
    if (this.#finishing) this.finish();
    for (const node of this.#nodes) {
      node.enterLifecycle(this.options.clock.now());
      await node.behaviour.open?.(node);
      this.#undo.clear();
    }
    this.#hasAsync = this.#nodes.some((node) => node.isAsync);
    // The claim: proves ownership and makes what `open` wrote permanent before anything is read.
    await this.#commit(false);
    await this.#settle();
    return false;
  }

  readonly #finishedCounters = new Map<string, number[]>();
  #finishedSent: { [edge: string]: number } = {};

  get #stateLimit(): number {
    return this.options.stateLimit ?? 1_000_000;
  }

  async #buildNode(plan: PlanNode, stage: PlanStage): Promise<void> {
    const { catalogue, clock, services, workflow, index, store } = this.options;
    const spec = catalogue.get(plan.operator);
    if (!spec) {
      throw new TaskError(`This worker does not know the operator "${plan.operator}".`, { code: 'OPERATOR_UNKNOWN', nodeId: plan.id, params: { operator: plan.operator } });
    }
    const compile = (expression: string) => this.options.compile(expression, this.options.plan.timeZone);
    const setup = {
      config: plan.config,
      nodeId: plan.id,
      workflow,
      taskIndex: index,
      parallelism: stage.parallelism,
      clock,
      timeZone: this.options.plan.timeZone,
      inputModes: plan.inputModes,
      compile,
      services,
    };
    const groups = keyGroupRange(index, stage.parallelism);
    let behaviour: Behaviour;
    let channels: number;
    const tables: { [name: string]: Table } = Object.create(null);
    let events: TimerQueue | undefined;
    let clocks: TimerQueue | undefined;
    if (isSource(spec)) {
      const source = spec.create({ ...setup, wake: () => this.#wakeSource(plan.id) });
      this.#sources.set(plan.id, source);
      const partitions = await source.partitions();
      this.#partitions.set(plan.id, partitions.filter((_, i) => i % stage.parallelism === index));
      channels = this.#partitions.get(plan.id)!.length;
      behaviour = {};
    } else {
      behaviour = spec.create(setup);
      channels = this.#channelsOf(plan.id);
      const host: TableHost = {
        store,
        undo: this.#undo,
        groups,
        now: () => clock.now(),
        grew: (slots) => {
          this.#slots += slots;
        },
      };
      for (const [name, state] of Object.entries(spec.state ?? {})) {
        tables[name] = makeTable(host, plan.id, name, state, state.ttl?.(plan.config as never));
        this.#tables.push(tables[name]);
      }
      if (behaviour.onTimer) {
        events = new TimerQueue(store, this.#undo, plan.id, 0, groups);
        clocks = new TimerQueue(store, this.#undo, plan.id, 1, groups);
        this.#timers.push(events, clocks);
      }
    }
    const node = new NodeRunner(plan, behaviour, this, tables, events, clocks, channels, compile);
    this.#nodes.push(node);
    this.#byId.set(plan.id, node);
  }

  readonly #partitions = new Map<string, readonly string[]>();
  #channelBase = new Map<string, number>();

  /** Valve channels of a node: one for each inner edge, one for each sender of each exchange, in the order of the edges. */
  #channelsOf(id: string): number {
    let channels = 0;
    for (const edge of this.options.plan.edges) {
      if (edge.target !== id) continue;
      this.#channelBase.set(edge.id, channels);
      channels += edge.exchange === undefined ? 1 : this.options.plan.exchanges.find((x) => x.id === edge.exchange)!.senders;
    }
    return channels;
  }

  #wire(stage: PlanStage, meta: TaskMeta | undefined): void {
    const { plan, index, store, clock } = this.options;
    for (const edge of plan.edges) {
      const from = this.#byId.get(edge.source);
      const to = this.#byId.get(edge.target);
      if (edge.exchange === undefined) {
        if (from && to) this.#addTarget(from, edge.sourcePort, new InnerTarget(edge.id, to, edge.targetPort, this.#channelBase.get(edge.id)!));
        continue;
      }
      const exchange = plan.exchanges.find((x) => x.id === edge.exchange)!;
      if (from) {
        const keys = plan.nodes[edge.target]!.keys?.[edge.targetPort];
        const keyOf = keys && exchange.receivers > 1 ? keyFunction(keys.map((key) => this.options.compile(key, plan.timeZone))) : undefined;
        const writer = new ExchangeWriter(exchange, index, keyOf, meta?.spread[exchange.id] ?? 0);
        this.#writers.push(writer);
        this.#addTarget(from, edge.sourcePort, writer);
      }
      if (to) {
        const base = this.#channelBase.get(edge.id)!;
        for (let sender = 0; sender < exchange.senders; sender++) {
          // A task-to-task exchange has one sender for each receiver; the others never write to it.
          if (exchange.distribution === 'forward' && sender !== index) this.#silent.push([to, base + sender]);
          else this.#inputs.push(new ExchangeInput(`${exchange.id}/${sender}`, to, edge.targetPort, base + sender, exchange.id, sender, exchange.distribution === 'key', store));
        }
      }
    }
    for (const [id, partitions] of this.#partitions) {
      const node = this.#byId.get(id)!;
      const time = (plan.nodes[id]!.config as { time?: import('@millrace/sdk').EventTimeConfig }).time;
      if (time?.disorder !== undefined) durationMs(time.disorder);
      partitions.forEach((partition, channel) => {
        this.#inputs.push(
          new SourceInput(`${id}/${partition}`, node, channel, partition, this.#sources.get(id)!, {
            time,
            interval: stage.watermarks ? plan.watermarkInterval : 0,
            clock,
            pollSize: 1024,
            failed: (record, error) => {
              node.counters.in++;
              this.failed(node, record, 'out', error);
            },
          }),
        );
      });
    }
  }

  /** Channels nobody writes to: the other senders of a task-to-task exchange. */
  readonly #silent: [NodeRunner, number][] = [];

  #addTarget(from: NodeRunner, port: string, target: Target): void {
    from.port(port)?.targets.push(target);
    this.#targets.push(target);
  }

  // ---- what nodes ask of their task -----------------------------------------------------------------------------

  get clock(): Clock {
    return this.options.clock;
  }

  get undo(): UndoLog {
    return this.#undo;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  failed(node: NodeRunner, record: StreamRecord, port: string, error: MillraceError): void {
    if (error.domain === 'internal') throw Object.assign(error, { nodeId: error.nodeId ?? node.id });
    const { onError } = node.plan;
    if (onError === 'fail') throw Object.assign(error, { nodeId: node.id });
    this.#dirty = true;
    if (onError === 'skip') {
      node.counters.skipped++;
      return;
    }
    node.counters.deadLettered++;
    this.#deadLetters.push({
      node: node.id,
      payload: encodeBlob({
        node: node.id,
        port,
        code: error.code,
        message: error.message,
        hint: error.hint ?? null,
        at: this.options.clock.now(),
        value: record.value,
        time: record.time,
        born: record.born,
        op: record.op,
      }),
    });
  }

  readonly #deliveryIds = new WeakMap<StreamRecord, string>();

  deliveryId(node: NodeRunner, record: StreamRecord): string {
    return this.#deliveryIds.get(record) ?? `${this.options.workflow}:${node.id}:${this.options.index}:?`;
  }

  #wakeSource(id: string): void {
    for (const input of this.#inputs) if (input instanceof SourceInput && input.node.id === id) input.wake();
    this.options.store.wake();
  }

  // ---- the loop -------------------------------------------------------------------------------------------------

  async #loop(): Promise<TaskEnd> {
    const { store, clock } = this.options;
    const commitEvery = this.options.commitEvery ?? 50;
    this.#lastCommit = performance.now();
    // A restart may find timers half fired or a watermark not yet passed on.
    await this.#propagate();
    for (;;) {
      if (this.#fatal) throw this.#fatal;
      if (this.#stop) {
        if (this.#stop === 'paused') await this.#commit(false);
        return this.#stop;
      }
      if (this.#writers.some((writer) => store.backlog(writer.edge) + writer.uncommitted > BACKLOG)) {
        if (this.#dirty) await this.#commit(false);
        const since = performance.now();
        await store.wait(100);
        this.#backPressuredMs += performance.now() - since;
        continue;
      }
      if (this.#replayAsked) {
        this.#replayAsked = false;
        await this.#replayLetters();
      }
      const input = await this.#pick();
      if (input === undefined) {
        if (this.#inputs.every((i) => i.ended)) break;
        if (this.#draining) {
          await this.#propagate();
          await this.#commit(false);
          return 'paused';
        }
        await this.#fireClockTimers();
        this.#applyQuiet();
        await this.#propagate();
        if (this.#dirty) {
          await this.#commit(false);
          continue;
        }
        const since = performance.now();
        await store.wait(this.#patience(clock.now()));
        this.#idleMs += performance.now() - since;
        continue;
      }
      await this.#consume(input);
      if (performance.now() - this.#lastCommit >= commitEvery) {
        await this.#fireClockTimers();
        await this.#commit(false);
        await breathe();
      }
    }
    return this.#end();
  }

  async #end(): Promise<TaskEnd> {
    await this.#propagate();
    for (const node of this.#nodes) {
      if (!node.behaviour.finish) continue;
      node.enterLifecycle(this.options.clock.now());
      await node.behaviour.finish(node);
      this.#undo.clear();
      await this.#runNodes();
    }
    for (const writer of this.#writers) writer.end();
    await this.#commit(true);
    return 'finished';
  }

  /** The input with the lowest watermark that has data; ties go to the first. Never waits for an empty one. */
  async #pick(): Promise<Input | undefined> {
    let best: Input | undefined;
    let lowest = 0;
    for (const input of this.#inputs) {
      if (input.ended || (this.#draining && input instanceof SourceInput)) continue;
      const watermark = input.node.valve.channelWatermark(input.channel);
      if (best !== undefined && watermark >= lowest) continue;
      const ready = input.fill();
      if (ready === true || (ready !== false && (await ready))) {
        best = input;
        lowest = watermark;
      }
    }
    return best;
  }

  async #consume(input: Input): Promise<void> {
    const chunk = input.take(CHUNK);
    const { records, marks } = chunk;
    this.#dirty = true;
    if (records.length > 0) {
      const born = records[records.length - 1]!.born;
      if (born > this.#born) this.#born = born;
      if (input.node.valve.isIdle(input.channel)) input.node.valve.setActive(input.channel);
      if (input instanceof SourceInput) this.#fromSource(input.node, chunk);
      else {
        if (input instanceof ExchangeInput && this.#byIdOutside(input.node)) this.#identify(input, records);
        input.node.inbox.push({ port: input.port, records, keyed: (input as ExchangeInput).keyed });
      }
      const running = this.#runNodes();
      if (running) await running;
    }
    if (marks.length > 0) {
      for (const mark of marks) this.#apply(input, mark);
      await this.#propagate();
    }
  }

  #byIdOutside(node: NodeRunner): boolean {
    return this.options.catalogue.get(node.plan.operator)?.traits?.outside === true;
  }

  /** Delivery ids of outbox records: (workflow, node, partition, position), the same after a replay. */
  #identify(input: ExchangeInput, records: readonly StreamRecord[]): void {
    const { sequence, from } = input.lastTaken;
    records.forEach((record, i) => {
      this.#deliveryIds.set(record, `${this.options.workflow}:${input.node.id}:${input.sender}-${this.options.index}:${sequence}-${from + i}`);
    });
  }

  /**
   * Dead letters come back as new input of the node that failed, with their event time. A letter belongs to the task that owns its
   * key; letters without a key are dealt out by number. Their end is part of the commit that holds their effects.
   */
  async #replayLetters(): Promise<void> {
    const { index } = this.options;
    const { parallelism } = this.#stage;
    for (const node of this.#nodes) {
      for (const { number, payload } of this.options.store.readReplays(node.id)) {
        const letter = decodeBlob(payload, 'A dead letter') as { port: string; value: unknown; time: number; op: StreamRecord['op'] };
        const record: StreamRecord = { value: letter.value, time: letter.time, key: undefined, born: this.clock.now(), op: letter.op };
        const owner = node.ownerOf(record, letter.port, parallelism) ?? number % parallelism;
        if (owner !== index) continue;
        this.#dirty = true;
        this.#replayed.push({ node: node.id, number });
        if (this.#sources.has(node.id)) {
          node.counters.in++;
          node.forward('out', record);
        } else node.inbox.push({ port: letter.port, records: [record], keyed: false });
        const running = this.#runNodes();
        if (running) await running;
      }
    }
  }

  #fromSource(node: NodeRunner, chunk: Chunk): void {
    const { records, ports } = chunk;
    node.counters.in += records.length;
    if (ports === undefined) {
      const out = node.outs[0]!;
      if (out.buffer.length === 0) out.buffer = records;
      else for (const record of records) out.buffer.push(record);
      return;
    }
    let at = 0;
    for (let i = 0; i < records.length; i++) {
      const name = ports[at++]!;
      const out = node.port(name);
      if (out === undefined) throw new TypeError(`${node.plan.operator} has no output "${name}"`);
      out.buffer.push(records[i]!);
    }
  }

  /** Moves everything that is on its way through all nodes, in order. */
  #runNodes(): void | Promise<void> {
    if (this.#hasAsync) return this.#runNodesAsync();
    const nodes = this.#nodes;
    for (let n = 0; n < nodes.length; n++) {
      const node = nodes[n]!;
      if (node.inbox.length > 0) node.run();
      node.dispatch();
    }
  }

  async #runNodesAsync(): Promise<void> {
    for (const node of this.#nodes) {
      if (node.inbox.length > 0) await node.run();
      node.dispatch();
    }
  }

  #apply(input: Input, mark: Mark): void {
    const { valve } = input.node;
    if (mark.kind === 'watermark') valve.advance(input.channel, mark.value);
    else if (mark.kind === 'idle') valve.setIdle(input.channel);
    else if (mark.kind === 'active') valve.setActive(input.channel);
    else {
      valve.setActive(input.channel);
      valve.advance(input.channel, MAX_TIME);
    }
  }

  /** Carries watermarks through the nodes: fire what is due, then pass the watermark on. A commit may fall between two timers. */
  async #propagate(): Promise<void> {
    for (const node of this.#nodes) {
      const { valve } = node;
      if (valve.watermark > node.watermark) {
        node.watermark = valve.watermark;
        node.firing = node.eventTimers !== undefined;
        node.passed = false;
      }
      if (node.firing) {
        while (!node.fireEvents(FIRE_CHUNK, this.#born)) {
          const running = this.#runNodes();
          if (running) await running;
          if (performance.now() - this.#lastCommit >= (this.options.commitEvery ?? 50)) {
            await this.#commit(false);
            await breathe();
            if (this.#stop === 'stopped') return;
          }
        }
        node.firing = false;
        const running = this.#runNodes();
        if (running) await running;
      }
      if (!node.passed || valve.idle !== node.passedIdle) {
        for (const out of node.outs) {
          for (const target of out.targets) {
            if (node.passedIdle) target.active();
            target.watermark(node.watermark);
            if (valve.idle) target.idle();
          }
        }
        node.passed = true;
        node.passedIdle = valve.idle;
        this.#dirty = true;
      }
    }
  }

  #applyQuiet(): void {
    const now = this.options.clock.now();
    for (const input of this.#inputs) {
      if (input instanceof SourceInput) for (const mark of input.quiet(now)) this.#apply(input, mark);
    }
  }

  async #fireClockTimers(): Promise<void> {
    const now = this.options.clock.now();
    for (const node of this.#nodes) {
      if (node.clockTimers === undefined || node.clockTimers.peekTime() > now) continue;
      this.#dirty = true;
      while (!node.fireClock(FIRE_CHUNK, now)) await this.#runNodes();
      await this.#runNodes();
    }
  }

  /** ms until something may have to happen without new input. */
  #patience(now: number): number {
    let next = now + 500;
    for (const node of this.#nodes) {
      const due = node.clockTimers?.peekTime() ?? MAX_TIME;
      if (due < next) next = due;
    }
    return Math.max(1, next - now);
  }

  // ---- commit ---------------------------------------------------------------------------------------------------

  async #commit(finished: boolean): Promise<void> {
    await this.#settle();
    const { store, lease, clock } = this.options;
    for (const node of this.#nodes) {
      if (!node.behaviour.prepareCommit) continue;
      node.enterLifecycle(clock.now());
      const preparing = node.behaviour.prepareCommit(node);
      if (preparing) await preparing;
      this.#undo.clear();
    }
    const commit: Commit = {
      lease,
      sequence: this.#sequence + 1,
      meta: encodeBlob(this.#meta()),
      rows: [],
      timers: [],
      outputs: [],
      consumed: [],
      deadLetters: this.#deadLetters,
      replayed: this.#replayed,
      finished,
    };
    for (const table of this.#tables) {
      table.sweepExpired(1000);
      table.collect(commit.rows);
    }
    for (const timers of this.#timers) timers.collect(commit.timers);
    for (const writer of this.#writers) writer.collect(commit.outputs);
    for (const input of this.#inputs) {
      const done = input instanceof ExchangeInput ? input.consumed() : undefined;
      if (done) commit.consumed.push(done);
    }
    this.#deadLetters = [];
    this.#replayed = [];
    this.#sequence++;
    this.#dirty = false;
    this.#lastCommit = performance.now();
    const reply = store.commit(commit);
    this.#inFlight = this.#answered(reply, commit.sequence);
    // An unhandled rejection would end the thread; the loop rethrows it.
    this.#inFlight.catch((error: unknown) => {
      this.#fatal ??= error;
    });
  }

  async #answered(reply: ReturnType<TaskStore['commit']>, sequence: number): Promise<void> {
    const answer = reply instanceof Promise ? await reply : reply;
    if (answer === 'FENCED') {
      throw new TaskError('Another owner has taken over this task; its commit was refused.', {
        code: 'FENCED',
        domain: 'internal',
        retry: 'never',
        params: { stage: this.options.stage, index: this.options.index, sequence },
      });
    }
    for (const input of this.#inputs) if (input instanceof SourceInput) await input.committed();
    this.#limitState();
    for (const timers of this.#timers) timers.trim();
  }

  async #settle(): Promise<void> {
    if (this.#inFlight) {
      const waiting = this.#inFlight;
      this.#inFlight = undefined;
      await waiting;
    }
  }

  /** State beyond the limit leaves memory; it stays in the store. */
  #limitState(): void {
    let excess = this.#slots - this.#stateLimit;
    for (const table of this.#tables) {
      if (excess <= 0) return;
      excess -= table.evict(excess);
    }
  }

  #meta(): TaskMeta {
    const meta: TaskMeta = { inputs: {}, nodes: {}, spread: {}, sent: {}, born: this.#born };
    for (const input of this.#inputs) meta.inputs[input.id] = input.position();
    for (const node of this.#nodes) {
      meta.nodes[node.id] = {
        watermark: node.watermark,
        firing: node.firing,
        valve: node.valve.snapshot(),
        counters: node.counters.snapshot(),
        finished: false,
      };
    }
    for (const writer of this.#writers) meta.spread[writer.edge] = writer.spread;
    for (const target of this.#targets) meta.sent[target.edge] = target.sent;
    return meta;
  }

  // ---- looking in -----------------------------------------------------------------------------------------------

  /** The last records that went over an edge, newest first. */
  sample(edge: string, limit: number): { value: unknown; time: number; key: string | null; op: string }[] {
    const target = this.#targets.find((t) => t.edge === edge);
    return [...(target?.last ?? [])]
      .slice(-limit)
      .reverse()
      .map(({ value, time, key, op }) => ({ value, time, key: key ?? null, op }));
  }

  report(): TaskReport {
    const report: TaskReport = {
      stage: this.options.stage,
      index: this.options.index,
      nodes: {},
      edges: {},
      backlogs: {},
      busyMs: 0,
      idleMs: this.#idleMs,
      backPressuredMs: this.#backPressuredMs,
    };
    for (const node of this.#nodes) {
      const c = node.counters;
      report.nodes[node.id] = {
        in: c.in,
        out: c.out,
        handled: c.handled,
        filtered: c.filtered,
        late: c.late,
        skipped: c.skipped,
        deadLettered: c.deadLettered,
        waiting: c.waiting,
        busyMs: c.busyMs,
        latency: c.latency.counts,
        watermark: node.watermark,
        stateKeys: node.stateKeys,
      };
    }
    for (const [id, [taken, out, filtered, late, skipped, deadLettered]] of this.#finishedCounters as Map<string, [number, number, number, number, number, number]>) {
      report.nodes[id] = { in: taken, out, handled: taken - filtered - late - skipped - deadLettered, filtered, late, skipped, deadLettered, waiting: 0, busyMs: 0, latency: new Uint32Array(0), watermark: MAX_TIME, stateKeys: 0 };
    }
    Object.assign(report.edges, this.#finishedSent);
    for (const target of this.#targets) report.edges[target.edge] = target.sent;
    for (const writer of this.#writers) report.backlogs[writer.edge] = { records: this.options.store.backlog(writer.edge), bound: BACKLOG };
    report.busyMs = Math.max(0, performance.now() - this.#started - this.#idleMs - this.#backPressuredMs);
    return report;
  }
}

/** An edge inside the stage. */
class InnerTarget implements Target {
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

function makeTable(host: TableHost, node: string, name: string, spec: StateSpec, ttl: number | undefined): Table {
  if (spec.kind === 'value') return new ValueTable(host, node, name, spec, ttl);
  if (spec.kind === 'map') return new MapTable(host, node, name, spec, ttl);
  return new ListTable(host, node, name, spec, ttl);
}

/** Lets messages in (pause, commit replies) while the loop is busy. */
function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
