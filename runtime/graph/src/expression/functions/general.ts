import { dayOf, durationMs, hourOf, isoTime, isTimeZone, parseTime, type Value } from '@millrace/sdk';
import { isNumber } from '../arithmetic.js';
import { type Call, type FunctionSpec, type Kind, optional, param } from './spec.js';
import { characters } from './text.js';

const zones = new Map<string, boolean>();

function knownZone(zone: string): boolean {
  let known = zones.get(zone);
  if (known === undefined) {
    if (zones.size > 1000) zones.clear();
    known = isTimeZone(zone);
    zones.set(zone, known);
  }
  return known;
}

/** The zone argument of a call, checked at once when it is a literal. */
function zoneArgument(call: Call, index: number): (zone: string | undefined) => string {
  const check = (zone: string) => {
    if (knownZone(zone)) return zone;
    throw call.error(
      index,
      'TIMEZONE_UNKNOWN',
      `There is no time zone "${zone.slice(0, 40)}"`,
      { zone: zone.slice(0, 40) },
      'Use a name such as Europe/Berlin or UTC.',
    );
  };
  const literal = call.literal(index);
  if (typeof literal === 'string') check(literal);
  return (zone) => (zone === undefined ? call.zone : check(zone));
}

/** ms of a moment: a number is ms already, text is ISO 8601. */
function moment(call: Call): (value: Value) => number {
  return (value) => {
    const ms = parseTime(isNumber(value) ? Number(value) : value, 'ms', call.zone);
    if (!Number.isNaN(ms)) return ms;
    throw call.error(
      0,
      'EXPRESSION_NOT_A_TIME',
      'This is not a time',
      {},
      'Times are ISO text such as 2024-05-01T12:00:00Z, or milliseconds since 1970.',
    );
  };
}

const DURATION = /^\d{1,15}(\.\d{1,6})?\s*(ms|s|min|h|d)$/;

function readDuration(call: Call, text: string): number {
  const trimmed = text.trim();
  if (DURATION.test(trimmed)) return durationMs(trimmed);
  throw call.error(
    0,
    'EXPRESSION_ARGUMENT',
    'This is not a span of time',
    { function: 'duration', expected: '"5 min"' },
    'Write a number with ms, s, min, h or d, as in "5 min".',
  );
}

/** The kind all values have, or any. */
function common(kinds: readonly Kind[]): Kind {
  const known = kinds.filter((kind) => kind !== 'null');
  return known.length > 0 && known.every((kind) => kind === known[0]) ? known[0]! : 'any';
}

export const GENERAL_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'size',
    params: [param('value', 'text', 'list', 'object')],
    returns: 'number',
    summary: 'Characters of a text, items of a list, fields of an object.',
    prepare: (call) => (value: Value) => {
      if (typeof value === 'string') {
        call.read(value);
        return characters(value);
      }
      return Array.isArray(value) ? value.length : Object.keys(value).length;
    },
  },
  {
    name: 'coalesce',
    params: [param('value', 'any')],
    rest: true,
    acceptsNull: true,
    returns: common,
    summary: 'The first value that is not null.',
    prepare:
      () =>
      (...values: Value[]) => {
        for (const value of values) if (value !== null) return value;
        return null;
      },
  },
  {
    name: 'has',
    params: [param('field', 'any')],
    acceptsNull: true,
    returns: 'boolean',
    summary: 'True when the field is there and not null.',
    prepare: () => (value: Value) => value !== null,
  },
  {
    name: 'timestamp',
    params: [param('time', 'moment')],
    returns: 'number',
    summary: 'Milliseconds since 1970 of an ISO text; numbers stay as they are.',
    prepare: moment,
  },
  {
    name: 'iso',
    params: [param('time', 'moment')],
    returns: 'text',
    summary: 'The time as ISO text in UTC, as in 2024-05-01T12:00:00Z.',
    prepare: (call) => {
      const ms = moment(call);
      return (value: Value) => isoTime(ms(value));
    },
  },
  {
    name: 'hour',
    params: [param('time', 'moment'), optional('zone', 'text')],
    returns: 'number',
    summary: 'The hour of the day (0 to 23) in a time zone.',
    prepare: (call) => {
      const ms = moment(call);
      const zoneOf = zoneArgument(call, 1);
      return (value: Value, zone?: string) => hourOf(ms(value), zoneOf(zone));
    },
  },
  {
    name: 'day',
    params: [param('time', 'moment'), optional('zone', 'text')],
    returns: 'text',
    summary: 'The calendar day in a time zone, as in 2024-05-01.',
    prepare: (call) => {
      const ms = moment(call);
      const zoneOf = zoneArgument(call, 1);
      return (value: Value, zone?: string) => dayOf(ms(value), zoneOf(zone));
    },
  },
  {
    name: 'duration',
    params: [param('span', 'text')],
    returns: 'number',
    summary: 'Milliseconds of a span of time, as in duration("5 min").',
    prepare: (call) => {
      const literal = call.literal(0);
      if (typeof literal !== 'string') return (text: string) => readDuration(call, text);
      const ms = readDuration(call, literal);
      return () => ms;
    },
  },
];
