import { randomUUID } from 'node:crypto';
import {
  askReplays,
  connect,
  createRun,
  dropRun,
  fenceTask,
  openTaskStore,
  type RedisClient,
  readDeadLetters,
  takeTask,
} from '@millrace/bull';
import { openStore } from '@millrace/embedded/testing';
import type { Lease, ReplayId, TaskStore } from '@millrace/engine/ports';
import { MemoryBackend } from '@millrace/engine/testing';
import type { Plan } from '@millrace/planner';
import { ownFolder } from '../support/folder.js';
import { redisMissing, startRedis, type TestRedis } from '../support/redis.js';

/** A letter as the outside sees it. */
export interface Letter {
  node: string;
  number: number;
  value: unknown;
  replayed: boolean;
}

/** A run's store, opened by tests as its tasks would. */
export interface Backend {
  /** Gives the task to a new owner. */
  take(stage: string, index: number): Promise<Lease>;
  open(stage: string, index: number, lease: Lease): Promise<TaskStore>;
  letters(): Promise<Letter[]>;
  askReplays(letters: ReplayId[]): Promise<void>;
  close(): Promise<void>;
}

export interface BackendKind {
  name: string;
  /** Why it cannot be tested here. */
  missing: string | undefined;
  setUp?(): Promise<void>;
  tearDown?(): Promise<void>;
  create(plan: Plan): Promise<Backend>;
}

const memory: BackendKind = {
  name: 'memory',
  missing: undefined,
  create: async (plan) => {
    const backend = new MemoryBackend(plan);
    let epoch = 0;
    return {
      take: async (stage, index) => {
        const lease = { owner: randomUUID(), epoch: ++epoch };
        backend.open(stage, index, lease);
        return lease;
      },
      open: async (stage, index, lease) => backend.open(stage, index, lease),
      letters: async () => backend.letters(),
      askReplays: async (letters) => {
        for (const { number } of letters) backend.replays.add(number);
      },
      close: async () => undefined,
    };
  },
};

const embedded: BackendKind = {
  name: 'embedded',
  missing: undefined,
  create: async (plan) => {
    const store = openStore(plan, ownFolder());
    const attached = new Map<string, TaskStore>();
    let epoch = 0;
    const name = (stage: string, index: number, lease: Lease) => `${stage}/${index}/${lease.epoch}`;
    return {
      take: async (stage, index) => {
        const lease = { owner: randomUUID(), epoch: ++epoch };
        attached.set(name(stage, index, lease), store.attach(stage, index, lease));
        return lease;
      },
      open: async (stage, index, lease) => attached.get(name(stage, index, lease))!,
      letters: async () =>
        store
          .deadLetters()
          .map(({ node, number, value, status }) => ({ node, number, value, replayed: status === 'replayed' })),
      askReplays: (letters) => store.askReplays(letters),
      close: () => store.close(),
    };
  },
};

let redis: TestRedis | undefined;
let url = process.env.REDIS_URL;
let client: RedisClient;

const bull: BackendKind = {
  name: 'bull',
  missing: url === undefined ? redisMissing() : undefined,
  setUp: async () => {
    if (url === undefined) {
      redis = await startRedis();
      url = redis.url;
    }
    client = connect({ url }, 'control', 'conformance');
  },
  tearDown: async () => {
    client.disconnect();
    await redis?.stop();
  },
  create: async (plan) => {
    const run = `conformance-${randomUUID()}`;
    await createRun(client, run, { graph: 'g', plan, workflow: 'w', startedAt: Date.now(), numbering: 'n' });
    const stores: TaskStore[] = [];
    return {
      take: async (stage, index) => {
        const generation = await fenceTask(client, run, stage, index);
        const lease = await takeTask(client, run, stage, index, generation as number, randomUUID());
        return lease as Lease;
      },
      open: async (stage, index, lease) => {
        const store = await openTaskStore({ redis: { url: url! }, run, plan, stage, index, lease });
        stores.push(store);
        return store;
      },
      letters: async () =>
        (await readDeadLetters(client, run, { limit: 10_000 })).map(({ node, number, value, status }) => ({
          node,
          number,
          value,
          replayed: status === 'replayed',
        })),
      askReplays: (letters) => askReplays(client, run, letters),
      close: async () => {
        for (const store of stores) await store.close();
        await dropRun(client, run);
      },
    };
  },
};

export const BACKENDS: readonly BackendKind[] = [memory, embedded, bull];
