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
            'The fields of a record and their types. Only for checks while drawing; records are taken as they come.',
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
        description: 'Takes requests that carry a signature made with this secret instead of an API token.',
      }),
    ),
    log: Type.Optional(
      Type.String({
        title: 'Log folder',
        description: 'Where the records wait on disk. The server sets it; for a run by hand, the folder of a log.',
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
    summary: 'Takes records that other systems post to this server.',
    description:
      'Other systems send JSON to `POST /ingest/<workflow id>/<node id>` with an API token: one object, a list of objects, or one object a line (`application/x-ndjson`). ' +
      'The answer 202 means that the records are on disk and will be processed once. With an `Idempotency-Key` a request can be repeated for 24 hours without being taken twice. ' +
      '429 means that too many records wait: send again after `Retry-After`.',
    category: 'source',
    icon: 'api',
    zh: { title: 'HTTP 接入', summary: '接收其他系统发送到本服务器的记录。' },
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
      title: 'Two orders of one request',
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
