import { MAX_DEPTH, type Value } from '@millrace/sdk';

/**
 * Parses whole lines of JSON objects by one `JSON.parse` over `[line,line,...]`, which costs less per record than a call for each.
 * Answers undefined when it cannot be sure that the result is what line by line parsing gives; the caller then does that.
 *
 * Why a result is right. (a) The line ends stay in the joined text, and JSON allows no line end inside a string: every join stands
 * between two tokens. (b) Every element is an object and there are as many as lines. (c) Each `}` is followed by a line end, `}`,
 * `]`, or a comma and a quote. Say a line held a comma between two elements: what stands before it is an object (b), so a `}`; what
 * follows begins with a quote (c), so it is text, against (b). A line cannot begin or end with that comma either, for the join adds
 * another. Hence all commas between elements are joins; there are one fewer than elements, which are as many as lines (b), so every
 * join is one of them: each line is exactly one element.
 */
export function parseObjectLines(text: string): Value[] | undefined {
  if (!closesCleanly(text)) return undefined;
  const joined = `[${text.replace(/\n/g, '\n,')}]`;
  const lines = joined.length - 2 - text.length + 1;
  let values: Value[];
  try {
    values = JSON.parse(joined);
  } catch {
    return undefined;
  }
  if (values.length !== lines) return undefined;
  for (let i = 0; i < lines; i++) {
    const value = values[i];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  }
  return values;
}

/** Condition (c), and no line that may be nested too deeply: such a one is looked at alone. */
function closesCleanly(text: string): boolean {
  const last = text.length - 1;
  let inner = 0;
  for (let at = text.indexOf('}'); at >= 0 && at < last; at = text.indexOf('}', at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === 10) continue;
    if (next === 13 && text.charCodeAt(at + 2) === 10) continue;
    if (next === 125 || next === 93) inner++;
    else if (next === 44) {
      const after = text.charCodeAt(at + 2);
      if (after !== 34 && !(after === 32 && text.charCodeAt(at + 3) === 34)) return false;
      inner++;
    } else return false;
  }
  for (let at = text.indexOf('['); at >= 0; at = text.indexOf('[', at + 1)) inner++;
  return inner < MAX_DEPTH || !hasLongLine(text);
}

/** True when a line may be long enough to nest too deeply: it then covers one of these stretches without a line end. */
function hasLongLine(text: string): boolean {
  for (let from = 0; from + MAX_DEPTH <= text.length; from += MAX_DEPTH) {
    const end = text.indexOf('\n', from);
    if (end < 0 || end >= from + MAX_DEPTH) return true;
  }
  return false;
}
