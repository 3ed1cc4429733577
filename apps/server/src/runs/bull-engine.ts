import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type BullRunHandle,
  ControlClient,
  type ControlTarget,
  copyBullRun,
  dropBullRun,
  greetRedis,
  localNodes,
  neededEnv,
  readDeadLetters,
  readInstanceKey,
  readRun,
  readView,
  Supervisor,
  startBullRun,
} from '@millrace/bull';
import type { Catalogue, Clock, Value } from '@millrace/sdk';
import type { Logger } from 'pino';
import { letterPage, letterPlace, letterQuery } from './dead-letters.js';
import { type Engine, type LiveRun, resultOf } from './engine.js';
import { Meter } from './meter.js';

export interface BullEngineOptions {
  redis: ControlTarget;
  catalogue: Catalogue;
  /** Holds the key that leases are signed with when neither SECRET_KEY_FILE nor SECRET_KEY is set. */
  keyFile: string;
  clock: Clock;
  logger: Logger;
}

/**
 * The engine of many machines: runs live in Redis and on workers, this process only steers them. The name of a run's data directory is
 * its name in Redis. Throws REDIS_UNREACHABLE, or the code of a setting of Redis that would lose data.
 */
export async function bullEngine({
  redis: target,
  catalogue,
  keyFile,
  clock,
  logger,
}: BullEngineOptions): Promise<Engine> {
  const client = new ControlClient({
    target,
    name: `millrace-server-${process.pid}`,
    key: readInstanceKey(process.env, keyFile),
    log: (level, message, fields) => logger[level](fields ?? {}, message),
  });
  const supervisor = new Supervisor(client, `server-${process.pid}`);
  try {
    await client.reach();
    await greetRedis(client);
  } catch (error) {
    client.close();
    throw error;
  }
  await supervisor.start();
  const { redis } = client;
  return {
    start: async ({ plan, workflow, baseDir, dataDir, migrate }) => {
      const log = logger.child({ workflow });
      const handle = await startBullRun(client, {
        run: basename(dataDir),
        plan,
        workflow,
        baseDir,
        migrate,
        localNodes: localNodes(plan, catalogue),
        env: neededEnv(plan, catalogue),
        overwrite: true,
        print: (line) => log.info({ line }, 'printed'),
        log: (level, message, fields) => log[level](fields ?? {}, message),
      });
      return liveRun(handle, new Meter(plan), clock);
    },
    inspect: async (dataDir, look) => {
      const run = basename(dataDir);
      if ((await readRun(redis, run)) === undefined) return undefined;
      return look({
        view: (nodeId) => readView(redis, run, nodeId) as Promise<Value[]>,
        deadLetters: async ({ limit, cursor }) =>
          letterPage(await readDeadLetters(redis, run, letterQuery(limit, cursor)), limit),
      });
    },
    copy: (from, to, next) => copyBullRun(client, basename(from), basename(to), next),
    remove: async (dataDir) => {
      await dropBullRun(client, basename(dataDir));
      await rm(dataDir, { recursive: true, force: true });
    },
    close: async () => {
      await supervisor.stop();
      client.close();
    },
  };
}

function liveRun(handle: BullRunHandle, meter: Meter, clock: Clock): LiveRun {
  return {
    done: handle.done.then(resultOf),
    pause: (options) => handle.pause(options),
    finish: () => handle.finish(),
    kill: () => handle.kill(),
    savepoint: (file) => handle.savepoint(file),
    metrics: () => {
      const { status, restarts } = handle.report();
      return meter.sample(handle.taskReports(), clock.now(), status, restarts);
    },
    sample: (edgeId, limit) => handle.sample(edgeId, limit),
    deadLetters: async ({ limit, cursor }) => letterPage(await handle.deadLetters(letterQuery(limit, cursor)), limit),
    replay: (ids) => handle.replay(ids.flatMap((id) => letterPlace(id) ?? [])),
    view: (nodeId) => handle.view(nodeId) as Promise<Value[]>,
    detach: () => handle.detach(),
  };
}
