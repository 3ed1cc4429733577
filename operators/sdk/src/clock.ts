/** Wall clock, injected everywhere so that tests own time. */
export interface Clock {
  /** ms since 1970-01-01T00:00Z. */
  now(): number;
  /** The same instant with fractions of a ms, for latencies; clocks of tests need not have it. */
  precise?(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  precise: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Now, as finely as the clock can say. */
export function preciseNow(clock: Clock): number {
  return clock.precise ? clock.precise() : clock.now();
}
