import { MillraceError } from './errors.js';
import type { Value } from './record.js';

/**
 * Numbers that a double does not keep: whole numbers beyond 2^53 and numbers with more than 17 significant digits. In JSON they are
 * turned into text, so that their digits go unchanged from source to sink. Exponents beyond the range of a double are left to
 * `JSON.parse` (1e400 is infinite): looking for them in every byte costs 6 % of all reading.
 */

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const MAX_DIGITS = 17;
const LONG_NUMBER = /[\d.]{16}/;

/** True for a JSON number that would not come back the same from a double. False for what is no number at all. */
export function losesDigits(token: string): boolean {
  const match = NUMBER.exec(token);
  if (match === null) return false;
  if (match[1] === undefined && match[2] === undefined) return !Number.isSafeInteger(Number(token));
  const mantissa = match[2] === undefined ? token : token.slice(0, -match[2].length);
  const digits = mantissa
    .replace(/[-.]/g, '')
    .replace(/^0+/, '')
    .replace(match[1] === undefined ? /$/ : /0+$/, '');
  return digits.length > MAX_DIGITS;
}

/** The JSON text with every number that would lose digits put in quotes. Broken JSON stays broken. */
export function keepDigits(json: string): string {
  let kept = '';
  let copied = 0;
  let at = 0;
  while (at < json.length) {
    const c = json.charCodeAt(at);
    if (c === 34) {
      at = afterString(json, at + 1);
    } else if (c === 45 || (c >= 48 && c <= 57)) {
      let next = at + 1;
      while (next < json.length && isNumberChar(json.charCodeAt(next))) next++;
      const token = json.slice(at, next);
      if (losesDigits(token)) {
        kept += `${json.slice(copied, at)}"${token}"`;
        copied = next;
      }
      at = next;
    } else {
      at++;
    }
  }
  return copied === 0 ? json : kept + json.slice(copied);
}

/** Index after the closing quote of a JSON string. */
function afterString(json: string, at: number): number {
  for (let i = at; i < json.length; i++) {
    const c = json.charCodeAt(i);
    if (c === 92) i++;
    else if (c === 34) return i + 1;
  }
  return json.length;
}

function isNumberChar(c: number): boolean {
  return (c >= 48 && c <= 57) || c === 46 || c === 45 || c === 43 || c === 101 || c === 69;
}

/** `JSON.parse` that keeps the digits of every number. */
export function parseKeepingDigits(json: string): unknown {
  return JSON.parse(keepDigits(json));
}

/** Levels of nesting a record may have. `JSON.stringify` and the codecs of the stores fail at some thousands. */
export const MAX_DEPTH = 1000;

/** True when brackets nest deeper than `MAX_DEPTH`. Only for lines long enough to do so. */
export function isTooDeep(json: string): boolean {
  if (json.length < 2 * MAX_DEPTH) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const c = json.charCodeAt(at);
    if (c === 34) {
      for (at++; at < json.length && json.charCodeAt(at) !== 34; at++) if (json.charCodeAt(at) === 92) at++;
    } else if (c === 123 || c === 91) {
      if (++depth > MAX_DEPTH) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

/**
 * The value of one JSON text as a source brings it: no digit of a number is lost. Throws JSON_INVALID or JSON_TOO_DEEP. Cheap for
 * texts without long numbers.
 */
export function parseJson(json: string): Value {
  if (isTooDeep(json)) {
    throw new MillraceError(`The value is nested deeper than ${MAX_DEPTH} levels.`, { code: 'JSON_TOO_DEEP' });
  }
  try {
    return LONG_NUMBER.test(json) ? parseKeepingDigits(json) : JSON.parse(json);
  } catch (error) {
    const reason = (error as Error).message.replace(/, [^,]* is not valid JSON$/s, '');
    throw new MillraceError(`This is not valid JSON: ${reason}.`, { code: 'JSON_INVALID', params: { reason } });
  }
}
