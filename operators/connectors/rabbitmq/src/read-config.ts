import { EventTime, FIELD_TYPES, Field, PayloadFormat, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const readConfig = Type.Object(
  {
    connection: Field.connection('rabbitmq'),
    queue: Type.String({
      title: 'Queue',
      description: 'Name of the queue to read; whoever looks after RabbitMQ knows it.',
      minLength: 1,
      maxLength: 255,
      examples: ['orders'],
    }),
    ...PayloadFormat,
    time: Type.Optional(EventTime),
    create: Type.Optional(
      Type.Union([Type.Literal('never'), Type.Literal('quorum'), Type.Literal('classic')], {
        title: 'Create the queue',
        description:
          'When there is no such queue. Never: wait until somebody makes it. Quorum: make one that is kept on several servers. Classic: make one that is kept on one server. Both survive a restart.',
        default: 'never',
        ...advanced,
      }),
    ),
    messageIds: Type.Optional(
      Type.Union([Type.Literal('optional'), Type.Literal('required'), Type.Literal('ignored')], {
        title: 'Message ids',
        description:
          'After a crash RabbitMQ delivers messages again. The id that the sender gave a message (message-id) tells a repeat from a new one. Optional: messages without an id are taken as new. Required: messages without one become dead letters, all others count exactly once. Ignored: each is taken as new; for senders that use an id twice.',
        default: 'optional',
      }),
    ),
    prefetch: Type.Optional(
      Type.Integer({
        title: 'Messages in flight',
        description: 'How many messages RabbitMQ hands out before the first of them are done.',
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
            'Names and types of the fields, so that the editor can offer them and check your rules. May stay empty: records are taken as they come.',
        },
      ),
    ),
  },
  { additionalProperties: false },
);
export type ReadConfig = Static<typeof readConfig>;
