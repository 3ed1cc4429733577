import { isUtf8 } from 'node:buffer';
import { BadCell, type ColumnType, readCell, type Value } from '@millrace/sdk';
import { type ByteWindow, MAX_RECORD } from './byte-window.js';
import { badHeader, columnNames, tooManyColumns, unknownColumn } from './csv-columns.js';
import { CsvScanner } from './csv-scanner.js';
import { badRecord, type Decoder, LongRecord, PIECE, readMark } from './decoder.js';

const LF = 10;

export interface CsvOptions {
  delimiter: string;
  quote: string;
  /** The first record names the columns. */
  header: boolean;
  /** Names of the columns; with a header they replace its names. */
  columns?: readonly string[];
  /** Types of columns that are not text. */
  types?: { readonly [column: string]: ColumnType };
  /** IANA zone of times written without one. */
  zone: string;
}

/**
 * CSV: one object per record, all cells text unless typed. A record with too many or too few cells, or a cell that does not fit its
 * type, is bad and alone so. A quote that is opened and not closed within 1 MiB spoils the line it stands on, no more.
 */
export class CsvDecoder implements Decoder {
  readonly #scanner: CsvScanner;
  readonly #long: LongRecord;
  #columns: readonly string[] = [];
  #types: (ColumnType | undefined)[] | undefined;
  /** All columns are text with ordinary names. */
  #plain = true;
  #headerLines = 0;
  /** Bytes per record, from the piece before. */
  #average = 256;

  constructor(
    private readonly file: string,
    private readonly options: CsvOptions,
  ) {
    this.#scanner = new CsvScanner(options.delimiter, options.quote);
    this.#long = new LongRecord(file);
  }

  begin(window: ByteWindow, ended: boolean): boolean {
    this.#long.reset();
    if (!readMark(window, this.file, ended)) return false;
    const { header, columns } = this.options;
    if (!header && columns !== undefined) {
      this.#name(columns);
      return true;
    }
    const first = this.#firstRecord(window, ended);
    if (first === undefined) return ended;
    const names = columnNames(header ? first : first.map(() => ''), this.file);
    this.#name(columns ?? names);
    if (header) window.consume(this.#scanner.to, this.#headerLines);
    return true;
  }

  /** The cells of the first record, which stays in the window; undefined when it is not whole yet. */
  #firstRecord(window: ByteWindow, ended: boolean): string[] | undefined {
    const scanner = this.#scanner;
    // Latin-1: one character per byte, so that `to` counts bytes.
    scanner.start(window.buffer.toString('latin1', window.start, window.end), ended);
    this.#headerLines = 0;
    for (;;) {
      const found = scanner.next();
      this.#headerLines += scanner.lines;
      if (found === 'blank') continue;
      if (found === 'nothing' || found === 'open') {
        if (window.length > MAX_RECORD) throw tooManyColumns(this.file);
        if (ended && found === 'open') throw badHeader(this.file, 'a quote is opened and not closed');
        return undefined;
      }
      if (found === 'broken') throw badHeader(this.file, 'there is text after a closing quote');
      return scanner.fields.map((field) => Buffer.from(field, 'latin1').toString('utf8'));
    }
  }

