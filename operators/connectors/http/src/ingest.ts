import {
  defineSource,
  EventTime,
  FIELD_TYPES,
  Field,
  MillraceError,
  type RecordType,
  Type,
  type Value,
} from '@millrace/sdk';
import { encodeEntry, encodeMark, HEADER, segmentName } from './ingest-log/format.js';
import { IngestReader } from './ingest-log/reader.js';
import { secretField } from './secret.js';

const config = Type.Object(
  {
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
    receivedAt: Type.Optional(
      Field.field({
        title: 'Add arrival time as',
        description: 'Name of a field that gets the time (ISO 8601) at which the server took the record.',
        ui: { advanced: true, widget: 'text-area' },
      }),
    ),
    secret: Type.Optional(
      secretField({
        title: 'Signing secret',
        description:
          'For senders that sign what they send instead of carrying an API token: a secret text that both sides know. The page of the operator Webhook tells how to sign.',
      }),
    ),
    log: Type.Optional(
      Type.String({
        title: 'Log folder',
        description:
          'Where the records wait on disk. Leave it empty: the server sets it. Only a run on the command line names a folder.',
        maxLength: 1024,
        'x-ui': { widget: 'path', advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);

function exampleLog(): { [path: string]: string } {
  const entry = encodeEntry({ at: 1_700_000_000_000, n: 2 }, [
    '{"orderId":"A1","total":20}',
    '{"orderId":"A2","total":5}',
  ]);
  return { [`log/${segmentName(0)}`]: HEADER + entry.toString('utf8'), 'log/head': encodeMark(entry.length) };
}

/**
 * Records that shops send to `POST /ingest/<workflow>/<node>`. The server writes them to the node's log and answers 202 once they
 * are on disk; this source reads the log, and its position in the log is part of the task's commit.
 */
export const ingest = defineSource({
  type: 'http.ingest',
  version: 1,
  docs: {
    title: 'HTTP in',
    summary: 'Takes orders and other records that your shop software and other systems send to this server.',
    description: [
      'Use it when the other system can send by itself whenever something happens: your shop software, the till, the payment provider (their manuals call it a webhook). Each thing they send, such as `{"orderId": "A1", "total": 20}`, becomes a record at once. A system that waits to be asked is for the operator Web API instead.',
      'What was accepted is on disk and is processed once, also after a crash.',
      '**For whoever sets up the sender.** Send JSON to `POST /ingest/<workflow id>/<node id>` of this server: one object, a list of objects, or one object a line (`application/x-ndjson`). The workflow id stands in the address of the editor, the node id in the workflow downloaded as JSON. Sign in with `Authorization: Bearer <token>`; an administrator makes an API token with the role `ingest` (`POST /api/tokens`).',
      'The answer 202 means that the records are on disk. With an `Idempotency-Key` (an id of your own for the request) it can be sent again for 24 hours without being taken twice. 429 means that too many records wait: send again after the time in `Retry-After`.',
    ].join('\n\n'),
    category: 'source',
    icon: 'api',
    zh: { title: 'HTTP 接入', summary: '接收商城软件和其他系统发送到本服务器的订单等记录。' },
  },
  config,
  summary: (c) => (c.secret === undefined ? 'By API token' : 'By signature or API token'),
  outputs: { out: { title: 'Records' } },
  traits: { delivery: 'exactly-once', parallelism: 'single' },
  fields: ({ schema, receivedAt }) => ({
    out:
      schema === undefined
        ? undefined
        : ({
            fields: { ...schema, ...(receivedAt !== undefined && { [receivedAt]: 'time' }) },
            open: true,
          } satisfies RecordType),
  }),
  examples: [
    {
      title: "Two orders sent in one request (the files are the server's own notes of it)",
      config: { log: 'log' },
      files: exampleLog(),
      output: {
        out: [
          { orderId: 'A1', total: 20 },
          { orderId: 'A2', total: 5 },
        ],
      },
      open: true,
    },
  ],
  create: (setup) => {
    const { log, receivedAt } = setup.config;
    return {
      partitions: () => ['0'],
      live: true,
      open: (_partition: string, position: Value | null) => {
        if (position !== null && !Number.isSafeInteger(position)) {
          throw new MillraceError('The stored position of the ingest log cannot be read.', {
            code: 'POSITION_UNREADABLE',
            domain: 'internal',
            params: { position },
          });
        }
        return new IngestReader({
          dir: setup.services.resolvePath(log ?? `ingest/${setup.nodeId}`),
          position,
          wake: () => setup.wake(),
          shape:
            receivedAt === undefined
              ? (value) => value
              : (value, entry) => ({ ...value, [receivedAt]: new Date(entry.head.at).toISOString() }),
        });
      },
    };
  },
});
