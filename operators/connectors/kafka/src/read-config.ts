import { EventTime, FIELD_TYPES, Field, PayloadFormat, type Static, Type } from '@millrace/sdk';

const advanced = { 'x-ui': { advanced: true } };

function fieldName(title: string, description: string) {
  return Type.Optional(Type.String({ title, description, minLength: 1, maxLength: 256, ...advanced }));
}

export const readConfig = Type.Object(
  {
    connection: Field.connection('kafka'),
    topic: Type.String({
      title: 'Topic',
      description: 'Name of the list of messages to read; whoever looks after Kafka knows it.',
      minLength: 1,
      maxLength: 249,
      pattern: '^[a-zA-Z0-9._-]+$',
      examples: ['orders'],
    }),
    ...PayloadFormat,
    start: Type.Optional(
      Type.Union([Type.Literal('earliest'), Type.Literal('latest'), Type.Literal('time')], {
        title: 'Begin with',
        description:
          'Where a run begins that has read nothing yet: with the oldest record, only with new ones, or with those since a time. Later it goes on where it stopped.',
        default: 'earliest',
      }),
    ),
    startTime: Type.Optional(
      Type.String({
        title: 'Time to begin at',
        description: 'ISO 8601, for example 2026-11-01T00:00:00Z.',
        'x-ui': { when: { property: 'start', in: ['time'] } },
      }),
    ),
    until: Type.Optional(
      Type.Union([Type.Literal('stopped'), Type.Literal('end')], {
        title: 'Read until',
        description:
          'Stopped: goes on with new records as they come. End: what is there at the start, then the input ends.',
        default: 'stopped',
      }),
    ),
    time: Type.Optional(EventTime),
    keyAs: fieldName('Add the key as', 'Name of a field that gets the key of the message as text.'),
    headersAs: fieldName('Add the headers as', 'Name of a field that gets the headers of the message as an object.'),
    placeAs: fieldName(
      'Add the place as',
      'Name of a field that gets topic, partition, offset and timestamp of the message.',
    ),
    deletedAs: fieldName(
      'Add deletions as',
      'Messages without a value say that their key is deleted. With a name here they become records with that field set to true; else they are passed over.',
    ),
    whenGone: Type.Optional(
      Type.Union([Type.Literal('stop'), Type.Literal('skip')], {
        title: 'When records are gone',
        description:
          'Kafka deletes old records after a while. When some were deleted before they were read: stop waits and says so, skip goes on with the oldest there are.',
        default: 'stop',
        ...advanced,
      }),
    ),
    group: Type.Optional(
      Type.String({
        title: 'Group for progress',
        description:
          'Name (a consumer group) under which tools for Kafka see how far this source is. Only for display: where to go on is kept in the run. Default: millrace-, the workflow and the node.',
        minLength: 1,
        maxLength: 249,
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
