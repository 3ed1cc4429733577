import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { failureOf } from '@millrace/engine';
import { MillraceError } from '@millrace/sdk';
import { type Job, Queue, Worker as QueueWorker, UnrecoverableError } from 'bullmq';
import { takeTask } from '../data/lease.js';
import { readRun, type StoredRun } from '../data/runs.js';
import { connect, type RedisClient } from '../redis/connect.js';
import { plainError } from '../redis/script.js';
import { ControlClient } from './client.js';
import type { InstanceKey } from './instance-key.js';
import { digestOf, type RunSetup, readJob, type TaskJob } from './job.js';
import { type ControlTarget, controlKey, envKey, reportsKey, setupKey } from './keys.js';
import { Lines } from './lines.js';
import type { Ask, LogFields, LogLevel } from './messages.js';
import { announce, beat, connectionNameOf, forget, type WorkerInfo } from './registry.js';
import { encodeReport } from './reports.js';
import { changeOwnTask, fieldOf, type LeaseEvent, noteEvent, readControl, type TaskEntry } from './run-state.js';
import { Supervisor } from './supervisor.js';
import { TaskRun } from './task-run.js';
import { Threads } from './threads.js';

export interface WorkerOptions {
  target: ControlTarget;
  /** Module whose `loadCatalogue(plugins)` gives the operators; every task thread imports it. */
  catalogue: { module: string; plugins: string[] };
  /** Tasks at a time. */
  slots: number;
  key: InstanceKey | undefined;
  /** Takes only runs of this pool. Default: the common one. */
  pool?: string;
  /** Folders of this machine that tasks may use. Default: all. */
  files?: string[];
  /** Folders that all machines share. */
  sharedFiles?: string[];
  /** Name of this machine. Default: its host name. */
  host?: string;
  /** Task threads that wait with the operators loaded. Default 3. */
  spareThreads?: number;
  /** Bytes of state one task may hold. */
  stateBytes?: number;
  log?(level: LogLevel, message: string, fields?: LogFields): void;
}

const BEAT_EVERY = 250;
const SEND_EVERY = 250;
/** ms between two looks at what the runs of this worker want, in case a message was lost. */
const LOOK_EVERY = 1_000;
/** ms a job may wait although there is a free slot, before the queue's worker is built anew. */
const IDLE_AFTER = 2_000;
/** ms that tasks get to commit when the worker is told to end. */
const RELEASE_WITHIN = 5_000;

interface Held {
  job: TaskJob;
  field: string;
  done: Promise<void>;
  task: TaskRun | undefined;
}

/**
 * A worker: takes the leases that the supervisor puts into its queue and runs each task in a thread. Its main thread does nothing but
 * heartbeats, lock renewal and messages, so none of them waits for an operator.
 */
export class BullWorker {
  readonly info: WorkerInfo;
  readonly #options: WorkerOptions;
  readonly #client: ControlClient;
  readonly #supervisor: Supervisor;
  readonly #threads: Threads;
  readonly #lines: Lines;
  readonly #held = new Map<string, Held>();
  /** Runs whose plan was read, until this worker has none of their tasks. */
  readonly #runs = new Map<string, { digest: string; stored: StoredRun; setup: RunSetup }>();
  readonly #timers: NodeJS.Timeout[] = [];
  #queueWorker: QueueWorker | undefined;
  #queue: Queue | undefined;
  #waitingSince: number | undefined;
  #beating = false;
  #closing: Promise<void> | undefined;

  private constructor(options: WorkerOptions) {
    this.#options = options;
    this.info = {
      id: newId(),
      host: options.host ?? hostname(),
      pid: process.pid,
      slots: options.slots,
      pool: options.pool ?? '',
      files: options.files ?? ['/'],
      sharedFiles: options.sharedFiles ?? [],
      startedAt: Date.now(),
    };
    this.#client = this.#connect();
    this.#supervisor = new Supervisor(this.#client, this.info.id);
    this.#threads = new Threads(options.catalogue, options.spareThreads ?? Math.min(3, options.slots));
    this.#lines = new Lines(this.#client.redis);
  }

  static async start(options: WorkerOptions): Promise<BullWorker> {
    const worker = new BullWorker(options);
    await worker.#open();
    return worker;
  }

  /** Tasks it runs now. */
  get tasks(): number {
    return this.#held.size;
  }

  get supervises(): boolean {
    return this.#supervisor.holds;
  }

