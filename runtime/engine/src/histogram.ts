/**
 * Log-linear histogram of non-negative numbers: 16 steps per power of two, so a quantile is off by at most 1/16 of its value.
 * Recording costs a few ns; two histograms merge by adding counts.
 */
const STEPS = 16;
const BUCKETS = 48 * STEPS;

export class Histogram {
  readonly counts: Uint32Array;
  total = 0;

  constructor(counts?: ArrayLike<number>) {
    this.counts = new Uint32Array(BUCKETS);
    if (counts) {
      for (let i = 0; i < counts.length && i < BUCKETS; i++) {
        this.counts[i] = counts[i]!;
        this.total += counts[i]!;
      }
    }
  }

  record(value: number, weight = 1): void {
    this.counts[bucketOf(value)]! += weight;
    this.total += weight;
  }

  merge(other: Histogram): void {
    for (let i = 0; i < BUCKETS; i++) this.counts[i]! += other.counts[i]!;
    this.total += other.total;
  }

  /** Value at quantile q (0..1), the middle of its bucket; null when nothing was recorded. */
  quantile(q: number): number | null {
    if (this.total === 0) return null;
    let left = Math.max(1, Math.ceil(q * this.total));
    for (let i = 0; i < BUCKETS; i++) {
      left -= this.counts[i]!;
      if (left <= 0) return middleOf(i);
    }
    return middleOf(BUCKETS - 1);
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }
}

/** Values under 1/64 fall into bucket 0: in ms that is 16 µs. */
const LOW = -6;

function bucketOf(value: number): number {
  if (!(value > 2 ** LOW)) return 0;
  const exponent = Math.floor(Math.log2(value));
  const step = Math.floor((value / 2 ** exponent - 1) * STEPS);
  const index = (exponent - LOW) * STEPS + step + 1;
  return index < BUCKETS ? index : BUCKETS - 1;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return 0;
  const index = bucket - 1;
  const exponent = Math.floor(index / STEPS) + LOW;
  return 2 ** exponent * (1 + ((index % STEPS) + 0.5) / STEPS);
}
