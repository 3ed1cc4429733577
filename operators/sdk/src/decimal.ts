import { MillraceError } from './errors.js';

/**
 * Exact decimal arithmetic for money. Numbers are taken as the decimal a person sees (`0.1` is one tenth, not its binary neighbour).
 * The fast path works on scaled integers below 2^53 kept in doubles; beyond that it is BigInt. Rounding is half away from zero.
 */

const MAX = Number.MAX_SAFE_INTEGER;
/** 10^0 .. 10^22 are exact doubles. */
const POW = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const POW_BIG = Array.from({ length: 64 }, (_, i) => 10n ** BigInt(i));

function powBig(n: number): bigint {
  return POW_BIG[n] ?? 10n ** BigInt(n);
}

/** Smallest scale (decimal places) at which `v` is an integer below 2^53, or -1 when there is none. */
export function scaleOf(v: number): number {
  for (let s = 0; s <= 15; s++) {
    const k = Math.round(v * POW[s]!);
    if (k > MAX || k < -MAX) return -1;
    if (k / POW[s]! === v) return s;
  }
  return -1;
}

/** `units` × 10^-`scale`, immutable. */
export class Decimal {
  constructor(
    readonly units: bigint,
    readonly scale: number,
  ) {}

  /** From a finite number (its shortest decimal), an integer, or text such as "-12.50" or "1e-3". */
  static from(v: number | string | bigint | Decimal): Decimal {
    if (v instanceof Decimal) return v;
    if (typeof v === 'bigint') return new Decimal(v, 0);
    const text = typeof v === 'number' ? String(v) : v;
    const m = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
    if (!m || (!m[2] && !m[3])) {
      throw new MillraceError(`"${text}" is not a number.`, {
        code: 'DECIMAL_INVALID',
        params: { text: text.slice(0, 40) },
      });
    }
    const fraction = m[3] ?? '';
    let units = BigInt(`${m[2] ?? ''}${fraction}` || '0');
    let scale = fraction.length - Number(m[4] ?? 0);
    if (scale < 0) {
      units *= powBig(-scale);
      scale = 0;
    }
    return new Decimal(m[1] === '-' ? -units : units, scale);
  }

  add(other: Decimal): Decimal {
    if (this.scale === other.scale) return new Decimal(this.units + other.units, this.scale);
    if (this.scale > other.scale)
      return new Decimal(this.units + other.units * powBig(this.scale - other.scale), this.scale);
    return other.add(this);
  }

  negate(): Decimal {
    return new Decimal(-this.units, this.scale);
  }

  mul(other: Decimal): Decimal {
    return new Decimal(this.units * other.units, this.scale + other.scale);
  }

  /** Rounds to `scale` places, half away from zero; pads when the scale is already smaller. */
  round(scale: number): Decimal {
    if (this.scale <= scale) return new Decimal(this.units * powBig(scale - this.scale), scale);
    const unit = powBig(this.scale - scale);
    const half = unit / 2n;
    const up = this.units < 0n ? this.units - half : this.units + half;
    return new Decimal(up / unit, scale);
  }

