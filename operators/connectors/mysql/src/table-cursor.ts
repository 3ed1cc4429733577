import { parseIso, type Value } from '@millrace/sdk';
import { type Cursor, requireColumns, type TableClient, type TableRow } from '@millrace/sdk/tables';
import { type Column, cellOf, columnsOf, placeholder, reader } from './columns.js';
import { type Cells, type Database, quote, quoteTable } from './connect.js';

interface Reading {
  table: string;
  order?: string;
  key: readonly string[];
  columns?: readonly string[];
}

/** Reads a table in the order of its changed column and key. Names are quoted, values always parameters. */
export class TableCursor implements TableClient {
  readonly aged: boolean;
  readonly #fields: readonly { name: string; read: (text: string) => Value }[];
  readonly #places: readonly Column[];
  readonly #select: string;
  readonly #placeCells: string;
  readonly #from: string;
  readonly #orderBy: string;
  readonly #settled: string;
  readonly #timed: boolean;

  private constructor(
    private readonly database: Database,
    columns: readonly Column[],
    reading: Reading,
    overlap: number,
  ) {
    const { table, order, key } = reading;
    const names = columns.map(({ name }) => name);
    const places = [...(order === undefined ? [] : [order]), ...key.filter((name) => name !== order)];
    requireColumns(table, names, [...places, ...(reading.columns ?? [])]);
    const byName = new Map(columns.map((column) => [column.name, column]));
    this.#places = places.map((name) => byName.get(name)!);
    const fields = (reading.columns ?? names).map((name) => byName.get(name)!);
    this.#fields = fields.map((column) => ({ name: column.name, read: reader(column) }));
    const type = order === undefined ? '' : byName.get(order)!.type;
    this.#timed = type === 'timestamp' || type === 'datetime' || type === 'date';
    // Only a timestamp is a moment that can be compared with the server's clock.
    this.aged = type === 'timestamp';
    const settled = this.aged
      ? `t.${quote(order!)} < NOW(6) - INTERVAL ${Math.round(overlap * 1000)} MICROSECOND`
      : '0';
    this.#settled = settled;
    this.#placeCells = this.#places.map(cellOf).join(', ');
    this.#select = `${[...fields.map(cellOf), this.#placeCells, settled].join(', ')}`;
    this.#orderBy = places.map((name) => `t.${quote(name)}`).join(', ');
    const present = places.map((name) => `t.${quote(name)} IS NOT NULL`).join(' AND ');
    this.#from = `FROM ${quoteTable(table)} t WHERE ${present}`;
  }

  static async over(database: Database, reading: Reading, overlap: number): Promise<TableCursor> {
    try {
      return new TableCursor(database, await columnsOf(database, reading.table), reading, overlap);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async page(after: Cursor | null, limit: number, settled: boolean): Promise<{ rows: TableRow[]; bytes: number }> {
    const range = after === null ? undefined : this.#beyond(after, '>');
    const old = settled && this.aged ? ` AND ${this.#settled}` : '';
    const rows = await this.database.rows(
      `SELECT ${this.#select} ${this.#from}${range ? ` AND ${range.sql}` : ''}${old} ORDER BY ${this.#orderBy} LIMIT ${limit}`,
      range?.values,
    );
    let bytes = 1;
    for (const row of rows) for (const cell of row) bytes += cell?.length ?? 1;
    return { rows: rows.map((row) => this.#rowOf(row)), bytes };
  }

  async scan(after: Cursor | null, upTo: Cursor, limit: number): Promise<Cursor[]> {
    const end = this.#beyond(upTo, '<=');
    const range = after === null ? undefined : this.#beyond(after, '>');
    return (await this.database.rows(
      `SELECT ${this.#placeCells} ${this.#from} AND ${end.sql}${range ? ` AND ${range.sql}` : ''} ORDER BY ${this.#orderBy} LIMIT ${limit}`,
      [...end.values, ...(range?.values ?? [])],
    )) as string[][];
  }

  async rowsAt(places: readonly Cursor[]): Promise<TableRow[]> {
    const one = `(${this.#places.map((column) => `t.${quote(column.name)} = ${placeholder(column)}`).join(' AND ')})`;
    const rows = await this.database.rows(
      `SELECT ${this.#select} ${this.#from} AND (${places.map(() => one).join(' OR ')}) ORDER BY ${this.#orderBy}`,
      places.flat(),
    );
    return rows.map((row) => this.#rowOf(row));
  }

  async close(): Promise<void> {
    this.database.close();
  }

  /** `a >= ? AND (a > ? OR (a = ? AND b > ?))`: MySQL reads an index for this, not for a comparison of lists. */
  #beyond(place: Cursor, sign: '>' | '<='): { sql: string; values: string[] } {
    const strict = sign === '>' ? '>' : '<';
    const values: string[] = [];
    const from = (i: number): string => {
      const column = this.#places[i]!;
      const name = `t.${quote(column.name)}`;
      if (i === this.#places.length - 1) {
        values.push(place[i]!);
        return `${name} ${sign} ${placeholder(column)}`;
      }
      values.push(place[i]!, place[i]!);
      return `(${name} ${strict} ${placeholder(column)} OR (${name} = ${placeholder(column)} AND ${from(i + 1)}))`;
    };
    const rest = from(0);
    if (this.#places.length === 1) return { sql: rest, values };
    const first = this.#places[0]!;
    return {
      sql: `t.${quote(first.name)} ${strict}= ${placeholder(first)} AND ${rest}`,
      values: [place[0]!, ...values],
    };
  }

  #rowOf(cells: Cells): TableRow {
    const fields = this.#fields;
    const value: { [field: string]: Value } = {};
    for (let i = 0; i < fields.length; i++) {
      const cell = cells[i];
      value[fields[i]!.name] = cell === null || cell === undefined ? null : fields[i]!.read(cell);
    }
    const n = fields.length;
    const at = cells.slice(n, n + this.#places.length) as string[];
    return {
      value,
      at,
      settled: cells[n + this.#places.length] === '1',
      time: this.#timed ? parseIso(at[0]!) : Number.NaN,
    };
  }
}
