import { defineOperator, durationMs, Field, Type, type Value } from '@millrace/sdk';
import { Lookup, type LookupClient, lookupFields, requireColumns, TableName } from '@millrace/sdk/tables';
import type { Client } from 'pg';
import { columnsOf } from './columns.js';
import { connect, connection, quote, quoteTable } from './connect.js';
import { explain } from './explain.js';
import { types } from './values.js';

const config = Type.Object(
  {
    connection: Field.connection('postgres'),
    table: TableName('customers'),
    ...lookupFields,
    timeout: Type.Optional(Field.duration({ title: 'Give up a query after', default: '10 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);

export const postgresLookup = defineOperator({
  type: 'postgres.lookup',
  version: 1,
  docs: {
    title: 'Look up in PostgreSQL',
    summary: 'Adds the row of a PostgreSQL table that belongs to each record.',
    description: [
      'Use it to add to each record what a table of this database knows about it: the customer of an order, the price of a product. From `{"customerId": 7}` and the row of customer 7 comes `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`.',
      'The table is only read. Rows are remembered for a while, so a change in the table is seen after that time at the latest. When the database is down or refuses the password, the node says so, waits and tries again.',
      '**For your IT helper.** The row is the one whose match columns equal the match fields. Rows are asked for many at a time; an index over the match columns makes that fast.',
    ].join('\n\n'),
    category: 'combine',
    icon: 'database-search',
    zh: { title: '在 PostgreSQL 中查找', summary: '为每条记录添加 PostgreSQL 表中对应的行。' },
  },
  config,
  connection,
  summary: (c) => `${c.table} by ${c.key.join(', ')}`,
  lint: ({ key, keyColumns }) =>
    keyColumns !== undefined && keyColumns.length > 0 && keyColumns.length !== key.length
      ? [{ code: 'KEY_LENGTH', path: '/keyColumns', message: 'There must be as many columns as fields to match.' }]
      : [],
  inputs: { in: { title: 'Records' } },
  outputs: { out: { title: 'Records with their row' } },
  traits: { deterministic: false },
  examples: [
    {
      title: 'The customer of each order, put into the field "customer"',
      config: { connection: 'shop', table: 'customers', key: ['customerId'], keyColumns: ['id'], as: 'customer' },
      input: [],
      output: { out: [] },
    },
  ],
  create: (setup) => {
    const c = setup.config;
    return new Lookup({
      setup,
      explain,
      connect: async () => {
        const client = await connect(c.connection, { timeout: durationMs(c.timeout ?? '10 s'), signal: setup.signal });
        try {
          return await rowsOf(client, c);
        } catch (error) {
          await client.end().catch(() => undefined);
          throw error;
        }
      },
    });
  },
});

interface Wanted {
  table: string;
  key: readonly string[];
  keyColumns?: readonly string[];
  columns?: readonly string[];
}

async function rowsOf(client: Client, { table, key, keyColumns, columns }: Wanted): Promise<LookupClient> {
  const all = await columnsOf(client, table);
  const by = keyColumns === undefined || keyColumns.length === 0 ? key : keyColumns;
  const names = columns === undefined || columns.length === 0 ? all.map(({ name }) => name) : columns;
  requireColumns(
    table,
    all.map(({ name }) => name),
    [...by, ...names],
  );
  const typeOf = new Map(all.map((column) => [column.name, column]));
  const cells = names.map((name) => (typeOf.get(name)!.composite ? `to_jsonb(t.${quote(name)})` : `t.${quote(name)}`));
  const keys = by.map((name, i) => `k${i} ${typeOf.get(name)!.type}`).join(', ');
  const text =
    `SELECT DISTINCT ON (x.n) x.n, ${cells.join(', ')} FROM json_to_recordset($1::json) AS x(n int, ${keys}) ` +
    `JOIN ${quoteTable(table)} t ON ${by.map((name, i) => `t.${quote(name)} = x.k${i}`).join(' AND ')} ORDER BY x.n`;
  return {
    async rows(wanted) {
      const asked = wanted.map((parts, n) => ({ n, ...Object.fromEntries(parts.map((part, i) => [`k${i}`, part])) }));
      const result = await client.query<Value[]>({ text, values: [JSON.stringify(asked)], rowMode: 'array', types });
      const rows = new Array<Value | null>(wanted.length).fill(null);
      for (const [n, ...row] of result.rows) {
        const value: { [column: string]: Value } = {};
        for (const [i, name] of names.entries()) value[name] = row[i];
        rows[n as number] = value;
      }
      return rows;
    },
    close: () => client.end(),
  };
}
