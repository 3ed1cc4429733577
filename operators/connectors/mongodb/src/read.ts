import { defineSource, durationMs, EventTime, Field, type Static, Type, type Value } from '@millrace/sdk';
import { TableReader } from '@millrace/sdk/tables';
import { CollectionCursor } from './collection-cursor.js';
import { connect, connection } from './connect.js';
import { explain } from './explain.js';

const FIELD_TYPES = ['text', 'number', 'boolean', 'time', 'list', 'object', 'any'] as const;
/** Field names that cannot be taken for an operator of a query. */
const FIELD_NAME = '^[^$.\\x00][^\\x00]*$';

export const CollectionName = Type.String({
  title: 'Collection',
  minLength: 1,
  maxLength: 120,
  pattern: '^[^$\\x00]+$',
  'x-ui': { placeholder: 'orders' },
});

const config = Type.Object(
  {
    connection: Field.connection('mongodb'),
    collection: CollectionName,
    order: Type.Optional(
      Type.String({
        title: 'Changed field',
        description:
          'Field that grows whenever a document is written, such as updatedAt. Documents changed later are read again. Empty: documents are read by id alone, each once.',
        minLength: 1,
        maxLength: 256,
        pattern: FIELD_NAME,
        'x-ui': { placeholder: 'updatedAt' },
      }),
    ),
    fields: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256, pattern: FIELD_NAME }), {
        title: 'Fields to read',
        description: 'Empty: all fields. The id and the changed field always come along.',
        uniqueItems: true,
        maxItems: 200,
        'x-ui': { widget: 'fields' },
      }),
    ),
    follow: Type.Optional(
      Type.Boolean({
        title: 'Keep following',
        description: 'On: new and changed documents are read as they come. Off: reading ends with the last document.',
        default: true,
      }),
    ),
    every: Type.Optional(Field.duration({ title: 'Look every', default: '1 s', ui: { advanced: true } })),
    overlap: Type.Optional(
      Field.duration({
        title: 'Wait for late documents',
        description: 'Documents that become visible later than newer ones are found for this long.',
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

export const mongodbRead = defineSource({
  type: 'mongodb.read',
  version: 1,
  docs: {
    title: 'Read MongoDB',
    summary: 'Reads the documents of a MongoDB collection, and goes on with new and changed ones.',
    description:
      'Each document becomes a record. With a changed field (such as `updatedAt`) documents are read in its order, a document again whenever it changes; without one each is read once, in the order of its id. ' +
      'The changed field and the ids must each be of one type. Deleted documents are not noticed. ' +
      'Ids become hex text, dates ISO 8601, whole numbers beyond 2^53 and long decimals text, bytes base64.\n\n' +
      'The place reached is kept with the results, so a crash neither loses nor repeats a document. An index over the changed field and `_id` makes reading fast.',
    category: 'source',
    icon: 'leaf',
    zh: { title: '读取 MongoDB', summary: '读取 MongoDB 集合中的文档，并持续读取新增和更改的文档。' },
  },
  config,
  connection,
  summary: (c) => `${c.collection} by ${c.order ?? '_id'}`,
  outputs: { out: { title: 'Documents' } },
  traits: { delivery: 'exactly-once', parallelism: 'single' },
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  examples: [
    {
      title: 'Follows a collection; the database is not there yet',
      config: { connection: 'shop', collection: 'orders', order: 'updatedAt' },
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
              const opened = await connect(c.connection, { timeout: durationMs(timeout), signal: setup.signal });
              try {
                return await CollectionCursor.over(opened, c, durationMs(overlap));
              } catch (error) {
                await opened.client.close().catch(() => undefined);
                throw error;
              }
            },
          },
          position,
        ),
    };
  },
});
