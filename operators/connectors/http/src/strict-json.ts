import { MillraceError, type Value } from '@millrace/sdk';

/** Bounds of a JSON text from outside. */
export interface JsonLimits {
  /** Levels of nesting. */
  depth: number;
  /** Object fields in the whole text. */
  keys: number;
  /** UTF-16 units of one field name. */
  keyLength: number;
  /** Whole numbers that a double cannot hold: keep their digits as text (records) or refuse them (documents). */
  bigIntegers: 'text' | 'refuse';
}

export const RECORD_LIMITS: JsonLimits = { depth: 64, keys: 10_000, keyLength: 256, bigIntegers: 'text' };

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Text of UTF-8 bytes; bytes that are no UTF-8 are refused instead of replaced (`BAD_ENCODING`). */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new MillraceError('The text is not valid UTF-8.', {
      code: 'BAD_ENCODING',
      hint: 'Send JSON as UTF-8.',
      cause,
    });
  }
}

/**
 * Reads JSON as RFC 8259 has it, and stricter where readers differ: a field that comes twice (`DUPLICATE_KEY`), half a surrogate
 * pair (`BAD_ENCODING`), numbers a double cannot hold (`NUMBER_UNSAFE`, or their digits as text), and texts over a limit
 * (`TOO_DEEP`, `TOO_MANY_KEYS`, `KEY_TOO_LONG`) are refused; anything else that is no JSON is `BAD_JSON`. Depth is checked on the
 * way down, so a hostile text costs no more stack than `limits.depth`.
 */
export function parseStrictJson(text: string, limits: JsonLimits = RECORD_LIMITS): Value {
  return new StrictReader(text, limits).document();
}

class StrictReader {
  readonly #text: string;
  readonly #limits: JsonLimits;
  #at = 0;
  #depth = 0;
  #keys = 0;

  constructor(text: string, limits: JsonLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  document(): Value {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#bad();
    return value;
  }

  #value(): Value {
    this.#space();
    switch (this.#text.charCodeAt(this.#at)) {
      case 123:
        return this.#object();
      case 91:
        return this.#array();
      case 34:
        return this.#string();
      case 116:
        return this.#word('true', true);
      case 102:
        return this.#word('false', false);
      case 110:
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #enter(): void {
    this.#at++;
    if (++this.#depth > this.#limits.depth) {
      this.#refuse('TOO_DEEP', `The JSON is nested deeper than ${this.#limits.depth} levels.`, {
        limit: this.#limits.depth,
      });
    }
  }

  #object(): Value {
    this.#enter();
    const object: { [name: string]: Value } = {};
    this.#space();
    if (this.#text.charCodeAt(this.#at) === 125) {
      this.#at++;
      this.#depth--;
      return object;
    }
    for (;;) {
      this.#space();
      if (this.#text.charCodeAt(this.#at) !== 34) this.#bad();
      const name = this.#string();
      this.#checkName(object, name);
      this.#space();
      if (this.#text.charCodeAt(this.#at++) !== 58) this.#bad(-1);
      const value = this.#value();
      // Plain assignment would set the prototype; as an own field it is data like any other.
      if (name === '__proto__') {
        Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
      } else object[name] = value;
      this.#space();
      const next = this.#text.charCodeAt(this.#at++);
      if (next === 44) continue;
      if (next !== 125) this.#bad(-1);
      this.#depth--;
      return object;
    }
  }

  #checkName(object: object, name: string): void {
    if (++this.#keys > this.#limits.keys) {
      this.#refuse('TOO_MANY_KEYS', `The JSON has more than ${this.#limits.keys} fields.`, {
        limit: this.#limits.keys,
      });
    }
    if (name.length > this.#limits.keyLength) {
      this.#refuse('KEY_TOO_LONG', `A field name is longer than ${this.#limits.keyLength} characters.`, {
        limit: this.#limits.keyLength,
      });
    }
    if (Object.hasOwn(object, name))
      this.#refuse('DUPLICATE_KEY', `The field "${name}" comes twice in one object.`, { key: name });
  }

  #array(): Value {
    this.#enter();
    const list: Value[] = [];
    this.#space();
    if (this.#text.charCodeAt(this.#at) === 93) {
      this.#at++;
      this.#depth--;
      return list;
    }
    for (;;) {
      list.push(this.#value());
      this.#space();
      const next = this.#text.charCodeAt(this.#at++);
      if (next === 44) continue;
      if (next !== 93) this.#bad(-1);
      this.#depth--;
      return list;
    }
  }

  #string(): string {
    const start = ++this.#at;
    const text = this.#text;
    for (let at = start; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 34) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (c === 92) return this.#escapedString(start, at);
      if (c < 32) this.#bad(at - this.#at);
    }
    return this.#bad(text.length - this.#at);
  }

  /** Finds the end of a string with escapes and lets JSON.parse read that one token. */
  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text;
    for (let at = firstEscape; at < text.length; at++) {
      const c = text.charCodeAt(at);
      if (c === 92) at++;
      else if (c === 34) {
        this.#at = at + 1;
        return this.#token(start - 1, at + 1);
      }
    }
    return this.#bad(text.length - this.#at);
  }

  #token(from: number, to: number): string {
    let value: string;
    try {
      value = JSON.parse(this.#text.slice(from, to)) as string;
    } catch {
      return this.#bad(from - this.#at);
    }
    if (LONE_SURROGATE.test(value))
      this.#refuse('BAD_ENCODING', 'A text holds half of a surrogate pair.', { at: from });
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#bad();
    this.#at += word.length;
    return value;
  }

  #number(): Value {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (match === null) return this.#bad();
    const digits = match[0];
    this.#at += digits.length;
    const value = Number(digits);
    const whole = match[1] === undefined && match[2] === undefined;
    if (whole && digits.length > 15 && !Number.isSafeInteger(value)) {
      if (this.#limits.bigIntegers === 'text') return digits;
      this.#refuse('NUMBER_UNSAFE', `The number ${digits.slice(0, 40)} is too large to be kept exactly.`, {
        number: digits.slice(0, 40),
      });
    }
    if (!Number.isFinite(value)) {
      this.#refuse('NUMBER_UNSAFE', `The number ${digits.slice(0, 40)} is too large.`, { number: digits.slice(0, 40) });
    }
    return value;
  }

  #space(): void {
    for (; ; this.#at++) {
      const c = this.#text.charCodeAt(this.#at);
      if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
    }
  }

  #bad(shift = 0): never {
    const at = Math.min(this.#at + shift, this.#text.length);
    return this.#refuse(
      'BAD_JSON',
      at >= this.#text.length ? 'The JSON ends too early.' : `The JSON cannot be read at character ${at + 1}.`,
      { at },
    );
  }

  #refuse(code: string, message: string, params: Record<string, unknown>): never {
    throw new MillraceError(message, { code, params });
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
