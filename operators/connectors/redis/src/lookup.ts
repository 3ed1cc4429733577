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
  parseJson,
  type RecordType,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
  type Value,
} from '@millrace/sdk';
import { explainRedis, RedisLink, redisConnection } from './connect.js';
import { LookupCache } from './lookup-cache.js';

const config = Type.Object(
  {
    connection: Field.connection('redis'),
    key: Field.field({ title: 'Key', description: 'Field that says what to look up, such as sku.' }),
    prefix: Type.Optional(
      Type.String({
        title: 'Prefix of keys',
        description: 'Stands before the value of the field: with product: in front, MUG is looked up as product:MUG.',
        maxLength: 512,
        default: '',
        examples: ['product:'],
      }),
    ),
    kind: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('text'), Type.Literal('hash')], {
        title: 'Values are',
        description:
          'How Redis keeps the values: as JSON texts, as plain texts, or as hashes (several named texts under one key).',
        default: 'json',
      }),
    ),
    as: Type.String({
      title: 'Put it into',
      description: 'Name of the field that gets what was found.',
      minLength: 1,
      maxLength: 256,
      examples: ['product'],
    }),
    missing: Type.Optional(
      Type.Union([Type.Literal('null'), Type.Literal('fail')], {
        title: 'When nothing is found',
        description:
          'Null: the field stays empty. Fail: the record counts as an error of the node, and becomes a dead letter unless the node is set otherwise.',
        default: 'null',
      }),
    ),
    cacheFor: Type.Optional(
      Field.duration({
        title: 'Remember for',
        description:
          'How long an answer may be used again without asking, also the answer that there is nothing. 0: always ask.',
        default: '1 min',
      }),
    ),
    cacheSize: Type.Optional(
      Type.Integer({
        title: 'Remember at most',
        description: 'What was used longest ago is forgotten first.',
        minimum: 0,
        maximum: 1_000_000,
        default: 10_000,
        'x-ui': { unit: 'keys', advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

class Lookup implements Behaviour {
  readonly #link: RedisLink;
  readonly #keyOf: (value: Value) => Value;
  readonly #cache: LookupCache<string | { [name: string]: string } | null>;

  constructor(private readonly setup: Setup<Config>) {
    const { connection, key, cacheFor = '1 min', cacheSize = 10_000 } = setup.config;
    this.#link = new RedisLink(connectionUrl(connection));
    this.#keyOf = fieldReader(key);
    this.#cache = new LookupCache(cacheSize, durationMs(cacheFor), setup.clock);
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const keys = records.map(({ value }) => this.#key(value));
    const found = new Map<string, string | { [name: string]: string } | null>();
    const ask = new Set<string>();
    for (const key of keys) {
      if (key === undefined || found.has(key)) continue;
      const known = this.#cache.get(key);
      if (known === undefined) ask.add(key);
      else found.set(key, known);
    }
    if (ask.size > 0) {
      const asked = [...ask];
      const answers = await keepTrying(this.setup, () => this.#ask(asked), { explain: explainRedis });
      asked.forEach((key, i) => {
        found.set(key, answers[i]!);
        this.#cache.set(key, answers[i]!);
      });
    }
    records.forEach((record, i) => {
      try {
        ctx.emit('out', this.#joined(record.value, keys[i], found), record.time, record.op);
      } catch (error) {
        ctx.fail(record, error);
      }
    });
  }

  #key(value: Value): string | undefined {
    const own = this.#keyOf(value);
    return own === null || own === undefined || typeof own === 'object'
      ? undefined
      : `${this.setup.config.prefix ?? ''}${String(own)}`;
  }

  #ask(keys: string[]): Promise<(string | { [name: string]: string } | null)[]> {
    if (this.setup.config.kind !== 'hash') return this.#link.use((client) => client.mget(keys));
    return this.#link.use(async (client) => {
      const pipeline = client.pipeline();
      for (const key of keys) pipeline.hgetall(key);
      const answers = (await pipeline.exec()) ?? [];
      return answers.map(([error, hash]) => {
        if (error) throw error;
        return Object.keys(hash as object).length === 0 ? null : (hash as { [name: string]: string });
      });
    });
  }

  #joined(value: Value, key: string | undefined, found: ReadonlyMap<string, unknown>): Value {
    const { as, kind, missing } = this.setup.config;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new MillraceError('Only a record that is an object can take a field.', { code: 'LOOKUP_NOT_OBJECT' });
    }
    const raw = key === undefined ? null : found.get(key);
    if (raw === null && missing === 'fail') {
      throw new MillraceError(
        key === undefined ? 'The record has no key to look up.' : `Redis has nothing under "${key}".`,
        {
          code: 'LOOKUP_MISSING',
          params: { key },
          hint: 'Add it and process the dead letter again, or let missing ones be null.',
        },
      );
    }
    return { ...value, [as]: typeof raw === 'string' && kind !== 'text' ? parseJson(raw) : raw };
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}

/** Adds to each record what Redis holds under its key. */
export const lookup = defineOperator({
  type: 'redis.lookup',
  version: 1,
  docs: {
    title: 'Look up in Redis',
    summary: 'Adds to each record what Redis holds under its key.',
    description: [
      'Use it when your shop keeps something in Redis, a fast store of values under names (keys), and you want it beside each record: the product of an order line, the price of a day. From `{"sku": "MUG"}` and what Redis holds under `product:MUG` comes `{"sku": "MUG", "product": {"name": "Mug", "price": 9}}`.',
      'Answers are remembered for a while, so a change in Redis is seen after that time at the latest; results therefore depend on when they were made. When Redis is down or refuses the password, the node says so, waits and tries again; no record is lost or passed on without its value.',
      '**For your IT helper.** A key is the prefix and the value of the field. Many keys are asked for at once.',
    ].join('\n\n'),
    category: 'combine',
    icon: 'zoom-scan',
    zh: { title: '查询 Redis', summary: '为每条记录添加 Redis 中其键对应的内容。' },
  },
  config,
  connection: redisConnection,
  inputs: { in: { title: 'Records' } },
  outputs: { out: { title: 'Records with what was found' } },
  traits: { deterministic: false },
  summary: ({ key, prefix = '', as }) => `${as}: ${prefix}{${key}}`,
  fields: ({ as, kind }, { in: input }) => ({
    out:
      input &&
      ({
        ...input,
        fields: { ...input.fields, [as]: kind === 'text' ? 'text' : kind === 'hash' ? 'object' : 'any' },
      } as RecordType),
  }),
  examples: [
    {
      title: 'The product of an order line',
      config: { connection: 'shop-redis', key: 'sku', prefix: 'product:', as: 'product' },
      service: true,
    },
  ],
  create: (setup) => new Lookup(setup),
});
