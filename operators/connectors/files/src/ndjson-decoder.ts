import { isUtf8 } from 'node:buffer';
import { isTooDeep, MAX_DEPTH, parseKeepingDigits, type Value } from '@millrace/sdk';
import { type ByteWindow, MAX_RECORD } from './byte-window.js';
import { badRecord, type Decoder, LongRecord, PIECE, readMark } from './decoder.js';
import { parseObjectLines } from './json-lines.js';
import { mayLoseDigits } from './numbers.js';

const LF = 10;
/** Up to this limit lines are counted exactly, beyond it a piece is cut by the average length. */
const COUNTED_LIMIT = 256;
/** Longest pause, in pieces, before joined parsing is tried again on data that does not suit it. */
const MAX_PAUSE = 64;

/** Newline-delimited JSON: one value per line. Blank lines are passed over; of two fields of one name the last counts. */
export class NdjsonDecoder implements Decoder {
  readonly #long: LongRecord;
  /** Bytes per record, from the piece before. */
  #average = 256;
  #pause = 0;
  #nextPause = 1;

  constructor(private readonly file: string) {
    this.#long = new LongRecord(file);
  }

  begin(window: ByteWindow, ended: boolean): boolean {
    this.#long.reset();
    return readMark(window, this.file, ended);
  }

  take(window: ByteWindow, out: Value[], limit: number, ended: boolean): boolean {
    if (this.#long.open) return this.#long.pass(window, out, ended);
    const { start, end } = window;
    if (start === end) return false;
    let last = limit <= COUNTED_LIMIT ? countLines(window, limit) : this.#lastLineEnd(window, limit);
    const whole = last >= 0;
    if (!whole) last = end;
    if (last - start > MAX_RECORD) {
      if (whole) {
        out.push(this.#long.report(window, last));
        window.consume(last + 1 - start, 1);
        return true;
      }
      this.#long.begin(window);
      return this.#long.pass(window, out, ended);
    }
    if (!whole && !ended) return false;
    const before = out.length;
    const lines = this.#decode(window, start, last, out);
    window.consume((whole ? last + 1 : last) - start, lines);
    if (out.length > before) this.#average = (last - start) / (out.length - before);
    return true;
  }

  /** Line end behind about `limit` records, going by the piece before; -1: no line ends yet. */
  #lastLineEnd(window: ByteWindow, limit: number): number {
    const { buffer, start, end } = window;
    const stop = Math.min(end, start + Math.min(PIECE, Math.round(limit * this.#average)));
    const last = buffer.lastIndexOf(LF, stop - 1);
    return last < start ? window.find(LF, stop) : last;
  }

  /** Appends the values of the lines in [from, to), without the last line end. Answers the number of lines. */
  #decode(window: ByteWindow, from: number, to: number, out: Value[]): number {
    const { buffer } = window;
    if (!isUtf8(buffer.subarray(from, to))) return this.#decodeBroken(window, from, to, out);
    const text = buffer.toString('utf8', from, to);
    const exact = mayLoseDigits(buffer, from, to);
    if (!exact && this.#joins()) {
      const values = parseObjectLines(text);
      this.#joined(values !== undefined);
      if (values !== undefined) {
        for (let i = 0; i < values.length; i++) out.push(values[i]);
        return values.length;
      }
    }
    const parse: (json: string) => Value = exact ? parseKeepingDigits : JSON.parse;
    let line = window.line + 1;
    let at = 0;
    for (let next = text.indexOf('\n'); ; next = text.indexOf('\n', at)) {
      const json = next < 0 ? text.slice(at) : text.slice(at, next);
      try {
        if (isTooDeep(json)) out.push(this.#tooDeep(json, line, byteOf(window, text, at)));
        else if (json !== '') out.push(parse(json));
      } catch (error) {
        if (json.trim() !== '') out.push(this.#bad(json, line, byteOf(window, text, at), whyNot(error)));
      }
      if (next < 0) return line - window.line;
      line++;
      at = next + 1;
    }
  }

  /** Lines of which at least one is not UTF-8: each is looked at alone. */
  #decodeBroken(window: ByteWindow, from: number, to: number, out: Value[]): number {
    const { buffer } = window;
    let line = window.line + 1;
    for (let at = from; ; line++) {
      const found = buffer.subarray(at, to).indexOf(LF);
      const next = found < 0 ? to : at + found;
      const json = buffer.toString('utf8', at, next);
      const byte = window.offset + at - from;
      if (!isUtf8(buffer.subarray(at, next))) out.push(this.#bad(json, line, byte, 'not valid UTF-8'));
      else if (isTooDeep(json)) out.push(this.#tooDeep(json, line, byte));
      else if (json.trim() !== '') {
        try {
          out.push(parseKeepingDigits(json));
        } catch (error) {
          out.push(this.#bad(json, line, byte, whyNot(error)));
        }
      }
      if (found < 0) return line - window.line;
      at = next + 1;
    }
  }

  #bad(json: string, line: number, byte: number, reason: string): Value {
    const raw = json.endsWith('\r') ? json.slice(0, -1) : json;
    const hint =
      line === 1 && raw.trimStart().startsWith('[')
        ? 'The file looks like one JSON array; write one value per line instead (NDJSON).'
        : 'Each line must be one JSON value in UTF-8.';
    return badRecord(this.file, 'FILE_BAD_LINE', { line, byte }, raw, reason, hint);
  }

  #tooDeep(json: string, line: number, byte: number): Value {
    const reason = `the value is nested deeper than ${MAX_DEPTH} levels`;
    return badRecord(this.file, 'FILE_TOO_DEEP', { line, byte }, json, reason);
  }

  /** Is it worth trying to parse the next piece as a whole? */
  #joins(): boolean {
    if (this.#pause === 0) return true;
    this.#pause--;
    return false;
  }

  #joined(worked: boolean): void {
    if (worked) this.#nextPause = 1;
    else {
      this.#pause = this.#nextPause;
      this.#nextPause = Math.min(MAX_PAUSE, this.#nextPause * 2);
    }
  }
}

/** Line end behind `limit` lines, or the last one in the window; -1: no line ends yet. */
function countLines(window: ByteWindow, limit: number): number {
  let last = -1;
  let at = window.start;
  for (let lines = 0; lines < limit && at - window.start < PIECE; lines++) {
    const next = window.find(LF, at);
    if (next < 0) break;
    last = next;
    at = next + 1;
  }
  return last;
}

function whyNot(error: unknown): string {
  return `not valid JSON, ${(error as Error).message.replace(/, [^,]* is not valid JSON$/s, '')}`;
}

/** Byte of the stream at which a character of the piece at the front of the window stands. */
function byteOf(window: ByteWindow, text: string, at: number): number {
  return window.offset + Buffer.byteLength(text.slice(0, at));
}
