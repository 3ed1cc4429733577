import { MessageChannel } from 'node:worker_threads';
import { type DeadLetterRow, decodeBlob } from '@millrace/engine';
import type { Lease, TaskStore } from '@millrace/engine/ports';
import { partsOf, unseal } from '@millrace/engine/savepoint';
import type { Plan } from '@millrace/planner';
import { openEnvironment } from '../environment.js';
import type { StoreRequest } from '../messages.js';
import { readDeadLetters } from '../queries.js';
import { Signals } from '../signals.js';
import { serveStore } from '../store.js';
import { EmbeddedTaskStore } from '../task-store.js';

/** A run's store without the run: for tests of the ports. */
export interface OpenStore {
  /** Gives a task to a new owner and opens its side of the store. */
  attach(stage: string, index: number, lease: Lease): TaskStore;
  deadLetters(): DeadLetterRow[];
  askReplays(letters: { node: string; number: number }[]): Promise<void>;
  close(): Promise<void>;
}

export function openStore(plan: Plan, dataDir: string): OpenStore {
  const signals = new Signals(plan);
  const answers = new Map<number, () => void>();
  let nextId = 1;
  const serve = serveStore({ dataDir, plan, signals, durable: false }, (id) => answers.get(id)?.());
  const ask = (request: (id: number) => StoreRequest) =>
    new Promise<void>((resolve) => {
      const id = nextId++;
      answers.set(id, resolve);
      serve(request(id));
    });
  const reader = openEnvironment(dataDir, { readOnly: true });
  const stores: TaskStore[] = [];
  return {
    attach(stage, index, lease) {
      const { port1, port2 } = new MessageChannel();
      serve({ type: 'attach', stage, index, lease, port: port1 });
      const environment = openEnvironment(dataDir, { readOnly: true });
      const store = new EmbeddedTaskStore(plan, stage, index, lease, environment, signals, port2);
      stores.push(store);
      return store;
    },
    deadLetters: () => readDeadLetters(reader, { limit: 10_000 }),
    askReplays: (letters) => ask((id) => ({ type: 'replay', id, letters })),
    async close() {
      for (const store of stores) await store.close();
      await reader.close();
      await ask((id) => ({ type: 'close', id }));
    },
  };
}

/** Stored values of a node's list state, in their order. */
export async function readRows(dataDir: string, node: string): Promise<unknown[]> {
  const environment = openEnvironment(dataDir, { readOnly: true });
  const rows: [number, unknown][] = [];
  for (const { key, value } of environment.getRange({})) {
    const [letter, id, , , , sub] = partsOf(key);
    if (letter === 's' && id === node)
      rows.push([sub as number, (decodeBlob(unseal(key, value), 'A row') as [number, unknown])[1]]);
  }
  await environment.close();
  return rows.sort((a, b) => a[0] - b[0]).map(([, value]) => value);
}
