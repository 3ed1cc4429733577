import { defineSource, durationMs, EventTime, FIELD_TYPES, Field, type Static, Type, type Value } from '@millrace/sdk';
import { TableReader } from '@millrace/sdk/tables';
import { CollectionCursor } from './collection-cursor.js';
import { connect, connection } from './connect.js';
import { explain } from './explain.js';

/** Field names that cannot be taken for an operator of a query. */
const FIELD_NAME = '^[^$.\\x00][^\\x00]*$';

export const CollectionName = Type.String({
  title: 'Collection',
  description: 'Name of the collection, such as orders: what other databases call a table.',
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
          'Field that grows whenever a document is written, usually the time of the last change, such as updatedAt. With it, changed documents are read again. Empty: each document is read once, in the order of its id.',
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
    every: Type.Optional(
      Field.duration({
        title: 'Look every',
        description:
          'How often the collection is asked for news. Shorter shows changes sooner and asks the database more often.',
        default: '1 s',
        ui: { advanced: true },
      }),
    ),
    overlap: Type.Optional(
      Field.duration({
        title: 'Wait for late documents',
        description:
          'A document that was slow to be saved may show up after newer ones. It is still found for this long.',
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

export const mongodbRead = defineSource({
  type: 'mongodb.read',
  version: 1,
  docs: {
    title: 'Read MongoDB',
    summary: 'Reads the documents of a MongoDB collection, and goes on with new and changed ones.',
    description: [
      'Use it when your shop keeps orders, customers or products in MongoDB and you want to work with them as they change: each document becomes a record. A collection of documents is what other databases call a table of rows. It is only read, never changed; a database user that may only read is enough.',
      'With a changed field (one with the time of the last change, such as `updatedAt`) a document is read again whenever it changes. Without one each document is read once: right for collections to which documents are only added. Deleted documents are not noticed. A crash neither loses nor repeats a document.',
      '**For your IT helper.** Documents are read in the order of the changed field and `_id`, or of `_id` alone; an index over these makes it fast. Each of the two must be of one type in all documents. Ids become text (hex), dates ISO 8601, whole numbers beyond 2^53 and long decimals text, bytes base64 text.',
    ].join('\n\n'),
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
      title: 'Orders, and each change of an order, as they come',
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
