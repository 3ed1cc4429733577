import { type ConfigFinding, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { finding, warning } from '../shared/finding.js';
import { type Assigner, gcd } from './assigner.js';
import { calendar } from './calendar.js';
import { cumulating } from './cumulating.js';
import { hopping } from './hopping.js';
import { tumbling } from './tumbling.js';

const when = (...kinds: string[]) => ({ when: { property: 'window', in: kinds } });

/** The part of a config that says which windows there are. */
export const windowFields = {
  window: Type.Enum(['tumbling', 'hopping', 'cumulating', 'calendar', 'session', 'count'], {
    title: 'Window',
    description:
      'tumbling: one after the other, such as each hour. hopping: overlapping, such as the last hour, every five minutes. cumulating: growing until full, then anew, such as today so far, every hour. calendar: days, weeks, months of a time zone. session: until a pause. count: every so many records.',
    default: 'tumbling',
  }),
  size: Type.Optional(
    Field.duration({
      title: 'Size',
      description: 'How long a window is.',
      examples: ['10 s', '1 h'],
      ui: when('tumbling', 'hopping', 'cumulating'),
    }),
  ),
  slide: Type.Optional(
    Field.duration({
      title: 'Every',
      description: 'A new result this often.',
      examples: ['5 min'],
      ui: when('hopping', 'cumulating'),
    }),
  ),
  offset: Type.Optional(
    Field.duration({
      title: 'Offset',
      description:
        'Moves the starts of the windows. Without it they are multiples of the size since 1970 in world time (UTC): hours begin on the hour.',
      ui: { ...when('tumbling', 'hopping', 'cumulating'), advanced: true },
    }),
  ),
  period: Type.Optional(
    Type.Enum(['day', 'week', 'month'], {
      title: 'Period',
      description: 'Weeks begin on Monday.',
      'x-ui': when('calendar'),
    }),
  ),
  zone: Type.Optional(
    Type.String({
      title: 'Time zone',
      description: 'Where the days begin; default: the time zone of the workflow.',
      'x-ui': { ...when('calendar'), widget: 'timezone' },
    }),
  ),
  gap: Type.Optional(
    Field.duration({
      title: 'Pause',
      description: 'A longer pause ends the session.',
      examples: ['30 min'],
      ui: when('session'),
    }),
  ),
  gapBy: Type.Optional(
    Field.expression({
      title: 'or pause by expression',
      description:
        'A pause of its own for each record, in ms: the example means 2 hours for a TV and otherwise 30 minutes. The session lasts until the furthest of them is over.',
      returns: 'number',
      examples: ["device == 'tv' ? 7200000 : 1800000"],
      ui: { ...when('session'), advanced: true },
    }),
  ),
  count: Type.Optional(
    Type.Integer({
      title: 'Records',
      description: 'A result for every so many records.',
      minimum: 1,
      'x-ui': when('count'),
    }),
  ),
  allowedLateness: Type.Optional(
    Field.duration({
      title: 'Late records update for',
      description:
        'A finished window takes late records for this long, and sends its result again each time: the output then replaces earlier rows.',
      ui: { ...when('tumbling', 'hopping', 'cumulating', 'calendar', 'session'), advanced: true },
    }),
  ),
};
const WindowConfig = Type.Object(windowFields);
export type WindowConfig = Static<typeof WindowConfig>;

/** More panes than this in one window cost more memory than the overlap is worth. */
const MANY_PANES = 10_000;

type Spans = 'size' | 'slide' | 'gap';
const NEEDED: { [kind: string]: readonly Spans[] } = {
  tumbling: ['size'],
  hopping: ['size', 'slide'],
  cumulating: ['size', 'slide'],
  session: ['gap'],
};
const TITLES: { [property in Spans]: string } = { size: 'a size', slide: '"Every"', gap: 'a pause' };

export function lintWindow(config: WindowConfig): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const { window } = config;
  for (const property of NEEDED[window] ?? []) {
    if (property === 'gap' && config.gapBy !== undefined && config.gap === undefined) continue;
    const value = config[property];
    if (value === undefined || durationMs(value) <= 0) {
      found.push(
        finding(
          'WINDOW_SPAN_MISSING',
          `/${property}`,
          `A ${window} window needs ${TITLES[property]} longer than 0, such as "1 h".`,
          {
            window,
            property,
          },
        ),
      );
    }
  }
  if (window === 'calendar' && config.period === undefined) {
    found.push(finding('WINDOW_PERIOD_MISSING', '/period', 'Choose day, week or month.'));
  }
  if (window === 'count' && config.count === undefined) {
    found.push(finding('WINDOW_COUNT_MISSING', '/count', 'Say how many records make a window.'));
  }
  if (config.gap !== undefined && config.gapBy !== undefined) {
    found.push(finding('WINDOW_PAUSE_TWICE', '/gapBy', 'Give a pause or an expression for it, not both.'));
  }
  if (latenessOf(config) > 0 && window === 'count') {
    found.push(
      finding(
        'WINDOW_LATENESS',
        '/allowedLateness',
        `Results of a ${window} window cannot be corrected later; leave this empty.`,
        { window },
      ),
    );
  }
  return found.length > 0 ? found : lintSpans(config);
}

