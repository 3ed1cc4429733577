import {
  type Behaviour,
  type Context,
  connectionUrl,
  defineOperator,
  durationMs,
  Field,
  fieldReader,
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
    key: Field.field({ title: 'Key', description: 'Field that tells the values apart, such as sku.' }),
    prefix: Type.Optional(
      Type.String({
        title: 'Prefix of keys',
        description: 'Stands before the value of the field: with stock: in front, MUG is kept under stock:MUG.',
        maxLength: 512,
        default: '',
        examples: ['stock:'],
      }),
    ),
    value: Type.Optional(
      Field.field({
        title: 'Only this field',
        description: 'Keeps the value of this field instead of the whole record: text as it is, all else as JSON.',
      }),
    ),
    as: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('hash')], {
        title: 'Keep as',
        description:
          'JSON: the value is one text. Hash: each field of the record is kept as a named text of its own under the key.',
        default: 'json',
      }),
    ),
    ttl: Type.Optional(
      Field.duration({
        title: 'Forget after',
        description: 'A key that was not written for this long goes. Empty: never.',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/**
 * KEYS[1 + i]  key of record i
 * ARGV         per record: sequence, offset, kind (d delete, s set, h hash), number of texts, texts
 * ARGV[#]      ms to live, 0: for ever
 */
const SET = new PlaceScript(`
  local kind, texts = ARGV[at], tonumber(ARGV[at + 1])
  if fresh then
    done = done + 1
    local key, ttl = KEYS[1 + i], ARGV[#ARGV]
    if kind == 's' then
      if ttl == '0' then redis.call('SET', key, ARGV[at + 2]) else redis.call('SET', key, ARGV[at + 2], 'PX', ttl) end
    else
      redis.call('DEL', key)
      if kind == 'h' then
        redis.call('HSET', key, unpack(ARGV, at + 2, at + 1 + texts))
        if ttl ~= '0' then redis.call('PEXPIRE', key, ttl) end
      end
    end
  end
  at = at + 2 + texts
`);

/** Texts of one hash: Lua hands over no more than some thousands at a time. */
const MOST_TEXTS = 4000;

interface Prepared {
  record: StreamRecord;
  key: string;
  kind: 'd' | 's' | 'h';
  texts: string[];
  bytes: number;
}

class KeyValueSink implements Behaviour {
  readonly #link: RedisLink;
  readonly #keyOf: (value: Value) => Value;
  readonly #partOf: ((value: Value) => Value) | undefined;

  constructor(private readonly setup: Setup<Config>) {
    const { connection, key, value } = setup.config;
    this.#link = new RedisLink(connectionUrl(connection));
    this.#keyOf = fieldReader(key);
    this.#partOf = value === undefined ? undefined : fieldReader(value);
  }

  async open(): Promise<void> {
    await keepTrying(this.setup, () => this.#link.use((client) => client.ping()), { explain: explainRedis });
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const { workflow, nodeId } = this.setup;
    const ttl = durationMs(this.setup.config.ttl ?? 0);
    const prepared: Prepared[] = [];
    for (const record of records) {
      try {
        prepared.push(this.#prepare(record));
      } catch (error) {
        ctx.fail(record, error);
      }
    }
    for (const { partition, items } of inCalls(prepared, ctx)) {
      const keys = [placeKey(workflow, nodeId, partition)];
      const args: (string | number)[] = [items.length];
      for (const { record, key, kind, texts } of items) {
        const { sequence, offset } = ctx.delivery(record);
        keys.push(key);
        args.push(sequence, offset, kind, texts.length, ...texts);
      }
      args.push(ttl);
      await keepTrying(this.setup, () => this.#link.use((client) => SET.run(client, keys, args)), {
        explain: explainRedis,
      });
    }
  }

  #prepare(record: StreamRecord): Prepared {
    const { key: field, prefix = '', as } = this.setup.config;
    const { value, op } = record;
    const own = this.#keyOf(value);
    if (own === null || own === undefined || typeof own === 'object') throw noKey(field);
    const key = `${prefix}${String(own)}`;
    if (op === 'delete') return { record, key, kind: 'd', texts: [], bytes: key.length };
    const part = this.#partOf === undefined ? value : this.#partOf(value);
    const texts =
      as === 'hash'
        ? hashTexts(part)
        : [typeof part === 'string' && this.#partOf ? part : JSON.stringify(part ?? null)];
    const bytes = texts.reduce((sum, text) => sum + text.length, key.length);
    return { record, key, kind: as === 'hash' ? 'h' : 's', texts, bytes };
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

function hashTexts(value: Value): string[] {
  const texts =
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value as { [name: string]: Value }).flatMap(([name, part]) => [
          name,
          typeof part === 'string' ? part : JSON.stringify(part),
        ])
      : [];
  if (texts.length > 0 && texts.length <= MOST_TEXTS) return texts;
  throw new MillraceError('Only an object with some fields becomes a hash.', {
    code: 'REDIS_NOT_FIELDS',
    hint: 'Keep other values as JSON.',
  });
}

function noKey(field: string): MillraceError {
  return new MillraceError(`The record has no text or number in "${field}", which is its key.`, {
    code: 'REDIS_KEY_MISSING',
    params: { field },
    hint: 'Choose a field that every record has.',
  });
}

/** Keeps the latest record of each key in Redis. */
export const set = defineOperator({
  type: 'redis.set',
  version: 1,
  docs: {
    title: 'Write Redis keys',
    summary: 'Keeps the latest record of each key in Redis.',
    description: [
      'Use it to keep the present state of things where web pages and programs can read it in no time: the stock of each product under `stock:MUG`, `stock:CUP` and so on. Redis is a fast store of values under names (keys). Each record replaces what was kept under its key; a row that is removed from a table removes its key.',
      'After a crash an older value never replaces a newer one. When Redis is down, full or refuses the password, the node says so and tries again by itself.',
      '**For your IT helper.** The key is the prefix and a field of the record; the value is the record as JSON, one of its fields, or a hash of its fields. Values change in one step with the place up to which they were delivered (a key `millrace:place:…`). All this holds as long as Redis keeps its data: with the usual settings a power failure of its machine can lose the last second. No Redis Cluster.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'key',
    zh: { title: '写入 Redis 键', summary: '在 Redis 中保存每个键的最新记录。' },
  },
  config,
  connection: redisConnection,
  inputs: { in: { title: 'Records' } },
  outputs: {},
  traits: { outside: true, delivery: 'exactly-once' },
  summary: ({ key, prefix = '' }) => `${prefix}{${key}}`,
  examples: [
    {
      title: 'Stock per article, forgotten after a week without change',
      config: { connection: 'shop-redis', key: 'sku', prefix: 'stock:', value: 'qty', ttl: '7 d' },
      service: true,
    },
  ],
  create: (setup) => new KeyValueSink(setup),
});
