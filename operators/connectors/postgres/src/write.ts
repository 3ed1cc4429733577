import { defineOperator, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { ColumnNames, recordProblem, TableName, TableWriter } from '@millrace/sdk/tables';
import { connection } from './connect.js';
import { explain } from './explain.js';
import { TargetTable } from './target-table.js';

const config = Type.Object(
  {
    connection: Field.connection('postgres'),
    table: TableName('orders'),
    mode: Type.Optional(
      Type.Union([Type.Literal('insert'), Type.Literal('upsert')], {
        title: 'What a record does',
        description:
          'insert: each record becomes a new row. upsert: a record replaces the row with the same key, and a delete removes it.',
        default: 'insert',
      }),
    ),
    key: Type.Optional(
      ColumnNames({
        title: 'Key columns',
        description: 'For upsert: the columns that tell rows apart. The table needs a unique index over exactly these.',
      }),
    ),
    columns: Type.Optional(
      ColumnNames({
        title: 'Columns to write',
        description: 'Empty: every column for which the record has a field.',
        advanced: true,
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a write after', default: '30 s', ui: { advanced: true } })),
  },
  { additionalProperties: false },
);
export type WriteConfig = Static<typeof config>;

export const postgresWrite = defineOperator({
  type: 'postgres.write',
  version: 1,
  docs: {
    title: 'Write PostgreSQL',
    summary: 'Writes each record into a PostgreSQL table, exactly once.',
    description:
      'A field goes into the column of the same name; `orderId` also finds `order_id`. Fields without a column are left out, columns without a field keep their default (or, in an upsert, their value). ' +
      'Times may be ISO text or milliseconds, bytes are base64, objects and lists go into JSON or list columns.\n\n' +
      'In the same transaction as the rows the node notes in the table `millrace_positions` how far it has come, so that a crash at any moment neither loses nor repeats a row. ' +
      'The node makes this table when it is missing and its user may. Each new run adds a row there; rows whose `updated_at` is older than the longest pause of a workflow may be deleted. A record that the table refuses becomes a dead letter with the reason; the others go on.',
    category: 'sink',
    icon: 'database-import',
    zh: { title: '写入 PostgreSQL', summary: '将每条记录恰好一次地写入 PostgreSQL 表。' },
  },
  config,
  connection,
  summary: (c) => `${c.mode === 'upsert' ? 'Upsert into' : 'Insert into'} ${c.table}`,
  lint: ({ mode, key = [] }) =>
    mode === 'upsert' && key.length === 0
      ? [{ code: 'KEY_NEEDED', path: '/key', message: 'An upsert needs the columns that tell rows apart.' }]
      : [],
  inputs: { in: { title: 'Records', accepts: 'any' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  examples: [
    {
      title: 'A node without records touches no table',
      config: { connection: 'shop', table: 'orders', mode: 'upsert', key: ['order_id'] },
      input: [],
    },
  ],
  create: (setup) => {
    const c: WriteConfig = setup.config;
    const timeout = durationMs(c.timeout ?? '30 s');
    return new TableWriter({
      setup,
      explain,
      check: recordProblem(c),
      connect: () => TargetTable.open(c, { ...setup, timeout }),
    });
  },
});
