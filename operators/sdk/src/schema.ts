import { type Static, type TSchema, Type } from 'typebox';

export { type Static, type TSchema, Type };

/** Hints for the generated form and for validation, put on any config property as `x-ui`. */
export interface UiHint {
  /** How to edit it. Default follows the JSON type. */
  widget?:
    | 'expression'
    | 'field'
    | 'fields'
    | 'duration'
    | 'secret'
    | 'path'
    | 'code'
    | 'timezone'
    | 'text-area'
    | 'connection';
  /** Shown under "More". */
  advanced?: boolean;
  unit?: string;
  placeholder?: string;
  /** Which input port's fields an expression or field picker reads; default: the first port. */
  port?: string;
  /** Show only when another property has one of these values. */
  when?: { property: string; in: readonly unknown[] };
}

export interface FieldOptions {
  title: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  ui?: UiHint;
  [keyword: string]: unknown;
}

function withUi(options: FieldOptions, ui: UiHint): Record<string, unknown> {
  const { ui: own, ...rest } = options;
  return { ...rest, 'x-ui': { ...ui, ...own } };
}

/** Config fields with a meaning of their own. Plain ones are `Type.String(...)`, `Type.Number(...)` and so on. */
export const Field = {
  /** A CEL expression over the record. `returns` is checked at design time when types are known. */
  expression: (options: FieldOptions & { returns?: 'boolean' | 'number' | 'text' | 'any' }) => {
    const { returns, ...rest } = options;
    return Type.String({
      minLength: 1,
      maxLength: 2000,
      ...withUi(rest, { widget: 'expression' }),
      'x-expression': returns ?? 'any',
    });
  },
  /** The name (dotted path) of a field of the incoming record. */
  field: (options: FieldOptions) =>
    Type.String({ minLength: 1, maxLength: 256, ...withUi(options, { widget: 'field' }), 'x-field': true }),
  /** A list of field names. */
  fields: (options: FieldOptions & { minItems?: number }) =>
    Type.Array(Type.String({ minLength: 1, maxLength: 256, 'x-field': true }), {
      uniqueItems: true,
      maxItems: 32,
      ...withUi(options, { widget: 'fields' }),
    }),
  /** An outside system: the name of a kept connection, or its URL. Read it with `connectionUrl`. */
  connection: (kind: string, options: Partial<FieldOptions> = {}) =>
    Type.String({
      minLength: 1,
      maxLength: 2048,
      ...withUi(
        {
          title: 'Connection',
          description:
            'Where the system is and how to sign in, kept under a name. An administrator makes it once, on the page Connections; here you choose it.',
          ...options,
        },
        { widget: 'connection' },
      ),
      'x-connection': kind,
    }),
  /** A span of time: whole ms, or text such as "250 ms", "10 s", "5 min", "1 h", "2 d". Read it with `durationMs`. */
  duration: (options: FieldOptions) =>
    Type.Union(
      [Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\d+(\\.\\d+)?\\s*(ms|s|min|h|d)$' })],
      withUi(options, { widget: 'duration' }),
    ),
};

const UNITS: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** ms of a `Field.duration` value. The schema has already refused other shapes. */
export function durationMs(duration: number | string): number {
  if (typeof duration === 'number') return duration;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)$/.exec(duration);
  if (!match) throw new RangeError(`not a duration: ${duration}`);
  return Math.round(Number(match[1]) * UNITS[match[2]!]!);
}

/**
 * Event time of a source's records, part of every source's config.
 * `field` absent: the time of arrival. `disorder`: how much older than the newest record a record may be and still count.
 */
export const EventTime = Type.Object(
  {
    field: Type.Optional(
      Field.field({
        title: 'Time field',
        description:
          'Field that says when it happened: a text such as 2026-03-01T12:00:00Z (ISO 8601), or a number (see unit). Empty: the time of arrival.',
      }),
    ),
    unit: Type.Optional(
      Type.Union([Type.Literal('ms'), Type.Literal('s')], {
        title: 'Unit of numbers',
        description:
          'Only for a time field with numbers, which count from the beginning of 1970. Today ms have 13 digits, s have 10.',
        default: 'ms',
      }),
    ),
    zone: Type.Optional(
      Type.String({
        title: 'Time zone',
        description: 'Zone for times written without one, such as Europe/Berlin. Default UTC.',
        'x-ui': { widget: 'timezone', advanced: true },
      }),
    ),
    disorder: Type.Optional(
      Field.duration({
        title: 'Out of order by up to',
        description:
          'A record older than the newest one by more than this is late: totals that are closed do not count it. 0 when records come in order; more waits for stragglers, and results come later by as much.',
        default: 0,
      }),
    ),
    idleAfter: Type.Optional(
      Field.duration({
        title: 'Quiet after',
        description:
          'Where several sources meet, results wait for the slowest. A live source without records for this long is not waited for.',
        default: '10 s',
        ui: { advanced: true },
      }),
    ),
  },
  {
    title: 'Event time',
    description:
      'When each record happened. Needed where a later step goes by time, such as totals per day; else leave it as it is.',
    additionalProperties: false,
  },
);
export type EventTimeConfig = Static<typeof EventTime>;
