const RUN = 16;

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
