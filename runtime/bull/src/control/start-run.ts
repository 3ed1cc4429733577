import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBlob, graphIdentity, sameShape } from '@millrace/engine';
import type { Plan } from '@millrace/planner';
import { MillraceError } from '@millrace/sdk';
import { hasEntries, migrateRun } from '../data/migrate-run.js';
import { createRun, dropRun, type RunRecord, readRun, type StoredRun } from '../data/runs.js';
import { exportSavepoint, importSavepoint } from '../data/savepoint.js';
import { runKey } from '../keys.js';
import { checkRedis } from '../redis/check.js';
import type { ControlClient } from './client.js';
import { BullRun, type BullRunHandle, type HandleHooks } from './handle.js';
import type { RunSetup } from './job.js';
import { controlKeysOf, envKey, linesKey, setupKey } from './keys.js';
import { readControl } from './run-state.js';
import { wakeRun } from './wake-run.js';

export interface BullStartOptions extends HandleHooks {
  /** Name of the run in Redis. The same name and graph go on with an unfinished run. */
  run: string;
  plan: Plan;
  workflow?: string;
  /** Folder that relative paths in configs are resolved against. */
  baseDir: string;
  /** The machine whose disk `baseDir` names. Default: this one. */
  host?: string;
  /** Nodes that read or write local files: their stages go to workers that have them. */
  localNodes?: readonly string[];
  /** Only workers of this pool take the tasks. Default: the common one. */
  pool?: string;
  overwrite?: boolean;
  /** A run of this name that has finished begins anew. Otherwise its handle tells of that end. */
  again?: boolean;
  /** ms between commits under load. Default 50. */
  commitEvery?: number;
  /** The run may be one of an earlier version of this graph: nodes are matched by id. */
  migrate?: boolean;
  /** Start from a savepoint file (only when there is no unfinished run). */
  savepoint?: string;
  /** Secrets of the tasks by variable name. They travel sealed, so they need a key; without one workers look in their own environment. */
  env?: { [name: string]: string };
}

/** Starts a run on the workers of an installation, resumes one at rest, or takes up one that is alive. */
export async function startBullRun(client: ControlClient, options: BullStartOptions): Promise<BullRunHandle> {
  await greetRedis(client);
  const { redis } = client;
  const { run, plan } = options;
  const graph = graphIdentity(plan);
  let stored = await readRun(redis, run);
  if (stored !== undefined && (await isAlive(client, run))) {
    const same = stored.graph === graph && sameShape(stored.plan, plan);
    // In another pool there may be nobody left who takes its tasks.
    if (same && (await poolOf(client, run)) === (options.pool ?? '')) return takeUp(client, run, stored, options);
    const former = await takeUp(client, run, stored, {});
    await former.pause();
    stored = await readRun(redis, run);
  }
  if (stored?.status === 'finished') {
    if (!options.again) return takeUp(client, run, stored, options);
    await dropBullRun(client, run);
    stored = undefined;
  }
  if (stored !== undefined && stored.graph !== graph && !options.migrate) {
    throw new MillraceError(`There is an unfinished run of another graph ("${stored.plan.name}") under this name.`, {
      code: 'DATA_DIR_OTHER_GRAPH',
      params: { run, name: stored.plan.name },
      hint: 'Run the graph it belongs to, or choose another --data-dir.',
    });
  }
  const workflow = options.workflow ?? plan.name;
  if (stored === undefined) {
    const record: RunRecord = {
      graph,
      plan,
      workflow,
      startedAt: Date.now(),
      numbering: randomBytes(6).toString('hex'),
    };
    if (options.savepoint === undefined) await createRun(redis, run, record);
    else await importSavepoint(redis, run, options.savepoint, { plan, graph, workflow });
  } else await goOn(client, stored, graph, options);
  await writeSetup(client, options);
  const [last] = await redis.xrevrange(linesKey(run), '+', '-', 'COUNT', 1);
  await wakeRun(client, run);
  return BullRun.open(client, run, plan, options, last?.[0]);
}

/** Makes a run at rest ready for the plan. */
async function goOn(client: ControlClient, stored: StoredRun, graph: string, options: BullStartOptions): Promise<void> {
  const { redis } = client;
  const { run, plan } = options;
  if (!sameShape(stored.plan, plan)) {
    if (await hasEntries(redis, run)) {
      // They were addressed by the plan that wrote them, which works them off with its sources at rest.
      await rehome(client, run, options.pool ?? '');
      await wakeRun(client, run);
      const former = await BullRun.open(client, run, stored.plan, {});
      await former.pause({ drain: true });
    }
    await migrateRun(redis, run, plan, graph);
    return;
  }
  const { status: _status, layout: _layout, ...record } = stored;
  const next: RunRecord = { ...record, graph, plan, workflow: options.workflow ?? plan.name };
  await redis.hset(runKey(run), 'record', Buffer.from(encodeBlob(next)));
}