  compare(other: Decimal): number {
    const difference = this.add(other.negate()).units;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  toNumber(): number {
    return Number(this.toString());
  }

  toString(): string {
    const negative = this.units < 0n;
    const digits = (negative ? -this.units : this.units).toString();
    const sign = negative ? '-' : '';
    if (this.scale === 0) return sign + digits;
    const padded = digits.padStart(this.scale + 1, '0');
    return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`;
  }

  /** A number when that loses nothing, otherwise text: what is written into records. */
  toJSON(): number | string {
    if (this.units === 0n) return 0;
    const number = this.toNumber();
    if (Number.isFinite(number) && (scaleOf(number) >= 0 || Number.isSafeInteger(number))) {
      const back = Decimal.from(number);
      if (back.compare(this) === 0) return number;
    }
    const text = this.toString();
    return this.scale > 0 ? text.replace(/\.?0+$/, '') : text;
  }
}

/** a + b as decimals, for plain numbers. */
export function addExact(a: number, b: number): number {
  const r = a + b;
  if (Number.isInteger(a) && Number.isInteger(b) && r <= MAX && r >= -MAX) return r;
  const sa = scaleOf(a);
  const sb = scaleOf(b);
  if (sa >= 0 && sb >= 0) {
    const p = POW[Math.max(sa, sb)]!;
    const k = Math.round(a * p) + Math.round(b * p);
    if (k <= MAX && k >= -MAX && Math.abs(a * p) <= MAX && Math.abs(b * p) <= MAX) return k / p;
  }
  if (!Number.isFinite(a) || !Number.isFinite(b)) return r;
  return Decimal.from(a).add(Decimal.from(b)).toNumber();
}

export function subtractExact(a: number, b: number): number {
  return addExact(a, -b);
}

/** a × b as decimals, for plain numbers. */
export function multiplyExact(a: number, b: number): number {
  const r = a * b;
  const sa = scaleOf(a);
  const sb = scaleOf(b);
  if (sa >= 0 && sb >= 0) {
    if (sa + sb === 0) {
      if (r <= MAX && r >= -MAX) return r;
    } else {
      const k = Math.round(a * POW[sa]!) * Math.round(b * POW[sb]!);
      if (sa + sb <= 22 && k <= MAX && k >= -MAX) return k / POW[sa + sb]!;
    }
  }
  if (!Number.isFinite(r)) return r;
  return Decimal.from(a).mul(Decimal.from(b)).toNumber();
}

/** Rounds to `places` decimals, half away from zero, on the decimal a person sees: round(-0.005, 2) = -0.01. */
export function roundExact(v: number, places = 0): number {
  if (!Number.isFinite(v) || Number.isInteger(v)) return v;
  const r = Decimal.from(v).round(places).toNumber();
  return r === 0 ? 0 : r;
}

/** State of an exact running sum: plain data, so that it can be stored. `units` is a safe integer or a bigint. */
export interface ExactSum {
  units: number | bigint;
  scale: number;
}

export function newSum(): ExactSum {
  return { units: 0, scale: 0 };
}

/** Adds a number, or a decimal text, to the sum in place. `sign` -1 takes it away again. */
export function addToSum(sum: ExactSum, v: number | string | bigint, sign: 1 | -1 = 1): void {
  if (typeof v === 'number') {
    const p = POW[sum.scale];
    if (typeof sum.units === 'number' && p !== undefined) {
      const k = Math.round(v * p);
      // A fraction of more than 15 digits shares its double with others: its shortest decimal is found by the slow path.
      if (k / p === v && ((k < 1e15 && k > -1e15) || (Number.isInteger(v) && k <= MAX && k >= -MAX))) {
        const next = sum.units + sign * k;
        if (next <= MAX && next >= -MAX) {
          sum.units = next;
          return;
        }
      }
    }
    if (!Number.isFinite(v)) throw new MillraceError(`${v} cannot be summed.`, { code: 'SUM_NOT_FINITE' });
  }
  const d = Decimal.from(v);
  mergeSum(sum, { units: sign === 1 ? d.units : -d.units, scale: d.scale });
}

/** Adds another sum in place. */
export function mergeSum(into: ExactSum, other: ExactSum): void {
  const total = new Decimal(BigInt(into.units), into.scale).add(new Decimal(BigInt(other.units), other.scale));
  into.scale = total.scale;
  into.units = total.units <= MAX && total.units >= -MAX ? Number(total.units) : total.units;
}

/** The sum as a number, or as text when a double would lose digits. */
export function sumValue(sum: ExactSum): number | string {
  if (typeof sum.units === 'number' && sum.scale <= 22) {
    const v = sum.units / POW[sum.scale]!;
    // Up to 15 digits every decimal has its own double.
    if (Math.abs(sum.units) < 1e15) return v === 0 ? 0 : v;
  }
  return new Decimal(BigInt(sum.units), sum.scale).toJSON();
}

/** Sum ÷ n as a double. Depends on the value alone, not on the scale that it has come to. */
export function sumAverage(sum: ExactSum, n: number): number {
  const power = typeof sum.units === 'number' ? POW[sum.scale] : undefined;
  const value = power === undefined ? new Decimal(BigInt(sum.units), sum.scale).toNumber() : Number(sum.units) / power;
  return value / n;
}
