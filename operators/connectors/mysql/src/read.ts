import { defineSource, durationMs, EventTime, FIELD_TYPES, Field, type Static, Type, type Value } from '@millrace/sdk';
import { ColumnNames, TableName, TableReader } from '@millrace/sdk/tables';
import { connection, Database } from './connect.js';
import { explain } from './explain.js';
import { TableCursor } from './table-cursor.js';

const config = Type.Object(
  {
    connection: Field.connection('mysql'),
    table: TableName('orders'),
    order: Type.Optional(
      Type.String({
        title: 'Changed column',
        description:
          'Column that grows whenever a row is written, usually the time of the last change, such as updated_at. With it, changed rows are read again. Empty: each row is read once, in the order of its key.',
        minLength: 1,
        maxLength: 64,
        'x-ui': { placeholder: 'updated_at' },
      }),
    ),
    key: ColumnNames({
      title: 'Key columns',
      description: 'Columns whose values no two rows share, such as id: usually the primary key of the table.',
      minItems: 1,
    }),
    columns: Type.Optional(ColumnNames({ title: 'Columns', description: 'Columns to read. Empty: all.' })),
    follow: Type.Optional(
      Type.Boolean({
        title: 'Keep following',
        description: 'On: new and changed rows are read as they come. Off: reading ends with the last row.',
        default: true,
      }),
    ),
    every: Type.Optional(
      Field.duration({
        title: 'Look every',
        description:
          'How often the table is asked for news. Shorter shows changes sooner and asks the database more often.',
        default: '1 s',
        ui: { advanced: true },
      }),
    ),
    overlap: Type.Optional(
      Field.duration({
        title: 'Wait for late rows',
        description: 'A row that was slow to be saved may show up after newer ones. It is still found for this long.',
        default: '10 s',
        ui: { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a query after', default: '60 s', ui: { advanced: true } })),
    schema: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 256 }),
        Type.Union(FIELD_TYPES.map((name) => Type.Literal(name))),
        {
          title: 'Fields',
          description:
            'Names and types of the fields, so that the editor can offer them and check your rules. Learnt from a sample; may stay empty.',
          'x-ui': { advanced: true },
        },
      ),
    ),
    time: Type.Optional(EventTime),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const mysqlRead = defineSource({
  type: 'mysql.read',
  version: 1,
  docs: {
    title: 'Read MySQL',
    summary: 'Reads the rows of a MySQL or MariaDB table, and goes on with new and changed ones.',
    description: [
      'Use it when your shop keeps orders, customers or stock in this database and you want to work with them as they change: each row of a table becomes a record with a field for each column. The table is only read, never changed; a database user that may only read is enough.',
      'With a changed column (one with the time of the last change, such as `updated_at`) a row is read again whenever it changes. Without one each row is read once: right for tables to which rows are only added. Deleted rows are not noticed, and rows whose changed column is empty are not read. A crash neither loses nor repeats a row.',
      '**For your IT helper.** Rows are read in the order of the changed column and the key columns, or of the key columns alone; an index over these makes it fast. A row that becomes visible late, because its transaction took long, is found for as long as "Wait for late rows" says. Values keep their exact meaning: whole numbers beyond 2^53 and long decimals arrive as text, times as ISO 8601, bytes as base64 text, JSON and lists as they are.',
    ].join('\n\n'),
    category: 'source',
    icon: 'database-export',
    zh: { title: '读取 MySQL', summary: '读取 MySQL 或 MariaDB 表中的行，并持续读取新增和更改的行。' },
  },
  config,
  connection,
  summary: (c) => `${c.table} by ${[...(c.order === undefined ? [] : [c.order]), ...c.key].join(', ')}`,
  outputs: { out: { title: 'Rows' } },
  traits: { delivery: 'exactly-once', parallelism: 'single' },
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [
    {
      title: 'Orders, and each change of an order, as they come',
      config: { connection: 'shop', table: 'orders', order: 'updated_at', key: ['id'] },
      output: { out: [] },
      open: true,
    },
  ],
  create: (setup) => {
    const c: Config = setup.config;
    const { follow = true, every = '1 s', overlap = '10 s', timeout = '60 s' } = c;
    return {
      partitions: () => ['0'],
      live: follow,
      open: (_partition: string, position: Value | null) =>
        new TableReader(
          {
            setup,
            explain,
            live: follow,
            every: durationMs(every),
            overlap: durationMs(overlap),
            connect: async () => {
              const database = await Database.connect(c.connection, {
                timeout: durationMs(timeout),
                signal: setup.signal,
              });
              return TableCursor.over(database, c, durationMs(overlap));
            },
          },
          position,
        ),
    };
  },
});
