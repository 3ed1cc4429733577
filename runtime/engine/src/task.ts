import type { PlanStage } from '@millrace/planner';
import { type Clock, type DeliveryPlace, MAX_TIME, type MillraceError, type StreamRecord } from '@millrace/sdk';
import type { Mark } from './batch.js';
import { decodeBlob, encodeBlob } from './codec.js';
import { Committer } from './committer.js';
import { type Chunk, ExchangeInput, type Input } from './inputs.js';
import type { TaskReport } from './metrics.js';
import type { NodeHost, NodeRunner } from './node-runner.js';
import { breathe, patience } from './pauses.js';
import { SourceInput } from './source-input.js';
import { UndoLog } from './state/undo.js';
import { TaskGraph } from './task-graph.js';
import type { TaskMeta, TaskOptions } from './task-options.js';
import { BACKLOG, reportOf, reportOfFinished } from './task-report.js';

/** How a task ended. */
export type TaskEnd = 'finished' | 'paused' | 'stopped';

/** Records processed between two looks at the clock. */
const CHUNK = 1024;
/** Timers fired before their results move on and a commit may fall. */
const FIRE_CHUNK = 512;

/**
 * One parallel instance of a stage: reads its inputs, runs its nodes over the records, commits. "Read what is there, process,
 * commit" adapts by itself: when quiet a commit follows each read, when loaded one comes every `commitEvery` ms.
 */
export class Task implements NodeHost {
  readonly undo = new UndoLog();
  readonly #stage: PlanStage;
  readonly #graph: TaskGraph;
  readonly #committer: Committer;
  readonly #abort = new AbortController();
  readonly #stopping = new AbortController();
  readonly #deliveries = new WeakMap<StreamRecord, DeliveryPlace>();
  #stop: 'paused' | 'stopped' | undefined;
  #finishing = false;
  #draining = false;
  #replayAsked = true;
  #hasAsync = false;
  #hasSources = false;
  #finishedMeta: TaskMeta | undefined;
  #started = performance.now();
  #idleMs = 0;
  #backPressuredMs = 0;

  constructor(private readonly options: TaskOptions) {
    const stage = options.plan.stages.find((s) => s.id === options.stage);
    if (!stage) throw new TypeError(`the plan has no stage ${options.stage}`);
    this.#stage = stage;
    this.#graph = new TaskGraph(options, stage, this);
    this.#committer = new Committer(options, this.#graph, this.undo);
  }

