import { Field, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const writeConfig = Type.Object(
  {
    connection: Field.connection('rabbitmq'),
    queue: Type.Optional(
      Type.String({
        title: 'Queue',
        description: 'Name of the queue that gets the messages. Leave it empty to send to an exchange.',
        minLength: 1,
        maxLength: 255,
        examples: ['order-totals'],
      }),
    ),
    exchange: Type.Optional(
      Type.String({
        title: 'Exchange',
        description: 'In place of a queue: the name of the exchange, which deals messages out to queues.',
        minLength: 1,
        maxLength: 255,
        examples: ['shop.events'],
      }),
    ),
    routingKey: Type.Optional(
      Type.String({
        title: 'Routing key',
        description: 'Only with an exchange: the word by which it decides which queues get a message.',
        maxLength: 255,
        default: '',
        examples: ['orders.paid'],
      }),
    ),
    routingKeyFrom: Type.Optional(
      Field.field({
        title: 'Routing key from field',
        description: 'In place of one routing key for all: the field of the record that holds it.',
        ui: { advanced: true },
      }),
    ),
    create: Type.Optional(
      Type.Union([Type.Literal('never'), Type.Literal('quorum'), Type.Literal('classic')], {
        title: 'Create the queue',
        description:
          'When there is no such queue. Never: wait until somebody makes it. Quorum: make one that is kept on several servers. Classic: make one that is kept on one server. Both survive a restart.',
        default: 'never',
        ...advanced,
      }),
    ),
    value: Type.Optional(
      Field.field({
        title: 'Only this field',
        description: 'Sends the value of this field instead of the whole record: text as it is, all else as JSON.',
        ui: { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
export type WriteConfig = Static<typeof writeConfig>;
