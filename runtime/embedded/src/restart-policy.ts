/** When a failed task starts again. Delays in ms. */
export interface RestartPolicy {
  initial: number;
  multiplier: number;
  max: number;
  /** After running this long without failing the delay starts over. */
  reset: number;
  /** Failures in a row, without a commit in between, after which the run fails. */
  attempts: number;
}

export const DEFAULT_RESTARTS: RestartPolicy = {
  initial: 100,
  multiplier: 2,
  max: 10_000,
  reset: 60_000,
  attempts: 12,
};

/** Exponential back-off with a reset after quiet time (Flink's exponential-delay strategy, without jitter). */
export class Backoff {
  #delay = 0;
  #last = Number.NEGATIVE_INFINITY;
  #failures = 0;

  constructor(private readonly policy: RestartPolicy = DEFAULT_RESTARTS) {}

  /** ms to wait before the next start after a failure at `now`; undefined = give up. */
  next(now: number): number | undefined {
    const { initial, multiplier, max, reset, attempts } = this.policy;
    if (now - this.#last >= this.#delay + reset) {
      this.#delay = initial;
      this.#failures = 0;
    } else this.#delay = Math.min(max, this.#delay * multiplier);
    this.#last = now;
    return ++this.#failures > attempts ? undefined : this.#delay;
  }

  /** The task has got further than before: what made it fail is behind it, so the delay starts over. */
  progressed(): void {
    this.#failures = 0;
    this.#last = Number.NEGATIVE_INFINITY;
  }
}