  /** Runs until the input ends, or until `pause`, `finish` or `stop`. Rejects with a MillraceError when the task cannot go on. */
  async run(): Promise<TaskEnd> {
    this.#started = performance.now();
    try {
      if ((await this.#open()) === 'finished') return 'finished';
      const end = await this.#loop();
      await this.#committer.settle();
      return end;
    } catch (thrown) {
      // Whoever waited for an outside system has given up: what came after the last commit is done again by the next owner.
      if (this.#stop === undefined || (thrown as MillraceError)?.code !== 'TASK_STOPPING') throw thrown;
      await this.#committer.settle();
      return this.#stop;
    } finally {
      this.#abort.abort();
      this.#stopping.abort();
      for (const input of this.#graph.sourceInputs) await input.close();
      for (const source of this.#graph.sources.values()) await source.close?.();
      for (const node of this.#graph.nodes) await node.behaviour.close?.();
      await this.options.store.close();
    }
  }

  /** Commits what is done and ends; the run can be resumed. */
  pause(): void {
    this.#stop = 'paused';
    this.#stopping.abort();
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
    for (const input of this.#graph.sourceInputs) input.finishing = true;
    this.options.store.wake();
  }

  /** Ends without a commit. */
  stop(): void {
    this.#stop = 'stopped';
    this.#abort.abort();
    this.#stopping.abort();
    this.options.store.wake();
  }

  async #open(): Promise<TaskEnd | undefined> {
    const { store, clock, stateLimit = 1_000_000 } = this.options;
    const graph = this.#graph;
    const restored = await store.restore();
    const meta = restored
      ? (decodeBlob(restored.meta, `The progress of stage "${this.#stage.id}"`) as TaskMeta)
      : undefined;
    if (restored?.finished) {
      this.#finishedMeta = meta;
      return 'finished';
    }
    this.#committer.sequence = restored?.sequence ?? 0;
    await graph.build(meta, (source) => this.#wakeSource(source));
    if (meta) await this.#restore(meta, stateLimit);
    graph.silence();
    for (const input of graph.sourceInputs) await input.open();
    if (this.#finishing) this.finish();
    for (const node of graph.nodes) {
      node.enterLifecycle(clock.now());
      await node.behaviour.open?.(node);
      this.undo.clear();
    }
    this.#hasAsync = graph.nodes.some((node) => node.isAsync);
    this.#hasSources = graph.sourceInputs.length > 0;
    // The claim: proves ownership and makes what `open` wrote permanent before anything is read.
    await this.#committer.commit(false);
    await this.#committer.settle();
    return undefined;
  }

  async #restore(meta: TaskMeta, stateLimit: number): Promise<void> {
    const { nodes, tables, timers, targets, inputs } = this.#graph;
    this.#committer.born = meta.born;
    for (const node of nodes) {
      const kept = meta.nodes[node.id];
      if (!kept) continue;
      node.watermark = kept.watermark;
      node.firing = kept.firing;
      node.passed = false;
      node.valve.restore(kept.valve);
      node.counters.restore(kept.counters);
    }
    for (const table of tables) await table.load(stateLimit);
    for (const queue of timers) queue.load();
    for (const target of targets) target.sent = meta.sent[target.edge] ?? 0;
    for (const input of inputs) {
      const position = meta.inputs[input.id];
      if (position === undefined) continue;
      await input.restore(position);
      // Its end was told to a valve that may have been built anew since (another parallelism).
      if (input.ended) this.#apply(input, { at: 0, kind: 'end' });
    }
  }

  get clock(): Clock {
    return this.options.clock;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  failed(node: NodeRunner, record: StreamRecord, port: string, error: MillraceError): void {
    if (error.domain === 'internal') throw Object.assign(error, { nodeId: error.nodeId ?? node.id });
    const { onError } = node.plan;
    if (onError === 'fail') throw Object.assign(error, { nodeId: node.id });
    this.#committer.dirty = true;
    if (onError === 'skip') {
      node.counters.skipped++;
      return;
    }
    node.counters.deadLettered++;
    this.#committer.deadLetters.push({
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

  deliveryId(node: NodeRunner, record: StreamRecord): string {
    const { partition, sequence, offset } = this.delivery(record);
    return `${this.options.workflow}:${node.id}:${partition}:${sequence}-${offset}`;
  }

  delivery(record: StreamRecord): DeliveryPlace {
    const place = this.#deliveries.get(record);
    if (place) return place;
    throw new TypeError('only records of the current batch of an outbox have a place in it');
  }

  #wakeSource(id: string): void {
    for (const input of this.#graph.sourceInputs) if (input.node.id === id) input.wake();
    this.options.store.wake();
  }

  async #loop(): Promise<TaskEnd> {
    const { store, clock } = this.options;
    // A restart may find timers half fired or a watermark not yet passed on.
    await this.#propagate();
    for (;;) {
      this.#committer.check();
      if (this.#stop) {
        if (this.#stop === 'paused') await this.#committer.commit(false);
        return this.#stop;
      }
      if (this.#graph.writers.some((writer) => store.backlog(writer.edge) + writer.uncommitted > BACKLOG)) {
        if (this.#committer.dirty) await this.#committer.commit(false);
        const since = performance.now();
        await store.wait(100);
        this.#backPressuredMs += performance.now() - since;
        continue;
      }
      if (this.#replayAsked) {
        this.#replayAsked = false;
        await this.#replayLetters();
      }
      const held = this.#hasSources && (store.full?.() ?? false);
      const input = await this.#pick(held);
      if (input === undefined) {
        if (this.#graph.inputs.every((i) => i.ended)) break;
        if (this.#draining) {
          if (await store.catchUp?.()) continue;
          await this.#propagate();
          await this.#committer.commit(false);
          return 'paused';
        }
        await this.#fireClockTimers();
        // A source at rest is not a quiet one: its records are still to come.
        if (!held) this.#applyQuiet();
        await this.#propagate();
        if (this.#committer.dirty) {
          await this.#committer.commit(false);
          continue;
        }
        const since = performance.now();
        await store.wait(patience(this.#graph.nodes, clock.now()));
        if (held) this.#backPressuredMs += performance.now() - since;
        else this.#idleMs += performance.now() - since;
        continue;
      }
      await this.#consume(input);
      if (this.#committer.due) {
        await this.#fireClockTimers();
        await this.#committer.commit(false);
        await breathe();
      }
    }
    return this.#end();
  }

  async #end(): Promise<TaskEnd> {
    await this.#propagate();
    for (const node of this.#graph.nodes) {
      if (!node.behaviour.finish) continue;
      node.enterLifecycle(this.options.clock.now());
      await node.behaviour.finish(node);
      this.undo.clear();
      await this.#runNodes();
    }
    for (const writer of this.#graph.writers) writer.end();
    await this.#committer.commit(true);
    return 'finished';
  }

  /** The input with the lowest watermark that has data; ties go to the first. Never waits for an empty one. */
  async #pick(held: boolean): Promise<Input | undefined> {
    let best: Input | undefined;
    let lowest = 0;
    for (const input of this.#graph.inputs) {
      if (input.ended || ((held || this.#draining) && input instanceof SourceInput)) continue;
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
    this.#committer.dirty = true;
    if (records.length > 0) {
      const born = records[records.length - 1]!.born;
      if (born > this.#committer.born) this.#committer.born = born;
      if (input.node.valve.isIdle(input.channel)) input.node.valve.setActive(input.channel);
      if (input instanceof SourceInput) this.#fromSource(input.node, chunk);
      else {
        if (input instanceof ExchangeInput && input.outbox) this.#identify(input, records);
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

  /** Places of outbox records, the same after a replay; their ids are (workflow, node, partition, position). */
  #identify(input: ExchangeInput, records: readonly StreamRecord[]): void {
    const { sequence, from } = input.lastTaken;
    const partition = this.#numbered(`${input.sender}-${this.options.index}`);
    for (const [i, record] of records.entries())
      this.#deliveries.set(record, { partition, sequence, offset: from + i });
  }

  #numbered(lane: string): string {
    const { numbering } = this.options;
    return numbering === undefined ? lane : `${numbering}-${lane}`;
  }

  /**
   * Dead letters come back as new input of the node that failed, with their event time. A letter belongs to the task that owns its
   * key; letters without a key are dealt out by number. Their end is part of the commit that holds their effects.
   */
  async #replayLetters(): Promise<void> {
    const { index } = this.options;
    const { parallelism } = this.#stage;
    for (const node of this.#graph.nodes) {
      for (const { number, payload } of await this.options.store.readReplays(node.id)) {
        const letter = decodeBlob(payload, 'A dead letter') as {
          port: string;
          value: unknown;
          time: number;
          op: StreamRecord['op'];
        };
        const record: StreamRecord = {
          value: letter.value,
          time: letter.time,
          key: undefined,
          born: this.clock.now(),
          op: letter.op,
        };
        const owner = node.ownerOf(record, letter.port, parallelism) ?? number % parallelism;
        if (owner !== index) continue;
        // A letter comes alone and in any order, so each counts on its own.
        this.#deliveries.set(record, { partition: this.#numbered(`letter-${number}`), sequence: 1, offset: 0 });
        this.#committer.dirty = true;
        this.#committer.replayed.push({ node: node.id, number });
        if (this.#graph.sources.has(node.id)) {
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
    const nodes = this.#graph.nodes;
    for (let n = 0; n < nodes.length; n++) {
      const node = nodes[n]!;
      if (node.inbox.length > 0) node.run();
      node.dispatch();
    }
  }

  async #runNodesAsync(): Promise<void> {
    for (const node of this.#graph.nodes) {
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
    for (const node of this.#graph.nodes) {
      const { valve } = node;
      if (valve.watermark > node.watermark) {
        node.watermark = valve.watermark;
        node.firing = node.eventTimers !== undefined;
        node.passed = false;
      }
      if (node.firing) {
        while (!node.fireEvents(FIRE_CHUNK, this.#committer.born)) {
          const running = this.#runNodes();
          if (running) await running;
          if (this.#committer.due) {
            await this.#committer.commit(false);
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
        this.#committer.dirty = true;
      }
    }
  }

  #applyQuiet(): void {
    const now = this.options.clock.now();
    for (const input of this.#graph.sourceInputs) for (const mark of input.quiet(now)) this.#apply(input, mark);
  }

  async #fireClockTimers(): Promise<void> {
    const now = this.options.clock.now();
    for (const node of this.#graph.nodes) {
      if (node.clockTimers === undefined || node.clockTimers.peekTime() > now) continue;
      this.#committer.dirty = true;
      while (!node.fireClock(FIRE_CHUNK, now)) await this.#runNodes();
      await this.#runNodes();
    }
  }

  /** The last records that went over an edge, newest first. */
  sample(edge: string, limit: number): { value: unknown; time: number; key: string | null; op: string }[] {
    const target = this.#graph.targets.find((t) => t.edge === edge);
    return [...(target?.last ?? [])]
      .slice(-limit)
      .reverse()
      .map(({ value, time, key, op }) => ({ value, time, key: key ?? null, op }));
  }

  report(): TaskReport {
    if (this.#finishedMeta) return reportOfFinished(this.options, this.#finishedMeta);
    const [idleMs, backPressuredMs] = [this.#idleMs, this.#backPressuredMs];
    const busyMs = Math.max(0, performance.now() - this.#started - idleMs - backPressuredMs);
    return reportOf(this.options, this.#graph, { busyMs, idleMs, backPressuredMs });
  }
}
