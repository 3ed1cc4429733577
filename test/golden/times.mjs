// Times of a case and times of ours. Ours are whole ms within 2^53; a case may use the far end of 64 bits.
import { MAX_TIME, MIN_TIME } from '@millrace/sdk';

const LONG_MAX = 2n ** 63n - 1n;
const LONG_MIN = -(2n ** 63n);

/** @param {bigint} a @param {bigint} b @returns {bigint} */
const gcd = (a, b) => (b === 0n ? a : gcd(b, a % b));

/**
 * Moves times beyond 2^53 as far back as needed, by a multiple of every span, so that windows begin where they did.
 * @param {any} times Anything that holds the times of the case.
 * @param {readonly (number | undefined)[]} spans Sizes and slides of its windows, ms.
 */
export function timeline(times, spans) {
  let largest = 0n;
  JSON.stringify(times, (_name, value) => {
    if (typeof value === 'bigint' && value !== LONG_MAX && value > largest) largest = value;
    return typeof value === 'bigint' ? 0 : value;
  });
  let unit = 1n;
  for (const span of spans) if (span !== undefined && span > 0) unit = (unit * BigInt(span)) / gcd(unit, BigInt(span));
  const least = LONG_MAX - BigInt(MAX_TIME);
  const shift = largest > 0n ? ((least + unit - 1n) / unit) * unit : 0n;
  return {
    /** @param {number | bigint} time */
    to(time) {
      if (typeof time === 'number') return time;
      if (time === LONG_MAX) return MAX_TIME;
      if (time === LONG_MIN) return MIN_TIME;
      return Number(time - shift);
    },
    /** @param {number} time @returns {number | bigint} */
    from: (time) => (shift === 0n ? time : BigInt(time) + shift),
  };
}

/** A watermark or time of ours as a 64-bit one. @param {number} time @returns {number | bigint} */
export function toLong(time) {
  return time === MIN_TIME ? LONG_MIN : time === MAX_TIME ? LONG_MAX : time;
}

/** A duration that may be "for ever". @param {number | bigint} ms */
export function duration(ms) {
  return typeof ms === 'bigint' || ms > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : ms;
}
