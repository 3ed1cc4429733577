import {
  type Behaviour,
  type Context,
  defineOperator,
  durationMs,
  Field,
  fieldReader,
  MillraceError,
  type RecordType,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import { AnswerCache } from './answer-cache.js';
import { askedToWait, backOff, type Caller, createCaller, refusal } from './call.js';
import { addressAt, httpConnection, namedWebConnection } from './connection.js';
import { urlProblem } from './guard.js';
import { decodeUtf8, parseStrictJson } from './strict-json.js';
import { fillTemplate, type Template, templateFields, templateOf } from './template.js';

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
      description: 'What is asked for each record. {field} stands for a value of the record: /customers/{customerId}.',
      minLength: 1,
      maxLength: 2048,
      'x-ui': { placeholder: '/customers/{customerId}' },
    }),
    method: Type.Optional(
      Type.Enum(['GET', 'POST'], {
        title: 'Call',
        description: 'GET: ask. POST: send the record, or some of its fields, as JSON.',
        default: 'GET',
      }),
    ),
    send: Type.Optional(
      Field.fields({
        title: 'Fields to send',
        description: 'Empty: the whole record.',
        ui: { when: { property: 'method', in: ['POST'] } },
      }),
    ),
    pick: Type.Optional(
      Type.String({
        title: 'Part of the answer',
        description: 'Name of what is wanted from the answer, such as data.segment. Empty: all of it.',
        maxLength: 256,
      }),
    ),
    into: Type.String({
      title: 'Put it into',
      description: 'Name of the field that gets the answer.',
      minLength: 1,
      maxLength: 128,
      default: 'answer',
    }),
    missing: Type.Optional(
      Type.Enum(['null', 'fail'], {
        title: 'When nothing is found',
        description: 'null: the field stays empty. fail: the record is put aside as a dead letter.',
        default: 'null',
      }),
    ),
    cacheFor: Type.Optional(
      Field.duration({
        title: 'Remember answers for',
        description: 'The same question is not asked again in this time. 0 asks always.',
        default: '5 min',
      }),
    ),
    cacheSize: Type.Optional(
      Type.Integer({
        title: 'Answers to remember',
        minimum: 1,
        maximum: 100_000,
        default: 10_000,
        'x-ui': { advanced: true },
      }),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        title: 'Calls at a time',
        description: 'Records keep their order whatever this is.',
        minimum: 1,
        maximum: 32,
        default: 8,
        'x-ui': { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a call after', default: '10 s', ui: { advanced: true } })),
    retries: Type.Optional(
      Type.Integer({
        title: 'Retries',
        description: 'How often a failed call is made again before its record becomes a dead letter.',
        minimum: 0,
        maximum: 20,
        default: 3,
        'x-ui': { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** Longest time a record may wait for its answer with all retries, ms. */
const LONGEST = 10 * 60_000;

export const enrich = defineOperator({
  type: 'http.enrich',
  version: 1,
  docs: {
    title: 'Ask a web API',
    summary: 'Asks a web API about each record and adds the answer.',
    description: [
      'Use it when another service knows something about a record that you want beside it: the segment of a customer, a shipping price, a score. For each record the service is asked, with values of the record in the address, and the answer is put into a field: `{"customerId": 7}` becomes `{"customerId": 7, "answer": {"segment": "gold"}}`. A service that can be asked so has a web API; its manual tells the addresses.',
      'Records keep their order. The same question is asked once and the answer remembered for a while. When the service is busy or down it is asked again; a record that gets no answer is put aside as a dead letter with the reason.',
      '**For your IT helper.** The answer is JSON. Calls run side by side; they are made again after `Retry-After` when the service gives it. Values are encoded, so that none can lead a call to another address. Without a connection only addresses of the public internet are called.',
    ].join('\n\n'),
    category: 'combine',
    icon: 'cloud-question',
    zh: { title: '查询 Web API', summary: '为每条记录查询 Web API，并加入其回答。' },
  },
  config,
  connection: httpConnection,
  summary: ({ url, into }) => `${into} from ${url}`,
  lint: ({ url, connection }) => {
    const problem = connection === undefined ? urlProblem(url.replace(/\{[^{}]*\}/g, 'x')) : undefined;
    const template = templateOf(url);
    return [
      ...(problem ? [{ code: problem.code, path: '/url', message: problem.message, params: { url } }] : []),
      ...(template instanceof MillraceError
        ? [{ code: template.code, path: '/url', message: template.message, params: { url } }]
        : []),
    ];
  },
  inputs: { in: { title: 'Records' } },
  outputs: { out: { title: 'Records with answers' } },
  traits: { deterministic: false, liveConfig: ['concurrency', 'timeout', 'retries'] },
  fields: ({ into }, inputs) => {
    const type = inputs.in;
    return { out: type && ({ ...type, fields: { ...type.fields, [into]: 'any' } } satisfies RecordType) };
  },
  examples: [
    {
      title: 'The customer of each order',
      config: { url: 'https://shop.example/customers/{customerId}', into: 'customer' },
      input: [],
      output: { out: [] },
    },
  ],
  create: (setup) => new Enrich(setup),
});

class Enrich implements Behaviour {
  readonly #setup: Setup<Config>;
  readonly #caller: Caller;
  readonly #template: Template;
  readonly #cache: AnswerCache;
  readonly #pick: (value: Value) => Value;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
    const { url, pick, timeout = '10 s', cacheFor = '5 min', cacheSize = 10_000 } = setup.config;
    const connection = namedWebConnection(setup.config.connection);
    // Braces are no part of an address: they must not be encoded before they are filled.
    const template = templateOf(connection === undefined ? url : joinTemplate(url, connection));
    if (template instanceof MillraceError) throw template;
    this.#template = template;
    this.#caller = createCaller(durationMs(timeout), connection);
    this.#cache = new AnswerCache(setup.clock, cacheSize, durationMs(cacheFor));
    this.#pick = pick === undefined || pick === '' ? (value) => value : fieldReader(pick);
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const { into, concurrency = 8 } = this.#setup.config;
    const answers = await ctx.map(
      records,
      (record, signal) => (record.op === 'delete' ? Promise.resolve(null) : this.#ask(record.value, ctx, signal)),
      { concurrency, timeout: LONGEST },
    );
    for (const [i, answer] of answers.entries()) {
      const record = records[i]!;
      if (answer.ok) ctx.emit('out', { ...record.value, [into]: answer.value }, record.time, record.op);
      else ctx.fail(record, answer.error);
    }
  }

  #ask(value: Value, ctx: Context, signal: AbortSignal): Promise<Value> {
    const { method = 'GET', send } = this.#setup.config;
    const url = fillTemplate(this.#template, value);
    const body = method === 'GET' ? undefined : JSON.stringify(send?.length ? some(value, send) : value);
    return this.#cache.get(`${method} ${url} ${body ?? ''}`, () => this.#call(url, body, ctx, signal));
  }

  async #call(url: string, body: string | undefined, ctx: Context, signal: AbortSignal): Promise<Value> {
    const { retries = 3 } = this.#setup.config;
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#try(url, body, ctx, signal);
      if ('value' in outcome) return outcome.value;
      if (outcome.error.retry !== 'backoff' || attempt >= retries || signal.aborted) throw outcome.error;
      await ctx.clock.sleep(outcome.waitMs ?? backOff(attempt), signal);
    }
  }

  async #try(
    url: string,
    body: string | undefined,
    ctx: Context,
    signal: AbortSignal,
  ): Promise<{ value: Value } | { error: MillraceError; waitMs?: number | undefined }> {
    const { problem, config } = this.#setup;
    try {
      const answer = await this.#caller.call(url, {
        signal,
        headers: { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { method: 'POST', body: Buffer.from(body) }),
      });
      const { status } = answer;
      if (status < 200 || status >= 300) {
        const absent = status === 404 || status === 410;
        const error = refusal(answer);
        if (absent && config.missing !== 'fail') return { value: null };
        if (!absent) this.#show(error);
        return { error, waitMs: askedToWait(answer, ctx.clock.now()) };
      }
      problem(null);
      return { value: answer.body.length === 0 ? null : this.#pick(parseStrictJson(decodeUtf8(answer.body))) };
    } catch (thrown) {
      const error = toMillraceError(thrown, 'HTTP_FAILED');
      if (error.domain === 'external') this.#show(error);
      return { error };
    }
  }

  #show({ code, message, hint }: MillraceError): void {
    this.#setup.problem({ code, message, ...(hint !== undefined && { hint }) });
  }

  close(): void {
    this.#caller.close();
  }
}

function some(value: Value, fields: readonly string[]): Value {
  return Object.fromEntries(fields.map((name) => [name, fieldReader(name)(value)]));
}

function joinTemplate(url: string, connection: NonNullable<ReturnType<typeof namedWebConnection>>): string {
  const places = templateFields(url);
  const marked = places.reduce((text, place, i) => text.replace(`{${place}}`, `MILLRACE-FIELD-${i}-`), url);
  return places.reduce(
    (text, place, i) => text.replace(`MILLRACE-FIELD-${i}-`, `{${place}}`),
    addressAt(marked, connection),
  );
}