function lintSpans({ window, size, slide, offset }: WindowConfig): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const sizeMs = durationMs(size ?? 0);
  const slideMs = durationMs(slide ?? 0);
  if (offset !== undefined && sizeMs > 0 && durationMs(offset) >= sizeMs) {
    found.push(finding('WINDOW_OFFSET', '/offset', 'The offset must be shorter than the size.'));
  }
  if (window === 'hopping' && slideMs > sizeMs) {
    found.push(
      warning(
        'WINDOW_GAPS',
        '/slide',
        'A new window starts only after the last one has ended: records between them are left out.',
      ),
    );
  }
  if (window === 'hopping' && sizeMs / gcd(sizeMs, slideMs) > MANY_PANES) {
    found.push(
      warning(
        'WINDOW_PANES',
        '/slide',
        'These windows share only very short spans, which costs memory; make the size a multiple of "Every".',
        {
          pane: gcd(sizeMs, slideMs),
        },
      ),
    );
  }
  if (window === 'cumulating' && sizeMs % slideMs !== 0) {
    found.push(
      finding('WINDOW_STEP', '/slide', 'The size must be a multiple of "Every", such as 1 h in a size of 1 d.'),
    );
  }
  return found;
}

/** Allowed lateness in ms; far beyond any date counts as for ever. */
export function latenessOf({ allowedLateness }: WindowConfig): number {
  return Math.min(durationMs(allowedLateness ?? 0), 3e14);
}

/** The assigner of a window kind that lies in time; undefined for sessions and counts. */
export function assignerOf(config: WindowConfig, timeZone: string): Assigner | undefined {
  const size = durationMs(config.size ?? 0);
  const slide = durationMs(config.slide ?? 0);
  const offset = durationMs(config.offset ?? 0);
  switch (config.window) {
    case 'tumbling':
      return tumbling(size, offset);
    case 'hopping':
      return hopping(size, slide, offset);
    case 'cumulating':
      return cumulating(size, slide, offset);
    case 'calendar':
      return calendar(config.period ?? 'day', config.zone ?? timeZone);
    default:
      return undefined;
  }
}

/** "every 5 min over 1 h" for the card of a node. */
export function windowWords({ window, size, slide, period, gap, gapBy, count }: WindowConfig): string {
  const words = (duration: number | string | undefined) =>
    typeof duration === 'number' ? `${duration} ms` : (duration ?? '?');
  switch (window) {
    case 'tumbling':
      return `every ${words(size)}`;
    case 'hopping':
      return `every ${words(slide)} over ${words(size)}`;
    case 'cumulating':
      return `every ${words(slide)} up to ${words(size)}`;
    case 'calendar':
      return `per ${period ?? 'day'}`;
    case 'session':
      return gapBy === undefined ? `until a pause of ${words(gap)}` : 'until a pause';
    case 'count':
      return `every ${count ?? '?'} records`;
  }
}
