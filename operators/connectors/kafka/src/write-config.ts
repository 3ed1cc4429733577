import { Field, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const writeConfig = Type.Object(
  {
    connection: Field.connection('kafka'),
    topic: Type.Optional(
      Type.String({
        title: 'Topic',
        description: 'Name of the list of messages to which all records go; whoever looks after Kafka knows it.',
        minLength: 1,
        maxLength: 249,
        pattern: '^[a-zA-Z0-9._-]+$',
        examples: ['order-totals'],
      }),
    ),
    topicFrom: Type.Optional(
      Field.field({
        title: 'Topic from field',
        description: 'In place of one topic for all: the field of the record that names its topic.',
        ui: { advanced: true },
      }),
    ),
    key: Type.Optional(
      Field.field({
        title: 'Key',
        description:
          'Field whose value becomes the key of the message, such as orderId: messages of one key stay in order, and rows of a table need one. Empty: messages are spread over the parts of the topic.',
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
          'Exactly once: in transactions; readers that ask for committed records see each once. At least once, where Kafka allows no transactions: after a crash a record may come again, with the same header millrace-id.',
        default: 'exactly-once',
      }),
    ),
    compression: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('gzip'), Type.Literal('snappy'), Type.Literal('lz4')], {
        title: 'Compression',
        description:
          'Makes messages smaller for some more work. None always works; whoever looks after Kafka knows what readers can unpack.',
        default: 'none',
        ...advanced,
      }),
    ),
  },
  { additionalProperties: false },
);
export type WriteConfig = Static<typeof writeConfig>;
