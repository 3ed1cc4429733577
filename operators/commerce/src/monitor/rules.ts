import { zoneOffset } from '@millrace/sdk';
import { shortNumber } from '../shared/words.js';
import { type Baseline, emptyBaseline, learn, spread } from './baseline.js';

/** What is remembered of one watched thing: plain data. */
export interface Memory {
  /** Number of values seen. */
  n: number;
  /** Value before (change). */
  last?: number;
  base?: Baseline;
  /** Moving average (ewma). */
  average?: number;
  /** Baselines by place in the season: encoded slot → baseline. */
  slots?: { [slot: string]: Baseline };
}

/** How a value stands: `strain` 1 = just at the limit, 2 = twice as far from what is usual. */
export interface Verdict {
  strain: number;
  /** Inside the limit by enough to be called normal again. */
  calm: boolean;
  critical: boolean;
  expected: number | null;
  low: number | null;
  high: number | null;
  /** Why, without the name of the value: "is 12, above the limit of 10". */
  text: string;
}

export interface Limits {
  /** Distances from the usual that alarm. */
  limit: number;
  side: 'both' | 'high' | 'low';
  /** Share of the limit below which it is normal again. */
  calmAt: number;
  criticalAt: number;
  warmUp: number;
  over: number;
  least: number;
}

export type Rule = (value: number, time: number, memory: Memory) => Verdict | undefined;

/** Values above or below fixed limits. `margin`: how far back inside they must come. */
export function threshold(options: {
  above?: number | undefined;
  below?: number | undefined;
  criticalAbove?: number | undefined;
  criticalBelow?: number | undefined;
  margin: number;
}): Rule {
  const { above = Number.POSITIVE_INFINITY, below = Number.NEGATIVE_INFINITY, margin } = options;
  const { criticalAbove = Number.POSITIVE_INFINITY, criticalBelow = Number.NEGATIVE_INFINITY } = options;
  const finite = (x: number) => (Number.isFinite(x) ? x : null);
  return (value) => {
    const high = value > Math.min(above, criticalAbove);
    const low = value < Math.max(below, criticalBelow);
    const limit = high ? Math.min(above, criticalAbove) : Math.max(below, criticalBelow);
    return {
      strain: high || low ? 2 : 0,
      calm: value <= Math.min(above, criticalAbove) - margin && value >= Math.max(below, criticalBelow) + margin,
      critical: value > criticalAbove || value < criticalBelow,
      expected: null,
      low: finite(below),
      high: finite(above),
      text: high
        ? `is ${shortNumber(value)}, above the limit of ${shortNumber(limit)}`
        : low
          ? `is ${shortNumber(value)}, below the limit of ${shortNumber(limit)}`
          : `is ${shortNumber(value)}, within the limits`,
    };
  };
}

/** Up or down by `percent` of the value before. */
export function change(percent: number, { side, criticalAt }: Limits): Rule {
  return (value, _time, memory) => {
    const before = memory.last;
    memory.last = value;
    if (before === undefined) return undefined;
    const moved =
      before === 0
        ? value === 0
          ? 0
          : Math.sign(value) * Number.POSITIVE_INFINITY
        : (100 * (value - before)) / Math.abs(before);
    const counts = side === 'both' ? Math.abs(moved) : side === 'high' ? moved : -moved;
    const strain = Math.max(0, counts) / percent;
    const share = (Math.abs(before) * percent) / 100;
    return {
      strain,
      calm: strain <= 1,
      critical: strain > criticalAt,
      expected: before,
      low: side === 'high' ? null : before - share,
      high: side === 'low' ? null : before + share,
      text: Number.isFinite(moved)
        ? `is ${shortNumber(value)}, ${shortNumber(Math.abs(moved))} % ${moved < 0 ? 'less' : 'more'} than the ${shortNumber(before)} before`
        : `is ${shortNumber(value)} after 0`,
    };
  };
}

/** Compares with a baseline and learns the value; one beyond the limit is learnt as if it were at the limit, so that alarms do not become usual at once. */
function compare(
  value: number,
  shown: number,
  base: Baseline,
  deviation: number,
  limits: Limits,
): { verdict: Verdict | undefined; base: Baseline } {
  const { limit, side, calmAt, criticalAt, warmUp, over } = limits;
  if (base.n < warmUp) return { verdict: undefined, base: learn(base, value, over) };
  const off = (shown - base.mean) / deviation;
  const counts = side === 'both' ? Math.abs(off) : side === 'high' ? off : -off;
  const strain = Math.max(0, counts) / limit;
  const usual = spread(base, limits.least);
  const clipped = Math.max(base.mean - limit * usual, Math.min(base.mean + limit * usual, value));
  return {
    verdict: {
      strain,
      calm: strain <= calmAt,
      critical: strain > criticalAt,
      expected: base.mean,
      low: side === 'high' ? null : base.mean - limit * deviation,
      high: side === 'low' ? null : base.mean + limit * deviation,
      text: `is ${shortNumber(shown)}, ${shortNumber(Math.abs(off))} usual deviations ${off < 0 ? 'below' : 'above'} the usual ${shortNumber(base.mean)}`,
    },
    base: learn(base, clipped, over),
  };
}

/** How many usual deviations (standard deviations) a value is away from the mean of the latest ones. */
export function zScore(limits: Limits): Rule {
  return (value, _time, memory) => {
    const base = memory.base ?? emptyBaseline();
    const found = compare(value, value, base, spread(base, limits.least), limits);
    memory.base = found.base;
    return found.verdict;
  };
}

/**
 * Control chart of the moving average z ← λx + (1 − λ)z against the mean: sees small lasting shifts that single values hide. Its usual
 * deviation is σ·√(λ ÷ (2 − λ)) (Roberts, "Control chart tests based on geometric moving averages", Technometrics 1, 1959).
 */
export function ewma(lambda: number, limits: Limits): Rule {
  return (value, _time, memory) => {
    const base = memory.base ?? emptyBaseline();
    const average = base.n < limits.warmUp ? (base.n === 0 ? value : base.mean) : (memory.average ?? base.mean);
    const next = lambda * value + (1 - lambda) * average;
    memory.average = next;
    const found = compare(value, next, base, spread(base, limits.least) * Math.sqrt(lambda / (2 - lambda)), limits);
    memory.base = found.base;
    return found.verdict;
  };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A baseline of its own for each hour of the day, or of the week (Monday first), in a zone. */
export function seasonal(season: 'day' | 'week', zone: string, limits: Limits): Rule {
  return (value, time, memory) => {
    const local = time + zoneOffset(time, zone);
    const hour = Math.floor((((local % DAY) + DAY) % DAY) / HOUR);
    const weekday = (((Math.floor(local / DAY) + 3) % 7) + 7) % 7;
    const slot = season === 'day' ? String(hour) : String(weekday * 24 + hour);
    const base = memory.slots?.[slot] ?? emptyBaseline();
    const found = compare(value, value, base, spread(base, limits.least), limits);
    memory.slots = { ...memory.slots, [slot]: found.base };
    return found.verdict;
  };
}
