/** Position in a text file, counted from 1. */
export interface Place {
  line: number;
  column: number;
}

/** Steps of a JSON pointer (RFC 6901). */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value a JSON pointer names, by own properties only; undefined when it names none. */
export function valueAt(document: unknown, pointer: string): unknown {
  let at = document;
  for (const step of pointerSteps(pointer)) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/**
 * Where in a JSON text the value of a pointer begins, or the nearest value around it when it is absent. The text must be valid
 * JSON. One pass, without recursion.
 */
export function placeOf(text: string, pointer: string): Place {
  const steps = pointerSteps(pointer);
  let depth = 0; // how many steps of the pointer enclose the current position
  let best = skipSpace(text, 0);
  let at = best;
  while (depth < steps.length) {
    const next =
      text[at] === '{'
        ? findMember(text, at, steps[depth]!)
        : text[at] === '['
          ? findItem(text, at, steps[depth]!)
          : -1;
    if (next < 0) break;
    at = best = next;
    depth++;
  }
  const before = text.slice(0, best).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

/** Start of the value of a member of the object that begins at `at`; the last one counts, as in JSON.parse. */
function findMember(text: string, at: number, name: string): number {
  let found = -1;
  let i = skipSpace(text, at + 1);
  while (i < text.length && text[i] !== '}') {
    const end = skipString(text, i);
    const member: unknown = JSON.parse(text.slice(i, end));
    const value = skipSpace(text, skipSpace(text, end) + 1);
    if (member === name) found = value;
    i = skipSpace(text, skipValue(text, value));
    if (text[i] === ',') i = skipSpace(text, i + 1);
  }
  return found;
}

function findItem(text: string, at: number, step: string): number {
  let i = skipSpace(text, at + 1);
  for (let index = 0; i < text.length && text[i] !== ']'; index++) {
    if (String(index) === step) return i;
    i = skipSpace(text, skipValue(text, i));
    if (text[i] === ',') i = skipSpace(text, i + 1);
  }
  return -1;
}

function skipSpace(text: string, at: number): number {
  let i = at;
  while (i < text.length && /\s/.test(text[i]!)) i++;
  return i;
}

/** Just behind the string that begins at `at`. */
function skipString(text: string, at: number): number {
  let i = at + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i + 1;
}

function skipValue(text: string, at: number): number {
  let open = 0;
  let i = at;
  do {
    const c = text[i]!;
    if (c === '"') i = skipString(text, i);
    else if (c === '{' || c === '[') {
      open++;
      i++;
    } else if (c === '}' || c === ']') {
      open--;
      i++;
    } else if (open === 0) {
      while (i < text.length && !/[\s,}\]]/.test(text[i]!)) i++;
    } else i++;
  } while (open > 0 && i < text.length);
  return i;
}
