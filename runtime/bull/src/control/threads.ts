import { Worker } from 'node:worker_threads';
import { built } from './built.js';
import type { TaskThreadData } from './bull-task-thread.js';

/** ms that a task has for its own start before the next spare thread takes its share of the processor. */
const REFILL_AFTER = 700;

/** Task threads that have loaded the operators and wait for a task: a hand-over then costs ms, not the start of a thread. */
export class Threads {
  readonly #ready: Worker[] = [];
  /** The one that is loading: one after the other, as tasks at work need the processor too. */
  #coming: Worker | undefined;
  #closed = false;

  constructor(
    private readonly catalogue: { module: string; plugins: string[] },
    /** How many wait. */
    private readonly spare: number,
  ) {}

  /** Starts spare threads up to the wanted number. */
  fill(): void {
    if (this.#closed || this.#coming || this.#ready.length >= this.spare) return;
    const worker = this.#start();
    this.#coming = worker;
    worker.once('message', () => {
      if (this.#coming !== worker) return;
      this.#coming = undefined;
      this.#ready.push(worker);
      this.fill();
    });
    // One that ends by itself is not replaced at once: the next hand-over tries again.
    const drop = () => {
      if (this.#coming === worker) this.#coming = undefined;
      const at = this.#ready.indexOf(worker);
      if (at >= 0) this.#ready.splice(at, 1);
    };
    worker.once('exit', drop);
    worker.on('error', drop);
  }

  take(name: string): Worker {
    const worker = this.#ready.shift() ?? this.#coming ?? this.#start(name);
    if (worker === this.#coming) this.#coming = undefined;
    setTimeout(() => this.fill(), REFILL_AFTER).unref();
    return worker;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#ready.splice(0);
    if (this.#coming) idle.push(this.#coming);
    this.#coming = undefined;
    await Promise.all(idle.map((worker) => worker.terminate()));
  }

  #start(name = 'spare task'): Worker {
    const data: TaskThreadData = { catalogue: this.catalogue };
    return new Worker(built('bull-task-thread.js'), {
      workerData: data,
      name,
      execArgv: [],
      // A batch of records lives for a few ms. In V8's default young space it would be copied several times before it dies.
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
  }
}
