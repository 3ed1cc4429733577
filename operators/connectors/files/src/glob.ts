import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '@millrace/sdk';

/** Files one pattern may name. Each is a partition with its own reader. */
const MAX_FILES = 10_000;

/** True when a path holds wildcards: `*`, `?`, `[abc]`, or `**` for folders at any depth. */
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

/** The part of a pattern before its first wildcard segment, and the segments after it. */
export function splitPattern(pattern: string): { folder: string; segments: string[] } {
  const parts = pattern.split('/');
  const first = parts.findIndex(isPattern);
  const folder = parts.slice(0, first).join('/');
  return { folder: folder === '' && pattern.startsWith('/') ? '/' : folder, segments: parts.slice(first) };
}

/** Paths of the files below `root` that fit the segments, relative to it, sorted by code unit. */
export function findFiles(root: string, segments: readonly string[]): string[] {
  const found = new Set<string>();
  const walk = (relative: string, at: number): void => {
    const segment = segments[at]!;
    const isLast = at === segments.length - 1;
    if (segment === '**') {
      if (isLast) {
        walkAll(relative);
        return;
      }
      walk(relative, at + 1);
    }
    const fits = segment === '**' ? undefined : matcher(segment);
    for (const entry of readdirSync(join(root, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (fits === undefined) {
        if (entry.isDirectory() && !entry.name.startsWith('.')) walk(path, at);
      } else if (fits(entry.name)) {
        if (isLast) add(path, entry.isDirectory());
        else if (entry.isDirectory() || entry.isSymbolicLink()) walk(path, at + 1);
      }
    }
  };
  const walkAll = (relative: string): void => {
    for (const entry of readdirSync(join(root, relative), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) walkAll(path);
      else add(path, false);
    }
  };
  const add = (path: string, isFolder: boolean): void => {
    if (isFolder) return;
    found.add(path);
    if (found.size > MAX_FILES) {
      throw new MillraceError(`The pattern "${segments.join('/')}" names more than ${MAX_FILES} files.`, {
        code: 'FILE_TOO_MANY',
        params: { pattern: segments.join('/'), limit: MAX_FILES },
        hint: 'Narrow the pattern, or join small files into larger ones.',
      });
    }
  };
  walk('', 0);
  return [...found].sort();
}

type Test = (char: string) => boolean;

/** Whether a name fits one segment. As in a shell, a leading dot must be written. Time is at most name × segment. */
function matcher(segment: string): (name: string) => boolean {
  // undefined stands for `*`.
  const tests: (Test | undefined)[] = [];
  for (let i = 0; i < segment.length; i++) {
    const c = segment[i]!;
    const close = c === '[' ? segment.indexOf(']', i + 2) : -1;
    if (c === '*') tests.push(undefined);
    else if (c === '?') tests.push(() => true);
    else if (close > 0) {
      tests.push(oneOf(segment.slice(i + 1, close)));
      i = close;
    } else tests.push((char) => char === c);
  }
  const dots = segment.startsWith('.');
  return (name) => (dots || !name.startsWith('.')) && fitsAll(tests, [...name]);
}

/** `abc`, `a-z`, `!a-z`. */
function oneOf(set: string): Test {
  const not = set.startsWith('!') || set.startsWith('^');
  const chars = [...(not ? set.slice(1) : set)];
  return (char) => {
    let inside = false;
    for (let i = 0; i < chars.length; i++) {
      if (chars[i + 1] === '-' && i + 2 < chars.length) {
        inside ||= char >= chars[i]! && char <= chars[i + 2]!;
        i += 2;
      } else inside ||= char === chars[i];
    }
    return inside !== not;
  };
}

/** Greedy: on a mismatch the last `*` takes one more character. */
function fitsAll(tests: readonly (Test | undefined)[], chars: readonly string[]): boolean {
  let t = 0;
  let star = -1;
  let starAt = 0;
  for (let c = 0; c < chars.length; ) {
    if (t < tests.length && tests[t] === undefined) {
      star = t++;
      starAt = c;
    } else if (t < tests.length && tests[t]!(chars[c]!)) {
      t++;
      c++;
    } else if (star >= 0) {
      t = star + 1;
      c = ++starAt;
    } else return false;
  }
  while (t < tests.length && tests[t] === undefined) t++;
  return t === tests.length;
}
