import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { graphIdentity, sameShape } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import { checkData, healDirectory } from './check-data.js';
import { dropRun, hasRun, lockDir, temporaryDir } from './data-dir.js';
import { openEnvironment } from './environment.js';
import { hasEntries, migrateRun } from './migrate-run.js';
import { Run, type RunHandle } from './run.js';
import { type RunRecord, readRun, writeRun } from './run-record.js';
import { readSavepoint } from './savepoint.js';

export interface StartOptions {
  plan: Plan;
  /** Module whose `loadCatalogue(plugins)` gives the operators; every task thread imports it. */
  catalogue: { module: string; plugins: string[] };
  /** Folder that relative paths in configs are resolved against. */
  baseDir: string;
  /** Where the run lives. The same directory and graph resume an unfinished run. Absent: a temporary one, gone afterwards. */
  dataDir?: string;
  workflow?: string;
  /** Replace existing result files of other runs. */
  overwrite?: boolean;
  print?: (line: string) => void;
  log?: (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: { [name: string]: unknown }) => void;
  /** Write the store from the calling thread: for a process that has nothing else to do. Default: a thread of its own. */
  storeInThisThread?: boolean;
  /** ms between commits under load. Default 50. */
  commitEvery?: number;
  /** Keys of state in memory per task. Default 1,000,000. */
  stateLimit?: number;
  /** The directory may hold an unfinished run of an earlier version of this graph: nodes are matched by id. */
  migrate?: boolean;
  /** Start from a savepoint file (the directory must be empty or hold a finished run). */
  savepoint?: string;
}

/** Starts or resumes a run in this process: one thread for the store, one for each task. */
export async function startRun(options: StartOptions): Promise<RunHandle> {
  const temporary = options.dataDir === undefined;
  const dataDir = options.dataDir ?? temporaryDir();
  const unlock = lockDir(dataDir);
  const cleanUp = () => {
    unlock();
    if (temporary) rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const { epoch, startedAt, numbering } = await prepare(dataDir, options);
    const run = new Run(
      { ...options, dataDir, workflow: options.workflow ?? options.plan.name, numbering, durable: !temporary },
      epoch,
      startedAt,
      cleanUp,
    );
    await run.start();
    return run;
  } catch (error) {
    cleanUp();
    throw error;
  }
}

/** Makes the directory ready: a fresh run, or the unfinished one of the same graph. */
async function prepare(
  dataDir: string,
  options: StartOptions,
): Promise<{ epoch: number; startedAt: number; numbering: string }> {
  const graph = graphIdentity(options.plan);
  healDirectory(dataDir);
  if (hasRun(dataDir)) await checkData(dataDir);
  const fromSavepoint = options.savepoint !== undefined && !hasRun(dataDir);
  if (fromSavepoint) await readSavepoint(options.savepoint!, dataDir);
  let environment = openEnvironment(dataDir, { durable: options.dataDir !== undefined });
  try {
    const before = readRun(environment);
    if (before && before.status !== 'finished' && before.graph !== graph && !options.migrate) {
      throw new MillraceError(
        `The data directory ${dataDir} holds an unfinished run of another graph ("${before.plan.name}").`,
        {
          code: 'DATA_DIR_OTHER_GRAPH',
          params: { dir: dataDir, name: before.plan.name },
          hint: 'Run the graph it belongs to, or choose another --data-dir.',
        },
      );
    }
    if (before?.status === 'finished') {
      await environment.close();
      dropRun(dataDir);
      environment = openEnvironment(dataDir, { durable: options.dataDir !== undefined });
    }
    // Migration counts outbox entries from 1 again: without another name the targets would take new records for old ones.
    // So would they after a savepoint, whose first run may have gone on.
    let numbering = fromSavepoint || before?.status === 'finished' ? undefined : before?.numbering;
    if (before && before.status !== 'finished' && !sameShape(before.plan, options.plan)) {
      if (hasEntries(environment)) {
        await environment.close();
        await drainOld(dataDir, options, before);
        environment = openEnvironment(dataDir, { durable: options.dataDir !== undefined });
      }
      migrateRun(environment, before.plan, options.plan, before.epoch);
      numbering = undefined;
    }
    const resumed = before !== undefined && before.status !== 'finished';
    const epoch = (resumed ? before.epoch : 0) + 1_000;
    numbering ??= randomBytes(6).toString('hex');
    const startedAt = resumed ? before.startedAt : Date.now();
    writeRun(environment, {
      graph,
      plan: options.plan,
      status: 'running',
      workflow: options.workflow ?? options.plan.name,
      startedAt,
      numbering,
      epoch,
    });
    return { epoch, startedAt, numbering };
  } finally {
    await environment.close();
  }
}

/** Lets the plan that filled the exchanges work them off, sources at rest. */
async function drainOld(dataDir: string, options: StartOptions, before: RunRecord): Promise<void> {
  const epoch = before.epoch + 500;
  const run = new Run(
    {
      ...options,
      plan: before.plan,
      dataDir,
      workflow: before.workflow,
      numbering: before.numbering,
      durable: options.dataDir !== undefined,
    },
    epoch,
    before.startedAt,
    () => undefined,
  );
  await run.start();
  await run.pause({ drain: true });
}
