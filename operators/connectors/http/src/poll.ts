import { defineSource, EventTime, Field, type RecordType, type Static, Type, type Value } from '@millrace/sdk';
import { addressAt, httpConnection, namedWebConnection } from './connection.js';
import { urlProblem } from './guard.js';
import { PollReader } from './poll-reader.js';
import { fieldsSchema } from './schema-field.js';

const Parameter = (title: string, standard: string, paging: readonly string[]) =>
  Type.Optional(
    Type.String({
      title,
      description: `What the service calls it in the address: ?${standard}=…`,
      minLength: 1,
      maxLength: 64,
      default: standard,
      'x-ui': { when: { property: 'paging', in: paging } },
    }),
  );

const config = Type.Object(
  {
    connection: Type.Optional(
      Field.connection('http', {
        description:
          'The web API with its sign-in, made once on the page Connections. Empty: the address below is called without signing in.',
      }),
    ),
    url: Type.String({
      title: 'Address',
      description: 'What is asked. With a connection only the part behind its address, such as /orders?status=paid.',
      minLength: 1,
      maxLength: 2048,
      'x-ui': { placeholder: '/orders' },
    }),
    interval: Type.Optional(
      Field.duration({
        title: 'Ask every',
        description: 'Shorter brings news sooner. Many services limit how often they may be asked.',
        default: '1 min',
      }),
    ),
    records: Type.Optional(
      Type.String({
        title: 'Records are in',
        description: 'Name of the list in the answer, such as data.orders. Empty: the answer itself is the list.',
        maxLength: 256,
      }),
    ),
    paging: Type.Optional(
      Type.Enum(['none', 'link', 'cursor', 'page', 'offset'], {
        title: 'More pages',
        description:
          'How the service hands out a long list; its manual tells. none: in one answer. link: the answer names the next page in its Link header. cursor: a field of the answer leads to the next page. page: pages are numbered. offset: the address says how many records to pass over.',
        default: 'none',
      }),
    ),
    cursorField: Type.Optional(
      Type.String({
        title: 'Next page is in',
        description: 'Field of the answer that holds the cursor, or the whole address, of the next page.',
        maxLength: 256,
        default: 'next',
        'x-ui': { when: { property: 'paging', in: ['cursor'] } },
      }),
    ),
    cursorParam: Parameter('Cursor parameter', 'cursor', ['cursor']),
    pageParam: Parameter('Page parameter', 'page', ['page']),
    firstPage: Type.Optional(
      Type.Integer({
        title: 'First page',
        description: 'Number of the first page: 1 with most services, 0 with some.',
        minimum: 0,
        maximum: 1,
        default: 1,
        'x-ui': { when: { property: 'paging', in: ['page'] } },
      }),
    ),
    offsetParam: Parameter('Offset parameter', 'offset', ['offset']),
    limitParam: Parameter('Page size parameter', 'limit', ['page', 'offset']),
    pageSize: Type.Optional(
      Type.Integer({
        title: 'Records per page',
        description: 'A shorter page is the last one. Empty: pages are read until one is empty.',
        minimum: 1,
        maximum: 10_000,
        'x-ui': { when: { property: 'paging', in: ['page', 'offset'] } },
      }),
    ),
    sinceField: Type.Optional(
      Type.String({
        title: 'Changed-at field',
        description:
          'Field of a record that grows with each change, such as updated_at. Its highest value is sent in the next round, so that only newer records come.',
        maxLength: 256,
      }),
    ),
    sinceParam: Type.Optional(
      Type.String({
        title: 'Changed-since parameter',
        description: 'Name in the address under which that value is sent, such as updated_since.',
        minLength: 1,
        maxLength: 64,
      }),
    ),
    id: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256, 'x-field': true }), {
        title: 'Known by',
        description:
          'Fields that tell records apart, such as id. A record whose values here came before is left out. Add the changed-at field to see each change of a record too.',
        uniqueItems: true,
        maxItems: 8,
        'x-ui': { widget: 'fields' },
      }),
    ),
    remember: Type.Optional(
      Type.Integer({
        title: 'Records to remember',
        description: 'How many of the last ones are known again.',
        minimum: 1,
        maximum: 10_000,
        default: 2000,
        'x-ui': { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a call after', default: '10 s', ui: { advanced: true } })),
    schema: fieldsSchema(),
    time: Type.Optional(EventTime),
  },
  { additionalProperties: false },
);
export type PollConfig = Static<typeof config>;

/** Asks a web API again and again. */
export const poll = defineSource({
  type: 'http.poll',
  version: 1,
  docs: {
    title: 'Web API',
    summary: 'Asks a web API for new records, again and again.',
    description: [
      'Use it when your shop software, a marketplace or another service lets programs read its data (it has a web API) but does not send news by itself. Every minute, say, it is asked for its list of orders, and what is new becomes records. The manual of the service tells the address and the names to fill in; your IT helper knows how to read it.',
      'Choose the fields a record is known by, such as its number: then each is taken once although every round may list it again. When the service is busy or down, the node says so and tries again by itself; after a restart it goes on where it was.',
      '**For your IT helper.** The answer is JSON and may have up to 1 MiB; ask for smaller pages if it is larger. Lists that go over several pages are read page by page. An answer that has not changed (ETag, Last-Modified) is not sent again. Calls are made again after `Retry-After` when the service gives it. Without a connection only addresses of the public internet are called.',
    ].join('\n\n'),
    category: 'source',
    icon: 'cloud-download',
    zh: { title: 'Web API', summary: '定期向 Web API 查询新记录。' },
  },
  config,
  connection: httpConnection,
  summary: ({ url, interval = '1 min', connection }) =>
    `${connection ? `${connection} ` : ''}${URL.canParse(url) ? new URL(url).host : url}, every ${interval}`,
  lint: ({ url, connection, sinceField, sinceParam }) => [
    ...(connection === undefined
      ? [urlProblem(url)].flatMap((problem) =>
          problem ? [{ code: problem.code, path: '/url', message: problem.message, params: { url } }] : [],
        )
      : []),
    ...((sinceField === undefined) === (sinceParam === undefined)
      ? []
      : [
          {
            code: 'SINCE_HALF',
            path: sinceField === undefined ? '/sinceField' : '/sinceParam',
            message: 'The changed-at field and the parameter it is sent in belong together. Set both, or none.',
          },
        ]),
  ],
  outputs: { out: { title: 'Records' } },
  traits: { delivery: 'exactly-once', parallelism: 'single', deterministic: false },
  fields: ({ schema }) => ({
    out: schema === undefined ? undefined : ({ fields: schema, open: true } satisfies RecordType),
  }),
  examples: [
    {
      title: 'Orders of a shop, page by page',
      config: {
        url: 'https://shop.example/api/orders',
        interval: '1 h',
        paging: 'page',
        pageSize: 50,
        id: ['id', 'updatedAt'],
      },
      output: { out: [] },
      open: true,
    },
  ],
  create: (setup) => {
    const connection = namedWebConnection(setup.config.connection);
    const address = addressAt(setup.config.url, connection);
    return {
      partitions: () => ['0'],
      live: true,
      open: (_partition: string, position: Value | null) => new PollReader(setup, address, connection, position),
    };
  },
});
