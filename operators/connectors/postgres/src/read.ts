import { defineSource, durationMs, EventTime, FIELD_TYPES, Field, type Static, Type, type Value } from '@millrace/sdk';
import { ColumnNames, TableName, TableReader } from '@millrace/sdk/tables';
import { connect, connection } from './connect.js';
import { explain } from './explain.js';
import { TableCursor } from './table-cursor.js';

const config = Type.Object(
  {
    connection: Field.connection('postgres'),
    table: TableName('orders'),
    order: Type.Optional(
      Type.String({
        title: 'Changed column',
        description:
          'Column that grows whenever a row is written, such as updated_at. Rows changed later are read again. Empty: rows are read by key alone, each once.',
        minLength: 1,
        maxLength: 64,
        'x-ui': { placeholder: 'updated_at' },
      }),
    ),
    key: ColumnNames({
      title: 'Key columns',
      description:
        'Columns that tell rows apart, usually the primary key. An index over the changed column and these makes reading fast.',
      minItems: 1,
    }),
    columns: Type.Optional(ColumnNames({ title: 'Columns', description: 'Empty: all columns.' })),
    follow: Type.Optional(
      Type.Boolean({
        title: 'Keep following',
        description: 'On: new and changed rows are read as they come. Off: reading ends with the last row.',
        default: true,
      }),
    ),
    every: Type.Optional(Field.duration({ title: 'Look every', default: '1 s', ui: { advanced: true } })),
    overlap: Type.Optional(
      Field.duration({
        title: 'Wait for late rows',
        description: 'Rows whose transaction commits later than that of a newer row are found for this long.',
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
          description: 'The fields of a record and their types, learnt from a sample. Only for checks while drawing.',
          'x-ui': { advanced: true },
        },
      ),
    ),
    time: Type.Optional(EventTime),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const postgresRead = defineSource({
  type: 'postgres.read',
  version: 1,
  docs: {
    title: 'Read PostgreSQL',
    summary: 'Reads the rows of a PostgreSQL table, and goes on with new and changed ones.',
    description:
      'Each row becomes a record with a field for each column. With a changed column (such as `updated_at`) rows are read in its order, a row again whenever it changes; ' +
      'without one each row is read once, in the order of its key. Deleted rows are not noticed, and rows whose changed column is empty are not read. ' +
      'Nothing is lost on the way: whole numbers beyond 2^53 and long decimals arrive as text, times as ISO 8601, bytes as base64, JSON and lists as they are.\n\n' +
      'The place reached is kept with the results, so a crash neither loses nor repeats a row. Rows of a transaction that commits late are found for as long as "Wait for late rows" says.',
    category: 'source',
    icon: 'database-export',
    zh: { title: '读取 PostgreSQL', summary: '读取 PostgreSQL 表中的行，并持续读取新增和更改的行。' },
  },
  config,
  connection,
  summary: (c) => `${c.table} by ${[...(c.order === undefined ? [] : [c.order]), ...c.key].join(', ')}`,
  outputs: { out: { title: 'Rows' } },
  traits: { delivery: 'exactly-once', parallelism: 'single' },
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [
    {
      title: 'Follows a table; the database is not there yet',
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
              const client = await connect(c.connection, { timeout: durationMs(timeout), signal: setup.signal });
              return TableCursor.over(client, c, durationMs(overlap));
            },
          },
          position,
        ),
    };
  },
});
