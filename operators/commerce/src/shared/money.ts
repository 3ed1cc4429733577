import { addToSum, Decimal, type ExactSum, MillraceError, type Value } from '@millrace/sdk';

/** Currencies without cents, and with three places, as ISO 4217 has them; all others have two. */
const PLACES = new Map<string, number>([
  ...[
    'BIF',
    'CLP',
    'DJF',
    'GNF',
    'ISK',
    'JPY',
    'KMF',
    'KRW',
    'PYG',
    'RWF',
    'UGX',
    'VND',
    'VUV',
    'XAF',
    'XOF',
    'XPF',
  ].map((code) => [code, 0] as const),
  ...['BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND'].map((code) => [code, 3] as const),
]);

/** Decimal places of a currency; 2 when it is not known. */
export function placesOf(currency: Value): number {
  return (typeof currency === 'string' ? PLACES.get(currency) : undefined) ?? 2;
}

/** True for a finite number, or a number written as text (integers beyond 2^53 and exact decimals travel as text). */
export function isAmount(value: Value): value is number | string {
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'string' && value.length <= 40 && /^-?\d+(\.\d+)?$/.test(value);
}

/** An amount of a record, or an error that names what was found instead. */
export function amountOf(value: Value, what: string): number | string {
  if (isAmount(value)) return value;
  throw new MillraceError(
    `${what} is ${value === null ? 'missing' : JSON.stringify(value)?.slice(0, 40)}, not a number.`,
    {
      code: 'AMOUNT_INVALID',
      params: { what },
      hint: 'Check the expression for it, or filter such records out before.',
    },
  );
}

export function decimalOf(sum: ExactSum): Decimal {
  return new Decimal(BigInt(sum.units), sum.scale);
}

/** Adds to a copy, so that a stored sum is never changed in place. */
export function plus(sum: ExactSum, amount: number | string, sign: 1 | -1 = 1): ExactSum {
  const next = { units: sum.units, scale: sum.scale };
  addToSum(next, amount, sign);
  return next;
}

/** Sum ÷ n to so many places, half away from zero, exact; null for n = 0. */
export function perPiece(sum: ExactSum, n: number, places: number): number | string | null {
  if (n === 0) return null;
  const units = BigInt(sum.units) * 10n ** BigInt(Math.max(0, places + 1 - sum.scale));
  const scale = Math.max(sum.scale, places + 1);
  // Twice the numerator over twice the divisor: half is a whole number then.
  const divisor = BigInt(n) * 10n ** BigInt(scale - places);
  const twice = 2n * units + (units < 0n ? -divisor : divisor);
  return new Decimal(twice / (2n * divisor), places).toJSON();
}
