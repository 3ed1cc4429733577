import { MillraceError, type Value } from '@millrace/sdk';
import { assign, type Fields } from '../shared/paths.js';

export interface TableFormat {
  readonly kind: 'ndjson' | 'csv';
  /** Columns of a CSV file whose cells are numbers; all others are text. */
  readonly numbers: readonly string[];
}

/** The rows of a table file. Throws LOOKUP_TABLE_BROKEN with the line that cannot be read. */
export function parseTable(text: string, format: TableFormat, name: string): Value[] {
  const clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return format.kind === 'ndjson' ? parseNdjson(clean, name) : parseCsvTable(clean, format, name);
}

function broken(name: string, line: number, reason: string): MillraceError {
  return new MillraceError(`Line ${line} of the table "${name}" cannot be read: ${reason}.`, {
    code: 'LOOKUP_TABLE_BROKEN',
    params: { path: name, line, reason },
    hint: 'Mend the line, or choose the other format.',
  });
}

function parseNdjson(text: string, name: string): Value[] {
  const rows: Value[] = [];
  text.split('\n').forEach((line, i) => {
    if (line.trim() === '') return;
    let row: Value;
    try {
      row = JSON.parse(keepDigits(line));
    } catch (error) {
      throw broken(name, i + 1, (error as Error).message);
    }
    if (row === null || typeof row !== 'object' || Array.isArray(row)) throw broken(name, i + 1, 'it is not an object');
    rows.push(row);
  });
  return rows;
}

/** Whole numbers that a double does not hold become text, as in all sources. */
function keepDigits(json: string): string {
  if (!/\d{16}/.test(json)) return json;
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function parseCsvTable(text: string, { numbers }: TableFormat, name: string): Value[] {
  const lines = parseCsv(text, name);
  const header = lines.shift()?.cells ?? [];
  for (const column of numbers) {
    if (!header.includes(column)) throw broken(name, 1, `it has no column "${column}"`);
  }
  const isNumber = header.map((column) => numbers.includes(column));
  return lines.map(({ cells, line }) => {
    if (cells.length !== header.length) {
      throw broken(name, line, `it has ${cells.length} cells, the header has ${header.length}`);
    }
    const row: Fields = {};
    cells.forEach((cell, i) => {
      assign(row, header[i]!, isNumber[i] ? numberOf(cell, header[i]!, name, line) : cell);
    });
    return row;
  });
}

function numberOf(cell: string, column: string, name: string, line: number): Value {
  const text = cell.trim();
  if (text === '') return null;
  if (!NUMBER.test(text)) throw broken(name, line, `"${text.slice(0, 60)}" in column "${column}" is not a number`);
  const number = Number(text);
  return /^[+-]?\d+$/.test(text) && !Number.isSafeInteger(number) ? text : number;
}

interface Line {
  readonly cells: string[];
  readonly line: number;
}

/** RFC 4180: cells in quotes may hold commas, line ends and doubled quotes. Empty lines are left out. */
function parseCsv(text: string, name: string): Line[] {
  const lines: Line[] = [];
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  let at = 0;
  const endLine = () => {
    if (cells.length > 1 || cells[0] !== '') lines.push({ cells, line: startLine });
    cells = [];
    startLine = line;
  };
  while (at < text.length) {
    if (text[at] === '"') {
      let cell = '';
      for (;;) {
        const quote = text.indexOf('"', at + 1);
        if (quote < 0) throw broken(name, startLine, 'a quote is never closed');
        cell += text.slice(at + 1, quote);
        at = quote + 1;
        if (text[at] !== '"') break;
        cell += '"';
      }
      for (const c of cell) if (c === '\n') line++;
      if (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r') {
        throw broken(name, line, 'something follows a closing quote');
      }
      cells.push(cell);
    } else {
      const start = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\n') at++;
      cells.push(text.slice(start, text[at] === '\n' && text[at - 1] === '\r' && at > start ? at - 1 : at));
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    if (text[at] === ',') {
      at++;
      if (at === text.length || text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n')) {
        cells.push('');
        if (text[at] === '\r') at++;
      } else continue;
    }
    if (text[at] === '\n') {
      at++;
      line++;
    }
    endLine();
  }
  return lines;
}
