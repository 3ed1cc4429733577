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

/** Decides about each failure of a task whether and when it starts again. Pure: it knows only the times it is told. */
export interface RestartStrategy {
  /** ms to wait before the next start after a failure at `now`; undefined = give up. */
  next(now: number): number | undefined;
}

/** What a back-off remembers, as plain data: whoever watches the task next goes on with it. */
export interface BackoffState {
  delay: number;
  /** Time of the latest failure, ms; null before the first. */
  last: number | null;
  failures: number;
}

/** Exponential back-off with a reset after quiet time (Flink's exponential-delay strategy, without jitter). */
export class Backoff implements RestartStrategy {
  #delay: number;
  #last: number;
  #failures: number;

  constructor(
    private readonly policy: RestartPolicy = DEFAULT_RESTARTS,
    state?: BackoffState,
  ) {
    this.#delay = state?.delay ?? 0;
    this.#last = state?.last ?? Number.NEGATIVE_INFINITY;
    this.#failures = state?.failures ?? 0;
  }

  get state(): BackoffState {
    return {
      delay: this.#delay,
      last: this.#last === Number.NEGATIVE_INFINITY ? null : this.#last,
      failures: this.#failures,
    };
  }

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

/** A fixed number of starts, each after the same delay (Flink's fixed-delay strategy). */
export class FixedDelay implements RestartStrategy {
  #failures = 0;

  /** `delay` in ms; after `attempts` starts the next failure is final. */
  constructor(
    private readonly attempts: number,
    private readonly delay: number,
  ) {}

  next(): number | undefined {
    return ++this.#failures > this.attempts ? undefined : this.delay;
  }
}

/**
 * Starts again as long as failures are rare (Flink's failure-rate strategy): the `max`-th failure that lies no more than `interval` ms after
 * the first of the last `max` is final.
 */
export class FailureRate implements RestartStrategy {
  readonly #times: number[] = [];

  constructor(
    private readonly max: number,
    private readonly interval: number,
    private readonly delay = 0,
  ) {}

  next(now: number): number | undefined {
    if (this.#times.length >= this.max) this.#times.shift();
    this.#times.push(now);
    const tooMany = this.#times.length >= this.max && now - this.#times[0]! <= this.interval;
    return tooMany ? undefined : this.delay;
  }
}
