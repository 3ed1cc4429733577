import {
  BadInput,
  durationMs,
  fieldReader,
  MillraceError,
  type SourceBatch,
  type SourceReader,
  type SourceSetup,
  toMillraceError,
  type Value,
} from '@millrace/sdk';
import { type Answer, askedToWait, backOff, type Caller, createCaller, refusal, type WebConnection } from './call.js';
import { firstPage, higher, identity, nextPage, type PollPosition, recordsOf, START } from './pages.js';
import type { PollConfig } from './poll.js';
import { decodeUtf8, parseStrictJson, RECORD_LIMITS } from './strict-json.js';

/** A page holds many records. */
const PAGE_LIMITS = { ...RECORD_LIMITS, keys: 200_000 };
/** How long a refusal that only a person can mend is left alone before the next try, ms. */
const REFUSED_PAUSE = 15_000;

/** Reads page after page in the background, one ahead at most; `poll` hands over what has come. */
export class PollReader implements SourceReader {
  readonly #setup: SourceSetup<PollConfig>;
  readonly #address: string;
  readonly #caller: Caller;
  readonly #closing = new AbortController();
  readonly #idFields: readonly ((value: Value) => Value)[];
  readonly #since: ((value: Value) => Value) | undefined;
  readonly #seen: Set<string>;
  #position: PollPosition;
  #page: SourceBatch | undefined;
  #working = false;

  constructor(
    setup: SourceSetup<PollConfig>,
    address: string,
    connection: WebConnection | undefined,
    position: Value | null,
  ) {
    this.#setup = setup;
    this.#address = address;
    this.#position = { ...START, ...(position as PollPosition | null) };
    this.#seen = new Set(this.#position.seen);
    this.#caller = createCaller(durationMs(setup.config.timeout ?? '10 s'), connection);
    this.#idFields = (setup.config.id ?? []).map(fieldReader);
    this.#since = setup.config.sinceField === undefined ? undefined : fieldReader(setup.config.sinceField);
  }

  poll(): SourceBatch | null {
    const page = this.#page;
    this.#page = undefined;
    // The task asks again by itself only after a page with records.
    if (!page?.values.length && !this.#working) void this.#work();
    return page ?? null;
  }

  async #work(): Promise<void> {
    this.#working = true;
    const { clock, wake } = this.#setup;
    const { signal } = this.#closing;
    try {
      for (let attempt = 0; !signal.aborted; attempt++) {
        const wait = this.#position.due - clock.now();
        if (attempt === 0 && wait > 0) await clock.sleep(wait, signal);
        const pause = await this.#try(attempt);
        if (pause === undefined) return;
        await clock.sleep(pause, signal);
      }
    } catch {
      // Only the end of the reader gets here: a sleep that was cut short.
    } finally {
      this.#working = false;
      if (this.#page !== undefined) wake();
    }
  }

  /** One call. Answers how long to wait before the next try, undefined when it worked. */
  async #try(attempt: number): Promise<number | undefined> {
    const { problem, clock } = this.#setup;
    try {
      const { next, count, since, etag, modified } = this.#position;
      const page = next === null ? firstPage(this.#address, this.#setup.config, since) : { url: next, count };
      const conditional = next === null && (this.#setup.config.paging ?? 'none') === 'none';
      const answer = await this.#caller.call(page.url, {
        signal: this.#closing.signal,
        headers: {
          accept: 'application/json',
          ...(conditional && etag !== null && { 'if-none-match': etag }),
          ...(conditional && modified !== null && { 'if-modified-since': modified }),
        },
      });
      if (answer.status === 304) this.#endRound([]);
      else if (answer.status >= 200 && answer.status < 300) this.#take(page, answer);
      else {
        const error = refusal(answer);
        problem({ code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) });
        return askedToWait(answer, clock.now()) ?? (error.retry === 'backoff' ? backOff(attempt) : REFUSED_PAUSE);
      }
      problem(null);
      return undefined;
    } catch (thrown) {
      if (this.#closing.signal.aborted) throw thrown;
      const error = toMillraceError(thrown, 'HTTP_FAILED');
      problem({ code: error.code, message: error.message, ...(error.hint !== undefined && { hint: error.hint }) });
      return error.retry === 'backoff' ? backOff(attempt) : REFUSED_PAUSE;
    }
  }

  #take(page: { url: string; count: number }, answer: Answer): void {
    const { config } = this.#setup;
    const body = parseBody(answer);
    const records = answer.status === 204 ? [] : recordsOf(body, config.records);
    if (records === undefined) {
      throw new MillraceError(`The answer has no list of records${config.records ? ` at "${config.records}"` : ''}.`, {
        code: 'HTTP_NO_RECORDS',
        params: { path: config.records ?? '' },
        hint: 'Look at an answer and name the list that holds the records.',
      });
    }
    const values = records.flatMap((record) => this.#fresh(record));
    const next = nextPage(page.url, page.count, answer, body, records.length, config);
    if (next === null) this.#endRound(values, answer);
    else this.#hand(values, { ...this.#position, next: next.url, count: next.count, due: 0 });
  }

  #fresh(record: Value): Value[] {
    if (record === null || typeof record !== 'object' || Array.isArray(record)) {
      const error = new MillraceError('A record of the answer is not an object.', { code: 'NOT_A_RECORD' });
      return [new BadInput(JSON.stringify(record), error)];
    }
    if (this.#since) this.#position.high = higher(this.#position.high, this.#since(record));
    if (this.#idFields.length === 0) return [record];
    const id = identity(record, this.#idFields);
    const known = this.#seen.delete(id);
    // Added anew at the end: what every round lists again is not forgotten.
    this.#seen.add(id);
    return known ? [] : [record];
  }

  #endRound(values: Value[], answer?: Answer): void {
    const { config, clock } = this.#setup;
    const { high, since } = this.#position;
    this.#hand(values, {
      ...this.#position,
      next: null,
      count: 0,
      due: clock.now() + durationMs(config.interval ?? '1 min'),
      since: high ?? since,
      ...(answer && { etag: answer.headers.etag ?? null, modified: answer.headers['last-modified'] ?? null }),
    });
  }

  #hand(values: Value[], position: PollPosition): void {
    const { remember = 2000 } = this.#setup.config;
    for (const id of this.#seen) {
      if (this.#seen.size <= remember) break;
      this.#seen.delete(id);
    }
    this.#position = { ...position, seen: [...this.#seen] };
    this.#page = { values, position: this.#position as unknown as Value };
  }

  close(): void {
    this.#closing.abort();
    this.#caller.close();
  }
}

function parseBody(answer: Answer): Value {
  if (answer.body.length === 0) return null;
  try {
    return parseStrictJson(decodeUtf8(answer.body), PAGE_LIMITS);
  } catch (cause) {
    const error = toMillraceError(cause);
    throw new MillraceError(`The answer cannot be read: ${error.message}`, {
      code: 'HTTP_REPLY_UNREADABLE',
      hint: 'The address must answer with JSON.',
      cause,
    });
  }
}
