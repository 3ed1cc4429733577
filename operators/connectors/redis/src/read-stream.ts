import {
  BadInput,
  connectionUrl,
  defineSource,
  EventTime,
  FIELD_TYPES,
  Field,
  keepTrying,
  MillraceError,
  parseJson,
  parseTime,
  type SourceBatch,
  type SourceReader,
  type SourceSetup,
  type Static,
  Type,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import type { Redis } from 'ioredis';
import { explainRedis, RedisLink, redisConnection } from './connect.js';

const advanced = { 'x-ui': { advanced: true } };

const config = Type.Object(
  {
    connection: Field.connection('redis'),
    stream: Type.String({
      title: 'Stream',
      description: 'Name (key) of the stream in Redis.',
      minLength: 1,
      maxLength: 1024,
      examples: ['orders'],
    }),
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('fields')], {
        title: 'Format',
        description:
          'JSON: one field of an entry holds the record. Fields: the fields of an entry are those of the record, as text.',
        default: 'json',
      }),
    ),
    jsonField: Type.Optional(
      Type.String({
        title: 'Field of the JSON',
        description: 'Field of an entry that holds the JSON.',
        minLength: 1,
        maxLength: 256,
        default: 'data',
        'x-ui': { when: { property: 'format', in: ['json'] } },
      }),
    ),
    time: Type.Optional(EventTime),
    start: Type.Optional(
      Type.Union([Type.Literal('earliest'), Type.Literal('latest'), Type.Literal('time')], {
        title: 'Begin with',
        description:
          'Where a run begins that has read nothing yet: with the oldest entry, only with new ones, or with those since a time. Later it goes on where it stopped.',
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
          'Stopped: goes on with new entries as they come. End: what is there at the start, then the input ends.',
        default: 'stopped',
      }),
    ),
    idAs: Type.Optional(
      Type.String({
        title: 'Add the id as',
        description: 'Name of a field that gets the id of the entry.',
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
type Config = Static<typeof config>;
type Entry = [id: string, texts: string[]];

/** Where a stream is read on: the id of the last entry done, and the one to end with. */
interface StreamPosition {
  id: string;
  end?: string;
}

const CHUNK = 1000;
/** Entries kept ahead of the reader. */
const AHEAD = 3 * CHUNK;
/** ms a request waits for new entries. */
const BLOCK = 500;
const RAW_KEPT = 4096;

class StreamReader implements SourceReader {
  readonly at: Value;
  #entries: Entry[] = [];
  #from = 0;
  #next: string;
  #failure: unknown;
  #closed = false;
  #room: (() => void) | undefined;
  #arrived: (() => void) | undefined;

  constructor(
    private readonly setup: SourceSetup<Config>,
    private readonly link: RedisLink,
    private readonly start: StreamPosition,
  ) {
    this.at = start;
    this.#next = start.id;
    void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const { stream } = this.setup.config;
    try {
      while (!this.#closed && !this.#isPast(this.#next)) {
        if (this.#entries.length - this.#from > AHEAD) {
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
          continue;
        }
        const found = await keepTrying(
          this.setup,
          () =>
            this.#closed
              ? Promise.resolve(null)
              : this.link.use((client) => client.xread('COUNT', CHUNK, 'BLOCK', BLOCK, 'STREAMS', stream, this.#next)),
          { explain: explainRedis },
        );
        const entries = found?.[0]?.[1];
        if (entries === undefined || entries.length === 0) continue;
        if (this.#from > 0) {
          this.#entries = this.#entries.slice(this.#from);
          this.#from = 0;
        }
        for (const entry of entries) this.#entries.push(entry);
        this.#next = entries.at(-1)![0];
        this.#tell();
      }
    } catch (error) {
      if (!this.#closed) this.#failure = error;
      this.#tell();
    }
  }

  #tell(): void {
    this.#arrived?.();
    this.#arrived = undefined;
    this.setup.wake();
  }

  /** True when bounded reading has come to its end. */
  #isPast(id: string): boolean {
    const { end } = this.start;
    return end !== undefined && compareIds(id, end) >= 0;
  }

  poll(max: number): SourceBatch | null | Promise<SourceBatch | null> {
    if (this.start.end === undefined) return this.#batch(max);
    return this.#bounded(max);
  }

  async #bounded(max: number): Promise<SourceBatch> {
    for (;;) {
      const batch = this.#batch(max);
      if (batch !== null) return batch;
      if (this.#isPast(this.#next)) return { values: [], position: this.#position(this.#next), end: true };
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  #batch(max: number): SourceBatch | null {
    const values: Value[] = [];
    const times: number[] = [];
    const ids: string[] = [];
    let past = false;
    while (values.length < max && this.#from < this.#entries.length) {
      const entry = this.#entries[this.#from]!;
      past = this.start.end !== undefined && compareIds(entry[0], this.start.end) > 0;
      if (past) break;
      this.#from++;
      values.push(toValue(entry, this.setup.config));
      times.push(Number(entry[0].slice(0, entry[0].indexOf('-'))));
      ids.push(entry[0]);
    }
    this.#room?.();
    this.#room = undefined;
    if (values.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      return past ? { values, position: this.#position(this.start.end!), end: true } : null;
    }
    return {
      values,
      times,
      position: this.#position(ids.at(-1)!),
      after: (n) => this.#position(ids[n - 1]!),
    };
  }

  #position(id: string): StreamPosition {
    const { end } = this.start;
    return end === undefined ? { id } : { id, end };
  }

  close(): void {
    this.#closed = true;
    this.#room?.();
  }
}

function toValue([id, texts]: Entry, { format, jsonField = 'data', stream, idAs }: Config): Value {
  const fields: { [name: string]: string } = {};
  for (let i = 0; i + 1 < texts.length; i += 2) if (texts[i] !== '__proto__') fields[texts[i]!] = texts[i + 1]!;
  try {
    if (format === 'fields') return idAs === undefined ? fields : { ...fields, [idAs]: id };
    const json = fields[jsonField];
    if (json === undefined) {
      throw new MillraceError(`The entry has no field "${jsonField}".`, {
        code: 'REDIS_NO_FIELD',
        params: { field: jsonField, fields: Object.keys(fields).slice(0, 20) },
        hint: 'Name the field that holds the JSON, or choose the format Fields.',
      });
    }
    const value = parseJson(json);
    if (idAs === undefined) return value;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return { ...(isObject ? value : { value }), [idAs]: id };
  } catch (thrown) {
    const { code, message, params, hint } = toMillraceError(thrown);
    const error = new MillraceError(`Entry ${id} of stream "${stream}": ${message}`, {
      code,
      params: { ...params, stream, id },
      ...(hint !== undefined && { hint }),
    });
    return new BadInput(JSON.stringify(fields).slice(0, RAW_KEPT), error);
  }
}

/** Order of stream ids (`ms-number`): negative, zero, positive. */
export function compareIds(a: string, b: string): number {
  const [ams, an] = a.split('-').map(Number) as [number, number];
  const [bms, bn] = b.split('-').map(Number) as [number, number];
  return ams === bms ? an - bn : ams - bms;
}

async function lastId(client: Redis, stream: string): Promise<string> {
  const [last] = await client.xrevrange(stream, '+', '-', 'COUNT', 1);
  return last?.[0] ?? '0-0';
}

async function startOf(
  { config: { stream, start, startTime, until } }: SourceSetup<Config>,
  client: Redis,
): Promise<StreamPosition> {
  const end = until === 'end' ? { end: await lastId(client, stream) } : {};
  if (start === 'latest') return { id: await lastId(client, stream), ...end };
  if (start !== 'time') return { id: '0-0', ...end };
  // The largest id before the time.
  return { id: `${parseTime(startTime) - 1}-18446744073709551615`, ...end };
}

/** Says it when the stream may have been cut behind the position: entries that were never read are gone then. */
async function lookForGap(
  { config: { stream }, services }: SourceSetup<Config>,
  client: Redis,
  { id }: StreamPosition,
): Promise<void> {
  const [[last], [first]] = [
    await client.xrange(stream, id, id, 'COUNT', 1),
    await client.xrange(stream, '-', '+', 'COUNT', 1),
  ];
  if (id === '0-0' || last !== undefined || first === undefined || compareIds(first[0], id) <= 0) return;
  services.log(
    'warn',
    'The stream was cut behind the place where reading goes on; entries may have been removed unread.',
    {
      stream,
      from: id,
      first: first[0],
    },
  );
}

/** Reads a Redis stream by the ids of its entries. */
export const readStream = defineSource({
  type: 'redis.read-stream',
  version: 1,
  docs: {
    title: 'Read Redis stream',
    summary: 'Reads the entries of a Redis stream as they come.',
    description: [
      'Use it when a program of your shop writes down what happens in a Redis stream, a list that only grows at its end: each entry, such as an order or a click, becomes a record the moment it is written. Nothing is removed from the stream.',
      'Each entry counts exactly once in the results, also after a crash. One that cannot be read becomes a dead letter with its id and the reason. When Redis is down or refuses the password, the node says so and tries again by itself.',
      '**For your IT helper.** The record is the JSON in one field of the entry, or its fields as text. The id of the last entry done is saved with the run; no consumer group is used. Without a time field, the event time is the time in the id of the entry. Redis 5 or newer; no Redis Cluster.',
    ].join('\n\n'),
    category: 'source',
    icon: 'database-import',
    zh: { title: '读取 Redis 流', summary: '持续读取 Redis 流中的条目。' },
  },
  config,
  connection: redisConnection,
  traits: { delivery: 'exactly-once', parallelism: 'single' },
  summary: ({ stream, until }) => (until === 'end' ? `${stream}, to its end` : stream),
  outputs: { out: { title: 'Records' } },
  fields: ({ schema }) => ({ out: schema === undefined ? undefined : { fields: schema, open: true } }),
  lint: ({ start, startTime }) =>
    start === 'time' && (startTime === undefined || Number.isNaN(parseTime(startTime)))
      ? [
          {
            code: 'REDIS_START_TIME',
            path: '/startTime',
            message: 'Say at which time to begin, such as 2026-11-01T00:00:00Z.',
          },
        ]
      : [],
  examples: [{ title: 'Order events', config: { connection: 'shop-redis', stream: 'orders' }, service: true }],
  create(setup) {
    const link = new RedisLink(connectionUrl(setup.config.connection));
    return {
      live: setup.config.until !== 'end',
      partitions: () => [setup.config.stream],
      open: (_partition, position) =>
        keepTrying(
          setup,
          () =>
            link.use(async (client) => {
              const from = position as StreamPosition | null;
              if (from !== null) await lookForGap(setup, client, from);
              return new StreamReader(setup, link, from ?? (await startOf(setup, client)));
            }),
          { explain: explainRedis },
        ),
      close: () => link.close(),
    };
  },
});
