import { defineOperator, durationMs, Field, type Static, Type } from '@millrace/sdk';
import { ColumnNames, recordProblem, TableName, TableWriter } from '@millrace/sdk/tables';
import { connection } from './connect.js';
import { explain } from './explain.js';
import { TargetTable } from './target-table.js';

const config = Type.Object(
  {
    connection: Field.connection('mysql'),
    table: TableName('orders'),
    mode: Type.Optional(
      Type.Union([Type.Literal('insert'), Type.Literal('upsert')], {
        title: 'What a record does',
        description:
          'insert: each record becomes a new row. upsert: a record replaces the row with the same key, and a row that is removed from a table is deleted. Totals, stock and other tables need upsert.',
        default: 'insert',
      }),
    ),
    key: Type.Optional(
      ColumnNames({
        title: 'Key columns',
        description:
          'Only for upsert: the columns that tell rows apart, such as order_id. The table needs a unique index over exactly these: a rule that no two rows have the same values there.',
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

export const mysqlWrite = defineOperator({
  type: 'mysql.write',
  version: 1,
  docs: {
    title: 'Write MySQL',
    summary: 'Writes each record into a MySQL or MariaDB table, exactly once.',
    description: [
      'Use it to put results where your other programs and reports find them: totals per day, orders with their payment, alerts. Each record becomes a row of a table that is there already; a field goes into the column of the same name (`orderId` also finds `order_id`).',
      '*insert* adds a row for every record: right for events. *upsert* keeps one row per key and replaces it by the newest: right for totals and stock. Each record is written exactly once, also when something crashes. A record that the table refuses becomes a dead letter with the reason; the others go on.',
      '**For your IT helper.** Fields without a column are left out; columns without a field keep their default or, in an upsert, their value. Times may be ISO text or milliseconds, bytes are base64 text, objects and lists go into JSON columns. An upsert needs a unique index over exactly the key columns, and the table may have no other unique index that two records can share.',
      'In the same transaction as the rows the node notes in the table `millrace_positions` how far it has come. It makes this table when it is missing and the database user may. Each new run adds a row there; you may delete rows whose `updated_at` lies further back than any workflow was ever paused.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'database-import',
    zh: { title: '写入 MySQL', summary: '将每条记录恰好一次地写入 MySQL 或 MariaDB 表。' },
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
      title: 'The newest state of each order, one row per order number',
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
