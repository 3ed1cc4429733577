import { fieldReader, MillraceError, type StreamRecord, type Value } from '@millrace/sdk';

/** Turns records into lines of text. */
export interface RowWriter {
  /** The line of a record, with its line end; the header before the first one. Throws on a record that does not fit, and forgets it. */
  row(record: StreamRecord): string;
  /** What a result without rows begins with. */
  empty(): string;
  /** What must be kept to go on after a restart. */
  readonly columns: readonly string[] | undefined;
}

/** NDJSON. `withOp`: `{"op":…,"value":…}` instead of the bare value. */
export function ndjsonRows(withOp: boolean): RowWriter {
  const json = (value: Value): string => JSON.stringify(value) ?? 'null';
  return {
    row: withOp ? ({ op, value }) => `{"op":"${op}","value":${json(value)}}\n` : ({ value }) => `${json(value)}\n`,
    empty: () => '',
    columns: undefined,
  };
}

export interface CsvRowOptions {
  delimiter: string;
  header: boolean;
  /** Columns set by the user; otherwise the fields of the first record. */
  columns: readonly string[] | undefined;
  spreadsheetSafe: boolean;
  withOp: boolean;
}

/** CSV as RFC 4180 has it, with LF line ends. `kept`: columns of an earlier run, whose header is written already. */
export function csvRows(options: CsvRowOptions, kept: readonly string[] | undefined): RowWriter {
  return new CsvRows(options, kept);
}

class CsvRows implements RowWriter {
  #columns: readonly string[] | undefined;
  #read: ((value: Value) => Value)[] = [];
  #known: ReadonlySet<string> | undefined;
  #begun: boolean;
  readonly #special: RegExp;

  constructor(
    private readonly options: CsvRowOptions,
    kept: readonly string[] | undefined,
  ) {
    this.#special = options.delimiter === ',' ? /[",\n\r]/ : new RegExp(`["\\n\\r${escaped(options.delimiter)}]`);
    this.#begun = kept !== undefined;
    const columns = kept ?? options.columns;
    if (columns !== undefined) this.#use(columns);
  }

  get columns(): readonly string[] | undefined {
    return this.#begun ? this.#columns : undefined;
  }

  #use(columns: readonly string[]): void {
    this.#columns = columns;
    this.#read = columns.map(cellReader);
    this.#known = this.options.columns === undefined ? new Set(columns) : undefined;
  }

  row(record: StreamRecord): string {
    const { value } = record;
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw notARow(value);
    if (this.#columns !== undefined) return this.#line(record);
    this.#use(Object.keys(value));
    try {
      return this.#line(record);
    } catch (error) {
      // A record that is not written must not decide what the columns are.
      this.#columns = undefined;
      throw error;
    }
  }

  #line({ op, value }: StreamRecord): string {
    if (this.#known !== undefined) {
      for (const name of Object.keys(value)) if (!this.#known.has(name)) throw unknownField(name, this.#columns!);
    }
    let line = this.options.withOp ? op : '';
    for (let i = 0; i < this.#read.length; i++) {
      if (i > 0 || this.options.withOp) line += this.options.delimiter;
      line += this.#cell(this.#read[i]!(value));
    }
    // A row of one empty cell would be a blank line, which readers pass over.
    const text = line === '' ? '""\n' : `${line}\n`;
    return this.#begun ? text : this.#header() + text;
  }

  empty(): string {
    return this.#begun || this.#columns === undefined ? '' : this.#header();
  }

  #header(): string {
    this.#begun = true;
    if (!this.options.header) return '';
    const names = this.options.withOp ? ['op', ...this.#columns!] : this.#columns!;
    return `${names.map((name) => this.#cell(name)).join(this.options.delimiter)}\n`;
  }

  #cell(value: Value): string {
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value === null || value === undefined) return '';
    let text = typeof value === 'string' ? value : JSON.stringify(value);
    const formula = this.options.spreadsheetSafe && /^[=+\-@\t\r]/.test(text);
    if (formula) text = `'${text}`;
    return formula || this.#special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }
}

/** A field of its own name first, then a dotted path. */
function cellReader(name: string): (value: Value) => Value {
  if (!name.includes('.')) return (value) => (Object.hasOwn(value, name) ? value[name] : null);
  const path = fieldReader(name);
  return (value) => (Object.hasOwn(value, name) ? value[name] : path(value));
}

function escaped(char: string): string {
  return char.replace(/[\\\]^-]/g, '\\$&');
}

function notARow(value: Value): MillraceError {
  return new MillraceError(`A CSV row must be an object with fields, not ${JSON.stringify(value)?.slice(0, 40)}.`, {
    code: 'RESULT_NOT_A_ROW',
    hint: 'Write NDJSON instead, or give the records fields before the sink.',
  });
}

function unknownField(name: string, columns: readonly string[]): MillraceError {
  return new MillraceError(
    `The field "${name}" has no column: the columns were taken from the first record (${columns.join(', ')}).`,
    {
      code: 'RESULT_COLUMN_UNKNOWN',
      params: { field: name, columns },
      hint: 'List the columns in the config of the sink.',
    },
  );
}
