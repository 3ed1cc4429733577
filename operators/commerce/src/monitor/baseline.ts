/**
 * What is usual: mean and variance that forget. Each new value x moves them by a share a:
 *   d = x − mean;  mean ← mean + a·d;  variance ← (1 − a)·(variance + a·d²)
 * West, "Updating mean and variance estimates: an improved method" (CACM 22, 1979), with a = 1/n at first, so that all count the same,
 * and then fixed (Finch, "Incremental calculation of weighted mean and variance", 2009, eq. 140-143).
 */
export interface Baseline {
  n: number;
  mean: number;
  variance: number;
}

export const emptyBaseline = (): Baseline => ({ n: 0, mean: 0, variance: 0 });

/** `over`: about how many values are remembered. A window of n values has the same average age as the share 2 ÷ (n + 1). */
export function learn({ n, mean, variance }: Baseline, x: number, over: number): Baseline {
  const share = Math.max(1 / (n + 1), 2 / (over + 1));
  const d = x - mean;
  return { n: n + 1, mean: mean + share * d, variance: (1 - share) * (variance + share * d * d) };
}

/** Usual distance from the mean: the standard deviation, at least `least` (a share) of the mean so that steady values do not alarm at a hair. */
export function spread({ mean, variance }: Baseline, least: number): number {
  return Math.max(Math.sqrt(variance), Math.abs(mean) * least, 1e-9);
}
