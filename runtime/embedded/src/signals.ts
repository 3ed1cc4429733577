import type { Plan } from '@millrace/planner';

/**
 * Counters shared by all threads of a run. Tasks learn from them, without touching the store, whether an input has something new
 * and whether an exchange they feed is full; `Atomics.notify` on a task's wake counter ends its wait.
 * Counters wrap at 2^32; only differences are used.
 */
export class Signals {
  readonly #cells: Int32Array;
  readonly #wake = new Map<string, number>();
  readonly #lanes = new Map<string, number>();

  static size(plan: Plan): number {
    let cells = 0;
    for (const stage of plan.stages) cells += stage.parallelism;
    for (const exchange of plan.exchanges) cells += exchange.senders * exchange.receivers * 3;
    return cells;
  }

  constructor(
    plan: Plan,
    readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(Signals.size(plan) * 4),
  ) {
    this.#cells = new Int32Array(buffer);
    let at = 0;
    for (const stage of plan.stages)
      for (let i = 0; i < stage.parallelism; i++) this.#wake.set(`${stage.id}/${i}`, at++);
    for (const x of plan.exchanges) {
      for (let s = 0; s < x.senders; s++) {
        for (let r = 0; r < x.receivers; r++) {
          this.#lanes.set(`${x.id}/${s}/${r}`, at);
          at += 3;
        }
      }
    }
  }

  wakeCell(stage: string, index: number): number {
    return this.#wake.get(`${stage}/${index}`)!;
  }

  lane(exchange: string, sender: number, receiver: number): number {
    return this.#lanes.get(`${exchange}/${sender}/${receiver}`)!;
  }

  /** Entries ever committed to a lane. */
  entries(lane: number): number {
    return Atomics.load(this.#cells, lane);
  }

  /** Records committed to a lane and not yet consumed. */
  waiting(lane: number): number {
    return (Atomics.load(this.#cells, lane + 1) - Atomics.load(this.#cells, lane + 2)) | 0;
  }

  sent(lane: number, entries: number, records: number): void {
    Atomics.add(this.#cells, lane, entries);
    Atomics.add(this.#cells, lane + 1, records);
  }

  consumed(lane: number, records: number): void {
    Atomics.add(this.#cells, lane + 2, records);
  }

  wake(cell: number): void {
    Atomics.add(this.#cells, cell, 1);
    Atomics.notify(this.#cells, cell);
  }

  seen(cell: number): number {
    return Atomics.load(this.#cells, cell);
  }

  /** Resolves when the wake counter is no longer `seen`, or after `ms`. */
  async wait(cell: number, seen: number, ms: number): Promise<void> {
    const waiting = Atomics.waitAsync(this.#cells, cell, seen, ms);
    if (waiting.async) await waiting.value;
  }
}
