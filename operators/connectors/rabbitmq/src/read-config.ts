import { EventTime, FIELD_TYPES, Field, PayloadFormat, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const readConfig = Type.Object(
  {
    connection: Field.connection('rabbitmq'),
    queue: Type.String({ title: 'Queue', minLength: 1, maxLength: 255, examples: ['orders'] }),
    ...PayloadFormat,
    time: Type.Optional(EventTime),
    create: Type.Optional(
      Type.Union([Type.Literal('never'), Type.Literal('quorum'), Type.Literal('classic')], {
        title: 'Create the queue',
        description:
          'Never: it must be there. Quorum: a durable queue kept on several servers. Classic: a durable queue on one.',
        default: 'never',
        ...advanced,
      }),
    ),
    messageIds: Type.Optional(
      Type.Union([Type.Literal('optional'), Type.Literal('required'), Type.Literal('ignored')], {
        title: 'Message ids',
        description:
          'The id that the sender gave a message (message-id) tells one that is delivered again from a new one. Optional: messages without one are taken as new. Required: messages without one become dead letters, all others count exactly once. Ignored: for senders that use an id twice.',
        default: 'optional',
      }),
    ),
    prefetch: Type.Optional(
      Type.Integer({
        title: 'Messages in flight',
        description: 'How many messages the server hands out before the first of them are done.',
        minimum: 1,
        maximum: 20_000,
        default: 3000,
        ...advanced,
      }),
    ),
    propertiesAs: Type.Optional(
      Type.String({
        title: 'Add the properties as',
        description:
          'Name of a field that gets exchange, routing key, message id, headers, type and timestamp of the message.',
        minLength: 1,
        maxLength: 256,
        ...advanced,
      }),
    ),
    schema: Type.Optional(
      Type.Record(
        Type.String({ minLength: 1, maxLength: 256 }),
        Type.Union(FIELD_TYPES.map((name) => Type.Literal(name))),
        {
          title: 'Fields',
          description:
            'The fields of a record and their types. Only for checks while drawing; records are taken as they come.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ReadConfig = Static<typeof readConfig>;
