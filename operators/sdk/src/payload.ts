import { BadCell, readCell } from './csv-cell.js';
import { MillraceError } from './errors.js';
import { parseJson } from './json.js';
import type { Value } from './record.js';
import { type Static, Type } from './schema.js';

/** How the messages of a queue or topic become records: part of the config of sources that carry bytes. */
export const PayloadFormat = {
  format: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('csv'), Type.Literal('text')], {
      title: 'Format',
      description:
        'How messages are written; whoever sends them knows. JSON: one value a message. CSV: one row a message. Text: the message as it is, in one field.',
      default: 'json',
    }),
  ),
  csv: Type.Optional(
    Type.Object(
      {
        columns: Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
          title: 'Column names',
          description: 'In the order of the cells of a row.',
          minItems: 1,
          maxItems: 10_000,
          uniqueItems: true,
        }),
        delimiter: Type.Optional(
          Type.String({
            title: 'Delimiter',
            description: 'The sign between two cells of a row.',
            default: ',',
            minLength: 1,
            maxLength: 1,
            pattern: '^[\\t -~]$',
          }),
        ),
        types: Type.Optional(
          Type.Record(
            Type.String(),
            Type.Union([Type.Literal('text'), Type.Literal('number'), Type.Literal('boolean'), Type.Literal('time')]),
            {
              title: 'Types of columns',
              description:
                'What a column holds; all others are text. Numbers are written with a point: 1.5, not 1,5. Empty cells of columns that are no text become empty (null).',
            },
          ),
        ),
      },
      {
        title: 'CSV',
        additionalProperties: false,
        'x-ui': { when: { property: 'format', in: ['csv'] } },
      },
    ),
  ),
  textField: Type.Optional(
    Type.String({
      title: 'Name of the text field',
      description: 'Name of the field that gets the text.',
      minLength: 1,
      maxLength: 256,
      default: 'text',
      'x-ui': { when: { property: 'format', in: ['text'] } },
    }),
  ),
};

const shape = Type.Object(PayloadFormat);
export type PayloadConfig = Static<typeof shape>;

/** What a config of `PayloadFormat` lacks: the columns of CSV. */
export function payloadFindings({ format, csv }: PayloadConfig) {
  if (format !== 'csv' || csv !== undefined) return [];
  const message = 'Name the columns of the CSV rows.';
  return [{ code: 'CSV_COLUMNS', path: '/csv', message }];
}

/** Turns the text of one message into a value. Throws a MillraceError that says what is wrong with it. */
export function payloadDecoder({ format = 'json', csv, textField = 'text' }: PayloadConfig): (text: string) => Value {
  if (format === 'text') return (text) => ({ [textField]: text });
  if (format === 'csv') return csvDecoder(csv ?? { columns: [] });
  return parseJson;
}

function csvDecoder({ columns, delimiter = ',', types = {} }: NonNullable<PayloadConfig['csv']>) {
  const kinds = columns.map((column) => types[column] ?? 'text');
  return (text: string): Value => {
    const cells = csvCells(text.replace(/\r?\n$/, ''), delimiter);
    if (cells.length !== columns.length) {
      throw new MillraceError(`The row has ${cells.length} cells, ${columns.length} are expected.`, {
        code: 'CSV_ROW',
        params: { cells: cells.length, columns: columns.length },
      });
    }
    const value: { [column: string]: Value } = Object.create(null);
    try {
      for (let i = 0; i < cells.length; i++) value[columns[i]!] = readCell(cells[i]!, columns[i]!, kinds[i]!, 'UTC');
    } catch (error) {
      if (!(error instanceof BadCell)) throw error;
      throw new MillraceError(`${error.message}.`, { code: 'CSV_CELL' });
    }
    return { ...value };
  };
}

/** Cells of one row. A quoted cell may hold delimiters, line ends and doubled quotes. */
function csvCells(row: string, delimiter: string): string[] {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (row[at] === '"') {
      let cell = '';
      let from = at + 1;
      let end = row.indexOf('"', from);
      while (end >= 0 && row[end + 1] === '"') {
        cell += row.slice(from, end + 1);
        from = end + 2;
        end = row.indexOf('"', from);
      }
      if (end < 0) throw new MillraceError('A quoted cell does not end.', { code: 'CSV_ROW' });
      cells.push(cell + row.slice(from, end));
      at = end + 1;
      if (at < row.length && row[at] !== delimiter)
        throw new MillraceError('Text stands behind the end of a quoted cell.', { code: 'CSV_ROW' });
    } else {
      const end = row.indexOf(delimiter, at);
      cells.push(end < 0 ? row.slice(at) : row.slice(at, end));
      at = end < 0 ? row.length : end;
    }
    if (at >= row.length) return cells;
    at++;
  }
}
