import { resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { compileExpression } from '@millrace/graph';
import {
  BadInput,
  type Catalogue,
  isSource,
  MillraceError,
  type SourceBehaviour,
  type SourceReader,
  systemClock,
  toMillraceError,
  type Value,
} from '@millrace/sdk';

/** What the thread is asked for: the first values of one source. */
export interface SampleRequest {
  catalogue: { module: string; plugins: string[] };
  operator: string;
  config: Value;
  baseDir: string;
  limit: number;
  /** ms to wait for a live source. */
  patience: number;
}

export type SampleAnswer = { values: Value[] } | { error: { code: string; message: string; hint?: string } };

const request = workerData as SampleRequest;

async function main(): Promise<Value[]> {
  const { loadCatalogue } = (await import(request.catalogue.module)) as {
    loadCatalogue(plugins: string[]): Promise<Catalogue>;
  };
  const spec = (await loadCatalogue(request.catalogue.plugins)).get(request.operator);
  if (spec === undefined || !isSource(spec)) return [];
  let woken: () => void = () => undefined;
  const stop = new AbortController();
  // A run would show the problem and try again; here the person who asked wants to know it at once.
  let refuse: (error: MillraceError) => void = () => undefined;
  const trouble = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  trouble.catch(() => undefined);
  const source = spec.create({
    config: request.config,
    nodeId: 'sample',
    workflow: 'sample',
    taskIndex: 0,
    epoch: 1,
    parallelism: 1,
    clock: systemClock,
    timeZone: 'UTC',
    inputModes: {},
    compile: (expression) => compileExpression(expression),
    problem: (problem) => problem && refuse(new MillraceError(problem.message, problem)),
    signal: stop.signal,
    services: {
      print: () => undefined,
      log: () => undefined,
      resolvePath: (path) => resolve(request.baseDir, path),
      overwrite: false,
      fresh: true,
    },
    wake: () => woken(),
  });
  try {
    return await Promise.race([readSome(source, () => new Promise<void>((done) => (woken = done))), trouble]);
  } finally {
    stop.abort();
    await source.close?.();
  }
}

async function readSome(source: SourceBehaviour, wake: () => Promise<void>): Promise<Value[]> {
  const values: Value[] = [];
  const until = Date.now() + request.patience;
  for (const partition of await source.partitions()) {
    const reader = await source.open(partition, null);
    try {
      await readPartition(reader, values, until, wake);
    } finally {
      await reader.close?.();
    }
    if (values.length >= request.limit) break;
  }
  return values.slice(0, request.limit);
}

async function readPartition(
  reader: SourceReader,
  values: Value[],
  until: number,
  wake: () => Promise<void>,
): Promise<void> {
  while (values.length < request.limit && Date.now() < until) {
    const woken = wake();
    const batch = await reader.poll(request.limit);
    if (batch === null) {
      await Promise.race([woken, systemClock.sleep(Math.min(50, Math.max(0, until - Date.now())))]);
      continue;
    }
    for (const value of batch.values) if (!(value instanceof BadInput)) values.push(value);
    if (batch.end) return;
  }
}

main().then(
  (values) => parentPort!.postMessage({ values } satisfies SampleAnswer),
  (thrown: unknown) => {
    const { code, message, hint } = toMillraceError(thrown, 'SAMPLE_FAILED');
    parentPort!.postMessage({ error: { code, message, ...(hint !== undefined && { hint }) } } satisfies SampleAnswer);
  },
);
