import { Field, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

export const writeConfig = Type.Object(
  {
    connection: Field.connection('rabbitmq'),
    queue: Type.Optional(
      Type.String({
        title: 'Queue',
        description: 'Sends straight to a queue. For an exchange, leave it empty.',
        minLength: 1,
        maxLength: 255,
        examples: ['order-totals'],
      }),
    ),
    exchange: Type.Optional(
      Type.String({ title: 'Exchange', minLength: 1, maxLength: 255, examples: ['shop.events'] }),
    ),
    routingKey: Type.Optional(
      Type.String({
        title: 'Routing key',
        description: 'With an exchange: by what it decides which queues get the message.',
        maxLength: 255,
        default: '',
        examples: ['orders.paid'],
      }),
    ),
    routingKeyFrom: Type.Optional(
      Field.field({
        title: 'Routing key from field',
        description: 'Field of the record that holds the routing key.',
        ui: { advanced: true },
      }),
    ),
    create: Type.Optional(
      Type.Union([Type.Literal('never'), Type.Literal('quorum'), Type.Literal('classic')], {
        title: 'Create the queue',
        description: 'Of a queue that is not there: never create it, or create a durable one of a kind.',
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
