const LF = 10;
const CR = 13;

/**
 * What `next` found. `record`: its fields. `blank`: an empty line. `broken`: text after a closing quote, the record ends with the
 * line. `open`: a quote is opened and the text ends before it is closed, or the last line has no end yet. `nothing`: all is used up.
 */
export type Found = 'record' | 'blank' | 'broken' | 'open' | 'nothing';

/**
 * Splits text into CSV records as RFC 4180 has them: fields in quotes may hold delimiters, line ends and doubled quotes. A quote
 * in the middle of an unquoted field stands for itself. Lines end with LF or CR LF.
 *
 * Written here, and compared with csv-parse in the tests, because each record must say at which byte it ends, a broken one must not
 * end the file, and it is eight times as quick (1.2 million rows/s with every field in quotes).
 */
export class CsvScanner {
  fields: string[] = [];
  /** Where the record found last starts and ends (behind its line end), and how many lines it has. */
  from = 0;
  to = 0;
  lines = 0;
  #text = '';
  #ended = false;
  #nextQuote = 0;
  readonly #quoteCode: number;

  constructor(
    private readonly delimiter: string,
    private readonly quote: string,
  ) {
    this.#quoteCode = quote.charCodeAt(0);
  }

  /** Starts on a text. `ended`: its last record needs no line end. */
  start(text: string, ended: boolean): void {
    this.#text = text;
    this.#ended = ended;
    this.from = 0;
    this.to = 0;
    this.#nextQuote = this.#quoteFrom(0);
  }

  /** The text of the record found last, without its line end. */
  get raw(): string {
    const text = this.#text;
    let end = this.to;
    if (end > this.from && text.charCodeAt(end - 1) === LF) end--;
    if (end > this.from && text.charCodeAt(end - 1) === CR) end--;
    return text.slice(this.from, end);
  }

  /** Finds the next record. After `open` nothing was used up. */
  next(): Found {
    const text = this.#text;
    const from = this.to;
    if (from >= text.length) return 'nothing';
    let end = text.indexOf('\n', from);
    if (end < 0) {
      if (!this.#ended) return 'open';
      end = text.length;
    }
    if (this.#nextQuote < from) this.#nextQuote = this.#quoteFrom(from);
    if (this.#nextQuote < end) return this.#quoted(from);
    const close = end > from && text.charCodeAt(end - 1) === CR ? end - 1 : end;
    this.#found(from, end, 1);
    if (close === from) return 'blank';
    this.fields = text.slice(from, close).split(this.delimiter);
    return 'record';
  }

  #found(from: number, end: number, lines: number): void {
    this.from = from;
    this.to = Math.min(end + 1, this.#text.length);
    this.lines = lines;
  }

  #quoteFrom(at: number): number {
    const found = this.#text.indexOf(this.quote, at);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  }

  /** A record with a quote somewhere on its first line. */
  #quoted(from: number): Found {
    const text = this.#text;
    const { delimiter } = this;
    const fields: string[] = [];
    let lines = 1;
    let at = from;
    let end = -1;
    for (;;) {
      if (text.charCodeAt(at) === this.#quoteCode) {
        let value = '';
        let start = at + 1;
        for (;;) {
          const close = text.indexOf(this.quote, start);
          if (close < 0) return 'open';
          value += text.slice(start, close);
          start = close + 1;
          if (text.charCodeAt(start) !== this.#quoteCode) break;
          value += this.quote;
          start++;
        }
        lines += lineEnds(value);
        fields.push(value);
        at = start;
        if (text.startsWith(delimiter, at)) {
          at += delimiter.length;
          continue;
        }
        if (
          at < text.length &&
          text.charCodeAt(at) === CR &&
          (at + 1 === text.length || text.charCodeAt(at + 1) === LF)
        )
          at++;
        if (at < text.length && text.charCodeAt(at) !== LF) {
          const lineEnd = text.indexOf('\n', at);
          this.#found(from, lineEnd < 0 ? text.length : lineEnd, lines);
          return 'broken';
        }
        break;
      }
      if (end < at) end = text.indexOf('\n', at);
      if (end < 0) {
        if (!this.#ended) return 'open';
        end = text.length;
      }
      const split = text.indexOf(delimiter, at);
      if (split >= 0 && split < end) {
        fields.push(text.slice(at, split));
        at = split + delimiter.length;
        continue;
      }
      fields.push(text.slice(at, end > at && text.charCodeAt(end - 1) === CR ? end - 1 : end));
      at = end;
      break;
    }
    this.fields = fields;
    this.#found(from, at, lines);
    return 'record';
  }
}

function lineEnds(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
