import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { GraphDocument } from '@millrace/graph';
import { type Catalogue, type Clock, MillraceError } from '@millrace/sdk';
import type { Logger } from 'pino';
import type { Layout } from '../data-dir/layout.js';
import { HttpError, notFound } from '../http/errors.js';
import type { Hub } from '../live/hub.js';
import type { RunDoc, RunStatus, Store, VersionDoc } from '../store/port.js';
import { carriesOver } from '../workflows/changes.js';
import type { Engine, LiveRun, MetricsSample, StoredRun } from './engine.js';
import type { MetricsHistory } from './history.js';
import { MetricsRecorder } from './recorder.js';
import { type RescaleWish, rescaled } from './rescaled.js';
import { runPlan } from './run-plan.js';
import { type RunSummary, summaryOf } from './summary.js';

export interface ManagerOptions {
  store: Store;
  layout: Layout;
  engine: Engine;
  catalogue: Catalogue;
  hub: Hub;
  clock: Clock;
  logger: Logger;
  /** Makes ready what a run needs from the server, before it starts: its ingest logs. */
  prepare(doc: RunDoc): void;
  /** Told of every sample of a live run. */
  sampled(doc: RunDoc, sample: MetricsSample): void;
}

interface Live {
  doc: RunDoc;
  run: LiveRun;
  /** Settles after the end of the run has been written down. */
  ended: Promise<void>;
}

const SAMPLE_EVERY = 1000;
/** Ended runs of a workflow that stay in the list, and whose results and dead letters can still be read. */
const KEPT_RUNS = 100;
const KEPT_DIRECTORIES = 3;

/** Starts, watches and ends runs, and brings those that should be running back after a restart of the server. */
export class RunManager {
  readonly #options: ManagerOptions;
  readonly #live = new Map<string, Live>();
  readonly #recorder: MetricsRecorder;
  /** Control actions of one workflow go one after the other. */
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #timer: NodeJS.Timeout;
  #closing = false;

  constructor(options: ManagerOptions) {
    this.#options = options;
    this.#recorder = new MetricsRecorder(options.layout.metrics, options.logger);
    this.#timer = setInterval(() => this.#sampleAll(), SAMPLE_EVERY);
    this.#timer.unref();
  }

