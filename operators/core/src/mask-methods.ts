import { createHash } from 'node:crypto';
import { dayOf, encodePart, parseTime, startOfPeriod, type Value } from '@millrace/sdk';

export const MASK_METHODS = ['hash', 'token', 'redact', 'keep-last', 'keep-first', 'domain', 'period'] as const;

export interface MaskField {
  field: string;
  how: (typeof MASK_METHODS)[number];
  prefix?: string;
  with?: string;
  keep?: number;
  period?: 'day' | 'week' | 'month';
}

/** What takes the place of a value. Null never gets here; what a method cannot handle becomes null, so that nothing slips through. */
export type Mask = (value: Value) => Value;

/** Pseudonyms kept at hand; when there are more, it starts anew. */
const MAX_CACHED = 8192;

function cached(mask: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) {
      made = mask(text);
      if (known.size >= MAX_CACHED) known.clear();
      known.set(text, made);
    }
    return made;
  };
}

const digest = (salt: string, kind: string, text: string) =>
  createHash('sha256').update(`${salt}\u0000${kind}\u0000${text}`).digest();

/** First 128 bits of SHA-256 over salt, NUL, `h`, NUL and the encoded value, as 32 hex digits: `1` and `"1"` differ. */
function hash(salt: string): Mask {
  const make = cached((text) => digest(salt, 'h', text).toString('hex', 0, 16));
  return (value) => make(encodePart(value));
}

const LETTER = /\p{L}/u;

/**
 * A text of the same shape: digits for digits, capital and small Latin letters for letters, everything else as it is. Bytes come from SHA-256
 * over salt, NUL, `t` and the number of the block, NUL and the text. Different short values may get the same token.
 */
function token(salt: string, prefix: string): Mask {
  const make = cached((text) => {
    let out = prefix;
    let block = Buffer.alloc(0);
    let at = 0;
    for (const char of text) {
      const kind = char >= '0' && char <= '9' ? 10 : LETTER.test(char) ? 26 : 0;
      if (kind === 0) {
        out += char;
        continue;
      }
      if (at % 32 === 0) block = digest(salt, `t${at / 32}`, text);
      const byte = block[at++ % 32]!;
      const first = kind === 10 ? 48 : char === char.toLowerCase() ? 97 : 65;
      out += String.fromCharCode(first + (byte % kind));
    }
    return out;
  });
  return onText(make);
}

/** For methods that work on text: numbers are taken as written, lists and objects become null. */
function onText(mask: (text: string) => Value): Mask {
  return (value) => (typeof value === 'object' ? null : mask(typeof value === 'string' ? value : String(value)));
}

/** A text not longer than what may be seen is hidden as a whole. */
function keepEnd(keep: number): Mask {
  return onText((text) => {
    const chars = [...text];
    const hidden = chars.length <= keep ? chars.length : chars.length - keep;
    return '*'.repeat(hidden) + chars.slice(hidden).join('');
  });
}

function keepStart(keep: number): Mask {
  return onText((text) => {
    const chars = [...text];
    const seen = chars.length <= keep ? 0 : keep;
    return chars.slice(0, seen).join('') + '*'.repeat(chars.length - seen);
  });
}

const domain = onText((text) => {
  const at = text.lastIndexOf('@');
  const found = text
    .slice(at + 1)
    .trim()
    .toLowerCase();
  return at < 0 || found === '' ? null : found;
});

/** Text gives the first day of the period as `YYYY-MM-DD`, numbers (ms) the ms at which it begins. */
function period(unit: 'day' | 'week' | 'month', zone: string): Mask {
  return (value) => {
    const ms = parseTime(typeof value === 'string' ? value.trim() : value, 'ms', zone);
    if (Number.isNaN(ms)) return null;
    const start = startOfPeriod(ms, unit, zone);
    return typeof value === 'number' ? start : dayOf(start, zone);
  };
}

export function maskOf(step: MaskField, salt: string, zone: string): Mask {
  switch (step.how) {
    case 'hash':
      return hash(salt);
    case 'token':
      return token(salt, step.prefix ?? '');
    case 'redact': {
      const text = step.with ?? null;
      return () => text;
    }
    case 'keep-last':
      return keepEnd(step.keep ?? 4);
    case 'keep-first':
      return keepStart(step.keep ?? 2);
    case 'domain':
      return domain;
    case 'period':
      return period(step.period ?? 'day', zone);
  }
}
