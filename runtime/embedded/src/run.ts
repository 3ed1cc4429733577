import { randomUUID } from 'node:crypto';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import {
  Backoff,
  crashOf,
  type DeadLetterRow,
  type FailureInfo,
  isFinal,
  lostTask,
  type RunReport,
  type RunStatus,
  runReport,
  type TaskReport,
} from '@millrace/engine';
import { MillraceError } from '@millrace/sdk';
import { built } from './built.js';
import { type Environment, openEnvironment } from './environment.js';
import type { StoreRequest, TaskMessage, TaskRequest } from './messages.js';
import { readDeadLetters, readView, summarise } from './queries.js';
import { Signals } from './signals.js';
import type { StartOptions } from './start-run.js';
import { serveStore } from './store.js';
import type { TaskThreadData } from './task-thread.js';

/** A run in this process, from the outside. */
export interface RunHandle {
  /** Settles when the run has ended in any way; never rejects. */
  readonly done: Promise<RunReport>;
  report(): RunReport;
  /** The tasks' own numbers, cumulative. */
  taskReports(): TaskReport[];
  /**
   * Commits, keeps windows open, ends; resumable with the same data directory. `drain`: sources stop first and the exchanges are worked
   * off, which another parallelism or an edited graph needs.
   */
  pause(options?: { drain?: boolean }): Promise<void>;
  /** Drains, copies everything into one portable file, goes on. */
  savepoint(file: string): Promise<void>;
  /** Ends the input: windows close, results are final. */
  finish(): Promise<void>;
  /** Ends at once; resumes from the last commit. */
  kill(): Promise<void>;
  /** Last records seen on an edge, newest first. */
  sample(edge: string, limit: number): Promise<unknown[]>;
  deadLetters(options?: { after?: { node: string; number: number }; limit?: number }): DeadLetterRow[];
  /** Processes dead letters again, as new input of the node they failed at. */
  replay(letters: readonly { node: string; number: number }[]): Promise<void>;
  /** Rows of a view node, in no order. */
  view(nodeId: string): unknown[];
  /** For fault tests: ends one task's thread as a crash would. */
  terminateTask(stage: string, index: number): Promise<void>;
}

interface TaskSlot {
  stage: string;
  index: number;
  worker: Worker | undefined;
  epoch: number;
  ended: boolean;
  finished: boolean;
  report: TaskReport | undefined;
  backoff: Backoff;
  /** Records taken in when it last failed: more than that is progress. */
  reached: number;
  retry: NodeJS.Timeout | undefined;
}

type RunOptions = StartOptions & {
  dataDir: string;
  workflow: string;
  numbering: string | undefined;
  durable: boolean;
};

export class Run implements RunHandle {
  readonly done: Promise<RunReport>;
  readonly #slots: TaskSlot[] = [];
  readonly #signals: Signals;
  readonly #started = performance.now();
  #toStore!: (request: StoreRequest, transfer?: readonly MessagePort[]) => void;
  #reader: Environment | undefined;
  #status: RunStatus = 'starting';
  #restarts = 0;
  #error: FailureInfo | undefined;
  #goal: 'paused' | 'failed' | 'killed' | undefined;
  #finishing = false;
  #settle!: (report: RunReport) => void;
  #final: RunReport | undefined;
  #nextId = 1;
  readonly #answers = new Map<number, (value: unknown) => void>();

