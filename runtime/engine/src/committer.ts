import { MillraceError } from '@millrace/sdk';
import { encodeBlob } from './codec.js';
import { ExchangeInput } from './inputs.js';
import type { Commit, DeadLetter, ReplayId, TaskStore } from './ports/index.js';
import type { UndoLog } from './state/undo.js';
import type { TaskGraph } from './task-graph.js';
import type { TaskMeta, TaskOptions } from './task-options.js';

/**
 * Makes a task's progress permanent, one commit in flight at a time: the task goes on while the store writes, and the next commit
 * waits for the answer to this one.
 */
export class Committer {
  /** Letters and replays of the work since the last commit. */
  deadLetters: DeadLetter[] = [];
  replayed: ReplayId[] = [];
  /** Something has changed since the last commit. */
  dirty = false;
  /** performance.now() of the last commit. */
  last = performance.now();
  /** Latest birth of a record taken in. */
  born = 0;
  sequence = 0;
  #inFlight: Promise<void> | undefined;
  #failure: unknown;

  constructor(
    private readonly options: TaskOptions,
    private readonly graph: TaskGraph,
    private readonly undo: UndoLog,
  ) {}

  get due(): boolean {
    return performance.now() - this.last >= (this.options.commitEvery ?? 50);
  }

  /** Throws what a commit's answer brought, if it was bad. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  async commit(finished: boolean): Promise<void> {
    await this.settle();
    const { store, lease, clock } = this.options;
    const { nodes, tables, timers, writers, inputs, sourceInputs } = this.graph;
    for (const node of nodes) {
      if (!node.behaviour.prepareCommit) continue;
      node.enterLifecycle(clock.now());
      const preparing = node.behaviour.prepareCommit(node);
      if (preparing) await preparing;
      this.undo.clear();
    }
    const commit: Commit = {
      lease,
      sequence: ++this.sequence,
      meta: encodeBlob(this.#meta()),
      rows: [],
      timers: [],
      outputs: [],
      consumed: [],
      deadLetters: this.deadLetters,
      replayed: this.replayed,
      finished,
    };
    for (const table of tables) {
      table.sweepExpired(1000);
      table.collect(commit.rows);
      table.sweepStore(commit.rows);
    }
    for (const queue of timers) queue.collect(commit.timers);
    for (const writer of writers) writer.collect(commit.outputs);
    for (const input of inputs) {
      const done = input instanceof ExchangeInput ? input.consumed() : undefined;
      if (done) commit.consumed.push(done);
    }
    // What may be acknowledged upstream is what this commit holds, not what has been read by the time it is answered.
    const acknowledge = sourceInputs.map((input) => input.acknowledgement());
    this.deadLetters = [];
    this.replayed = [];
    this.dirty = false;
    this.last = performance.now();
    this.#inFlight = this.#answered(store.commit(commit), commit.sequence, acknowledge);
    // Left alone, a rejection would end the process; the task's loop asks for it with `check`.
    this.#inFlight.catch((error: unknown) => {
      this.#failure ??= error;
    });
  }

  /** Waits for the commit in flight; throws if it failed. */
  async settle(): Promise<void> {
    const waiting = this.#inFlight;
    this.#inFlight = undefined;
    if (waiting) await waiting;
  }

  async #answered(
    reply: ReturnType<TaskStore['commit']>,
    sequence: number,
    acknowledge: readonly (() => void | Promise<void>)[],
  ): Promise<void> {
    const { stage, index } = this.options;
    const answer = reply instanceof Promise ? await reply : reply;
    if (answer === 'FENCED') {
      throw new MillraceError('Another owner has taken over this task; its commit was refused.', {
        code: 'FENCED',
        domain: 'internal',
        retry: 'never',
        params: { stage, index, sequence },
      });
    }
    for (const done of acknowledge) await done();
    this.#limitState();
    for (const queue of this.graph.timers) queue.committed();
  }

  /** State beyond the limit leaves memory; it stays in the store. */
  #limitState(): void {
    let excess = this.graph.slots - (this.options.stateLimit ?? 1_000_000);
    for (const table of this.graph.tables) {
      if (excess <= 0) return;
      excess -= table.evict(excess);
    }
  }

  #meta(): TaskMeta {
    const { inputs, nodes, writers, targets } = this.graph;
    const meta: TaskMeta = { inputs: {}, nodes: {}, spread: {}, sent: {}, born: this.born };
    for (const input of inputs) meta.inputs[input.id] = input.position();
    for (const { id, watermark, firing, valve, counters } of nodes) {
      meta.nodes[id] = { watermark, firing, valve: valve.snapshot(), counters: counters.snapshot() };
    }
    for (const writer of writers) meta.spread[writer.edge] = writer.spread;
    for (const target of targets) meta.sent[target.edge] = target.sent;
    return meta;
  }
}
