import { BadInput, MillraceError, type Value } from '@millrace/sdk';
import { type ByteWindow, MAX_RECORD } from './byte-window.js';

/** Bytes turned into values at a time. Larger pieces are slower: their text no longer fits the young generation or the cache. */
export const PIECE = 64 * 1024;

const LF = 10;
/** Characters of a record that is too long, kept for the person who looks at it. */
const RAW_KEPT = 4096;

/** Turns the bytes of one file into values. */
export interface Decoder {
  /** Reads what stands before the first record (byte order mark, header). False: more bytes are needed. Throws on a file of another kind. */
  begin(window: ByteWindow, ended: boolean): boolean;
  /**
   * Appends the values of whole records, about `limit`, and consumes their bytes. `ended`: no more bytes will come, the rest is a
   * record. False: nothing could be done.
   */
  take(window: ByteWindow, out: Value[], limit: number, ended: boolean): boolean;
}

/** Drops a byte order mark; tells UTF-16 and gzip apart from text. False: more bytes are needed. */
export function readMark(window: ByteWindow, file: string, ended: boolean): boolean {
  const { buffer, start, length } = window;
  if (length === 0) return ended;
  const first = buffer[start]!;
  const isMark = first === 0xef || first === 0xff || first === 0xfe || first === 0x1f;
  if (!isMark) return true;
  if (length < 3 && !ended) return false;
  const second = buffer[start + 1];
  if (first === 0xef && second === 0xbb && length >= 3 && buffer[start + 2] === 0xbf) window.consume(3, 0);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new MillraceError(`"${file}" is written in UTF-16.`, {
      code: 'FILE_NOT_UTF8',
      params: { file },
      hint: 'Save it as UTF-8.',
    });
  }
  if (first === 0x1f && second === 0x8b) {
    throw new MillraceError(`"${file}" is compressed with gzip, but its name does not end in .gz.`, {
      code: 'FILE_IS_GZIP',
      params: { file },
      hint: 'Add .gz to the name, or unpack the file.',
    });
  }
  return true;
}

/** A record that could not be read, with the place where it stands (line from 1, byte from 0). */
export function badRecord(
  file: string,
  code: 'FILE_BAD_LINE' | 'FILE_BAD_ROW' | 'FILE_LINE_TOO_LONG' | 'FILE_TOO_DEEP',
  at: { line: number; byte: number },
  raw: string,
  reason: string,
  hint?: string,
): BadInput {
  return new BadInput(
    raw,
    new MillraceError(`Line ${at.line} of "${file}" (byte ${at.byte}): ${reason}.`, {
      code,
      params: { file, line: at.line, byte: at.byte, reason },
      ...(hint === undefined ? {} : { hint }),
    }),
  );
}

/** Passes over a record that is longer than the limit while its end is looked for, in constant memory. */
export class LongRecord {
  #raw: string | undefined;

  constructor(private readonly file: string) {}

  /** True while the end of a long record is looked for. */
  get open(): boolean {
    return this.#raw !== undefined;
  }

  /** Starts passing over the record at the front of the window, which is longer than `MAX_RECORD`. */
  begin(window: ByteWindow): void {
    const { buffer, start, end } = window;
    this.#raw = `${buffer.toString('utf8', start, Math.min(end, start + RAW_KEPT))}…`;
    window.discard(window.length);
  }

  /** True when the line end was found and the record reported. */
  pass(window: ByteWindow, out: Value[], ended: boolean): boolean {
    const at = window.find(LF, window.start);
    if (at < 0 && !ended) {
      window.discard(window.length);
      return false;
    }
    out.push(tooLong(this.file, window.line + 1, window.offset, this.#raw ?? ''));
    window.consume(at < 0 ? window.length : at + 1 - window.start, 1);
    this.#raw = undefined;
    return true;
  }

  /** Reports a line that is too long but whole in the window, up to `end`. */
  report(window: ByteWindow, end: number): BadInput {
    const raw = window.buffer.toString('utf8', window.start, Math.min(end, window.start + RAW_KEPT));
    return tooLong(this.file, window.line + 1, window.offset, `${raw}…`);
  }

  reset(): void {
    this.#raw = undefined;
  }
}

function tooLong(file: string, line: number, byte: number, raw: string): BadInput {
  return badRecord(
    file,
    'FILE_LINE_TOO_LONG',
    { line, byte },
    raw,
    `the record is longer than ${MAX_RECORD / 1024 / 1024} MiB`,
    'One record may have 1 MiB; put large attachments elsewhere.',
  );
}
