import { type ConfigFinding, durationMs, Field, isTimeZone, type Static, Type } from '@millrace/sdk';
import { finding } from '../shared/finding.js';
import { change, ewma, type Limits, type Rule, seasonal, threshold, zScore } from './rules.js';

const CHECKS = ['threshold', 'change', 'absence', 'z-score', 'ewma', 'seasonal'] as const;
const LEARNING = ['z-score', 'ewma', 'seasonal'];
const when = (...checks: string[]) => ({ when: { property: 'check', in: checks } });
const limit = (title: string, description: string) =>
  Type.Optional(Type.Number({ title, description, 'x-ui': when('threshold') }));

export const config = Type.Object(
  {
    check: Type.Enum([...CHECKS], {
      title: 'Alarm when',
      description:
        'threshold: the value is above or below a limit. change: it moved by more than so many percent since the value before. absence: nothing came for some time. z-score: it is far from the latest values. ewma: it has shifted a little, but lastingly. seasonal: it is far from what is usual at this hour.',
      default: 'threshold',
    }),
    value: Type.Optional(
      Field.expression({
        title: 'Value',
        description: 'The number that is watched. Not needed for absence.',
        returns: 'number',
        examples: ['orders', 'revenue / orders'],
      }),
    ),
    name: Type.Optional(
      Type.String({
        title: 'Name',
        description: 'What the value is called in messages. Default: as the value is written.',
        minLength: 1,
        maxLength: 80,
      }),
    ),
    by: Type.Optional(
      Field.fields({
        title: 'For each',
        description: 'Watched by itself: per product, per shop. Empty: all together.',
      }),
    ),
    above: limit('Above', 'Alarm when the value is greater.'),
    below: limit('Below', 'Alarm when the value is smaller.'),
    criticalAbove: limit('Critical above', 'Then the alarm is critical.'),
    criticalBelow: limit('Critical below', 'Then the alarm is critical.'),
    margin: Type.Optional(
      Type.Number({
        title: 'Safety margin',
        description:
          'Back to normal only when the value is inside the limit by this much. With the limit "below 5" and a margin of 3, the alarm stays on at 7 and is over at 8.',
        minimum: 0,
        default: 0,
        'x-ui': when('threshold'),
      }),
    ),
    percent: Type.Optional(
      Type.Number({
        title: 'By more than',
        description: 'Compared with the value before.',
        exclusiveMinimum: 0,
        default: 50,
        'x-ui': { unit: '%', ...when('change') },
      }),
    ),
    within: Type.Optional(
      Field.duration({
        title: 'Nothing for',
        description: 'Alarm when no record came for this long.',
        default: '10 min',
        ui: when('absence'),
      }),
    ),
    limit: Type.Optional(
      Type.Number({
        title: 'How far is too far',
        description:
          'In usual deviations (standard deviations) from what is usual. Of normal values one in 370 is further away than 3, and one in 16,000 further than 4. A smaller number alarms sooner, and more often for nothing.',
        minimum: 0.5,
        maximum: 100,
        default: 4,
        'x-ui': when(...LEARNING),
      }),
    ),
    side: Type.Optional(
      Type.Enum(['both', 'high', 'low'], {
        title: 'Direction',
        description: 'high: alarm only when it is more. low: only when it is less.',
        default: 'both',
        'x-ui': when('change', ...LEARNING),
      }),
    ),
    remember: Type.Optional(
      Type.Integer({
        title: 'Usual is learnt from',
        description: 'About this many latest values (of the same hour, for seasonal).',
        minimum: 2,
        maximum: 100_000,
        default: 50,
        'x-ui': { unit: 'values', ...when(...LEARNING) },
      }),
    ),
    warmUp: Type.Optional(
      Type.Integer({
        title: 'Learn first',
        description: 'Values before it says anything (of the same hour, for seasonal). Default: 20; for seasonal 3.',
        minimum: 1,
        maximum: 100_000,
        'x-ui': { unit: 'values', ...when(...LEARNING) },
      }),
    ),
    leastSpread: Type.Optional(
      Type.Number({
        title: 'Smallest usual deviation',
        description:
          'The usual deviation is never taken to be less than this share of the usual value, so that a number that hardly ever moves does not alarm at every small step.',
        minimum: 0,
        maximum: 100,
        default: 5,
        'x-ui': { unit: '%', advanced: true, ...when(...LEARNING) },
      }),
    ),
    weight: Type.Optional(
      Type.Number({
        title: 'Weight of the newest',
        description: 'In the moving average. Small: sees smaller shifts, later.',
        exclusiveMinimum: 0,
        maximum: 1,
        default: 0.2,
        'x-ui': { advanced: true, ...when('ewma') },
      }),
    ),
    season: Type.Optional(
      Type.Enum(['day', 'week'], {
        title: 'Season',
        description: 'day: each hour of the day has its own usual value. week: each hour of the week.',
        default: 'day',
        'x-ui': when('seasonal'),
      }),
    ),
    timeZone: Type.Optional(
      Type.String({
        title: 'Time zone',
        description: 'Zone of the hours, such as Europe/Berlin. Default: that of the workflow.',
        'x-ui': { widget: 'timezone', advanced: true, ...when('seasonal') },
      }),
    ),
    calmAt: Type.Optional(
      Type.Number({
        title: 'Normal again at',
        description: 'Back to normal when the deviation is below this share of the limit.',
        minimum: 1,
        maximum: 100,
        default: 70,
        'x-ui': { unit: '%', advanced: true, ...when(...LEARNING) },
      }),
    ),
    criticalAt: Type.Optional(
      Type.Number({
        title: 'Critical at',
        description: 'The alarm is critical beyond this many times the limit.',
        minimum: 1,
        maximum: 1000,
        default: 2,
        'x-ui': { unit: 'times', advanced: true, ...when('change', ...LEARNING) },
      }),
    ),
    times: Type.Optional(
      Type.Integer({
        title: 'In a row',
        description: 'Values in a row that must be out of line before it alarms.',
        minimum: 1,
        maximum: 1000,
        default: 1,
      }),
    ),
    include: Type.Optional(
      Field.fields({
        title: 'Pass on',
        description: 'Fields of the record that alarms and values carry too: the order, the customer.',
      }),
    ),
    coolDown: Type.Optional(
      Field.duration({
        title: 'Quiet for',
        description: 'After an alarm no other one for this long, for the same thing. 0: none is held back.',
        default: 0,
      }),
    ),
  },
  { additionalProperties: false },
);
export type Config = Static<typeof config>;

