import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { Fleet, type WorkerProcess } from '../../chaos/fleet.mjs';
import { startOn, takeover } from '../../chaos/session.mjs';
import { answersIn, judge, orderLines, stockGraph } from '../../chaos/stock.mjs';
import { full } from '../../services/support/records.js';
import { Child, until, writeGraph } from '../../services/support/run.js';
import { ownFolder } from '../../support/folder.js';

export interface TrialOptions {
  url: string;
  /** Records per second, which come until `verify`. */
  rate: number;
  workers?: number;
  slots?: number;
  parallelism?: number;
  /** How long the operator remembers an order, in time of the orders (one each 2 ms). Default: a week, so all of a trial. */
  rememberFor?: string;
  seed?: number;
  /** The first worker reaches Redis here. */
  firstThrough?: string;
  /** Started by the built command, which is killed with -9 as soon as results come. */
  byCommand?: boolean;
}

/** Seconds for which a trial has records. */
const LONGEST = full ? 700 : 240;

let number = 0;

const graphOf = ({ parallelism = 3, rememberFor }: TrialOptions) =>
  stockGraph({ input: 'orders.ndjson', follow: true, parallelism, ...(rememberFor && { rememberFor }) });

/** Orders that compete for stock, on a fleet of workers, to be disturbed. The oracle over the input log tells whether the answer is that of one undisturbed process. */
export class Trial {
  private constructor(
    readonly options: TrialOptions,
    readonly folder: string,
    readonly run: string,
    readonly fleet: Fleet,
    readonly feed: Feed,
    public session: Awaited<ReturnType<typeof startOn>>,
  ) {}

  static async start(options: TrialOptions): Promise<Trial> {
    const { url, rate, workers = 3, slots = 16, seed = 1, firstThrough } = options;
    const folder = ownFolder();
    const feed = new Feed(join(folder, 'orders.ndjson'), rate, seed);
    onTestFinished(() => feed.stop());
    const fleet = new Fleet({ url, slots });
    onTestFinished(() => fleet.stop(), 30_000);
    if (firstThrough) await fleet.add(1, { REDIS_URL: firstThrough });
    await fleet.add(workers - (firstThrough ? 1 : 0));
    let run = `trial-${process.pid}-${++number}`;
    const graph = graphOf(options);
    if (options.byCommand) run = await startAndKill(fleet, folder, graph);
    const session = await startOn(fleet, { run, folder, graph });
    const trial = new Trial(options, folder, run, fleet, feed, session);
    onTestFinished(() => trial.session.close());
    return trial;
  }

  /** Results in the files now. */
  get answers(): number {
    return answersIn(this.folder);
  }

  /** Waits until more results come than there are now, and answers how many there are. Records still come then: a fault hits a live run. */
  async moving(timeout = 60_000): Promise<number> {
    const before = this.answers;
    await until('results to move', () => this.answers > before || this.over, timeout);
    expect(this.over, 'the run had ended before the fault').toBe(false);
    expect(this.feed.running, 'records still come').toBe(true);
    return this.answers;
  }

  get over(): boolean {
    return ['finished', 'failed', 'killed', 'paused'].includes(this.session.handle.report().status);
  }

