/** Numbers as the whole editor shows them: three significant figures, the unit after a narrow gap, minus U+2212. */
const GAP = '\u2009';
const MINUS = '\u2212';

const signed = (text: string) => text.replace(/^-/, MINUS);

/** Short count: `868`, `1.05k`, `12.4k`, `1.2M`. */
export function short(value: number): string {
  const abs = Math.abs(value);
  if (abs < 999.5) return signed(trim(value));
  if (abs < 999_500) return `${signed(trim(value / 1000))}k`;
  if (abs < 999_500_000) return `${signed(trim(value / 1e6))}M`;
  return `${signed(trim(value / 1e9))}G`;
}
function trim(value: number): string {
  const abs = Math.abs(value);
  if (abs >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

/** Records a second: `0.4/s`, `34/s`, `1.05k/s`. Whole numbers from 10 up. */
export function rate(value: number): string {
  if (value > 0 && value < 10) return `${Number(value.toPrecision(value < 1 ? 1 : 2))}/s`;
  return `${value < 999.5 ? Math.round(value) : short(value)}/s`;
}

/** Number and unit of a span of ms, for layouts that set them apart. */
export function spanParts(ms: number): [value: string, unit: string] {
  if (ms < 0.0005) return ['0', 'ms'];
  if (ms < 1) return [String(Number(ms.toPrecision(2))), 'ms'];
  if (ms < 99.95)
    return [(Math.round(ms * 10) / 10).toFixed(ms < 10 ? 1 : 1).replace(/\.0$/, ms < 10 ? '.0' : ''), 'ms'];
  if (ms < 999.5) return [String(Math.round(ms)), 'ms'];
  if (ms < 10_000) return [(ms / 1000).toFixed(2), 's'];
  if (ms < 59_950) return [(ms / 1000).toFixed(1), 's'];
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return [String(Math.floor(seconds / 60)), `min ${seconds % 60} s`];
  const minutes = Math.round(seconds / 60);
  if (minutes < 48 * 60) return [String(Math.floor(minutes / 60)), `h ${minutes % 60} min`];
  return [String(Math.round(minutes / 1440)), 'd'];
}
/** A span of ms: `0.42 ms`, `3.1 ms`, `418 ms`, `1.02 s`, `2 min 10 s`. */
export function span(ms: number): string {
  const [value, unit] = spanParts(ms);
  return `${value}${GAP}${unit}`;
}

/** A share of 1 in whole percent; what is there but small is "<1%", never 0%. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return '<1%';
  return `${Math.round(Math.min(1, Math.max(0, share)) * 100)}%`;
}

export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let n = value;
  let unit = 0;
  while (n >= 999.5 && unit < units.length - 1) {
    n /= 1000;
    unit++;
  }
  return `${trim(n)}${GAP}${units[unit]}`;
}

/** A count in full with the locale's groups: `18,391,236`. */
export function full(value: number, locale: string): string {
  return signed(new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(value));
}

const millis = (at: number | string): number => (typeof at === 'number' ? at : Date.parse(at));

/** Time of day with seconds. */
export function clock(at: number | string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(millis(at));
}
export function dateTime(at: number | string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(millis(at));
}
/** How long ago or how long for, in the largest sensible unit: `2 min`, `5 h 05 min`, `12 d`. */
export function lasting(ms: number, locale: string): string {
  const [s, min, h, d] = locale.startsWith('zh') ? ['秒', '分钟', '小时', '天'] : ['s', 'min', 'h', 'd'];
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}${GAP}${s}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${GAP}${min}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}${GAP}${h} ${String(minutes % 60).padStart(2, '0')}${GAP}${min}`;
  return `${Math.floor(hours / 24)}${GAP}${d}`;
}
export { millis };
