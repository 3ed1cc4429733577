import { MillraceError } from '../errors.js';
import { Type } from '../schema.js';

/** Config property: the table a node reads or writes. */
export const TableName = (example: string) =>
  Type.String({
    title: 'Table',
    description:
      'Name of the table, such as orders. When it lies in another schema (PostgreSQL), database (MySQL) or keyspace (Cassandra) than the connection names, with that in front: archive.orders.',
    minLength: 1,
    maxLength: 200,
    pattern: '^[^\\x00."`]{1,64}(\\.[^\\x00."`]{1,64})?$',
    'x-ui': { placeholder: example, widget: 'text-area' },
  });

/** Config property: a list of column names. */
export const ColumnNames = (options: { title: string; description: string; minItems?: number; advanced?: boolean }) => {
  const { advanced, ...rest } = options;
  return Type.Array(Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\x00]+$' }), {
    uniqueItems: true,
    maxItems: 200,
    ...rest,
    'x-ui': { widget: 'fields', ...(advanced && { advanced }) },
  });
};

/** Column of a field: the same name, else the same but for case and underscores (`orderId` → `order_id`). */
export class ColumnMatcher {
  readonly #exact: ReadonlySet<string>;
  readonly #loose = new Map<string, string | null>();
  readonly #known = new Map<string, string | undefined>();

  constructor(columns: Iterable<string>) {
    this.#exact = new Set(columns);
    // Two columns that differ in case alone match by their exact name only.
    for (const column of this.#exact) this.#loose.set(plain(column), this.#loose.has(plain(column)) ? null : column);
  }

  columnOf(field: string): string | undefined {
    const known = this.#known.get(field);
    if (known !== undefined || this.#known.has(field)) return known;
    const column = this.#exact.has(field) ? field : (this.#loose.get(plain(field)) ?? undefined);
    // Field names are data of strangers: what is remembered of them is bounded.
    if (this.#known.size < 10_000) this.#known.set(field, column);
    return column;
  }
}

function plain(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Throws COLUMN_UNKNOWN for the first of `wanted` that the table lacks. It is tried again: somebody may add the column. */
export function requireColumns(table: string, present: Iterable<string>, wanted: Iterable<string>): void {
  const have = new Set(present);
  for (const column of wanted) {
    if (have.has(column)) continue;
    throw new MillraceError(`The table ${table} has no column "${column}".`, {
      code: 'COLUMN_UNKNOWN',
      domain: 'user',
      retry: 'backoff',
      params: { table, column },
      hint: `It has: ${[...have].slice(0, 30).join(', ')}.`,
    });
  }
}

export function tableUnknown(table: string, cause?: unknown): MillraceError {
  return new MillraceError(`There is no table ${table}, or this user may not see it.`, {
    code: 'TABLE_UNKNOWN',
    domain: 'user',
    retry: 'backoff',
    params: { table },
    hint: 'Create the table or choose another one; the node goes on by itself.',
    ...(cause !== undefined && { cause }),
  });
}