  #connect(): ControlClient {
    const { target, key, log } = this.#options;
    return new ControlClient({ target, key, name: connectionNameOf(this.info.id), ...(log && { log }) });
  }

  async #open(): Promise<void> {
    const { redis, keys } = this.#client;
    this.#threads.fill();
    await announce(redis, keys, this.info);
    this.#openQueue();
    await this.#client.listen(keys.asks, (text) => this.#hear(JSON.parse(text) as Ask));
    await this.#supervisor.start();
    await this.#client.poke('');
    this.#every(BEAT_EVERY, () => this.#beat());
    this.#every(SEND_EVERY, () => this.#send());
    this.#every(LOOK_EVERY, () => this.#lookAll());
    this.#every(IDLE_AFTER / 2, () => this.#watchQueue());
  }

  #every(ms: number, act: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      act()
        .catch((error: unknown) =>
          this.#client.log('debug', 'Redis did not answer', { reason: plainError(error).message }),
        )
        .finally(() => {
          busy = false;
        });
    }, ms);
    this.#timers.push(timer);
  }

  #openQueue(): void {
    const { keys } = this.#client;
    const name = keys.queue(this.info.id);
    const connection = connect(this.#options.target, 'control', `${connectionNameOf(this.info.id)}-queue`);
    this.#queue = new Queue(name, { connection: this.#client.redis, prefix: keys.prefix });
    this.#queue.on('error', () => undefined);
    const worker = new QueueWorker(name, (job) => this.#process(job), {
      connection,
      prefix: keys.prefix,
      concurrency: this.info.slots,
      lockDuration: 5_000,
      lockRenewTime: 1_250,
      stalledInterval: 1_000,
      // A budget for the job's whole life; crash loops are the supervisor's business, who lets people see them.
      maxStalledCount: 1e9,
      removeOnComplete: { count: 20 },
      removeOnFail: { count: 20 },
    });
    worker.on('error', (error) => this.#client.log('debug', 'queue', { reason: plainError(error).message }));
    worker.on('closed', () => connection.disconnect());
    this.#queueWorker = worker;
  }

  async #beat(): Promise<void> {
    if (this.#beating) return;
    this.#beating = true;
    try {
      const known = await beat(this.#client.redis, this.#client.keys, this.info.id);
      if (!known && !this.#closing) await this.#comeBack();
    } finally {
      this.#beating = false;
    }
  }

  /**
   * The supervisor has given this worker up: it was frozen, or cut off. Its tasks are somewhere else by now; their threads here end
   * when their next commit is refused. It begins anew under another name.
   */
  async #comeBack(): Promise<void> {
    const former = this.info.id;
    const left = [...this.#held.values()];
    this.info.id = newId();
    this.#client.log('warn', 'this worker was given up and comes back', { former, worker: this.info.id });
    const queueWorker = this.#queueWorker;
    const queue = this.#queue;
    await this.#client.rename(connectionNameOf(this.info.id));
    await announce(this.#client.redis, this.#client.keys, this.info);
    this.#openQueue();
    await this.#client.poke('');
    void queueWorker?.close(true).catch(() => undefined);
    void queue?.close().catch(() => undefined);
    // Idle ones never commit.
    setTimeout(() => {
      for (const held of left) if (this.#held.get(keyOf(held.job)) === held) void held.task?.terminate();
    }, 3_000).unref();
  }

  /** BullMQ's worker sometimes sleeps on after Redis was away: a job that waits beside a free slot wakes us. */
  async #watchQueue(): Promise<void> {
    if (this.#closing || !this.#queue) return;
    const waiting = (await this.#queue.getWaitingCount()) > 0 && this.#held.size < this.info.slots;
    const now = Date.now();
    if (!waiting) this.#waitingSince = undefined;
    else if (this.#waitingSince === undefined) this.#waitingSince = now;
    else if (now - this.#waitingSince >= IDLE_AFTER) {
      this.#waitingSince = undefined;
      this.#client.log('warn', 'the queue was asleep and is opened again', { worker: this.info.id });
      const [queueWorker, queue] = [this.#queueWorker, this.#queue];
      this.#openQueue();
      void queueWorker?.close(true).catch(() => undefined);
      void queue.close().catch(() => undefined);
    }
  }

  /** The lease of one task, from taking it to its end. Never rejects for what the task did: that stands in the task's entry. */
  async #process(job: Job): Promise<string> {
    let lease: TaskJob;
    try {
      lease = readJob(job.data, this.#client.key);
    } catch (error) {
      this.#client.log('error', (error as Error).message, { job: job.id });
      await this.#tellRefused(job.data, error);
      throw new UnrecoverableError((error as Error).message);
    }
    const key = keyOf(lease);
    let held = this.#held.get(key);
    // After a time without Redis the queue may hand out a lease again that is at work here.
    if (held === undefined) {
      held = { job: lease, field: fieldOf(lease.stage, lease.index), task: undefined, done: Promise.resolve() };
      this.#held.set(key, held);
      held.done = this.#hold(held).finally(() => this.#drop(key, lease.run));
    }
    await held.done;
    return 'done';
  }

  /** A lease that nobody may take must not wait in silence: the run is told, and fails in the end. */
  async #tellRefused(data: unknown, error: unknown): Promise<void> {
    try {
      const { run, stage, index, generation } = readJob(data, undefined);
      const change = { state: 'failed', error: failureOf(error), worker: null, since: Date.now() } as const;
      await changeOwnTask(this.#client.redis, run, fieldOf(stage, index), generation, change);
      await this.#client.poke(run);
    } catch {
      // It names no task.
    }
  }

  #drop(key: string, run: string): void {
    this.#held.delete(key);
    if (![...this.#held.values()].some(({ job }) => job.run === run)) this.#runs.delete(run);
  }

  async #hold(held: Held): Promise<void> {
    const { run, generation } = held.job;
    const worker = this.info.id;
    const { redis } = this.#client;
    let change: Partial<TaskEntry> | undefined;
    try {
      change = await this.#run(held, worker);
    } catch (thrown) {
      change = { state: 'failed', error: failureOf(thrown) };
    }
    if (change === undefined) return;
    if (change.error?.code === 'FENCED') {
      await redis.hincrby(controlKey(run), 'fenced', 1);
      this.#note(run, { at: Date.now(), type: 'fenced', task: held.field, worker });
    }
    await this.#lines.flush(run);
    await this.#sendReport(held);
    await changeOwnTask(redis, run, held.field, generation, { ...change, worker: null, since: Date.now() });
    await this.#client.poke(run);
  }

  /** Runs the task until it has ended or somebody else has it. Answers what its entry shall say; undefined: nothing. */
  async #run(held: Held, worker: string): Promise<Partial<TaskEntry> | undefined> {
    const { run, stage, index, generation, digest } = held.job;
    const { redis } = this.#client;
    for (;;) {
      const [lease, { stored, setup }, control, env] = await Promise.all([
        takeTask(redis, run, stage, index, generation, randomUUID()),
        this.#look(run, digest),
        readControl(redis, run),
        this.#secrets(run),
      ]);
      if (lease === 'obsolete') return undefined;
      const now = Date.now();
      const running = { state: 'running', worker, since: now } as const;
      if (!(await changeOwnTask(redis, run, held.field, generation, running))) return undefined;
      this.#note(run, { at: now, type: 'taken', task: held.field, worker });
      if (control === undefined || this.#closing) return { state: 'released' };
      if (control.goal === 'killed') return { state: 'ended', end: 'paused' };
      held.task = new TaskRun(
        this.#threads.take(held.field),
        {
          redis: { url: this.#client.target.url, ...(this.#client.target.cluster && { cluster: true }) },
          run,
          plan: stored.plan,
          stage,
          index,
          lease,
          workflow: stored.workflow,
          numbering: stored.numbering,
          baseDir: setup.baseDir,
          overwrite: setup.overwrite,
          commitEvery: setup.commitEvery ?? undefined,
          stateBytes: this.#options.stateBytes,
          env,
        },
        {
          print: (line) => this.#lines.print(run, line),
          log: (level, message, fields) => this.#lines.log(run, level, message, { stage, index, ...fields }),
          claimed: () => this.#note(run, { at: Date.now(), type: 'claimed', task: held.field, worker }),
          sample: (id, records) => {
            redis.publish(this.#client.keys.answers(id), JSON.stringify(records)).catch(() => undefined);
          },
        },
        control.replays,
      );
      held.task.follow(control, stage);
      if (this.#closing) held.task.pause();
      const outcome = await held.task.outcome;
      const wanted = (await readControl(redis, run))?.goal;
      if ('end' in outcome) {
        if (outcome.end === 'finished') return { state: 'ended', end: 'finished' };
        // Paused by this worker's own end, not by people: somebody else goes on with it.
        return wanted === undefined ? { state: 'released' } : { state: 'ended', end: 'paused' };
      }
      if (wanted === 'killed') return { state: 'ended', end: 'paused' };
      if (outcome.error.code !== 'STORE_RESTARTED') return { state: 'failed', error: outcome.error };
      this.#client.log('info', 'Redis is another one than before, so the task takes its lease again', {
        run,
        task: held.field,
      });
    }
  }

  #note(run: string, event: LeaseEvent): void {
    noteEvent(this.#client.redis, run, event).catch(() => undefined);
  }

  /** Plan and setup of a run, if they are what the job was signed for. */
  async #look(run: string, digest: string): Promise<{ stored: StoredRun; setup: RunSetup }> {
    const known = this.#runs.get(run);
    if (known?.digest === digest) return known;
    const { redis } = this.#client;
    const [stored, text] = await Promise.all([readRun(redis, run), redis.get(setupKey(run))]);
    if (stored !== undefined && text !== null) {
      const setup = JSON.parse(text) as RunSetup;
      if (digestOf(stored.plan, setup) === digest) {
        this.#runs.set(run, { digest, stored, setup });
        return { stored, setup };
      }
    }
    throw new MillraceError('The plan of this run is not the one its tasks were handed out for.', {
      code: 'PLAN_CHANGED',
      domain: 'internal',
      retry: 'backoff',
      params: { run },
      hint: 'Resume the run. When it happens again, somebody else writes to this Redis.',
    });
  }

  async #secrets(run: string): Promise<{ [name: string]: string }> {
    const sealed = await (this.#client.redis as RedisClient).getBuffer(envKey(run));
    if (sealed === null) return {};
    if (this.#client.key === undefined) {
      throw new MillraceError('This run has secrets, and this worker has no key to open them.', {
        code: 'SECRET_KEY_MISSING',
        domain: 'user',
        hint: 'Start the worker with the SECRET_KEY_FILE or SECRET_KEY of the server.',
      });
    }
    return JSON.parse(this.#client.key.open(sealed, run)) as { [name: string]: string };
  }

  #hear(ask: Ask): void {
    const mine = [...this.#held.values()].filter(({ job }) => job.run === ask.run);
    if (mine.length === 0) return;
    if (ask.type === 'sample') {
      for (const { job, task } of mine) if (job.stage === ask.stage) task?.sample(ask.id, ask.edge, ask.limit);
    } else if (ask.type === 'release') {
      for (const { job, field, task } of mine)
        if (field === ask.field && job.generation === ask.generation) task?.pause();
    } else this.#follow(ask.run).catch(() => undefined);
  }

  async #follow(run: string): Promise<void> {
    const control = await readControl(this.#client.redis, run);
    for (const { job, task } of this.#held.values()) {
      if (job.run !== run) continue;
      // Without control hash the run was dropped.
      if (control === undefined) void task?.terminate();
      else task?.follow(control, job.stage);
    }
  }

  async #lookAll(): Promise<void> {
    for (const run of new Set([...this.#held.values()].map(({ job }) => job.run))) await this.#follow(run);
  }

  async #send(): Promise<void> {
    await this.#lines.flushAll();
    for (const held of this.#held.values()) await this.#sendReport(held);
  }

  async #sendReport({ job, field, task }: Held): Promise<void> {
    if (!task?.fresh || !task.report) return;
    task.fresh = false;
    await this.#client.redis.hset(reportsKey(job.run), field, encodeReport(task.report));
  }

  /** Hands all tasks over: they commit and end, and go on elsewhere. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { redis, keys } = this.#client;
    const reachable = redis.status === 'ready';
    // Still known until its tasks are handed over, but no slots: no new ones come.
    if (reachable) await announce(redis, keys, { ...this.info, slots: 0 });
    for (const { task } of this.#held.values()) task?.pause();
    const all = Promise.all([...this.#held.values()].map(({ done }) => done));
    const late = new Promise<void>((resolve) => setTimeout(resolve, RELEASE_WITHIN).unref());
    await Promise.race([all, late]);
    for (const { task } of this.#held.values()) await task?.terminate();
    for (const timer of this.#timers) clearInterval(timer);
    await this.#supervisor.stop();
    if (reachable) {
      await this.#queueWorker?.close(true).catch(() => undefined);
      await this.#queue?.obliterate({ force: true }).catch(() => undefined);
      await forget(redis, keys, this.info.id);
      await this.#client.poke('');
    } else void this.#queueWorker?.close(true).catch(() => undefined);
    await this.#threads.close();
    this.#client.close();
  }
}

function newId(): string {
  return randomBytes(6).toString('hex');
}

const keyOf = ({ run, stage, index, generation }: TaskJob) => `${run}\n${stage}\n${index}\n${generation}`;
