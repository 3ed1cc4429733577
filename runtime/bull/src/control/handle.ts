import { randomUUID } from 'node:crypto';
import {
  type DeadLetterRow,
  type DeadLetterSummary,
  type RunReport,
  type RunStatus,
  runReport,
  type TaskReport,
} from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import { askReplays, readDeadLetters, summarise } from '../data/letters.js';
import { readView } from '../data/queries.js';
import { exportSavepoint } from '../data/savepoint.js';
import { plainError } from '../redis/script.js';
import { type ControlClient, Nap } from './client.js';
import { controlKey, reportsKey } from './keys.js';
import { readLines } from './lines.js';
import type { LogFields, LogLevel } from './messages.js';
import { decodeReport } from './reports.js';
import { type LeaseEvent, type RunControl, readControl, readEvents } from './run-state.js';
import { wakeRun } from './wake-run.js';

/** A run on workers, from the outside. It lives in Redis: the handle may go and another one come. */
export interface BullRunHandle {
  readonly run: string;
  /** Settles when the run has ended in any way; never rejects. */
  readonly done: Promise<RunReport>;
  report(): RunReport;
  /** The tasks' own numbers, cumulative, at most half a second old. */
  taskReports(): TaskReport[];
  /** Tasks that wait for a free slot on a worker that fits. */
  readonly lacking: number;
  /** Commits of former owners that were refused. */
  readonly fenced: number;
  pause(options?: { drain?: boolean }): Promise<void>;
  savepoint(file: string): Promise<void>;
  finish(): Promise<void>;
  kill(): Promise<void>;
  sample(edge: string, limit: number): Promise<unknown[]>;
  deadLetters(options?: { after?: { node: string; number: number }; limit?: number }): Promise<DeadLetterRow[]>;
  replay(letters: readonly { node: string; number: number }[]): Promise<void>;
  view(nodeId: string): Promise<unknown[]>;
  /** Leases lost, taken and at work again, oldest first. */
  events(): Promise<LeaseEvent[]>;
  /** Lets go of the run, which goes on. `done` never settles then. */
  detach(): void;
}

export interface HandleHooks {
  print?: (line: string) => void;
  log?: (level: LogLevel, message: string, fields?: LogFields) => void;
}

const POLL_EVERY = 250;
const SUMMARY_EVERY = 2_000;
/** Samples are asked of all tasks; who has not answered by then has none. */
const SAMPLE_WITHIN = 500;
const ENDS: ReadonlySet<RunStatus> = new Set(['paused', 'finished', 'failed', 'killed']);

export class BullRun implements BullRunHandle {
  readonly done: Promise<RunReport>;
  readonly #nap = new Nap();
  readonly #reports = new Map<string, { raw: Buffer; report: TaskReport }>();
  #control: RunControl | undefined;
  #letters: DeadLetterSummary[] = [];
  #lettersAt = 0;
  #lastLine = '0-0';
  #saving = false;
  #detached = false;
  #final: RunReport | undefined;
  #settle!: (report: RunReport) => void;
  #mute: (() => void) | undefined;

