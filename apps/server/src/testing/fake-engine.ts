import type { Engine, LiveRun, MetricsSample, RunResult, StartOptions } from '../runs/engine.js';

/** An engine that runs nothing: it lets tests see what the server asks of one, and decide what comes back. */
export class FakeEngine implements Engine {
  readonly started: StartOptions[] = [];
  readonly alive: FakeRun[] = [];
  /** Set: the next start fails with it. */
  refuse: Error | undefined;
  carries = true;

  async start(options: StartOptions): Promise<LiveRun> {
    const { refuse } = this;
    this.refuse = undefined;
    if (refuse !== undefined) throw refuse;
    this.started.push(options);
    const run = new FakeRun(options);
    this.alive.push(run);
    return run;
  }

  carriesOver(): boolean {
    return this.carries;
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
  async replay(ids: string[]): Promise<number> {
    this.replayed.push(...ids);
    return ids.length;
  }
  async view(nodeId: string): Promise<unknown[]> {
    return this.rows[nodeId] ?? [];
  }
}
