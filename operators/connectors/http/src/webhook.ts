import { Buffer } from 'node:buffer';
import {
  type Behaviour,
  type Context,
  defineOperator,
  durationMs,
  Field,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
} from '@millrace/sdk';
import { urlProblem } from './guard.js';
import { createPoster, type Poster } from './post.js';
import { secretField, secretText } from './secret.js';
import { SIGNATURE_HEADER, sign, TIMESTAMP_HEADER } from './signature.js';

const config = Type.Object(
  {
    url: Type.String({
      title: 'Address',
      description: 'The address that the other system gives you, starting with https:// or http://.',
      minLength: 1,
      maxLength: 2048,
      'x-ui': { placeholder: 'https://shop.example/hooks/orders' },
    }),
    batchSize: Type.Optional(
      Type.Integer({
        title: 'Records per call',
        description:
          '1: each call carries one record, as most systems want it. More: each call carries a list of up to this many.',
        minimum: 1,
        maximum: 100,
        default: 1,
      }),
    ),
    secret: Type.Optional(
      secretField({
        title: 'Signing secret',
        description:
          'A text that you and the receiver keep secret. It adds a signature (HMAC-SHA256) and a timestamp, so that the receiver can tell real calls from forged ones. Empty: no signature.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$" }),
        Type.String({ maxLength: 1024, pattern: '^[\\x20-\\x7e]*$' }),
        {
          title: 'More headers',
          description:
            'Notes that the receiver wants beside each call, such as X-Shop: north; its manual tells. No passwords: whoever sees the workflow sees them.',
          maxProperties: 20,
          'x-ui': { advanced: true },
        },
      ),
    ),
    concurrency: Type.Optional(
      Type.Integer({
        title: 'Calls at a time',
        description: '1 keeps the order of records. More is faster and may deliver out of order.',
        minimum: 1,
        maximum: 32,
        default: 1,
        'x-ui': { advanced: true },
      }),
    ),
    timeout: Type.Optional(Field.duration({ title: 'Give up a call after', default: '10 s', ui: { advanced: true } })),
    retries: Type.Optional(
      Type.Integer({
        title: 'Retries',
        description: 'How often a failed call is made again before its records become dead letters.',
        minimum: 0,
        maximum: 20,
        default: 5,
        'x-ui': { advanced: true },
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

/** Headers that the sink sets itself, or that would change what the call means. */
const OWN_HEADERS =
  /^(host|content-length|content-type|transfer-encoding|connection|upgrade|te|trailer|expect|idempotency-key|proxy-.*|x-millrace-.*)$/i;
/** Longest wait between two tries, ms, whatever the receiver asks for. */
const MAX_WAIT = 300_000;

export const webhook = defineOperator({
  type: 'http.webhook',
  version: 1,
  docs: {
    title: 'Webhook',
    summary: 'Sends each record to a web address of another system.',
    description: [
      'Use it to tell another system at once: a chat that a big order came in, the service desk that an order is late, the newsletter tool that a cart was left. Each record is sent to a web address that the other system gives you for this; its manual calls it a webhook.',
      'Nothing is lost: when the other system is down or busy, the call is made again a few times, and then the record becomes a dead letter, which can be sent again later. After a crash a call may be made twice. It then carries the same `Idempotency-Key` (an id), by which the receiver can drop the repeat.',
      `**For whoever receives the calls.** The body is JSON. With several records a call, \`x-millrace-delivery-ids\` has the id of each, for calls may be cut otherwise after a crash; with one, \`x-millrace-op\` says \`upsert\` or \`delete\` for a row of a table. Answers 2xx count as delivered; 408, 425, 429 and 5xx are tried again, after \`Retry-After\` when it is given; any other answer makes a dead letter. With a signing secret the header \`${SIGNATURE_HEADER}\` is \`sha256=\` and the HMAC-SHA256 of \`<timestamp>.<body>\`, with the timestamp (seconds) in \`${TIMESTAMP_HEADER}\`.`,
    ].join('\n\n'),
    category: 'sink',
    icon: 'webhook',
    zh: { title: 'Webhook', summary: '将每条记录发送到另一个系统的网址。' },
  },
  config,
  summary: ({ url }) => hostOf(url),
  lint: (c) => [
    ...[urlProblem(c.url)].flatMap((problem) =>
      problem ? [{ code: problem.code, path: '/url', message: problem.message, params: { url: c.url } }] : [],
    ),
    ...Object.keys(c.headers ?? {})
      .filter((name) => OWN_HEADERS.test(name))
      .map((name) => ({
        code: 'HEADER_RESERVED',
        path: `/headers/${name}`,
        message: `The header ${name} is set by the node itself.`,
        params: { header: name },
      })),
  ],
  inputs: { in: { title: 'Records', accepts: 'any' } },
  outputs: {},
  traits: { outside: true, delivery: 'at-least-once', liveConfig: ['batchSize', 'concurrency', 'timeout', 'retries'] },
  examples: [{ title: 'Each order to a web address', config: { url: 'https://shop.example/hooks/orders' }, input: [] }],
  create: (setup) => new Webhook(setup),
});

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

class Webhook implements Behaviour {
  readonly #setup: Setup<Config>;
  readonly #poster: Poster;
  readonly #secret: string | undefined;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
    const { url, timeout = '10 s', secret } = setup.config;
    this.#secret = secret === undefined ? undefined : secretText(secret);
    this.#poster = createPoster(url, durationMs(timeout), () => setup.clock.now());
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const { batchSize = 1, concurrency = 1 } = this.#setup.config;
    const groups = new Map<StreamRecord, readonly StreamRecord[]>();
    for (let i = 0; i < records.length; i += batchSize) groups.set(records[i]!, records.slice(i, i + batchSize));
    const firsts = [...groups.keys()];
    const results = await ctx.map(firsts, (first, signal) => this.#deliver(groups.get(first)!, ctx, signal), {
      concurrency,
      timeout: this.#longest(),
    });
    for (const [i, result] of results.entries()) {
      if (!result.ok) for (const record of groups.get(firsts[i]!)!) ctx.fail(record, result.error);
    }
  }

  /** Bound of one delivery with all its retries, ms. */
  #longest(): number {
    const { timeout = '10 s', retries = 5 } = this.#setup.config;
    return (retries + 1) * (durationMs(timeout) + MAX_WAIT);
  }

  async #deliver(records: readonly StreamRecord[], ctx: Context, signal: AbortSignal): Promise<void> {
    const { batchSize = 1, retries = 5 } = this.#setup.config;
    const body = Buffer.from(
      JSON.stringify(batchSize === 1 ? records[0]!.value : records.map((record) => record.value)),
    );
    const ids = records.map((record) => ctx.deliveryId(record));
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#try(body, ids, records, attempt, signal);
      if (outcome === undefined) return;
      if (!outcome.again || attempt >= retries || signal.aborted) throw outcome.error;
      await ctx.clock.sleep(outcome.waitMs ?? backOff(attempt), signal);
    }
  }

  async #try(
    body: Buffer,
    ids: readonly string[],
    records: readonly StreamRecord[],
    attempt: number,
    signal: AbortSignal,
  ): Promise<undefined | { error: MillraceError; again: boolean; waitMs?: number }> {
    try {
      const { status, retryAfterMs } = await this.#poster.post(
        body,
        this.#headers(body, ids, records, attempt),
        signal,
      );
      if (status >= 200 && status < 300) return undefined;
      const again = status === 408 || status === 425 || status === 429 || status >= 500;
      const error = refused(status, again);
      return retryAfterMs === undefined ? { error, again } : { error, again, waitMs: Math.min(retryAfterMs, MAX_WAIT) };
    } catch (error) {
      if (error instanceof MillraceError) return { error, again: error.retry === 'backoff' };
      throw error;
    }
  }

  #headers(
    body: Buffer,
    ids: readonly string[],
    records: readonly StreamRecord[],
    attempt: number,
  ): { [name: string]: string } {
    const headers: { [name: string]: string } = {
      ...this.#setup.config.headers,
      'content-type': 'application/json',
      'user-agent': 'Millrace',
      'idempotency-key': ids.length === 1 ? ids[0]! : `${ids[0]!}+${ids.length}`,
      'x-millrace-attempt': String(attempt + 1),
    };
    // Batches may be cut differently after a restart, so each record's own id goes along.
    if (this.#setup.config.batchSize !== undefined && this.#setup.config.batchSize > 1)
      headers['x-millrace-delivery-ids'] = ids.join(',');
    else if (records[0]!.op !== 'insert') headers['x-millrace-op'] = records[0]!.op;
    if (this.#secret !== undefined) {
      const timestamp = Math.floor(this.#setup.clock.now() / 1000);
      headers[TIMESTAMP_HEADER] = String(timestamp);
      headers[SIGNATURE_HEADER] = sign(this.#secret, timestamp, body);
    }
    return headers;
  }

  close(): void {
    this.#poster.close();
  }
}

/** Half a second doubled each time up to 30 s, half of it at random so that many senders do not come back together. */
function backOff(attempt: number): number {
  const full = Math.min(500 * 2 ** attempt, 30_000);
  return full / 2 + Math.random() * (full / 2);
}

function refused(status: number, again: boolean): MillraceError {
  return new MillraceError(`The receiver answered ${status}.`, {
    code: again ? 'WEBHOOK_UNAVAILABLE' : 'WEBHOOK_REFUSED',
    domain: again ? 'external' : 'user',
    retry: again ? 'backoff' : 'never',
    params: { status },
    hint: again
      ? 'Replay the dead letter when the receiver is well again.'
      : 'Look at what the receiver says about this record, mend it, then replay the dead letter.',
  });
}