  /** Continues the runs that were running when the server stopped, however it stopped. One that cannot be continued is marked failed. */
  async restore(): Promise<void> {
    await Promise.all((await this.#options.store.runs.list()).map((doc) => this.#restoreOne(doc)));
  }

  async #restoreOne(doc: RunDoc): Promise<void> {
    const resting = doc.status === 'paused' || doc.status === 'failed';
    if (doc.wanted === 'paused' && !resting) await this.#write({ ...doc, status: 'paused' });
    if (doc.wanted !== 'running') return;
    this.#options.logger.info({ run: doc.id, workflow: doc.workflowId }, 'run continues');
    await this.#launch(doc, true).catch(() => undefined);
  }

  async get(id: string): Promise<RunDoc> {
    const doc = this.#live.get(id)?.doc ?? (await this.#options.store.runs.get(id));
    if (doc === undefined) throw notFound('run');
    return doc;
  }

  async list(workflowId?: string): Promise<RunSummary[]> {
    const docs = await this.#options.store.runs.list({ limit: 200, ...(workflowId !== undefined && { workflowId }) });
    return docs.map((doc) => this.summary(doc));
  }

  summary(doc: RunDoc): RunSummary {
    return summaryOf(this.#live.get(doc.id)?.doc ?? doc);
  }

  /** The newest run of a workflow. */
  async latest(workflowId: string): Promise<RunDoc | undefined> {
    const [doc] = await this.#options.store.runs.list({ workflowId, limit: 1 });
    return doc && (this.#live.get(doc.id)?.doc ?? doc);
  }

  live(id: string): LiveRun | undefined {
    return this.#live.get(id)?.run;
  }

  /** The live run of a workflow. */
  liveOf(workflowId: string): LiveRun | undefined {
    for (const { doc, run } of this.#live.values()) if (doc.workflowId === workflowId) return run;
    return undefined;
  }

  /** The live run, or 409: what was asked needs one. */
  need(id: string): LiveRun {
    const run = this.live(id);
    if (run === undefined)
      throw new HttpError(409, 'RUN_NOT_LIVE', 'The run is not running.', { hint: 'Resume it first.' });
    return run;
  }

  history(id: string): MetricsHistory | undefined {
    return this.#recorder.get(id);
  }

  /** Looks at what a run that is not live has left. */
  inspect<T>(id: string, look: (run: StoredRun) => T | Promise<T>): Promise<T | undefined> {
    return this.#options.engine.inspect(this.dirOf(id), look);
  }

  get liveRuns(): IterableIterator<Live> {
    return this.#live.values();
  }

  /** Runs control actions of one workflow one after the other. */
  exclusive<T>(workflowId: string, action: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(workflowId) ?? Promise.resolve();
    const mine = before.then(action, action);
    const settled = mine.catch(() => undefined);
    this.#queues.set(workflowId, settled);
    void settled.then(() => this.#queues.get(workflowId) === settled && this.#queues.delete(workflowId));
    return mine;
  }

  /** Starts a version as a new run. */
  async start(version: VersionDoc): Promise<RunDoc> {
    return this.#startNew(this.#newRun(version), false);
  }

  #newRun({ workflowId, version, graph }: VersionDoc): RunDoc {
    const now = this.#options.clock.now();
    const id = `run-${now.toString(36)}-${randomBytes(3).toString('hex')}`;
    return { id, workflowId, version, status: 'starting', wanted: 'running', startedAt: now, graph };
  }

  async #startNew(doc: RunDoc, migrate: boolean): Promise<RunDoc> {
    await this.#write(doc);
    try {
      const started = await this.#launch(doc, migrate);
      await this.#prune(doc.workflowId);
      return started;
    } catch (error) {
      // A run that never was would stand in front of the one that goes on.
      await this.remove(doc.id);
      throw error;
    }
  }

  /**
   * Puts a version in the place of a run that is not live: on a copy of what that one has left, where its state can be carried over,
   * otherwise afresh. When the new run does not start, the old one is as it was.
   */
  async succeed(before: RunDoc, version: VersionDoc): Promise<RunDoc> {
    const doc = this.#newRun(version);
    const migrate = this.carriesOver(before, version.graph);
    const { engine, catalogue } = this.#options;
    if (migrate) {
      const plan = runPlan(doc.graph, doc.workflowId, catalogue);
      await engine.copy(this.dirOf(before.id), this.dirOf(doc.id), { plan, workflow: doc.workflowId });
    }
    const run = await this.#startNew(doc, migrate);
    const old = await this.get(before.id);
    const { clock } = this.#options;
    await this.#write({
      ...old,
      status: old.status === 'failed' ? 'failed' : 'killed',
      wanted: 'ended',
      endedAt: old.endedAt ?? clock.now(),
    });
    await engine.remove(this.dirOf(before.id));
    return run;
  }

  /** True if the next graph can go on with what a run has left. */
  carriesOver(before: RunDoc, next: GraphDocument): boolean {
    return carriesOver(before.graph, next, this.#options.catalogue);
  }

  /** The data directory of a run. */
  dirOf(id: string): string {
    return join(this.#options.layout.runs, id);
  }

  async #launch(doc: RunDoc, migrate = false): Promise<RunDoc> {
    const { layout, engine, catalogue, logger } = this.#options;
    try {
      const plan = runPlan(doc.graph, doc.workflowId, catalogue);
      this.#options.prepare(doc);
      await this.#recorder.open(doc.id);
      const run = await engine.start({
        plan,
        workflow: doc.workflowId,
        baseDir: layout.files,
        dataDir: this.dirOf(doc.id),
        migrate,
      });
      const started = await this.#write({ ...doc, status: 'running', wanted: 'running' });
      const ended = run.done.then((result) => this.#ended(doc.id, result));
      this.#live.set(doc.id, { doc: started, run, ended });
      return started;
    } catch (thrown) {
      const error =
        thrown instanceof MillraceError
          ? thrown
          : new MillraceError(String(thrown), { code: 'RUN_NOT_STARTED', domain: 'internal', cause: thrown });
      logger.error({ err: thrown, run: doc.id }, 'run could not be started');
      const { code, message, hint } = error;
      await this.#write({
        ...doc,
        status: 'failed',
        wanted: 'paused',
        endedAt: this.#options.clock.now(),
        error: { code, message, ...(hint !== undefined && { hint }) },
      });
      throw error;
    }
  }

  async #ended(id: string, result: { status: RunStatus; error?: RunDoc['error'] }): Promise<void> {
    const live = this.#live.get(id);
    this.#live.delete(id);
    if (live === undefined) return;
    const { status, error } = result;
    if (error !== undefined)
      this.#options.logger.warn({ run: id, code: error.code, reason: error.message }, 'run ended with an error');
    // A server that stops pauses its runs; they are still wanted, so the next start continues them. A failed run can be resumed.
    const resting = status === 'paused' || status === 'failed';
    const wanted = !resting ? 'ended' : status === 'paused' && this.#closing ? live.doc.wanted : 'paused';
    const over = status !== 'paused';
    await this.#write({
      ...live.doc,
      status,
      wanted,
      ...(over && { endedAt: this.#options.clock.now() }),
      ...(error && { error }),
    });
    this.#recorder.forgetBut(this.#live);
  }

