import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { type RunHandle, startRun } from '@millrace/embedded';
import { validateGraph } from '@millrace/graph';
import { planGraph } from '@millrace/planner';
import type { Problem } from '@millrace/sdk';
import { onTestFinished } from 'vitest';
import { root } from '../../support/shared.js';

/** An operator with its config: one end of a flow. */
export interface End {
  operator: string;
  config: Record<string, unknown>;
  onError?: 'fail' | 'skip' | 'dead-letter';
  parallelism?: number;
}

/** A graph of two nodes, `in` and `out`. */
export function flow(source: End, sink: End, name = 'Service test'): Record<string, unknown> {
  return {
    schema: 1,
    name,
    nodes: [
      { id: 'in', ...source },
      { id: 'out', ...sink },
    ],
    edges: [{ id: 'e', source: 'in', target: 'out' }],
  };
}

export function writeGraph(folder: string, graph: unknown, name = 'graph.json'): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(graph));
  return file;
}

/** Waits until a condition holds; the error says what was waited for and what the last look gave. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  timeout = 30_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + timeout;
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<T, false | null | undefined>;
    if (Date.now() > end) throw new Error(`waited ${timeout / 1000} s for ${what}`);
    await pause(25);
  }
}

/** The built command as a process of its own, to be killed. */
export class Child {
  stdout = '';
  stderr = '';
  /** Undefined while it lives. */
  result: { code: number | null; signal: NodeJS.Signals | null } | undefined;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly #process;

  constructor(
    graph: string,
    dataDir: string,
    env: { readonly [name: string]: string } = {},
    more: readonly string[] = [],
  ) {
    const args = [join(root, 'bin/millrace.mjs'), 'run', graph, '--data-dir', dataDir, '--json', ...more];
    this.#process = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) =>
      this.#process.once('close', (code, signal) => {
        this.result = { code, signal };
        resolve(this.result);
      }),
    );
  }

  /** Resident bytes. */
  memory(): number {
    return Number(readFileSync(`/proc/${this.#process.pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    this.#process.kill(signal);
    return this.ended;
  }
}

const catalogueModule = pathToFileURL(join(root, 'apps/cli/dist/catalogue.js')).href;

/** A run in this process, so that a test sees what the editor would: problems at nodes, back-pressure, dead letters. */
export class Live {
  private constructor(readonly handle: RunHandle) {}

  static async start(folder: string, graph: unknown, env: { readonly [name: string]: string } = {}): Promise<Live> {
    Object.assign(process.env, env);
    const { loadCatalogue } = (await import(catalogueModule)) as typeof import('@millrace/cli/catalogue');
    const catalogue = await loadCatalogue([]);
    const { graph: checked, findings } = validateGraph(graph, catalogue);
    if (!checked) throw new Error(`the graph is not valid: ${JSON.stringify(findings)}`);
    const handle = await startRun({
      plan: planGraph(checked, catalogue),
      catalogue: { module: catalogueModule, plugins: [] },
      baseDir: folder,
      dataDir: join(folder, 'data'),
    });
    onTestFinished(async () => {
      await handle.kill();
      await handle.done;
    });
    return new Live(handle);
  }

  problem(node: string): (Problem & { since: number }) | undefined {
    for (const task of this.handle.taskReports()) {
      const problem = task.nodes[node]?.problem;
      if (problem) return problem;
    }
    return undefined;
  }

  /** What the person sees at a node that cannot go on: its problem while it tries again, or the error that ended the run. */
  async trouble(node: string, timeout = 30_000): Promise<Problem & { failed: boolean }> {
    return until(
      `trouble at node ${node}`,
      () => {
        const problem = this.problem(node);
        if (problem) return { ...problem, failed: false };
        const { error } = this.handle.report();
        return error && { ...error, failed: true };
      },
      timeout,
    );
  }

  /** Records that a node has taken in. */
  taken(node: string): number {
    return this.handle.report().nodes[node]?.in ?? 0;
  }

  /** Records that a node has given out. */
  given(node: string): number {
    return this.handle.report().nodes[node]?.out ?? 0;
  }

  /** ms that tasks have waited for room downstream. */
  backPressuredMs(): number {
    return this.handle.taskReports().reduce((sum, task) => sum + task.backPressuredMs, 0);
  }

  backlog(): number {
    return this.handle
      .taskReports()
      .reduce((sum, task) => sum + Object.values(task.backlogs).reduce((n, { records }) => n + records, 0), 0);
  }

  /** Waits for the end and fails unless the run finished. */
  async finished(timeout = 120_000): Promise<void> {
    const report = await Promise.race([this.handle.done, pause(timeout, undefined, { ref: false })]);
    if (report?.status !== 'finished') {
      const now = this.handle.report();
      throw new Error(
        `the run is ${now.status} after ${timeout} ms: ${JSON.stringify(now.error ?? this.problem('out') ?? this.problem('in'))}`,
      );
    }
  }
}
