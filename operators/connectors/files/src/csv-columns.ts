import { MillraceError } from '@millrace/sdk';

/** Columns beyond this are a mistake (a wrong delimiter, a file of another kind). */
const MAX_COLUMNS = 10_000;

/** Names for the columns of a header: blank ones are numbered, repeated ones get `_2`, `_3`. */
export function columnNames(header: readonly string[], file: string): string[] {
  if (header.length > MAX_COLUMNS) throw tooManyColumns(file, header.length);
  const used = new Set<string>();
  return header.map((text, i) => {
    const base = text.trim() || `column${i + 1}`;
    let name = base;
    for (let n = 2; used.has(name); n++) name = `${base}_${n}`;
    used.add(name);
    return name;
  });
}

export function tooManyColumns(file: string, count?: number): MillraceError {
  return new MillraceError(
    `The header of "${file}" has ${count === undefined ? 'more than 1 MiB' : `${count} columns`}; the limit is ${MAX_COLUMNS} columns.`,
    { code: 'FILE_TOO_MANY_COLUMNS', params: { file, count }, hint: 'Check the delimiter, and that it is a CSV file.' },
  );
}

export function badHeader(file: string, reason: string): MillraceError {
  return new MillraceError(`The first line of "${file}" is not a CSV header: ${reason}.`, {
    code: 'FILE_BAD_HEADER',
    params: { file, reason },
    hint: 'Mend the line, or check the delimiter and the quote character of the source.',
  });
}

export function unknownColumn(file: string, column: string, columns: readonly string[]): MillraceError {
  const present = columns.slice(0, 20).join(', ');
  return new MillraceError(`"${file}" has no column "${column}", for which a type is set. It has: ${present}.`, {
    code: 'FILE_COLUMN_UNKNOWN',
    params: { file, column, columns: columns.slice(0, 20) },
    hint: 'Correct the name under the types of the source.',
  });
}
