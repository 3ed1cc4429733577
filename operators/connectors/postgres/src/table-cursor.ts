import { parseIso, type Value } from '@millrace/sdk';
import { type Cursor, requireColumns, type TableClient, type TableRow } from '@millrace/sdk/tables';
import type { Client } from 'pg';
import { type Column, columnsOf } from './columns.js';
import { quote, quoteTable } from './connect.js';
import { types } from './values.js';

interface Reading {
  table: string;
  order?: string;
  key: readonly string[];
  columns?: readonly string[];
}

type Cell = Value;

/** Reads a table in the order of its changed column and key. Names are quoted, values always parameters. */
export class TableCursor implements TableClient {
  readonly aged: boolean;
  readonly #fields: readonly string[];
  readonly #places: readonly Column[];
  readonly #select: string;
  readonly #from: string;
  readonly #orderBy: string;
  readonly #timed: boolean;
  readonly #settled: string;

  private constructor(
    private readonly client: Client,
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
    this.#fields = reading.columns ?? names;
    const kind = order === undefined ? '' : byName.get(order)!.base;
    this.#timed = kind.startsWith('timestamp') || kind === 'date';
    // Only a time with zone can be compared with the server's clock.
    this.aged = kind === 'timestamp with time zone';
    const settled = this.aged ? `${column(order!)} < now() - interval '${Math.round(overlap)} ms'` : 'false';
    const cells = this.#fields.map((name) =>
      byName.get(name)!.composite ? `to_jsonb(${column(name)})` : column(name),
    );
    this.#select = [...cells, ...this.#places.map(({ name }) => `${column(name)}::text`), settled].join(', ');
    this.#orderBy = places.map(column).join(', ');
    const present = places.map((name) => `${column(name)} IS NOT NULL`).join(' AND ');
    this.#from = `FROM ${quoteTable(table)} t WHERE ${present}`;
    this.#settled = this.aged ? ` AND ${settled}` : '';
  }

  static async over(client: Client, reading: Reading, overlap: number): Promise<TableCursor> {
    try {
      return new TableCursor(client, await columnsOf(client, reading.table), reading, overlap);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  async page(after: Cursor | null, limit: number, settled: boolean): Promise<{ rows: TableRow[]; bytes: number }> {
    const stream = (this.client as unknown as { connection: { stream: { bytesRead: number } } }).connection.stream;
    const before = stream.bytesRead;
    const range = after === null ? '' : ` AND ${this.#compare('>', 0)}`;
    const old = settled ? this.#settled : '';
    const rows = await this.#rows(
      `SELECT ${this.#select} ${this.#from}${range}${old} ORDER BY ${this.#orderBy} LIMIT ${limit}`,
      after ?? [],
    );
    return { rows: rows.map((row) => this.#rowOf(row)), bytes: Math.max(1, stream.bytesRead - before) };
  }

  async scan(after: Cursor | null, upTo: Cursor, limit: number): Promise<Cursor[]> {
    const n = this.#places.length;
    const range = after === null ? '' : ` AND ${this.#compare('>', n)}`;
    return this.#rows(
      `SELECT ${this.#places.map(({ name }) => `${column(name)}::text`).join(', ')} ${this.#from} AND ${this.#compare('<=', 0)}${range} ` +
        `ORDER BY ${this.#orderBy} LIMIT ${limit}`,
      [...upTo, ...(after ?? [])],
    );
  }

  async rowsAt(places: readonly Cursor[]): Promise<TableRow[]> {
    const n = this.#places.length;
    const any = places.map((_, i) => this.#compare('=', i * n)).join(' OR ');
    const rows = await this.#rows(
      `SELECT ${this.#select} ${this.#from} AND (${any}) ORDER BY ${this.#orderBy}`,
      places.flat(),
    );
    return rows.map((row) => this.#rowOf(row));
  }

  close(): Promise<void> {
    return this.client.end();
  }

  /** `("updated_at", "id") > ($1::timestamptz, $2::bigint)`: an index over these columns answers it. */
  #compare(sign: '>' | '<=' | '=', from: number): string {
    const given = this.#places.map(({ type }, i) => `$${from + i + 1}::${type}`).join(', ');
    return `(${this.#orderBy}) ${sign} (${given})`;
  }

  async #rows(text: string, values: readonly unknown[]): Promise<Cell[][]> {
    const result = await this.client.query<Cell[]>({ text, values: [...values], rowMode: 'array', types });
    return result.rows;
  }

  #rowOf(cells: readonly Cell[]): TableRow {
    const fields = this.#fields;
    const value: { [field: string]: Value } = {};
    for (let i = 0; i < fields.length; i++) value[fields[i]!] = cells[i];
    const n = fields.length;
    const at = cells.slice(n, n + this.#places.length) as string[];
    return {
      value,
      at,
      settled: cells[n + this.#places.length] === true,
      time: this.#timed ? parseIso(at[0]!.replace(/\+00$/, 'Z')) : Number.NaN,
    };
  }
}

/** Told from the cells of the answer, which bear the same names. */
function column(name: string): string {
  return `t.${quote(name)}`;
}