/** What the schema cannot see. */
export function lint(options: Config): ConfigFinding[] {
  const found: ConfigFinding[] = [];
  const { check, value, above, below, criticalAbove, criticalBelow, timeZone } = options;
  if (check !== 'absence' && value === undefined)
    found.push(finding('MONITOR_VALUE', '/value', 'Say which number is watched.'));
  if (check === 'threshold' && [above, below, criticalAbove, criticalBelow].every((x) => x === undefined))
    found.push(finding('MONITOR_LIMIT', '/above', 'Give at least one limit.'));
  if (above !== undefined && below !== undefined && above < below)
    found.push(finding('MONITOR_LIMITS', '/above', 'The upper limit is below the lower one: every value would alarm.'));
  if (check === 'absence' && durationMs(options.within ?? '10 min') <= 0)
    found.push(finding('MONITOR_WITHIN', '/within', 'Say how long nothing may come, such as "10 min".'));
  if (timeZone !== undefined && !isTimeZone(timeZone))
    found.push(finding('TIME_ZONE', '/timeZone', `"${timeZone}" is no time zone; write one as in Europe/Berlin.`));
  return found;
}

/** The rule of a config; undefined for absence, which looks at time alone. */
export function ruleOf(options: Config, zone: string): Rule | undefined {
  const limits: Limits = {
    limit: options.limit ?? 4,
    side: options.side ?? 'both',
    calmAt: (options.calmAt ?? 70) / 100,
    criticalAt: options.criticalAt ?? 2,
    warmUp: options.warmUp ?? (options.check === 'seasonal' ? 3 : 20),
    over: options.remember ?? 50,
    least: (options.leastSpread ?? 5) / 100,
  };
  switch (options.check) {
    case 'threshold':
      return threshold({ ...options, margin: options.margin ?? 0 } as Parameters<typeof threshold>[0]);
    case 'change':
      return change(options.percent ?? 50, limits);
    case 'z-score':
      return zScore(limits);
    case 'ewma':
      return ewma(options.weight ?? 0.2, limits);
    case 'seasonal':
      return seasonal(options.season ?? 'day', options.timeZone ?? zone, limits);
    default:
      return undefined;
  }
}
