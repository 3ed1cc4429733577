/**
 * Numbers that a double does not keep: whole numbers beyond 2^53 and numbers with more than 17 significant digits. In JSON they are
 * turned into text, so that their digits go unchanged from source to sink. Exponents beyond the range of a double are left to
 * `JSON.parse` (1e400 is infinite): looking for them in every byte costs 6 % of all reading.
 */

const NUMBER = /^-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const MAX_DIGITS = 17;
const RUN = 16;

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

/**
 * A quick look at whole lines of JSON: false means that no number in them loses digits, true that one may. Such a number has 16
 * digits (or points) in a row, so looking at every 16th byte finds it.
 */
export function mayLoseDigits(bytes: Buffer, from: number, to: number): boolean {
  for (let at = from + RUN - 1; at < to; at += RUN) {
    if (!isDigitOrPoint(bytes[at]!)) continue;
    let first = at;
    while (first > from && isDigitOrPoint(bytes[first - 1]!)) first--;
    let next = at + 1;
    while (next < to && isDigitOrPoint(bytes[next]!)) next++;
    if (next - first >= RUN && (first === from || canPrecedeDigits(bytes[first - 1]!))) return true;
    at = next - 1 - ((next - 1 - from - (RUN - 1)) % RUN);
  }
  return false;
}

function isDigitOrPoint(c: number): boolean {
  return (c >= 48 && c <= 57) || c === 46;
}

/** Bytes that can stand before the digits of a JSON number (a quote cannot: that is text): white space - , : [ */
function canPrecedeDigits(c: number): boolean {
  return c <= 32 || c === 45 || c === 44 || c === 58 || c === 91;
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
