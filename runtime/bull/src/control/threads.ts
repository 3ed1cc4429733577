import { Worker } from 'node:worker_threads';
import { built } from './built.js';
import type { TaskThreadData } from './bull-task-thread.js';

/** ms that a task has for its own start before the next spare thread takes its share of the processor. */
const REFILL_AFTER = 1_500;

/** Task threads that have loaded the operators and wait for a task: a hand-over then costs ms, not the start of a thread. */
export class Threads {
  readonly #spares: Worker[] = [];
  #closed = false;

  constructor(
    private readonly catalogue: { module: string; plugins: string[] },
    /** How many wait. */
    private readonly spare: number,
  ) {}

  /** Starts spare threads up to the wanted number. */
  fill(): void {
    while (!this.#closed && this.#spares.length < this.spare) {
      const worker = this.#start();
      this.#spares.push(worker);
      const drop = () => {
        const at = this.#spares.indexOf(worker);
        if (at >= 0) this.#spares.splice(at, 1);
      };
      worker.once('exit', drop);
      worker.on('error', drop);
    }
  }

  take(name: string): Worker {
    const worker = this.#spares.shift() ?? this.#start(name);
    setTimeout(() => this.fill(), REFILL_AFTER).unref();
    return worker;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#spares.splice(0).map((worker) => worker.terminate()));
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
