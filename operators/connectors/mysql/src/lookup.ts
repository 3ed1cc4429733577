import { defineOperator, durationMs, Field, Type, type Value } from '@millrace/sdk';
import { Lookup, type LookupClient, lookupFields, requireColumns, TableName } from '@millrace/sdk/tables';
import { cellOf, columnsOf, reader, writer } from './columns.js';
import { connection, Database, quote, quoteTable } from './connect.js';
import { explain } from './explain.js';

const config = Type.Object(
  {
    connection: Field.connection('mysql'),
    table: TableName('customers'),
    ...lookupFields,
    timeout: Type.Optional(Field.duration({ title: 'Give up a query after', default: '10 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);

export const mysqlLookup = defineOperator({
  type: 'mysql.lookup',
  version: 1,
  docs: {
    title: 'Look up in MySQL',
    summary: 'Adds the row of a MySQL or MariaDB table that belongs to each record.',
    description: [
      'Use it to add to each record what a table of this database knows about it: the customer of an order, the price of a product. From `{"customerId": 7}` and the row of customer 7 comes `{"customerId": 7, "found": {"id": 7, "name": "Ada", "country": "DE"}}`.',
      'The table is only read. Rows are remembered for a while, so a change in the table is seen after that time at the latest. When the database is down or refuses the password, the node says so, waits and tries again.',
      '**For your IT helper.** The row is the one whose match columns equal the match fields. Rows are asked for many at a time; an index over the match columns makes that fast.',
    ].join('\n\n'),
    category: 'combine',
    icon: 'database-search',
    zh: { title: '在 MySQL 中查找', summary: '为每条记录添加 MySQL 表中对应的行。' },
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
        const database = await Database.connect(c.connection, {
          timeout: durationMs(c.timeout ?? '10 s'),
          signal: setup.signal,
        });
        try {
          return await rowsOf(database, c);
        } catch (error) {
          database.close();
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

async function rowsOf(database: Database, { table, key, keyColumns, columns }: Wanted): Promise<LookupClient> {
  const all = await columnsOf(database, table);
  const by = keyColumns === undefined || keyColumns.length === 0 ? key : keyColumns;
  const names = columns === undefined || columns.length === 0 ? all.map(({ name }) => name) : columns;
  requireColumns(
    table,
    all.map(({ name }) => name),
    [...by, ...names],
  );
  const byName = new Map(all.map((column) => [column.name, column]));
  const keys = by.map((name) => byName.get(name)!);
  const fields = names.map((name) => ({ name, read: reader(byName.get(name)!) }));
  const cells = [...names.map((name) => cellOf(byName.get(name)!)), 'k.n'].join(', ');
  const on = by.map((name, i) => `t.${quote(name)} = k.k${i}`).join(' AND ');
  return {
    async rows(wanted) {
      const values: unknown[] = [];
      const asked = wanted.map((parts, n) => {
        values.push(...parts.map((part, i) => writer(keys[i]!)(part)));
        return `SELECT ${[`${n} AS n`, ...parts.map((_, i) => `? AS k${i}`)].join(', ')}`;
      });
      const found = await database.rows(
        `SELECT ${cells} FROM (${asked.join(' UNION ALL ')}) k JOIN ${quoteTable(table)} t ON ${on}`,
        values,
      );
      const rows = new Array<Value | null>(wanted.length).fill(null);
      for (const row of found) {
        const n = Number(row.at(-1));
        if (rows[n] !== null) continue;
        const value: { [column: string]: Value } = {};
        for (const [i, { name, read }] of fields.entries()) value[name] = row[i] == null ? null : read(row[i]);
        rows[n] = value;
      }
      return rows;
    },
    close: async () => database.close(),
  };
}
