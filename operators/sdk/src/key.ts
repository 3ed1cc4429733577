/** Keys: stable encoding and hashing. Written down because stored state depends on it; changing it needs a new state format. */

const MARK = '\u0000';

/** Number of key groups a run's keyed state is cut into. A task owns a contiguous range. */
export const KEY_GROUPS = 128;

/**
 * Encodes one or several key parts as text. Text stands for itself (the common case costs nothing); other types carry a
 * NUL-led tag, so `1`, `"1"`, `true` and `null` are four different keys. `-0` is `0`; `NaN` equals itself; missing is null.
 * Several parts: NUL `a`, then each part as `length:encoded`.
 */
export function encodeKey(parts: readonly unknown[]): string {
  if (parts.length === 1) return encodePart(parts[0]);
  let out = `${MARK}a`;
  for (let i = 0; i < parts.length; i++) {
    const part = encodePart(parts[i]);
    out += `${part.length}:${part}`;
  }
  return out;
}

export function encodePart(part: unknown): string {
  switch (typeof part) {
    case 'string':
      return part.charCodeAt(0) === 0 ? `${MARK}s${part}` : part;
    case 'number':
      return `${MARK}n${part === 0 ? 0 : part}`;
    case 'boolean':
      return part ? `${MARK}t` : `${MARK}f`;
    case 'undefined':
      return `${MARK}z`;
    default:
      return part === null ? `${MARK}z` : `${MARK}j${canonicalJson(part)}`;
  }
}

/** JSON with object fields in sorted order, so that equal values have equal keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, v) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v as object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : v,
  );
}

/** The inverse of `encodeKey`: the key's parts. */
export function decodeKey(key: string): unknown[] {
  if (!key.startsWith(`${MARK}a`)) return [decodePart(key)];
  const parts: unknown[] = [];
  let at = 2;
  while (at < key.length) {
    const colon = key.indexOf(':', at);
    const end = colon + 1 + Number(key.slice(at, colon));
    parts.push(decodePart(key.slice(colon + 1, end)));
    at = end;
  }
  return parts;
}

export function decodePart(part: string): unknown {
  if (part.charCodeAt(0) !== 0) return part;
  const rest = part.slice(2);
  switch (part[1]) {
    case 's':
      return rest;
    case 'n':
      return Number(rest);
    case 't':
      return true;
    case 'f':
      return false;
    case 'j':
      return JSON.parse(rest);
    default:
      return null;
  }
}

/** True if any part of the key is null (a join never matches it; an aggregate groups it). */
export function hasNull(key: string): boolean {
  return decodeKey(key).some((part) => part === null);
}

/** 32-bit FNV-1a over UTF-16 code units with a murmur finaliser. Stable across Node versions. */
export function hashKey(key: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    h ^= key.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h >>> 0;
}

/** Key group of a key: `hash mod 128`. */
export function keyGroupOf(key: string, groups = KEY_GROUPS): number {
  return hashKey(key) % groups;
}

/** Which of `parallelism` tasks owns a key group (Flink's assignment: contiguous ranges). */
export function taskOfKeyGroup(group: number, parallelism: number, groups = KEY_GROUPS): number {
  return Math.floor((group * parallelism) / groups);
}

/** First and last key group (inclusive) of a task. */
export function keyGroupRange(task: number, parallelism: number, groups = KEY_GROUPS): [number, number] {
  const first = Math.floor((task * groups + parallelism - 1) / parallelism);
  const last = Math.floor(((task + 1) * groups - 1) / parallelism);
  return [first, last];
}

/** Orders keys as their UTF-8 bytes do, which is how the stores order them. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0;
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) {
      // Surrogates (astral characters) come after U+E000..U+FFFF in UTF-8, before them in UTF-16.
      const sx = x >= 0xd800 && x <= 0xdfff;
      const sy = y >= 0xd800 && y <= 0xdfff;
      if (sx !== sy) return sx ? (y >= 0xe000 ? 1 : x - y) : x >= 0xe000 ? -1 : x - y;
      return x - y;
    }
  }
  return a.length - b.length;
}