  /** A worker that has tasks of this run, and these. */
  async busy(other?: (worker: WorkerProcess) => boolean): Promise<{ worker: WorkerProcess; tasks: string[] }> {
    return until('a worker with tasks', async () => {
      await this.fleet.name();
      const placed: Map<string, string[]> = await this.fleet.placement(this.run);
      const steady = (id: string) => placed.get(id)?.some((task) => !/^(updates|repeats)\//.test(task));
      const worker = this.fleet.alive.find((one) => steady(one.id) && (other?.(one) ?? true));
      return worker && { worker, tasks: placed.get(worker.id)! };
    });
  }

  /** ms from the fault until all its tasks had committed under their next owner. */
  async takenOver(at: number, tasks: readonly string[], timeout = 30_000): Promise<number> {
    return until(
      `tasks ${tasks.join(', ')} to be at work again`,
      async () => {
        const { all, ms } = takeover(await this.session.handle.events(), { at, tasks });
        return all && (ms || 1);
      },
      timeout,
    );
  }

  /** Another handle on the same run, as a server that was started again has it. */
  async reopen(parallelism?: number): Promise<void> {
    const graph = graphOf({ ...this.options, ...(parallelism && { parallelism }) });
    this.session = await startOn(this.fleet, { run: this.run, folder: this.folder, graph });
  }

  /** The worker that supervises now; undefined while it is another process, or nobody. */
  async supervisor(): Promise<WorkerProcess | undefined> {
    const holder = await this.fleet.redis.get(`{${this.fleet.instance}}:supervisor`);
    await this.fleet.name();
    return this.fleet.alive.find(({ id }) => id !== '' && holder?.startsWith(`${id}:`));
  }

  get fenced(): number {
    return this.session.handle.fenced;
  }

  /** Ends the input, waits for the rest and compares with the oracle: nothing lost, twice, wrong or below zero. */
  async verify(patience = 120_000): Promise<void> {
    this.feed.stop();
    // Every record has one answer. If some never come, the oracle says which.
    const deadline = Date.now() + patience;
    while (this.answers < this.feed.given && !this.over && Date.now() < deadline) await pause(50);
    void this.session.handle.finish();
    const report = await Promise.race([this.session.handle.done, pause(patience, undefined, { ref: false })]);
    const now = report ?? this.session.handle.report();
    const logs = this.fleet.workers.map(({ stderr }) => stderr.slice(-600)).join('\n');
    expect(now.status, `${JSON.stringify(now.error)}\n${logs}`).toBe('finished');
    const ledger = (await this.session.handle.view('ledger')) as Record<string, unknown>[];
    const { lost, twice, wrongKeys, negativeSkus, strange } = judge(this.folder, 'orders.ndjson', ledger);
    expect({ lost, twice, wrongKeys, negativeSkus, strange }).toEqual({
      lost: 0,
      twice: 0,
      wrongKeys: 0,
      negativeSkus: 0,
      strange: 0,
    });
  }
}

/** Writes the input log line by line, at a pace, as a shop would. */
class Feed {
  given = 0;
  readonly #lines: string[];
  readonly #timer: NodeJS.Timeout;
  #stopped = false;

  constructor(file: string, rate: number, seed: number) {
    this.#lines = orderLines({ seed, count: rate * LONGEST });
    const started = performance.now();
    const write = () => {
      const due = Math.min(this.#lines.length, Math.ceil(((performance.now() - started) / 1000) * rate));
      appendFileSync(file, this.#lines.slice(this.given, due).join(''));
      this.given = due;
    };
    write();
    this.#timer = setInterval(write, 50);
  }

  get running(): boolean {
    return !this.#stopped && this.given < this.#lines.length;
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }
}

/** `millrace run --backend bull`, killed while its run is live. Answers the name of the run, which goes on without it. */
async function startAndKill(fleet: Fleet, folder: string, graph: unknown): Promise<string> {
  const env = { REDIS_URL: fleet.url, MILLRACE_INSTANCE: fleet.instance };
  const command = new Child(writeGraph(folder, graph), join(folder, 'data'), env, ['--backend', 'bull']);
  onTestFinished(async () => {
    if (!command.result) await command.kill();
  });
  await until(
    'results of the command',
    () => {
      if (command.result) throw new Error(`the command ended by itself: ${command.stdout}${command.stderr}`);
      return answersIn(folder) > 50;
    },
    60_000,
  );
  await command.kill();
  const [run] = await fleet.redis.smembers(`{${fleet.instance}}:runs`);
  return run!;
}

/** Bound for a time: as promised with `--full`, where the machine does nothing else; eight times as much elsewhere, where it is printed. */
export const within = (ms: number): number => (full ? ms : 8 * ms);

export const show = (line: string): void => void process.stdout.write(`${line}\n`);