  async #write(doc: RunDoc): Promise<RunDoc> {
    await this.#options.store.runs.put(doc);
    const live = this.#live.get(doc.id);
    if (live !== undefined) live.doc = doc;
    this.#options.hub.publish({ type: 'run', run: { ...summaryOf(doc) } });
    return doc;
  }

  #sampleAll(): void {
    for (const live of this.#live.values()) {
      let sample: MetricsSample;
      try {
        sample = live.run.metrics();
      } catch (error) {
        this.#options.logger.warn({ err: error, run: live.doc.id }, 'metrics could not be read');
        continue;
      }
      this.#recorder.add(live.doc.id, sample);
      this.#options.hub.publish({ type: 'metrics', runId: live.doc.id, ...sample });
      this.#options.sampled(live.doc, sample);
      if (sample.status !== live.doc.status && (sample.status === 'running' || sample.status === 'restarting')) {
        live.doc = { ...live.doc, status: sample.status };
        this.#options.hub.publish({ type: 'run', run: { ...summaryOf(live.doc) } });
      }
    }
  }

  /** Commits, keeps windows open, ends; `resume` goes on. */
  async pause(id: string, options: { drain?: boolean } = {}): Promise<RunDoc> {
    return this.#end(id, 'pausing', (run) => run.pause(options));
  }

  /** Ends the input: windows close, results are final. */
  async finish(id: string): Promise<RunDoc> {
    return this.#end(id, undefined, (run) => run.finish());
  }

  async #end(id: string, status: RunStatus | undefined, end: (run: LiveRun) => Promise<void>): Promise<RunDoc> {
    const run = this.need(id);
    const live = this.#live.get(id)!;
    if (status !== undefined) await this.#write({ ...live.doc, status });
    await end(run);
    await live.ended;
    return this.get(id);
  }

  /** Ends at once. A paused run only changes its mark. */
  async kill(id: string): Promise<RunDoc> {
    if (this.#live.has(id)) return this.#end(id, undefined, (run) => run.kill());
    const doc = await this.get(id);
    if (doc.wanted === 'ended') throw new HttpError(409, 'RUN_ENDED', 'The run has ended already.');
    return this.#write({ ...doc, status: 'killed', wanted: 'ended', endedAt: this.#options.clock.now() });
  }

  /** Goes on from the last commit of a run that was paused or has failed. */
  async resume(id: string): Promise<RunDoc> {
    if (this.#live.has(id)) throw new HttpError(409, 'RUN_LIVE', 'The run is running already.');
    const doc = await this.get(id);
    const latest = await this.latest(doc.workflowId);
    if (doc.status === 'finished' || latest?.id !== id) {
      throw new HttpError(409, 'RUN_ENDED', 'This run cannot go on.', {
        hint: 'Start or publish the workflow for a new run.',
      });
    }
    const { error: _error, endedAt: _endedAt, ...rest } = doc;
    // A rescale of a run at rest waits for this start.
    return this.#launch({ ...rest, status: 'starting', wanted: 'running' }, true);
  }

  /** The living run of a workflow starts again from its last commit, with the connections as they are now. */
  reconnect(workflowId: string): Promise<void> {
    return this.exclusive(workflowId, async () => {
      const live = [...this.#live.values()].find(({ doc }) => doc.workflowId === workflowId);
      if (live === undefined) return;
      await this.pause(live.doc.id);
      await this.resume(live.doc.id);
    });
  }

  /** Old runs that have ended lose their directories, very old ones also their entry. */
  async #prune(workflowId: string): Promise<void> {
    const ended = (await this.#options.store.runs.list({ workflowId })).filter((run) => run.wanted === 'ended');
    for (const [age, run] of ended.entries()) {
      if (age >= KEPT_RUNS) await this.remove(run.id);
      else if (age >= KEPT_DIRECTORIES) await this.#options.engine.remove(this.dirOf(run.id));
    }
  }

  /** Forgets a run that is not live, with its data. */
  async remove(id: string): Promise<void> {
    await this.#options.store.runs.delete(id);
    await this.#recorder.remove(id);
    await this.#options.engine.remove(this.dirOf(id));
  }

  /** Copies everything a live run has committed into one portable file. Answers its name. */
  async savepoint(id: string): Promise<string> {
    const { layout, clock } = this.#options;
    const name = `${id}-${clock.now().toString(36)}.savepoint`;
    await this.need(id).savepoint(join(layout.savepoints, name));
    return name;
  }

  /** Runs the same version with other numbers of parallel tasks. */
  async rescale(id: string, wish: RescaleWish): Promise<RunDoc> {
    const before = await this.get(id);
    const graph = rescaled(before.graph, wish);
    runPlan(graph, before.workflowId, this.#options.catalogue);
    if (!this.#live.has(id)) return this.#write({ ...before, graph });
    await this.pause(id, { drain: true });
    const paused = { ...(await this.get(id)), status: 'starting', wanted: 'running' } as const;
    try {
      return await this.#launch({ ...paused, graph }, true);
    } catch (error) {
      await this.#launch({ ...paused, graph: before.graph }, true);
      throw error;
    }
  }

  /** Pauses the runs of this process, lets go of the others; all stay wanted. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    await Promise.allSettled([...this.#queues.values()]);
    await Promise.allSettled(
      [...this.#live.values()].map(async (live) => {
        // A run that lives outside this process goes on; the next server takes it up again.
        if (live.run.detach) return live.run.detach();
        await live.run.pause();
        await live.ended;
      }),
    );
    await this.#options.engine.close?.();
  }
}
