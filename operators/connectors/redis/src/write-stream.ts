import {
  type Behaviour,
  type Context,
  connectionUrl,
  defineOperator,
  Field,
  keepTrying,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
  type Value,
} from '@millrace/sdk';
import { explainRedis, RedisLink, redisConnection } from './connect.js';
import { inCalls, PlaceScript, placeKey } from './place-script.js';

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
        description: 'JSON: the record in one field. Fields: each field of the record is one of the entry, as text.',
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
    keep: Type.Optional(
      Type.Integer({
        title: 'Keep about',
        description: 'How many entries stay in the stream; older ones are removed. Empty: all.',
        minimum: 1,
        'x-ui': { unit: 'entries' },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/**
 * KEYS[2]  stream
 * ARGV     per record: sequence, offset, number of texts, field, value, field, value …
 * ARGV[#]  entries to keep, 0: all
 */
const ADD = new PlaceScript(`
  local texts = tonumber(ARGV[at])
  if fresh then
    done = done + 1
    local keep = ARGV[#ARGV]
    local from, to = at + 1, at + texts
    if keep == '0' then redis.call('XADD', KEYS[2], '*', unpack(ARGV, from, to))
    else redis.call('XADD', KEYS[2], 'MAXLEN', '~', keep, '*', unpack(ARGV, from, to)) end
  end
  at = at + 1 + texts
`);

/** Texts of one entry: Lua hands over no more than some thousands at a time. */
const MOST_TEXTS = 4000;

class StreamSink implements Behaviour {
  readonly #link: RedisLink;

  constructor(private readonly setup: Setup<Config>) {
    this.#link = new RedisLink(connectionUrl(setup.config.connection));
  }

  async open(): Promise<void> {
    await keepTrying(this.setup, () => this.#link.use((client) => client.ping()), { explain: explainRedis });
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const {
      workflow,
      nodeId,
      config: { stream, keep = 0 },
    } = this.setup;
    const prepared: { record: StreamRecord; texts: string[]; bytes: number }[] = [];
    for (const record of records) {
      try {
        const texts = entryOf(record, ctx.deliveryId(record), this.setup.config);
        prepared.push({ record, texts, bytes: texts.reduce((sum, text) => sum + text.length, 0) });
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    for (const { partition, items } of inCalls(prepared, ctx)) {
      const args: (string | number)[] = [items.length];
      for (const { record, texts } of items) {
        const { sequence, offset } = ctx.delivery(record);
        args.push(sequence, offset, texts.length, ...texts);
      }
      args.push(keep);
      const keys = [placeKey(workflow, nodeId, partition), stream];
      await keepTrying(this.setup, () => this.#link.use((client) => ADD.run(client, keys, args)), {
        explain: explainRedis,
      });
    }
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

function entryOf({ value, op }: StreamRecord, id: string, { format, jsonField = 'data' }: Config): string[] {
  const marks = ['millrace-id', id, ...(op === 'insert' ? [] : ['millrace-op', op])];
  if (format !== 'fields') return [jsonField, JSON.stringify(value), ...marks];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notFields();
  const texts = Object.entries(value).flatMap(([name, part]) => [name, textOf(part)]);
  if (texts.length === 0 || texts.length > MOST_TEXTS) throw notFields();
  return [...texts, ...marks];
}

function textOf(part: Value): string {
  return typeof part === 'string' ? part : part === null ? '' : JSON.stringify(part);
}

function notFields(): MillraceError {
  return new MillraceError('Only an object with some fields becomes an entry of fields.', {
    code: 'REDIS_NOT_FIELDS',
    hint: 'Choose the format JSON for other values.',
  });
}

/** Appends records to a Redis stream, each once. */
export const writeStream = defineOperator({
  type: 'redis.write-stream',
  version: 1,
  docs: {
    title: 'Write Redis stream',
    summary: 'Appends each record to a Redis stream.',
    description: [
      'Use it to hand records on to programs that read a Redis stream, a list that only grows at its end: each record becomes a new entry.',
      'Each record is added once, also after a crash. When Redis is down, full or refuses the password, the node says so and tries again by itself.',
      '**For your IT helper.** The record is one JSON text in the field `data`, or its fields are those of the entry. `millrace-id` is an id that stays the same when a record is sent again; `millrace-op` marks rows of a table: `upsert` (new or changed) or `delete`. Entries are added in one step with the place up to which they were delivered (a key `millrace:place:…`). All this holds as long as Redis keeps its data: with the usual settings (append-only file flushed each second) a power failure of its machine can lose the last second. Redis 5 or newer; no Redis Cluster.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'database-export',
    zh: { title: '写入 Redis 流', summary: '将每条记录追加到 Redis 流。' },
  },
  config,
  connection: redisConnection,
  inputs: { in: { title: 'Records' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  summary: ({ stream }) => stream,
  examples: [{ title: 'Order events', config: { connection: 'shop-redis', stream: 'orders' }, service: true }],
  create: (setup) => new StreamSink(setup),
});
