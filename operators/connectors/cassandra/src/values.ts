import { isoTime, MillraceError, parseIso, type Value } from '@millrace/sdk';
import { exactNumber } from '@millrace/sdk/tables';

/** A value of the driver as JSON, without loss. */
export function jsonOf(value: unknown): Value {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return exactNumber(String(value));
    case 'object':
      break;
    default:
      return value;
  }
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Set) return [...value].map(jsonOf);
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, part]) => [String(key), jsonOf(part)]));
  const name = value.constructor?.name;
  if (name === 'BigDecimal' || name === 'Integer' || name === 'Long') return exactNumber(String(value));
  if (name !== 'Object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonOf(part)]));
}

/** Puts a record's value into the shape that the driver encodes for a type. Throws ROW_REFUSED when it does not fit. */
export function converter(type: string): (value: Value) => unknown {
  const inner = /^frozen<(.*)>$/.exec(type)?.[1];
  if (inner !== undefined) return converter(inner);
  const parts = /^(list|set|map)<(.*)>$/.exec(type);
  if (parts) return collection(parts[1]!, parts[2]!);
  const plain = SCALARS[type];
  if (plain === undefined) return (value) => value;
  return (value) => {
    if (value === null || value === undefined) return value;
    const made = plain(value);
    if (made === undefined) throw misfit(value, type);
    return made;
  };
}

const whole = (value: Value): bigint | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : typeof value === 'string' && /^-?\d{1,40}$/.test(value)
      ? BigInt(value)
      : undefined;
const small = (limit: number) => (value: Value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit ? value : undefined;
const double = (value: Value) => (typeof value === 'number' ? value : undefined);
const text = (value: Value) =>
  typeof value === 'string' ? value : typeof value === 'object' ? JSON.stringify(value) : String(value);

const SCALARS: { [type: string]: (value: Value) => unknown } = {
  text,
  varchar: text,
  ascii: text,
  boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  bigint: (value) => {
    const made = whole(value);
    return made !== undefined && BigInt.asIntN(64, made) === made ? made : undefined;
  },
  varint: whole,
  int: small(2 ** 31),
  smallint: small(2 ** 15),
  tinyint: small(2 ** 7),
  double,
  float: double,
  decimal: (value) =>
    typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
      ? decimalText(value)
      : undefined,
  timestamp: (value) => {
    const ms = typeof value === 'number' ? value : typeof value === 'string' ? parseIso(value) : Number.NaN;
    return Number.isNaN(ms) ? undefined : new Date(ms);
  },
  date: (value) =>
    typeof value === 'number'
      ? isoTime(value).slice(0, 10)
      : typeof value === 'string'
        ? value.slice(0, 10)
        : undefined,
  time: (value) => (typeof value === 'string' ? value : undefined),
  blob: (value) => (typeof value === 'string' ? Buffer.from(value, 'base64') : undefined),
  uuid: (value) =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined,
  timeuuid: (value) =>
    typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value) ? value : undefined,
  inet: (value) => (typeof value === 'string' ? value : undefined),
};

/** The driver reads a decimal from plain digits only. */
function decimalText(value: number | string): string | undefined {
  const digits = String(value);
  return /e/i.test(digits) ? undefined : digits;
}

function collection(kind: string, of: string): (value: Value) => unknown {
  if (kind === 'map') {
    const [, second] = topLevel(of);
    const convert = converter(second!);
    return (value) => {
      if (value === null || value === undefined) return value;
      if (typeof value !== 'object' || Array.isArray(value)) throw misfit(value, `map<${of}>`);
      return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convert(part)]));
    };
  }
  const convert = converter(of);
  return (value) => {
    if (value === null || value === undefined) return value;
    if (!Array.isArray(value)) throw misfit(value, `${kind}<${of}>`);
    return value.map(convert);
  };
}

/** The two parts of `text, frozen<map<int, text>>`. */
function topLevel(of: string): string[] {
  let depth = 0;
  for (let i = 0; i < of.length; i++) {
    if (of[i] === '<') depth++;
    else if (of[i] === '>') depth--;
    else if (of[i] === ',' && depth === 0) return [of.slice(0, i).trim(), of.slice(i + 1).trim()];
  }
  return [of, 'text'];
}

function misfit(value: Value, type: string): MillraceError {
  return new MillraceError(`${JSON.stringify(value).slice(0, 100)} does not fit into a column of type ${type}.`, {
    code: 'ROW_REFUSED',
    params: { type },
    hint: 'Mend the record or the table, then process the dead letter again.',
  });
}