  #name(columns: readonly string[]): void {
    const types = this.options.types ?? {};
    const unknown = Object.keys(types).find((name) => !columns.includes(name));
    if (unknown !== undefined) throw unknownColumn(this.file, unknown, columns);
    this.#columns = columns;
    const typed = columns.map((name) => (Object.hasOwn(types, name) ? types[name] : undefined));
    this.#types = typed.some((type) => type !== undefined && type !== 'text') ? typed : undefined;
    this.#plain = this.#types === undefined && !columns.includes('__proto__');
  }

  take(window: ByteWindow, out: Value[], limit: number, ended: boolean): boolean {
    if (this.#long.open) return this.#long.pass(window, out, ended);
    const { start, end } = window;
    if (start === end) return false;
    let stop = this.#lineEnd(window, start + Math.min(PIECE, Math.max(1, Math.round(limit * this.#average))), ended);
    if (stop < 0) {
      if (end - start <= MAX_RECORD) return false;
      this.#long.begin(window);
      return this.#long.pass(window, out, ended);
    }
    if (this.#decode(window, stop, limit, ended && stop === end, out)) return true;
    // The first record does not end in this piece: look at all there is.
    stop = this.#lineEnd(window, end, ended);
    if (this.#decode(window, stop, limit, ended && stop === end, out)) return true;
    if (!ended && end - start <= MAX_RECORD) return false;
    this.#dropLine(window, out);
    return true;
  }

  /** Index behind the last line end before `wanted`, or else the first one after it; -1: there is none. */
  #lineEnd(window: ByteWindow, wanted: number, ended: boolean): number {
    const { buffer, start, end } = window;
    if (wanted >= end && ended) return end;
    const last = buffer.lastIndexOf(LF, Math.min(wanted, end) - 1);
    if (last >= start) return last + 1;
    const next = window.find(LF, Math.min(wanted, end));
    if (next >= 0) return next + 1;
    return ended ? end : -1;
  }

  /** Takes records from the bytes up to `stop`, at most `limit`. False: not even one is whole. */
  #decode(window: ByteWindow, stop: number, limit: number, ended: boolean, out: Value[]): boolean {
    const { buffer, start } = window;
    const clean = isUtf8(buffer.subarray(start, stop));
    // Broken UTF-8 is split as Latin-1, in which every byte is a character; each record is then looked at alone.
    const text = buffer.toString(clean ? 'utf8' : 'latin1', start, stop);
    const ascii = text.length === stop - start;
    const scanner = this.#scanner;
    scanner.start(text, ended);
    let records = 0;
    let doneTo = 0;
    let byte = window.offset;
    let line = window.line + 1;
    while (records < limit) {
      const found = scanner.next();
      if (found === 'open' || found === 'nothing') break;
      if (found !== 'blank') {
        out.push(found === 'broken' ? this.#broken(line, byte) : this.#value(clean, line, byte));
        records++;
      }
      byte += ascii ? scanner.to - doneTo : Buffer.byteLength(text.slice(doneTo, scanner.to));
      doneTo = scanner.to;
      line += scanner.lines;
    }
    const bytes = byte - window.offset;
    if (bytes === 0) return false;
    window.consume(bytes, line - 1 - window.line);
    if (records > 0) this.#average = bytes / records;
    return true;
  }

  #value(clean: boolean, line: number, byte: number): Value {
    const scanner = this.#scanner;
    let { fields } = scanner;
    if (!clean) {
      const raw = Buffer.from(scanner.raw, 'latin1');
      if (!isUtf8(raw)) return this.#bad(line, byte, 'not valid UTF-8', raw.toString('utf8'));
      fields = fields.map((field) => Buffer.from(field, 'latin1').toString('utf8'));
    }
    const columns = this.#columns;
    const raw = (): string => (clean ? scanner.raw : Buffer.from(scanner.raw, 'latin1').toString('utf8'));
    if (fields.length !== columns.length) {
      return this.#bad(line, byte, `${fields.length} cells where ${columns.length} are expected`, raw());
    }
    if (this.#plain) {
      const row: { [name: string]: Value } = {};
      for (let i = 0; i < columns.length; i++) row[columns[i]!] = fields[i]!;
      return row;
    }
    try {
      return this.#typedRow(columns, fields);
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      return this.#bad(line, byte, error.message, raw());
    }
  }

  #typedRow(columns: readonly string[], fields: readonly string[]): Value {
    const row: { [name: string]: Value } = {};
    for (let i = 0; i < columns.length; i++) {
      const name = columns[i]!;
      const type = this.#types?.[i];
      const value = type === undefined ? fields[i]! : readCell(fields[i]!, name, type, this.options.zone);
      // Assigning to __proto__ would change the object instead of adding a field.
      if (name === '__proto__')
        Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
      else row[name] = value;
    }
    return row;
  }

  #broken(line: number, byte: number): Value {
    return this.#bad(line, byte, 'there is text after a closing quote', this.#scanner.raw);
  }

  /** The first line opens a quote that nothing closes: it is bad, and reading goes on with the line after it. */
  #dropLine(window: ByteWindow, out: Value[]): void {
    const at = window.find(LF, window.start);
    const end = at < 0 ? window.end : at;
    if (end - window.start > MAX_RECORD) out.push(this.#long.report(window, end));
    else {
      const raw = window.buffer.toString('utf8', window.start, end).replace(/\r$/, '');
      const reason = 'a quote is opened and not closed before the end of the file or within 1 MiB';
      out.push(this.#bad(window.line + 1, window.offset, reason, raw));
    }
    window.consume((at < 0 ? window.end : at + 1) - window.start, 1);
  }

  #bad(line: number, byte: number, reason: string, raw: string): Value {
    const hint = 'Mend the row, or check the delimiter and the quote character of the source.';
    return badRecord(this.file, 'FILE_BAD_ROW', { line, byte }, raw, reason, hint);
  }
}
