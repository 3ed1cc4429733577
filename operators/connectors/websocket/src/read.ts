import {
  defineSource,
  EventTime,
  FIELD_TYPES,
  Field,
  type RecordType,
  type Static,
  Type,
  type Value,
} from '@millrace/sdk';
import { websocketConnection } from './connection.js';
import { FeedReader } from './feed-reader.js';

const config = Type.Object(
  {
    connection: Field.connection('websocket'),
    path: Type.Optional(
      Type.String({
        title: 'Path',
        description:
          'End of the address: what to follow there, such as /channels/orders. Empty: the address of the connection as it is.',
        maxLength: 1024,
        'x-ui': { placeholder: '/channels/orders' },
      }),
    ),
    protocol: Type.Optional(
      Type.Enum(['plain', 'millrace'], {
        title: 'Kind of feed',
        description:
          'plain: any feed that sends JSON. millrace: a live channel of another Millrace, which numbers its records and sends again what was missed.',
        default: 'plain',
      }),
    ),
    subscribe: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 4096 }), {
        title: 'Messages to send first',
        description:
          'Sent each time the line is opened, for feeds that want to be told what to send; their manual has the texts.',
        maxItems: 20,
        'x-ui': { when: { property: 'protocol', in: ['plain'] } },
      }),
    ),
    records: Type.Optional(
      Type.String({
        title: 'Records are in',
        description:
          'Name of the record or list in a message. Messages without it are left out. Empty: the whole message.',
        maxLength: 256,
        'x-ui': { when: { property: 'protocol', in: ['plain'] } },
      }),
    ),
    sequence: Type.Optional(
      Type.String({
        title: 'Number field',
        description: 'Field that counts up by one with each record: says how many were missed while the line was cut.',
        maxLength: 256,
        'x-ui': { advanced: true, when: { property: 'protocol', in: ['plain'] } },
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
    time: Type.Optional(EventTime),
  },
  { additionalProperties: false },
);
export type ReadConfig = Static<typeof config>;

/** Follows a feed of a WebSocket server. */
export const read = defineSource({
  type: 'websocket.read',
  version: 1,
  docs: {
    title: 'WebSocket feed',
    summary: 'Takes what another system sends live, over a WebSocket.',
    description: [
      'Use it for data that another system sends live and without being asked: exchange rates, prices of a marketplace, a live channel of another Millrace. A WebSocket is the open line on which such feeds come. Whoever offers the feed tells you its address, and what it wants to be told first.',
      'When the line is cut it is opened again by itself. What was sent meanwhile is usually lost; so that nobody takes the data for complete, each interruption makes a record at the output `gaps`: from when to when, why, and how many records were missed where that is known.',
      '**For your IT helper.** Messages are JSON. A record of `gaps` is `{ from, to, reason, missed }`. A live channel of another Millrace sends the last 1,000 records or 60 seconds again, so short interruptions miss nothing.',
    ].join('\n\n'),
    category: 'source',
    icon: 'broadcast',
    zh: { title: 'WebSocket 数据流', summary: '接收其他系统通过 WebSocket 实时发送的内容。' },
  },
  config,
  connection: websocketConnection,
  summary: ({ connection, path }) => `${connection}${path ?? ''}`,
  outputs: {
    out: { title: 'Records' },
    gaps: { title: 'Gaps', description: 'One record for each interruption', side: true },
  },
  traits: { delivery: 'at-most-once', parallelism: 'single', deterministic: false },
  fields: ({ schema }) => ({
    out: schema === undefined ? undefined : ({ fields: schema, open: true } satisfies RecordType),
    gaps: { fields: { from: 'time', to: 'time', reason: 'text', missed: 'number' }, open: true },
  }),
  examples: [
    {
      title: 'Prices of a feed (only on the command line may an address stand in place of the name of a connection)',
      config: { connection: 'ws://127.0.0.1:9/', path: '/prices' },
      output: { out: [], gaps: [] },
      open: true,
    },
  ],
  create: (setup) => ({
    partitions: () => ['0'],
    live: true,
    open: (_partition: string, position: Value | null) => new FeedReader(setup, position),
  }),
});
