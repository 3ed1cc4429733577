import { Decimal, encodePart, hashKey, roundExact, scaleOf, type Value } from '@millrace/sdk';
import { compareNumbers, kindOf, plainValue } from '../values.js';
import { type Call, type FunctionSpec, type Implementation, optional, param } from './spec.js';

type Num = number | Decimal;
/** 10^0 … 10^15. */
const POW = Array.from({ length: 16 }, (_, i) => Number(`1e${i}`));
const ONE = (scale: number) => 10n ** BigInt(scale);
/** Longest text read as a decimal. */
const MAX_DIGITS = 64;

/** Whole part towards −∞ (`down`) or +∞ of a decimal. */
function wholeOf(x: Decimal, down: boolean): Decimal {
  const unit = ONE(x.scale);
  const cut = x.units / unit;
  const rest = x.units % unit;
  if (rest === 0n) return new Decimal(cut, 0);
  return new Decimal(down ? (rest < 0n ? cut - 1n : cut) : rest > 0n ? cut + 1n : cut, 0);
}

/** `roundExact` on whole numbers below 2^53 where that is possible, which is ten times as fast. */
function roundNumber(x: number, places: number): number {
  const scale = scaleOf(x);
  if (scale < 0) return roundExact(x, places);
  if (scale <= places) return x;
  const unit = POW[scale - places]!;
  const units = Math.round(Math.abs(x) * POW[scale]!) + unit / 2;
  if (units > Number.MAX_SAFE_INTEGER) return roundExact(x, places);
  const rounded = (units - (units % unit)) / unit / POW[places]!;
  return x < 0 && rounded !== 0 ? -rounded : rounded;
}

/** A whole number between bounds, from a literal (checked once) or an argument. */
function whole(call: Call, index: number, value: Num, from: number, to: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= from && number <= to) return number;
  throw call.error(index, 'EXPRESSION_ARGUMENT', `A whole number from ${from} to ${to} is needed here`, {
    expected: `${from}…${to}`,
  });
}

/** Smallest (-1) or largest (1) of several numbers or texts, or of one list. Any null makes null. */
function extreme(call: Call, name: string, sign: -1 | 1): Implementation {
  return (...args: Value[]) => {
    const list: Value[] = args.length === 1 && Array.isArray(args[0]) ? args[0] : args;
    let best: Value = null;
    for (let i = 0; i < list.length; i++) {
      const item = list[i];
      if (item === null || item === undefined) return null;
      const kind = kindOf(item);
      if ((kind !== 'number' && kind !== 'text') || (best !== null && kind !== kindOf(best))) {
        throw call.error(args.length === 1 ? 0 : i, 'EXPRESSION_TYPE', `${name} needs numbers only or texts only`, {
          operator: name,
          expected: 'number',
          actual: kind,
        });
      }
      const order =
        best === null ? sign : kind === 'number' ? compareNumbers(item, best) : item < best ? -1 : item > best ? 1 : 0;
      if (order * sign > 0) best = item;
    }
    return best;
  };
}

function readDecimal(call: Call, value: Num | string): Decimal {
  if (typeof value !== 'string') return finite(call, value);
  const text = value.trim();
  try {
    if (text.length <= MAX_DIGITS) {
      const read = Decimal.from(text);
      if (read.scale <= MAX_DIGITS && read.units < ONE(MAX_DIGITS) && read.units > -ONE(MAX_DIGITS)) return read;
    }
  } catch {
    // named below
  }
  throw notANumber(call);
}

function finite(call: Call, value: Num): Decimal {
  if (typeof value === 'number' && !Number.isFinite(value)) throw notANumber(call);
  return Decimal.from(value);
}

function notANumber(call: Call) {
  return call.error(
    0,
    'EXPRESSION_NOT_A_NUMBER',
    'The text is not a number',
    {},
    'Numbers look like 12.50 or -3; remove currency signs and thousands separators first.',
  );
}

export const NUMBER_FUNCTIONS: readonly FunctionSpec[] = [
  {
    name: 'round',
    params: [param('number', 'number'), optional('places', 'number')],
    returns: 'number',
    summary: 'The number rounded to so many decimals (0 if not said), half away from zero.',
    prepare:
      (call) =>
      (x: Num, places: Num = 0) => {
        const scale = whole(call, 1, places, 0, 20);
        return typeof x === 'number' ? roundNumber(x, scale) : x.round(scale);
      },
  },
  {
    name: 'floor',
    params: [param('number', 'number')],
    returns: 'number',
    summary: 'The next whole number downwards.',
    prepare: () => (x: Num) => (typeof x === 'number' ? Math.floor(x) : wholeOf(x, true)),
  },
  {
    name: 'ceil',
    params: [param('number', 'number')],
    returns: 'number',
    summary: 'The next whole number upwards.',
    prepare: () => (x: Num) => (typeof x === 'number' ? Math.ceil(x) + 0 : wholeOf(x, false)),
  },
  {
    name: 'abs',
    params: [param('number', 'number')],
    returns: 'number',
    summary: 'The number without its sign.',
    prepare: () => (x: Num) => (typeof x === 'number' ? Math.abs(x) : x.units < 0n ? x.negate() : x),
  },
  {
    name: 'min',
    params: [param('value', 'number', 'text', 'list')],
    rest: true,
    returns: (args) => (args.every((kind) => kind === args[0]) && args[0] !== 'list' ? (args[0] ?? 'any') : 'any'),
    summary: 'The smallest of the values, or of a list.',
    prepare: (call) => extreme(call, 'min', -1),
  },
  {
    name: 'max',
    params: [param('value', 'number', 'text', 'list')],
    rest: true,
    returns: (args) => (args.every((kind) => kind === args[0]) && args[0] !== 'list' ? (args[0] ?? 'any') : 'any'),
    summary: 'The largest of the values, or of a list.',
    prepare: (call) => extreme(call, 'max', 1),
  },
  {
    name: 'number',
    params: [param('value', 'text', 'number')],
    returns: 'number',
    summary: 'The number a text stands for, as in number("12.50").',
    prepare: (call) => (value: Num | string) => {
      if (typeof value === 'number') return value;
      const read = typeof value === 'string' ? readDecimal(call, value) : value;
      const number = read.toNumber();
      if (read.scale === 0 && !Number.isSafeInteger(number)) {
        throw call.error(
          0,
          'EXPRESSION_NUMBER',
          'The number is too large to be exact',
          {},
          'Keep such ids as text, or use decimal(x).',
        );
      }
      return number === 0 ? 0 : number;
    },
  },
  {
    name: 'decimal',
    params: [param('value', 'text', 'number'), optional('scale', 'number')],
    returns: 'number',
    summary: 'An exact decimal for money, rounded to so many places: decimal(price, 2) * qty has no rounding errors.',
    prepare: (call) => (value: Num | string, scale?: Num) => {
      const read = readDecimal(call, value);
      return scale === undefined ? read : read.round(whole(call, 1, scale, 0, 20));
    },
  },
  {
    name: 'hash',
    params: [param('value', 'any'), optional('modulo', 'number')],
    returns: 'number',
    summary:
      'A number that is always the same for the same value, from 0 up to modulo: hash(customer, 100) < 10 samples a tenth.',
    prepare: (call) => (value: Value, modulo?: Num) => {
      const part = encodePart(plainValue(value));
      call.read(part);
      const hash = hashKey(part);
      return modulo === undefined ? hash : hash % whole(call, 1, modulo, 1, 4_294_967_296);
    },
  },
];
