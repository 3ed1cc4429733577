import { Field, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const writeConfig = Type.Object(
  {
    connection: Field.connection('kafka'),
    topic: Type.Optional(
      Type.String({
        title: 'Topic',
        description: 'Where all records go, unless the topic is taken from a field.',
        minLength: 1,
        maxLength: 249,
        pattern: '^[a-zA-Z0-9._-]+$',
        examples: ['order-totals'],
      }),
    ),
    topicFrom: Type.Optional(
      Field.field({
        title: 'Topic from field',
        description: 'Field of the record that names its topic.',
        ui: { advanced: true },
      }),
    ),
    key: Type.Optional(
      Field.field({
        title: 'Key',
        description:
          'Field whose value becomes the key: records of one key stay in order, and a table (upserts and deletes) needs it. Empty: records are spread over the partitions.',
      }),
    ),
    value: Type.Optional(
      Field.field({
        title: 'Only this field',
        description: 'Sends the value of this field instead of the whole record: text as it is, all else as JSON.',
        ui: { advanced: true },
      }),
    ),
    delivery: Type.Optional(
      Type.Union([Type.Literal('exactly-once'), Type.Literal('at-least-once')], {
        title: 'Delivery',
        description:
          'Exactly once: in transactions, seen once by readers of committed records. At least once: without transactions; after a crash a record may come again with the same header millrace-id.',
        default: 'exactly-once',
      }),
    ),
    compression: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('gzip'), Type.Literal('snappy'), Type.Literal('lz4')], {
        title: 'Compression',
        default: 'none',
        ...advanced,
      }),
    ),
  },
  { additionalProperties: false },
);
export type WriteConfig = Static<typeof writeConfig>;
