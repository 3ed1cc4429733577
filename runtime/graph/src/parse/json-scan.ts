import type { Finding } from '../document.js';
import { FORBIDDEN_KEYS, LIMITS, pointerStep } from '../limits.js';

type Expect = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

interface Frame {
  /** Names seen so far; null for a list. */
  keys: Set<string> | null;
  /** Current name or index. */
  at: string | number;
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORDS = ['true', 'false', 'null'] as const;

/**
 * Reads JSON text without recursion and without building anything: syntax with line and column, depth, number and length of names, names
 * given twice, names that pollute prototypes, whole numbers that a double cannot hold. Answers the first problem, or undefined: then
 * `JSON.parse` is safe and loses nothing.
 */
export function scanJson(text: string): Finding | undefined {
  return new Scanner(text).scan();
}

class Scanner {
  private i = 0;
  private readonly stack: Frame[] = [];
  private expect: Expect = 'value';
  private keys = 0;

  constructor(private readonly text: string) {}

  scan(): Finding | undefined {
    for (;;) {
      this.skipBlank();
      if (this.i >= this.text.length) return this.expect === 'nothing' ? undefined : this.syntax('end');
      const problem = this.step(this.text[this.i]!);
      if (problem) return problem;
    }
  }

  private step(c: string): Finding | undefined {
    switch (this.expect) {
      case 'value':
      case 'value-or-end':
        if (c === ']' && this.expect === 'value-or-end') return this.leave();
        return this.value(c);
      case 'key':
      case 'key-or-end':
        if (c === '}' && this.expect === 'key-or-end') return this.leave();
        return this.key(c);
      case 'colon':
        if (c !== ':') return this.syntax('colon');
        this.i++;
        this.expect = 'value';
        return undefined;
      case 'comma-or-end':
        return this.next(c);
      default:
        return this.syntax('after-end');
    }
  }

  private value(c: string): Finding | undefined {
    if (c === '{' || c === '[') {
      if (this.stack.length >= LIMITS.depth) return this.limit('TOO_DEEP', { limit: LIMITS.depth });
      this.stack.push({ keys: c === '{' ? new Set() : null, at: 0 });
      this.i++;
      this.expect = c === '{' ? 'key-or-end' : 'value-or-end';
      return undefined;
    }
    if (c === '"') {
      const problem = this.string();
      if (problem) return problem;
    } else if (c === '-' || (c >= '0' && c <= '9')) {
      const problem = this.number();
      if (problem) return problem;
    } else {
      const word = WORDS.find((candidate) => this.text.startsWith(candidate, this.i));
      if (!word) return this.syntax(c === ']' || c === '}' ? 'trailing-comma' : 'value');
      this.i += word.length;
    }
    this.done();
    return undefined;
  }

  /** A value has ended. */
  private done(): void {
    this.expect = this.stack.length === 0 ? 'nothing' : 'comma-or-end';
  }

  private leave(): undefined {
    this.stack.pop();
    this.i++;
    this.done();
  }

  private next(c: string): Finding | undefined {
    const top = this.stack.at(-1)!;
    if (c === (top.keys ? '}' : ']')) return this.leave();
    if (c !== ',') return this.syntax('comma');
    this.i++;
    this.expect = top.keys ? 'key' : 'value';
    if (!top.keys) top.at = (top.at as number) + 1;
    return undefined;
  }

  private key(c: string): Finding | undefined {
    if (c !== '"') return this.syntax(c === '}' ? 'trailing-comma' : 'key');
    const from = this.i;
    const problem = this.string();
    if (problem) return problem;
    const raw = this.text.slice(from, this.i);
    const name: string = raw.includes('\\') ? JSON.parse(raw) : raw.slice(1, -1);
    const top = this.stack.at(-1)!;
    top.at = name;
    if (name.length > LIMITS.keyLength) return this.limit('KEY_TOO_LONG', { limit: LIMITS.keyLength }, from);
    if (FORBIDDEN_KEYS.has(name)) return this.limit('KEY_FORBIDDEN', { key: name }, from);
    if (top.keys!.has(name)) return this.limit('KEY_DUPLICATE', { key: name }, from);
    if (++this.keys > LIMITS.allKeys) return this.limit('TOO_MANY_KEYS', { limit: LIMITS.allKeys }, from);
    top.keys!.add(name);
    this.expect = 'colon';
    return undefined;
  }

  /** Moves behind the text literal that begins here. */
  private string(): Finding | undefined {
    const { text } = this;
    let i = this.i + 1;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 34) {
        this.i = i + 1;
        return undefined;
      }
      if (code < 32) return this.syntax('control', i);
      if (code !== 92) continue;
      const letter = text[i + 1];
      if (letter === 'u') {
        if (!/^[0-9a-fA-F]{4}$/.test(text.slice(i + 2, i + 6))) return this.syntax('escape', i);
        i += 5;
      } else if (letter !== undefined && '"\\/bfnrt'.includes(letter)) i++;
      else return this.syntax('escape', i);
    }
    return this.syntax('unterminated');
  }

  private number(): Finding | undefined {
    NUMBER.lastIndex = this.i;
    const match = NUMBER.exec(this.text);
    if (!match) return this.syntax('number');
    const [number, fraction, exponent] = match;
    if (
      fraction === undefined &&
      exponent === undefined &&
      number.length > 15 &&
      !Number.isSafeInteger(Number(number))
    ) {
      return this.limit('NUMBER_INEXACT', { number: number.slice(0, 40) });
    }
    this.i += number.length;
    return undefined;
  }

  private skipBlank(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.i);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.i++;
    }
  }

  private syntax(expected: string, at = this.i): Finding {
    const rest = this.text.slice(at, at + 20);
    const found = /^[A-Za-z0-9_$]+/.exec(rest)?.[0] ?? [...rest][0] ?? '';
    const reason =
      expected === 'end' || found === ''
        ? 'end'
        : found === "'" || found === '“'
          ? 'quotes'
          : rest.startsWith('//') || rest.startsWith('/*')
            ? 'comment'
            : expected;
    return this.limit('JSON_SYNTAX', { reason, found }, at);
  }

  private limit(code: string, params: Finding['params'], at = this.i): Finding {
    const before = this.text.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const path = this.stack.map((frame) => `/${pointerStep(frame.at)}`).join('');
    return {
      code,
      severity: 'error',
      params: { ...params, line, column },
      path: path.length > 300 ? `${path.slice(0, 300)}…` : path,
      range: { from: at, to: Math.min(at + 1, this.text.length) },
    };
  }
}