  private constructor(
    private readonly client: ControlClient,
    readonly run: string,
    private readonly plan: Plan,
    private readonly hooks: HandleHooks,
  ) {
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** A handle of a run that is alive in Redis. Lines are told from the entry `after` on. */
  static async open(
    client: ControlClient,
    run: string,
    plan: Plan,
    hooks: HandleHooks,
    after = '0-0',
  ): Promise<BullRun> {
    const handle = new BullRun(client, run, plan, hooks);
    handle.#lastLine = after;
    handle.#mute = await client.listen(client.keys.poke, (which) => which === run && handle.#nap.wake());
    void handle.#poll();
    return handle;
  }

  get lacking(): number {
    return this.#control?.lacking ?? 0;
  }

  get fenced(): number {
    return this.#control?.fenced ?? 0;
  }

  async #poll(): Promise<void> {
    while (!this.#detached) {
      try {
        await this.#look();
        if (this.#control !== undefined && ENDS.has(this.#control.status) && !this.#saving) break;
        if (this.#control === undefined) break;
      } catch (error) {
        if (!this.#detached)
          this.hooks.log?.('warn', 'the run cannot be seen: Redis does not answer', {
            reason: plainError(error).message,
          });
      }
      await this.#nap.wait(POLL_EVERY);
    }
    this.#mute?.();
    if (this.#detached) return;
    await this.#refresh().catch(() => undefined);
    this.#final = this.report();
    this.#settle(this.#final);
  }

  async #look(): Promise<void> {
    const control = await readControl(this.client.redis, this.run);
    // An end is shown only with everything that was told before it.
    await this.#tell();
    await this.#readReports();
    if (Date.now() - this.#lettersAt > SUMMARY_EVERY) await this.#readLetters();
    this.#control = control;
  }

  async #refresh(): Promise<void> {
    await this.#readReports();
    await this.#tell();
    await this.#readLetters();
  }

  async #readLetters(): Promise<void> {
    this.#lettersAt = Date.now();
    this.#letters = await summarise(this.client.redis, this.run);
    // A run that nobody leads any more (a write lost with Redis) is found again.
    if (!ENDS.has(this.#control?.status ?? 'starting')) await this.client.redis.sadd(this.client.keys.runs, this.run);
  }

  async #readReports(): Promise<void> {
    const fields = await this.client.redis.hgetallBuffer(reportsKey(this.run));
    for (const [field, raw] of Object.entries(fields)) {
      if (this.#reports.get(field)?.raw.equals(raw)) continue;
      this.#reports.set(field, { raw, report: decodeReport(raw) });
    }
  }

  async #tell(): Promise<void> {
    for (;;) {
      const { lines, last } = await readLines(this.client.redis, this.run, this.#lastLine);
      if (last === this.#lastLine) return;
      this.#lastLine = last;
      for (const line of lines) {
        if ('print' in line) this.hooks.print?.(line.print);
        else this.hooks.log?.(line.level, line.message, line.fields);
      }
    }
  }

  taskReports(): TaskReport[] {
    return [...this.#reports.values()].map(({ report }) => report);
  }

  report(): RunReport {
    if (this.#final) return this.#final;
    const control = this.#control;
    const started = control?.startedAt ?? Date.now();
    return runReport({
      plan: this.plan,
      status: control?.status ?? 'starting',
      durationMs: Math.max(0, (control?.endedAt ?? Date.now()) - started),
      tasks: this.taskReports(),
      deadLetters: this.#letters,
      restarts: control?.restarts ?? 0,
      error: control === undefined && this.#final === undefined ? undefined : control?.error,
    });
  }

  async #want(fields: { [name: string]: string | number }): Promise<void> {
    await this.client.redis.hset(controlKey(this.run), fields);
    await this.client.ask({ type: 'look', run: this.run });
    await this.client.poke(this.run);
  }

  async pause(options: { drain?: boolean } = {}): Promise<void> {
    await this.#end('paused', options.drain ?? false);
    await this.done;
  }

  async kill(): Promise<void> {
    await this.#end('killed', false);
    await this.done;
  }

  async #end(goal: 'paused' | 'killed', drain: boolean): Promise<void> {
    if (this.#final) return;
    const control = await readControl(this.client.redis, this.run);
    // The first wish counts; only a kill goes over a pause.
    if (control === undefined || ENDS.has(control.status) || (control.goal !== undefined && goal === 'paused')) return;
    await this.#want({ goal, drain: drain ? '1' : '' });
  }

  async finish(): Promise<void> {
    await this.#want({ finishing: '1' });
    await this.done;
  }

  async savepoint(file: string): Promise<void> {
    if (this.#final || this.#saving || this.#control?.goal !== undefined)
      throw notRunning('A savepoint needs a running run.');
    this.#saving = true;
    try {
      await this.#end('paused', true);
      await this.#until((status) => ENDS.has(status));
      if (this.#control?.status === 'paused') await exportSavepoint(this.client.redis, this.run, file);
    } finally {
      if (this.#control?.status === 'paused') await wakeRun(this.client, this.run);
      this.#control = await readControl(this.client.redis, this.run);
      this.#saving = false;
      this.#nap.wake();
    }
  }

  async #until(reached: (status: RunStatus) => boolean): Promise<void> {
    while (!this.#detached && !reached(this.#control?.status ?? 'starting'))
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async sample(edge: string, limit: number): Promise<unknown[]> {
    const source = this.plan.edges.find(({ id }) => id === edge)?.source;
    const stage = this.plan.stages.find(({ id }) => source !== undefined && this.plan.nodes[source]?.stage === id);
    if (stage === undefined) return [];
    const id = randomUUID();
    const records: unknown[] = [];
    let answers = 0;
    let all!: () => void;
    const answered = new Promise<void>((resolve) => {
      all = resolve;
    });
    const mute = await this.client.listen(this.client.keys.answers(id), (text) => {
      records.push(...(JSON.parse(text) as unknown[]));
      if (++answers === stage.parallelism) all();
    });
    const timer = setTimeout(all, SAMPLE_WITHIN);
    await this.client.ask({ type: 'sample', run: this.run, stage: stage.id, edge, limit, id });
    await answered;
    clearTimeout(timer);
    mute();
    return records.slice(0, limit);
  }

  deadLetters(options: { after?: { node: string; number: number }; limit?: number } = {}): Promise<DeadLetterRow[]> {
    return readDeadLetters(this.client.redis, this.run, options);
  }

  async replay(letters: readonly { node: string; number: number }[]): Promise<void> {
    if (this.#final || this.#control?.goal !== undefined)
      throw notRunning('Dead letters can be replayed only while the run is running.');
    await askReplays(this.client.redis, this.run, letters);
    await this.client.redis.hincrby(controlKey(this.run), 'replays', 1);
    await this.client.ask({ type: 'look', run: this.run });
  }

  view(nodeId: string): Promise<unknown[]> {
    return readView(this.client.redis, this.run, nodeId);
  }

  events(): Promise<LeaseEvent[]> {
    return readEvents(this.client.redis, this.run);
  }

  detach(): void {
    this.#detached = true;
    this.#nap.wake();
  }
}

function notRunning(message: string): MillraceError {
  return new MillraceError(message, {
    code: 'RUN_NOT_RUNNING',
    hint: 'Wait until the run has started, or resume it first.',
  });
}
