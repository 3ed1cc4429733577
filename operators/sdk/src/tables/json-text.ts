import type { Value } from '../record.js';

const LONG_NUMBER = /\d{16}/;
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Reads JSON text of a database; whole numbers beyond 2^53 and decimals a double cannot hold stay text. */
export function parseStoredJson(text: string): Value {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return JSON.parse(
    text.replace(TOKENS, (token) => (token.charCodeAt(0) === 34 || isExact(token) ? token : `"${token}"`)),
  );
}

/** A number of a database as JSON: a number when a double says exactly the same, else its digits. */
export function exactNumber(text: string): number | string {
  return isExact(text) ? Number(text) : text;
}

/** Doubles hold every decimal of up to 15 significant digits; longer ones only when they are whole and below 2^53. */
function isExact(text: string): boolean {
  if (text.length <= 15) return !/[a-z]/i.test(text) || Number.isFinite(Number(text));
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(value);
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/^-/, '')
    .replace('.', '')
    .replace(/^0+/, '')
    .replace(/0+$/, '');
  return digits.length <= 15;
}
