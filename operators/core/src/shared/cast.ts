import { Decimal, isoTime, MillraceError, parseTime, type Value } from '@millrace/sdk';
import { kindOf } from './paths.js';

export const CAST_TYPES = ['text', 'number', 'integer', 'boolean', 'time', 'decimal'] as const;
export type CastType = (typeof CAST_TYPES)[number];

export interface CastOptions {
  /** Places of a decimal, rounded half away from zero. */
  scale?: number;
  /** Unit of numbers that are times. */
  unit?: 'ms' | 's';
  /** Zone of times written without one. */
  zone?: string;
}

/** A conversion; it answers undefined for a value that has no such form. Null never gets here. */
export type Cast = (value: Value) => Value | undefined;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const TRUE = new Set(['true', '1', 'yes']);
const FALSE = new Set(['false', '0', 'no']);

function toText(value: Value): Value {
  return typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Text of a whole number beyond 2^53 has no exact double, so it is refused rather than rounded. */
function toNumber(value: Value): Value | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && (Number.isSafeInteger(number) || Math.abs(number) < Number.MAX_SAFE_INTEGER)
    ? number === 0
      ? 0
      : number
    : undefined;
}

function toInteger(value: Value): Value | undefined {
  const number = toNumber(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toBoolean(value: Value): Value | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : typeof value === 'number' ? String(value) : '';
  return TRUE.has(word) ? true : FALSE.has(word) ? false : undefined;
}

function toTime({ unit = 'ms', zone }: CastOptions): Cast {
  return (value) => {
    const ms = parseTime(typeof value === 'string' ? value.trim() : value, unit, zone);
    return Number.isNaN(ms) ? undefined : ms;
  };
}

function toDecimal({ scale = 2 }: CastOptions): Cast {
  return (value) => {
    if (typeof value === 'string' ? !NUMBER.test(value.trim()) : typeof value !== 'number') return undefined;
    return Decimal.from(typeof value === 'string' ? value.trim() : value)
      .round(scale)
      .toJSON();
  };
}

/** The conversion to a type. Times become ms since 1970-01-01T00:00Z. */
export function castTo(type: CastType, options: CastOptions): Cast {
  switch (type) {
    case 'text':
      return toText;
    case 'number':
      return toNumber;
    case 'integer':
      return toInteger;
    case 'boolean':
      return toBoolean;
    case 'time':
      return toTime(options);
    case 'decimal':
      return toDecimal(options);
  }
}

const WORDS: Record<CastType, string> = {
  text: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  time: 'a time',
  decimal: 'a decimal number',
};

export function castError(field: string, type: CastType, value: Value): MillraceError {
  const shown =
    typeof value === 'string'
      ? `the text "${value.slice(0, 60)}"`
      : typeof value === 'number'
        ? `the number ${value}`
        : kindOf(value);
  const example = type === 'time' ? `, such as ${isoTime(0)}` : '';
  return new MillraceError(`"${field}" holds ${shown}, which is not ${WORDS[type]}${example}.`, {
    code: 'CAST_FAILED',
    params: { field, to: type, found: shown },
    hint: 'Mend the data, or set "If it does not fit" to null.',
  });
}