  constructor(
    private readonly options: RunOptions,
    private readonly epoch: number,
    readonly startedAt: number,
    private readonly cleanUp: () => void,
  ) {
    this.#signals = new Signals(options.plan);
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
    for (const stage of options.plan.stages) {
      for (let index = 0; index < stage.parallelism; index++) {
        this.#slots.push({
          stage: stage.id,
          index,
          worker: undefined,
          epoch,
          ended: false,
          finished: false,
          report: undefined,
          backoff: new Backoff(),
          reached: 0,
          retry: undefined,
        });
      }
    }
  }

  async start(): Promise<void> {
    const { plan, dataDir, durable } = this.options;
    if (this.options.storeInThisThread) {
      const handle = serveStore({ dataDir, plan, durable, signals: this.#signals }, (id) =>
        this.#answer(id, undefined),
      );
      this.#toStore = (request) => handle(request);
    } else await this.#startStoreThread();
    this.#reader = openEnvironment(dataDir, { readOnly: true });
    this.#status = 'running';
    for (const slot of this.#slots) this.#launch(slot);
  }

  async #startStoreThread(): Promise<void> {
    const { plan, dataDir, durable } = this.options;
    const store = new Worker(built('store-thread.js'), {
      workerData: { dataDir, plan, signals: this.#signals.buffer, durable },
      name: 'store',
      execArgv: [],
    });
    this.#toStore = (request, transfer = []) => store.postMessage(request, transfer);
    store.on('message', ({ id }: { id: number }) => this.#answer(id, undefined));
    store.on('error', (error) => this.#fail(storeFailure(error)));
    await new Promise<void>((resolve, reject) => {
      this.#answers.set(0, () => resolve());
      store.once('error', reject);
    });
  }

  #launch(slot: TaskSlot): void {
    const { plan, dataDir, workflow, numbering, baseDir, catalogue, overwrite = false } = this.options;
    const { commitEvery, stateLimit } = this.options;
    slot.epoch++;
    const lease = { owner: randomUUID(), epoch: slot.epoch };
    const { port1, port2 } = new MessageChannel();
    this.#toStore({ type: 'attach', stage: slot.stage, index: slot.index, lease, port: port1 } satisfies StoreRequest, [
      port1,
    ]);
    const data: TaskThreadData = {
      plan,
      stage: slot.stage,
      index: slot.index,
      lease,
      workflow,
      numbering,
      dataDir,
      baseDir,
      overwrite,
      catalogue,
      signals: this.#signals.buffer,
      port: port2,
      commitEvery,
      stateLimit,
      finishing: this.#finishing,
    };
    const worker = new Worker(built('task-thread.js'), {
      workerData: data,
      transferList: [port2],
      name: `${slot.stage}/${slot.index}`,
      execArgv: [],
      // A batch of records lives for a few ms. In V8's default young space it would be copied several times before it dies.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    slot.worker = worker;
    let failure: FailureInfo | undefined;
    let end: string | undefined;
    worker.on('message', (message: TaskMessage) => {
      if (message.type === 'report') slot.report = message.report;
      else if (message.type === 'print') this.options.print?.(message.line);
      else if (message.type === 'log') this.options.log?.(message.level, message.message, message.fields);
      else if (message.type === 'sample') this.#answer(message.id, message.records);
      else if (message.type === 'ended') end = message.end;
      else failure = message.error;
    });
    worker.on('error', (error) => {
      failure ??= crashOf(error);
    });
    worker.on('exit', () => {
      if (slot.worker !== worker) return;
      slot.worker = undefined;
      if (end !== undefined) {
        slot.ended = true;
        slot.finished = end === 'finished';
        if (this.#draining) this.#drainNext();
        this.#maybeDone();
      } else this.#taskLost(slot, failure);
    });
  }

  #taskLost(slot: TaskSlot, failure: FailureInfo | undefined): void {
    if (this.#goal) {
      slot.ended = true;
      this.#maybeDone();
      return;
    }
    const final = failure !== undefined && isFinal(failure);
    const reached = Object.values(slot.report?.nodes ?? {}).reduce((sum, node) => sum + node.in, 0);
    if (reached > slot.reached) {
      slot.reached = reached;
      slot.backoff.progressed();
    }
    const delay = final ? undefined : slot.backoff.next(performance.now());
    if (delay === undefined) {
      slot.ended = true;
      this.#fail(failure ?? lostTask(slot.stage, slot.index));
      return;
    }
    this.#restarts++;
    this.#status = 'restarting';
    this.options.log?.('warn', 'a task is started again', {
      stage: slot.stage,
      index: slot.index,
      delay,
      code: failure?.code ?? 'TASK_LOST',
      message: failure?.message,
    });
    slot.retry = setTimeout(() => {
      slot.retry = undefined;
      this.#status = 'running';
      if (this.#goal && !this.#draining) this.#taskLost(slot, undefined);
      else {
        this.#launch(slot);
        if (this.#draining) this.#drainNext();
      }
    }, delay);
  }

  #fail(error: FailureInfo): void {
    if (this.#goal) return;
    this.#error = error;
    this.#goal = 'failed';
    this.#ask({ type: 'pause' });
    this.#maybeDone();
  }

  #ask(request: TaskRequest): void {
    for (const slot of this.#slots) {
      if (slot.retry) {
        clearTimeout(slot.retry);
        slot.retry = undefined;
        slot.ended = true;
      }
      slot.worker?.postMessage(request);
    }
  }

  async pause(options: { drain?: boolean } = {}): Promise<void> {
    if (!this.#goal && !this.#final) {
      this.#goal = 'paused';
      this.#status = 'pausing';
      if (options.drain) this.#startDrain();
      else this.#ask({ type: 'pause' });
      this.#maybeDone();
    }
    await this.done;
  }

  async savepoint(file: string): Promise<void> {
    if (this.#goal || this.#final || this.#saving) {
      throw new MillraceError('A savepoint needs a running run.', {
        code: 'RUN_NOT_RUNNING',
        hint: 'Wait until the run has started, or resume it first.',
      });
    }
    await new Promise<void>((resolve) => {
      this.#saving = resolve;
      this.#startDrain();
    });
    this.#saving = undefined;
    await this.#request({ type: 'export', file });
    for (const slot of this.#slots) {
      if (slot.report !== undefined && slot.finished) continue;
      slot.ended = false;
      this.#launch(slot);
    }
    this.#maybeDone();
  }

  #saving: (() => void) | undefined;
  #draining = false;

  #startDrain(): void {
    this.#draining = true;
    this.#drainNext();
  }

  /** Asks each stage to drain once everything before it has ended. */
  #drainNext(): void {
    const { plan } = this.options;
    const over = (stage: string) => this.#slots.every((slot) => slot.stage !== stage || slot.ended);
    for (const stage of plan.stages) {
      if (plan.exchanges.some((x) => x.to === stage.id && !over(x.from))) continue;
      for (const slot of this.#slots)
        if (slot.stage === stage.id) slot.worker?.postMessage({ type: 'drain' } satisfies TaskRequest);
    }
    if (this.#saving && this.#slots.every((slot) => slot.ended)) {
      this.#draining = false;
      this.#saving();
    }
  }

  async finish(): Promise<void> {
    this.#finishing = true;
    for (const slot of this.#slots) slot.worker?.postMessage({ type: 'finish' } satisfies TaskRequest);
    await this.done;
  }

  async kill(): Promise<void> {
    if (!this.#final) {
      this.#goal = 'killed';
      for (const slot of this.#slots) {
        clearTimeout(slot.retry);
        if (slot.worker) await slot.worker.terminate();
        slot.ended = true;
      }
      this.#maybeDone();
    }
    await this.done;
  }

  async terminateTask(stage: string, index: number): Promise<void> {
    await this.#slots.find((slot) => slot.stage === stage && slot.index === index)?.worker?.terminate();
  }

  sample(edge: string, limit: number): Promise<unknown[]> {
    const { plan } = this.options;
    const source = plan.edges.find((e) => e.id === edge)?.source;
    const slots = this.#slots.filter(
      (slot) => slot.worker && source !== undefined && plan.nodes[source]!.stage === slot.stage,
    );
    const asked = slots.map(
      (slot) =>
        new Promise<unknown[]>((resolve) => {
          const id = this.#nextId++;
          const timer = setTimeout(() => this.#answer(id, []), 2000);
          this.#answers.set(id, (records) => {
            clearTimeout(timer);
            resolve(records as unknown[]);
          });
          slot.worker!.postMessage({ type: 'sample', id, edge, limit } satisfies TaskRequest);
        }),
    );
    return Promise.all(asked).then((parts) => parts.flat().slice(0, limit));
  }

  deadLetters(options: { after?: { node: string; number: number }; limit?: number } = {}): DeadLetterRow[] {
    return this.#reader ? readDeadLetters(this.#reader, options) : [];
  }

  async replay(letters: readonly { node: string; number: number }[]): Promise<void> {
    if (this.#final || this.#goal)
      throw new MillraceError('Dead letters can be replayed only while the run is running.', {
        code: 'RUN_NOT_RUNNING',
        hint: 'Resume the run, then replay.',
      });
    await this.#request({ type: 'replay', letters: [...letters] });
    for (const slot of this.#slots) slot.worker?.postMessage({ type: 'replay' } satisfies TaskRequest);
  }

  view(nodeId: string): unknown[] {
    return this.#reader ? readView(this.#reader, nodeId) : [];
  }

  taskReports(): TaskReport[] {
    return this.#slots.flatMap((slot) => slot.report ?? []);
  }

  report(): RunReport {
    if (this.#final) return this.#final;
    return runReport({
      plan: this.options.plan,
      status: this.#status,
      durationMs: Math.round(performance.now() - this.#started),
      tasks: this.taskReports(),
      deadLetters: this.#reader ? summarise(this.#reader) : [],
      restarts: this.#restarts,
      error: this.#error,
    });
  }

  #answer(id: number, value: unknown): void {
    const answer = this.#answers.get(id);
    this.#answers.delete(id);
    answer?.(value);
  }

  #request(
    request:
      | { type: 'status'; status: string }
      | { type: 'export'; file: string }
      | { type: 'replay'; letters: { node: string; number: number }[] }
      | { type: 'close' },
  ): Promise<void> {
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#answers.set(id, () => resolve());
      this.#toStore({ ...request, id });
    });
  }

  #closing = false;

  #maybeDone(): void {
    if (this.#closing || this.#saving || this.#slots.some((slot) => !slot.ended)) return;
    this.#closing = true;
    void this.#close();
  }

  async #close(): Promise<void> {
    const status: RunStatus = this.#goal ?? 'finished';
    this.#status = status;
    await this.#request({ type: 'status', status: status === 'killed' ? 'running' : status });
    const final = this.report();
    await this.#reader?.close();
    this.#reader = undefined;
    await this.#request({ type: 'close' });
    this.#final = final;
    this.cleanUp();
    this.#settle(final);
  }
}

function storeFailure(error: Error): FailureInfo {
  return {
    code: 'STORE_FAILED',
    message: `The run's store failed: ${error.message}`,
    domain: 'internal',
    retry: 'never',
    hint: 'Check the disk that holds the data directory.',
    nodeId: undefined,
    params: {},
    stack: error.stack,
  };
}