async function takeUp(
  client: ControlClient,
  run: string,
  stored: StoredRun,
  hooks: HandleHooks,
): Promise<BullRunHandle> {
  if (stored.status !== 'finished') await client.redis.sadd(client.keys.runs, run);
  const [last] = await client.redis.xrevrange(linesKey(run), '+', '-', 'COUNT', 1);
  return BullRun.open(client, run, stored.plan, hooks, last?.[0]);
}

/** The run as it was, for other workers: those that had it may be gone. */
async function rehome(client: ControlClient, run: string, pool: string): Promise<void> {
  const text = await client.redis.get(setupKey(run));
  if (text === null) return;
  const setup: RunSetup = { ...(JSON.parse(text) as RunSetup), pool, cut: randomBytes(6).toString('hex') };
  await client.redis.set(setupKey(run), JSON.stringify(setup));
}

async function poolOf(client: ControlClient, run: string): Promise<string | undefined> {
  const text = await client.redis.get(setupKey(run));
  return text === null ? undefined : (JSON.parse(text) as RunSetup).pool;
}

/** True if workers are on the run, or a supervisor wants them to be. */
export async function isAlive(client: ControlClient, run: string): Promise<boolean> {
  const control = await readControl(client.redis, run);
  return control !== undefined && !['paused', 'finished', 'failed', 'killed'].includes(control.status);
}

async function writeSetup(client: ControlClient, options: BullStartOptions): Promise<void> {
  const { plan, run } = options;
  const local = new Set(options.localNodes);
  const setup: RunSetup = {
    baseDir: options.baseDir,
    host: options.host ?? hostname(),
    localStages: plan.stages.filter(({ nodes }) => nodes.some((node) => local.has(node))).map(({ id }) => id),
    pool: options.pool ?? '',
    overwrite: options.overwrite ?? false,
    commitEvery: options.commitEvery ?? null,
    // Another cut of the run is another setup, so that nobody goes on with a plan read before.
    cut: randomBytes(6).toString('hex'),
  };
  const env = options.env ?? {};
  const writes = client.redis.multi().set(setupKey(run), JSON.stringify(setup));
  if (Object.keys(env).length > 0 && client.key) writes.set(envKey(run), client.key.seal(JSON.stringify(env), run));
  else writes.del(envKey(run));
  await writes.exec();
  if (Object.keys(env).length > 0 && !client.key) {
    client.log('warn', 'secrets are not sent to workers, because there is no SECRET_KEY to seal them', {
      run,
      names: Object.keys(env),
    });
  }
}

/** Removes everything of a run. It must be at rest. */
export async function dropBullRun(client: ControlClient, run: string): Promise<void> {
  await client.redis.srem(client.keys.runs, run);
  await client.redis.unlink(...controlKeysOf(run));
  await dropRun(client.redis, run);
}

/** Makes a new run out of what another one at rest has left, for a plan that may differ. The other stays as it is. */
export async function copyBullRun(
  client: ControlClient,
  from: string,
  to: string,
  next: { plan: Plan; workflow: string },
): Promise<void> {
  const stored = await readRun(client.redis, from);
  if (stored === undefined) return;
  if (await hasEntries(client.redis, from)) {
    await wakeRun(client, from);
    await (await BullRun.open(client, from, stored.plan, {})).pause({ drain: true });
  }
  const folder = await mkdtemp(join(tmpdir(), 'millrace-copy-'));
  try {
    const file = join(folder, 'run.savepoint');
    await exportSavepoint(client.redis, from, file);
    await importSavepoint(client.redis, to, file, { ...next, graph: graphIdentity(next.plan) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Refuses a Redis that would lose data by its settings, and says once what others can lose. */
export async function greetRedis(client: ControlClient): Promise<void> {
  if (met.has(client)) return;
  const findings = await checkRedis(client.redis);
  for (const { severity, code, message, hint } of findings) {
    if (severity === 'refuse')
      throw new MillraceError(message, { code, domain: 'user', hint, params: { exitCode: 2 } });
    // Flushing once a second is what most people want: worth a line in the log of a server, not on every terminal.
    client.log(code === 'REDIS_EVERYSEC' ? 'info' : 'warn', message, { code, hint });
  }
  met.add(client);
}

const met = new WeakSet<ControlClient>();
