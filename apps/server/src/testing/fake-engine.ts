import { cp, rm, writeFile } from 'node:fs/promises';
import type { Engine, LiveRun, MetricsSample, RunResult, StartOptions, StoredRun } from '../runs/engine.js';

/** An engine that runs nothing: it lets tests see what the server asks of one, and decide what comes back. */
export class FakeEngine implements Engine {
  readonly started: StartOptions[] = [];
  readonly alive: FakeRun[] = [];
  /** Set: the next start fails with it. */
  refuse: Error | undefined;
  /** What runs have left, by directory. */
  readonly left = new Map<string, FakeRun>();

  async start(options: StartOptions): Promise<LiveRun> {
    const { refuse } = this;
    this.refuse = undefined;
    if (refuse !== undefined) throw refuse;
    this.started.push(options);
    const run = new FakeRun(options);
    this.alive.push(run);
    void run.done.then(() => this.left.set(options.dataDir, run));
    return run;
  }

  async copy(from: string, to: string): Promise<void> {
    await cp(from, to, { recursive: true }).catch(() => undefined);
  }

  async remove(dataDir: string): Promise<void> {
    this.left.delete(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }

  async inspect<T>(dataDir: string, look: (run: StoredRun) => T | Promise<T>): Promise<T | undefined> {
    const run = this.left.get(dataDir);
    return (
      run && look({ view: (nodeId) => run.rows[nodeId] ?? [], deadLetters: () => ({ letters: [{ id: 'paid:1' }] }) })
    );
  }
}

export class FakeRun implements LiveRun {
  readonly done: Promise<RunResult>;
  end!: (result: RunResult) => void;
  rows: { [node: string]: unknown[] } = {};
  replayed: string[] = [];

  constructor(readonly options: StartOptions) {
    this.done = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async pause(): Promise<void> {
    this.end({ status: 'paused' });
  }
  async finish(): Promise<void> {
    this.end({ status: 'finished' });
  }
  async kill(): Promise<void> {
    this.end({ status: 'killed' });
  }
  metrics(): MetricsSample {
    return { at: 1, status: 'running', nodes: {}, edges: {}, bottleneck: null };
  }
  async sample(edgeId: string, limit: number): Promise<unknown[]> {
    return [{ value: { edgeId, limit }, time: 1, key: null, op: 'insert', at: 1 }];
  }
  async deadLetters(): Promise<{ letters: unknown[] }> {
    return { letters: [{ id: 'paid:1' }] };
  }
  async savepoint(file: string): Promise<void> {
    await writeFile(file, 'state');
  }
  async replay(ids: readonly string[]): Promise<void> {
    this.replayed.push(...ids);
  }
  async view(nodeId: string): Promise<unknown[]> {
    return this.rows[nodeId] ?? [];
  }
}
