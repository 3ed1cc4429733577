import { describe, expect, it } from 'vitest';
import { Backoff, FailureRate, FixedDelay } from './restart-policy.js';

describe('restarts after failures', () => {
  it('wait longer each time, up to a maximum, and start over after quiet time', () => {
    const backoff = new Backoff({ initial: 1, multiplier: 2, max: 10, reset: 60, attempts: 12 });
    expect([0, 5, 10, 20, 35, 50, 150].map((now) => backoff.next(now))).toEqual([1, 2, 4, 8, 10, 10, 1]);
  });

  it('end after the given number of attempts, however far apart', () => {
    const fixed = new FixedDelay(3, 10);
    expect([0, 20, 40, 1_000_000].map(() => fixed.next())).toEqual([10, 10, 10, undefined]);
    expect(new FixedDelay(0, 10).next()).toBeUndefined();
  });

  it('go on for ever while failures are rare, and end when too many fall into one interval', () => {
    const rate = new FailureRate(3, 10_000, 5);
    for (let i = 0; i < 100; i++) expect(rate.next(i * 10_001)).toBe(5);
    const last = 99 * 10_001;
    expect(rate.next(last + 1)).toBe(5);
    expect(rate.next(last + 2)).toBeUndefined();
  });

  it('count a failure exactly one interval after the first of them', () => {
    const rate = new FailureRate(2, 100);
    expect([rate.next(0), rate.next(101), rate.next(201)]).toEqual([0, 0, undefined]);
  });
});
