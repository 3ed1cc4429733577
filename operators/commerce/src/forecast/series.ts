import { ahead, type Fit, fit, type Season, type Smoothing, smooth, widths } from './holt-winters.js';

/** A forecast that was sent, kept until its periods are over. */
export interface Issued {
  /** Periods closed when it was made. */
  at: number;
  path: number[];
  low: number[];
  high: number[];
  /** What "same as last season" said. */
  naive: number[];
  /** Usual error of "same as last season" on the past, the yardstick. */
  scale: number;
}

/** What is kept of one product: plain data, stored as it is. */
export interface Series {
  /** Start of the next period to close, ms. */
  next: number;
  /** Units of the periods closed last, the newest last. */
  y: number[];
  /** Periods closed in all. */
  n: number;
  /** Periods since the last one with sales. */
  idle: number;
  smoothing: Smoothing | null;
  issued: Issued[];
  /** Sums over forecasts whose time is over: scaled errors of ours and of the naive one, forecasts, periods inside the band, periods. */
  record: [ours: number, naive: number, forecasts: number, inside: number, periods: number];
}

export interface Path {
  units: number[];
  low: number[];
  high: number[];
  season: Season;
}

export interface SeriesSettings {
  /** Periods per season. */
  m: number;
  horizon: number;
  seasons: readonly Season[];
  /** Share of periods that shall end inside the band, e.g. 0.8. */
  band: number;
  /** Periods kept. */
  history: number;
}

export function emptySeries(next: number): Series {
  return { next, y: [], n: 0, idle: 0, smoothing: null, issued: [], record: [0, 0, 0, 0, 0] };
}

/** Two seasons: one to start from, one to try the parameters on. */
export const enough = ({ y }: Series, { m }: SeriesSettings): boolean => y.length >= Math.max(2 * m, 6);

/** Adds a closed period and judges the forecasts whose last period it is. */
export function close(series: Series, units: number, settings: SeriesSettings): void {
  const { horizon, history } = settings;
  series.y.push(units);
  if (series.y.length > history) series.y.splice(0, series.y.length - history);
  series.n++;
  series.idle = units === 0 ? series.idle + 1 : 0;
  const first = series.n - series.y.length;
  series.issued = series.issued.filter((issued) => {
    if (series.n < issued.at + horizon) return true;
    if (issued.scale > 0 && issued.at >= first) judge(series.record, issued, series.y.slice(issued.at - first));
    return false;
  });
}

function judge(record: Series['record'], { path, low, high, naive, scale }: Issued, actual: readonly number[]): void {
  let ours = 0;
  let theirs = 0;
  for (let i = 0; i < path.length; i++) {
    const y = actual[i]!;
    ours += Math.abs(y - path[i]!);
    theirs += Math.abs(y - naive[i]!);
    if (y >= low[i]! && y <= high[i]!) record[3]++;
  }
  record[0] += ours / path.length / scale;
  record[1] += theirs / path.length / scale;
  record[2]++;
  record[4] += path.length;
}

/**
 * The forecast from here. Parameters are chosen anew every season; then the forecast is also put aside, to be judged when its time is over.
 * Band: the errors one period ahead of this very product, their quantiles, widened with the distance; so it is lopsided where sales are.
 */
export function forecast(series: Series, settings: SeriesSettings): Path {
  const { m, horizon, seasons, band } = settings;
  const { y } = series;
  const anew = series.smoothing === null || series.n % m === 0;
  // Seasons are counted from the first period kept, which moves when old ones are dropped.
  const found: Fit = anew ? fit(y, m, seasons) : smooth(y, m, series.smoothing!);
  series.smoothing = found.smoothing;
  const units = ahead(found, horizon);
  const width = widths(found, horizon);
  const errors = [...found.errors].sort((a, b) => a - b);
  const down = quantile(errors, (1 - band) / 2);
  const up = quantile(errors, (1 + band) / 2);
  const low = units.map((value, i) => Math.max(0, value + Math.min(0, down) * width[i]!));
  const high = units.map((value, i) => value + Math.max(0, up) * width[i]!);
  if (anew) {
    const naive = Array.from({ length: horizon }, (_, i) => y[y.length - m + (i % m)]!);
    series.issued.push({ at: series.n, path: units, low, high, naive, scale: naiveScale(y, m) });
  }
  return { units, low, high, season: found.smoothing.season };
}

/** Linear between the two nearest (type 6 of Hyndman, Fan, "Sample quantiles in statistical packages", 1996). */
export function quantile(sorted: readonly number[], p: number): number {
  if (sorted.length === 0) return 0;
  const at = p * (sorted.length + 1) - 1;
  const low = Math.max(0, Math.min(sorted.length - 1, Math.floor(at)));
  const high = Math.min(sorted.length - 1, low + 1);
  const part = Math.max(0, Math.min(1, at - low));
  return sorted[low]! + part * (sorted[high]! - sorted[low]!);
}

/**
 * Mean |y_t − y_(t−m)| over the history: the yardstick of the scaled error (MASE) of Hyndman, Koehler, "Another look at measures of
 * forecast accuracy" (International Journal of Forecasting 22, 2006). 0 when there is no full season before.
 */
export function naiveScale(y: readonly number[], m: number): number {
  if (y.length <= m) return 0;
  let sum = 0;
  for (let i = m; i < y.length; i++) sum += Math.abs(y[i]! - y[i - m]!);
  return sum / (y.length - m);
}
