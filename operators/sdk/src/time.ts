/** Event times: parsing, printing, calendars. Pure functions over ms since 1970-01-01T00:00Z. */

const DAY = 86_400_000;

function two(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48;
  const b = text.charCodeAt(at + 1) - 48;
  return a >= 0 && a <= 9 && b >= 0 && b <= 9 ? a * 10 + b : -1;
}

let lastDayText = '';
let lastDay = 0;

/** ms at midnight UTC of `YYYY-MM-DD`, NaN when there is no such day. */
function dayStart(text: string): number {
  const day = text.slice(0, 10);
  if (day === lastDayText) return lastDay;
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return Number.NaN;
  const ms = Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
  if (new Date(ms).toISOString().slice(0, 10) !== day) return Number.NaN;
  lastDayText = day;
  lastDay = ms;
  return ms;
}

/**
 * ms of an ISO 8601 text (`2011-10-02T10:32:00Z`, `… 10:32:00.250+02:00`, `2011-10-02`), NaN when it is none.
 * A text without an offset is read in `zone` (default UTC).
 */
export function parseIso(text: string, zone?: string): number {
  const n = text.length;
  if (n < 10) return Number.NaN;
  let ms = dayStart(text);
  if (Number.isNaN(ms)) return ms;
  let at = 10;
  if (n > 10) {
    const t = text.charCodeAt(10);
    if ((t !== 84 && t !== 32 && t !== 116) || n < 16 || text.charCodeAt(13) !== 58) return Number.NaN;
    const h = two(text, 11);
    const m = two(text, 14);
    if (h < 0 || h > 24 || m < 0 || m > 59) return Number.NaN;
    ms += h * 3_600_000 + m * 60_000;
    at = 16;
    if (text.charCodeAt(16) === 58) {
      const s = two(text, 17);
      if (s < 0 || s > 60) return Number.NaN;
      ms += s * 1000;
      at = 19;
      const dot = text.charCodeAt(19);
      if (dot === 46 || dot === 44) {
        let unit = 100;
        at = 20;
        for (; at < n; at++) {
          const d = text.charCodeAt(at) - 48;
          if (d < 0 || d > 9) break;
          ms += unit >= 1 ? d * unit : 0;
          unit /= 10;
        }
        if (at === 20) return Number.NaN;
      }
    }
  }
  if (at === n) return zone === undefined || zone === 'UTC' ? ms : fromLocal(ms, zone);
  const c = text.charCodeAt(at);
  if (c === 90 || c === 122) return at + 1 === n ? ms : Number.NaN;
  if (c === 43 || c === 45) {
    const h = two(text, at + 1);
    const m = text.charCodeAt(at + 3) === 58 ? two(text, at + 4) : n === at + 3 ? 0 : two(text, at + 3);
    const end = text.charCodeAt(at + 3) === 58 ? at + 6 : n === at + 3 ? at + 3 : at + 5;
    if (h < 0 || m < 0 || end !== n) return Number.NaN;
    return ms - (c === 43 ? 1 : -1) * (h * 60 + m) * 60_000;
  }
  return Number.NaN;
}

/** Event time of a field value: ISO text or a number in `unit`; NaN when it is neither. */
export function parseTime(value: unknown, unit: 'ms' | 's' = 'ms', zone?: string): number {
  if (typeof value === 'string') return parseIso(value, zone);
  if (typeof value === 'number') {
    const ms = unit === 's' ? Math.floor(value * 1000) : Math.floor(value);
    return Math.abs(ms) <= 8.64e15 ? ms : Number.NaN;
  }
  return Number.NaN;
}

/** ISO 8601 in UTC, without milliseconds when they are zero: `2011-10-02T10:00:00Z`. */
export function isoTime(ms: number): string {
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** True if the runtime knows the IANA zone. */
export function isTimeZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

const offsets = new Map<string, Map<number, number>>();

/** Offset of a zone from UTC at an instant, ms (east positive). Cached per quarter of an hour, the grid all zones change on. */
export function zoneOffset(ms: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const slot = Math.floor(ms / 900_000);
  let cache = offsets.get(zone);
  if (!cache) {
    cache = new Map();
    offsets.set(zone, cache);
  }
  const known = cache.get(slot);
  if (known !== undefined) return known;
  const at = slot * 900_000;
  const part: Record<string, number> = {};
  let bc = false;
  for (const { type, value } of formatOf(zone).formatToParts(at)) {
    if (type === 'era') bc = value.startsWith('B');
    else part[type] = Number(value);
  }
  const year = bc ? 1 - part.year! : part.year!;
  const local = new Date(0);
  local.setUTCFullYear(year, part.month! - 1, part.day!);
  local.setUTCHours(part.hour!, part.minute!, part.second!);
  const offset = local.getTime() - at;
  if (cache.size > 50_000) cache.clear();
  cache.set(slot, offset);
  return offset;
}

/** Instant of a wall-clock reading (given as if it were UTC). In a gap: after it; in an overlap: the first. */
export function fromLocal(localMs: number, zone: string): number {
  const first = localMs - zoneOffset(localMs - DAY, zone);
  if (first + zoneOffset(first, zone) === localMs) return first;
  const second = localMs - zoneOffset(localMs + DAY, zone);
  return second + zoneOffset(second, zone) === localMs ? second : first;
}

export type CalendarUnit = 'day' | 'week' | 'month';

/** Start of the calendar day, ISO week (Monday) or month that holds the instant, in a zone. Days have 23 to 25 hours around clock changes. */
export function startOfPeriod(ms: number, unit: CalendarUnit, zone: string): number {
  const local = ms + zoneOffset(ms, zone);
  let day = Math.floor(local / DAY) * DAY;
  if (unit === 'week') day -= ((((Math.floor(day / DAY) + 3) % 7) + 7) % 7) * DAY;
  if (unit === 'month') {
    const date = new Date(day);
    day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  }
  return zone === 'UTC' ? day : fromLocal(day, zone);
}

/** Start of the next period after the one that starts at `start`. */
export function nextPeriod(start: number, unit: CalendarUnit, zone: string): number {
  const local = start + zoneOffset(start, zone);
  // 12 h into the day: safe from a start that a clock change moved off midnight.
  const date = new Date(Math.floor((local + DAY / 2) / DAY) * DAY);
  const next =
    unit === 'month'
      ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
      : date.getTime() + (unit === 'week' ? 7 : 1) * DAY;
  return zone === 'UTC' ? next : fromLocal(next, zone);
}

/** Hour of the day (0-23) and day of the month (1-31) in a zone. */
export function hourOf(ms: number, zone = 'UTC'): number {
  const local = ms + zoneOffset(ms, zone);
  return Math.floor((((local % DAY) + DAY) % DAY) / 3_600_000);
}

/** The calendar day in a zone as `YYYY-MM-DD`. */
export function dayOf(ms: number, zone = 'UTC'): string {
  return new Date(ms + zoneOffset(ms, zone)).toISOString().slice(0, 10);
}
