// Compares what came out with what a case expects, in the way its `config.compare` says.

/** Doubles may differ by rounding only. */
const RELATIVE = 1e-9;

/**
 * Equality of JSON values. Whole numbers are equal to bigints of the same value; fractions may differ by rounding.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (a === b) return true;
  if (typeof a === 'bigint' || typeof b === 'bigint') return String(a) === String(b);
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isInteger(a) && Number.isInteger(b)) return false;
    return Math.abs(a - b) <= RELATIVE * Math.max(1, Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => same(x, b[i]));
  }
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]))
  );
}

/**
 * @param {any[]} actual
 * @param {any[]} expected
 */
export function sameMultiset(actual, expected) {
  if (actual.length !== expected.length) return false;
  const left = [...expected];
  for (const row of actual) {
    const at = left.findIndex((other) => same(row, other));
    if (at < 0) return false;
    left.splice(at, 1);
  }
  return true;
}

/**
 * @typedef {object} Outcome
 * @property {any} actual What came out, in the form of the expected result.
 * @property {number[]} [steps] Rows per watermark step, for `multiset_per_wm`.
 * @property {any} [expected] The expected result in another form, where only that can be compared (a table instead of its changes).
 * @property {string} [as] How to compare, where that is not the case's own way.
 */

/**
 * @param {string | undefined} how
 * @param {Outcome} outcome
 * @param {any} expected
 * @returns {boolean}
 */
export function matches(how, outcome, expected) {
  const { actual, steps } = outcome;
  switch (how) {
    case undefined:
    case 'sequence':
      return same(actual, expected);
    case 'multiset':
      return sameMultiset(actual, expected);
    case 'multiset_per_wm': {
      if (actual.length !== expected.length) return false;
      let at = 0;
      for (const n of steps ?? [actual.length]) {
        if (!sameMultiset(actual.slice(at, at + n), expected.slice(at, at + n))) return false;
        at += n;
      }
      return at === actual.length;
    }
    case 'per_batch':
      return (
        actual.length === expected.length &&
        expected.every((/** @type {any[]} */ batch, /** @type {number} */ i) => sameMultiset(actual[i], batch))
      );
    default:
      throw new TypeError(`There is no way to compare called "${how}".`);
  }
}

/** @param {any} value */
export function show(value) {
  const text = JSON.stringify(value, (_name, v) => (typeof v === 'bigint' ? `${v}n` : v)) ?? 'nothing';
  return text.length > 2000 ? `${text.slice(0, 2000)} ...` : text;
}
