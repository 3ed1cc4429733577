import { defineOperator, durationMs, Field, Type, type Value } from '@millrace/sdk';
import { Lookup, type LookupClient, lookupFields, requireColumns, TableName } from '@millrace/sdk/tables';
import type { Client } from 'cassandra-driver';
import { columnsOf } from './columns.js';
import { connect, connection, quote, quoteTable } from './connect.js';
import { explain } from './explain.js';
import { converter, jsonOf } from './values.js';

const config = Type.Object(
  {
    connection: Field.connection('cassandra'),
    table: TableName('customers'),
    ...lookupFields,
    timeout: Type.Optional(Field.duration({ title: 'Give up a query after', default: '10 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);

export const cassandraLookup = defineOperator({
  type: 'cassandra.lookup',
  version: 1,
  docs: {
    title: 'Look up in Cassandra',
    summary: 'Adds the row of a Cassandra table that belongs to each record.',
    description: [
      'Use it to add to each record what a table of this database knows about it: the customer of an order, the price of a product. From `{"customerId": 7}` and the row of customer 7 comes `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`.',
      'The table is only read. Rows are remembered for a while, so a change in the table is seen after that time at the latest. When the database is down or refuses the password, the node says so, waits and tries again.',
      '**For your IT helper.** The row is the one whose match columns equal the match fields. The match columns must be the partition key of the table (the columns by which Cassandra finds a row), or begin with it. Many rows are asked for at a time.',
    ].join('\n\n'),
    category: 'combine',
    icon: 'database-search',
    zh: { title: '在 Cassandra 中查找', summary: '为每条记录添加 Cassandra 表中对应的行。' },
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
          await client.shutdown().catch(() => undefined);
          throw error;
        }
      },
    });
  },
});

/** Questions under way at a time: each partition is asked for on its own, as Cassandra likes it. */
const CONCURRENCY = 64;

async function rowsOf(
  client: Client,
  {
    table,
    key,
    keyColumns,
    columns,
  }: { table: string; key: readonly string[]; keyColumns?: readonly string[]; columns?: readonly string[] },
): Promise<LookupClient> {
  const all = await columnsOf(client, table);
  const by = keyColumns === undefined || keyColumns.length === 0 ? key : keyColumns;
  const names = columns === undefined || columns.length === 0 ? all.map(({ name }) => name) : columns;
  requireColumns(
    table,
    all.map(({ name }) => name),
    [...by, ...names],
  );
  const converters = by.map((name) => converter(all.find((column) => column.name === name)!.type));
  const query = `SELECT ${names.map(quote).join(', ')} FROM ${quoteTable(table)} WHERE ${by.map((name) => `${quote(name)} = ?`).join(' AND ')} LIMIT 1`;
  return {
    async rows(wanted) {
      const params = wanted.map((parts) => parts.map((part, i) => converters[i]!(part)));
      const rows = new Array<Value | null>(wanted.length).fill(null);
      let next = 0;
      const lane = async () => {
        while (next < params.length) {
          const i = next++;
          const row = (await client.execute(query, params[i]!)).first();
          if (row) rows[i] = Object.fromEntries(names.map((name) => [name, jsonOf(row[name])]));
        }
      };
      await Promise.all(Array.from({ length: Math.min(CONCURRENCY, params.length) }, lane));
      return rows;
    },
    close: () => client.shutdown(),
  };
}
