/**
 * Holt–Winters exponential smoothing with a damped trend, in its error-correction form.
 *
 * level l, trend b, one seasonal index s per place in the season (m places), e = y − forecast:
 *   additive        forecast l + φb + s          l ← l + φb + αe        b ← φb + αβe        s ← s + γe
 *   multiplicative  forecast (l + φb) · s        l ← l + φb + αe/s      b ← φb + αβe/s      s ← s + γe/(l + φb)
 * Winters, "Forecasting sales by exponentially weighted moving averages" (Management Science 6, 1960); damping by Gardner, McKenzie
 * (Management Science 31, 1985); error-correction form: Hyndman, Koehler, Ord, Snyder, "Forecasting with exponential smoothing"
 * (2008), ch. 2. Errors beyond three usual ones count as three, so that one big order does not move the forecast for weeks: Gelper, Fried, Croux,
 * "Robust forecasting with exponential and Holt–Winters smoothing" (Journal of Forecasting 29, 2010).
 */
export type Season = 'additive' | 'multiplicative';

export interface Smoothing {
  season: Season;
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
}

export interface Fit {
  smoothing: Smoothing;
  level: number;
  trend: number;
  /** Index of the place that comes next at 0. */
  seasonal: number[];
  /** One-step errors, from the second season on. */
  errors: number[];
  /** Mean of |error|. */
  mae: number;
}

/** Errors greater than this many usual ones count as this many. */
const CLIP = 3;
/** A usual error is at least this share of the level. */
const LEAST_SHARE = 0.2;
/** Weight of the newest error in the running size of a usual error. */
const SCALE_WEIGHT = 0.1;
/** Mean |error| × this is the standard deviation of a normal error. */
const SD_PER_MAD = 1.2533;

/** The state at the start, from the first seasons: means per place and the drift between the first and the last of them. */
function start(
  history: readonly number[],
  m: number,
  season: Season,
): { level: number; trend: number; seasonal: number[] } {
  const seasons = Math.min(4, Math.floor(history.length / m));
  const used = history.slice(0, seasons * m);
  const level = used.reduce((sum, y) => sum + y, 0) / used.length;
  const seasonal = Array.from({ length: m }, (_, place) => {
    let sum = 0;
    for (let i = place; i < used.length; i += m) sum += used[i]!;
    const mean = sum / seasons;
    // Half-way to the common level: few seasons say little about one place.
    if (season === 'additive') return (mean - level) * (seasons / (seasons + 1));
    return level > 0 ? (mean / level) * (seasons / (seasons + 1)) + 1 / (seasons + 1) : 1;
  });
  return { level, trend: 0, seasonal };
}

const LEAST = 1e-6;

/** Runs over the history with given parameters. Needs at least two seasons. */
export function smooth(history: readonly number[], m: number, smoothing: Smoothing): Fit {
  const { season, alpha, beta, gamma, phi } = smoothing;
  const state = start(history, m, season);
  const { seasonal } = state;
  let { level, trend } = state;
  const errors: number[] = [];
  let usual = 0;
  for (let i = 0; i < m; i++) usual += Math.abs(history[i]! - level) / m;
  usual = usual * SD_PER_MAD + LEAST;
  let sum = 0;
  for (let i = 0; i < history.length; i++) {
    const place = i % m;
    const s = seasonal[place]!;
    const base = level + phi * trend;
    const forecast = season === 'additive' ? base + s : base * s;
    const error = history[i]! - forecast;
    if (i >= m) {
      errors.push(error);
      sum += Math.abs(error);
    }
    // Steady sales have no usual error; a change must still be followed.
    const most = CLIP * Math.max(usual, LEAST_SHARE * level);
    const e = error > most ? most : Math.max(error, -most);
    usual += SCALE_WEIGHT * (Math.abs(e) * SD_PER_MAD - usual);
    if (usual < LEAST) usual = LEAST;
    if (season === 'additive') {
      level = base + alpha * e;
      trend = phi * trend + alpha * beta * e;
      seasonal[place] = s + gamma * (1 - alpha) * e;
    } else {
      // A place without sales (a closed day) says nothing about the level.
      const relative = s > 0.05 ? e / s : 0;
      level = Math.max(LEAST, base + alpha * relative);
      trend = phi * trend + alpha * beta * relative;
      seasonal[place] = Math.max(0, s + (gamma * (1 - alpha) * e) / Math.max(base, LEAST));
    }
  }
  const next = history.length % m;
  return {
    smoothing,
    level,
    trend,
    seasonal: [...seasonal.slice(next), ...seasonal.slice(0, next)],
    errors,
    mae: errors.length === 0 ? 0 : sum / errors.length,
  };
}

/** Parameters that are tried: few and calm ones, since daily sales of one product are mostly noise. */
const ALPHAS = [0.02, 0.05, 0.1, 0.2, 0.4];
const GAMMAS = [0.02, 0.1, 0.25];
const BETAS = [0, 0.1];

/** The parameters with the smallest mean |one-step error|; ties go to the calmer ones. */
export function fit(history: readonly number[], m: number, seasons: readonly Season[]): Fit {
  let best: Fit | undefined;
  for (const season of seasons) {
    for (const alpha of ALPHAS) {
      for (const gamma of m > 1 ? GAMMAS : [0]) {
        for (const beta of BETAS) {
          const found = smooth(history, m, { season, alpha, beta, gamma, phi: 0.9 });
          if (best === undefined || found.mae < best.mae) best = found;
        }
      }
    }
  }
  return best!;
}

/** Expected values 1 … h periods ahead, never below zero. */
export function ahead({ smoothing, level, trend, seasonal }: Fit, h: number): number[] {
  const { season, phi } = smoothing;
  let drift = 0;
  let damp = 1;
  return Array.from({ length: h }, (_, i) => {
    damp *= phi;
    drift += damp * trend;
    const s = seasonal[i % seasonal.length]!;
    const y = season === 'additive' ? level + drift + s : (level + drift) * s;
    return Math.max(y, 0);
  });
}

/**
 * How much wider errors are h periods ahead than one period ahead: √(1 + Σ c_j²), c_j = α(1 + β(φ + … + φ^j)) + γ' where j is a whole
 * number of seasons (Hyndman et al. 2008, table 6.1, damped additive; for multiplicative seasons close when errors are small).
 */
export function widths({ smoothing, seasonal }: Fit, h: number): number[] {
  const { alpha, beta, gamma, phi } = smoothing;
  const m = seasonal.length;
  let variance = 1;
  let damp = 0;
  return Array.from({ length: h }, (_, i) => {
    if (i > 0) {
      damp += phi ** i;
      const c = alpha * (1 + beta * damp) + (i % m === 0 ? gamma * (1 - alpha) : 0);
      variance += c * c;
    }
    return Math.sqrt(variance);
  });
}
