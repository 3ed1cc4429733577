import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { type Catalogue, MillraceError } from '@millrace/sdk';
import { OwnWorkers } from './own-workers.js';

export interface BullRunOptions {
  plan: Plan;
  catalogue: Catalogue;
  plugins: readonly string[];
  baseDir: string;
  /** Names the run, so that the same folder goes on with it. */
  dataDir: string | undefined;
  overwrite: boolean;
  /** Worker processes to start for this run alone; undefined: the workers that are there, or one when there is none. */
  workers: number | undefined;
  print(line: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }): void;
}

/** What the command needs of a run, on either backend. */
export interface CommandRun {
  readonly done: Promise<RunReport>;
  report(): RunReport;
  pause(): Promise<void>;
  kill(): Promise<void>;
  /** Takes back what was only there for this call. */
  close?(): Promise<void>;
}

/** ms a run may wait for slots before the person is told. */
const PATIENCE = 3_000;

/** ms that workers get to start before the run begins with those that are there. */
const START_WITHIN = 15_000;

/** Waits for all, so that the tasks spread over all of them. */
async function allThere({ pool, count }: OwnWorkers, live: (pool: string) => Promise<number>): Promise<void> {
  const late = Date.now() + START_WITHIN;
  while ((await live(pool)) < count && Date.now() < late) await sleep(50);
}

/** Runs the plan on workers over Redis: on workers of its own, which end with it, or on those of the installation. */
export async function runOnBull(options: BullRunOptions): Promise<CommandRun> {
  const { plan, dataDir, workers: wanted, log } = options;
  const [{ readRedis }, bull] = await Promise.all([import('@millrace/worker'), import('@millrace/bull')]);
  const target = readRedis();
  if (target === undefined) {
    throw new MillraceError('The bull backend needs Redis, and REDIS_URL is not set.', {
      code: 'REDIS_MISSING',
      hint: 'Set REDIS_URL, for example to redis://127.0.0.1:6379, or run without --backend bull.',
    });
  }
  const client = new bull.ControlClient({
    target,
    name: `millrace-run-${process.pid}`,
    key: bull.readInstanceKey(),
    log: (level, message, fields) => level !== 'info' && log(level, message, fields),
  });
  const supervisor = new bull.Supervisor(client, `run-${process.pid}`);
  let own: OwnWorkers | undefined;
  const run =
    dataDir === undefined
      ? `run-${Date.now().toString(36)}-${randomBytes(4).toString('hex')}`
      : `dir-${createHash('sha256').update(`${hostname()}\n${dataDir}`).digest('hex').slice(0, 20)}`;
  const close = async () => {
    await own?.close();
    if (dataDir === undefined && !(await bull.isAlive(client, run).catch(() => true)))
      await bull.dropBullRun(client, run);
    await supervisor.stop();
    client.close();
  };
  try {
    await client.reach();
    await supervisor.start();
    const tasks = plan.stages.reduce((sum, stage) => sum + stage.parallelism, 0);
    const there = wanted === undefined && (await bull.liveWorkers(client)).some(({ pool }) => pool === '');
    // Each can take all tasks: those of a worker that dies go to the others.
    if (!there) {
      own = new OwnWorkers({ count: wanted ?? 1, slots: tasks, plugins: options.plugins, log });
      await allThere(own, async (pool) => (await bull.liveWorkers(client)).filter((one) => one.pool === pool).length);
    }
    const handle = await bull.startBullRun(client, {
      run,
      plan,
      baseDir: options.baseDir,
      localNodes: bull.localNodes(plan, options.catalogue),
      overwrite: options.overwrite,
      again: true,
      // Workers of our own have our environment.
      ...(own === undefined ? { env: bull.neededEnv(plan, options.catalogue) } : { pool: own.pool }),
      print: options.print,
      log: (level, message, fields) => log(level, message, fields),
    });
    const patience = setTimeout(() => {
      if (handle.lacking > 0)
        log('warn', 'the run waits for free slots: start more workers', { slots: handle.lacking });
    }, PATIENCE);
    void handle.done.then(() => clearTimeout(patience));
    own?.whenHopeless(() => void handle.kill());
    return {
      done: handle.done,
      report: () => handle.report(),
      pause: () => handle.pause(),
      kill: () => handle.kill(),
      close,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
