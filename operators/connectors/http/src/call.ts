import http from 'node:http';
import https from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { MillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';
import { allowedPrivateHosts, guardedLookup, outboundBlocked, portOf, urlProblem } from './guard.js';
import { retryAfter } from './post.js';

const unpack = promisify(gunzip);
/** Bytes of a reply, after unpacking. */
export const MAX_REPLY = 1024 * 1024;
const MAX_REDIRECTS = 3;

/** A web API with its sign-in, taken from a connection. */
export interface WebConnection {
  /** Address that relative ones start from; without user, password and options. */
  base: URL;
  /** Headers of the sign-in. */
  headers: { readonly [name: string]: string };
  /** Certificates of the only authorities that are trusted; absent: those of this machine. */
  ca?: string[];
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
  /** Where it came from in the end, after redirects. */
  url: URL;
}

export interface Ask {
  method?: 'GET' | 'POST' | 'PUT';
  headers?: { readonly [name: string]: string };
  body?: Buffer;
  signal?: AbortSignal;
}

export interface Caller {
  /**
   * One call, redirects of GET followed. Rejects with an external `HTTP_UNREACHABLE` / `HTTP_TIMEOUT`, with `HTTP_REPLY_TOO_LARGE`,
   * `OUTBOUND_BLOCKED`, or `HTTP_OTHER_HOST` when a connection is used and the address is not on its host.
   */
  call(target: string | URL, ask?: Ask): Promise<Answer>;
  close(): void;
}

/**
 * Calls web addresses over kept sockets. Without a connection every address passes the guard of outgoing calls. With one, calls go to its
 * host only (an administrator has named it, so it may be private) and carry its sign-in.
 */
export function createCaller(
  deadlineMs: number,
  connection?: WebConnection,
  env: NodeJS.ProcessEnv = process.env,
): Caller {
  const allowed = connection ? () => true : allowedPrivateHosts(env);
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: 32 }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: 32, ...(connection?.ca && { ca: connection.ca }) }),
  };

  const check = (target: string | URL): URL => {
    const url = new URL(target);
    if (connection && url.origin !== connection.base.origin) {
      throw new MillraceError(`The connection is to ${connection.base.host}, and this address is on ${url.host}.`, {
        code: 'HTTP_OTHER_HOST',
        params: { host: url.host },
        hint: 'The sign-in of a connection is never sent to another host.',
      });
    }
    const problem = urlProblem(url.href, allowed);
    if (problem) throw new MillraceError(problem.message, { code: problem.code });
    return url;
  };

  const once = (url: URL, ask: Ask, deadline: AbortSignal) =>
    new Promise<Answer>((resolve, reject) => {
      const secure = url.protocol === 'https:';
      const request = (secure ? https.request : http.request)(url, {
        method: ask.method ?? 'GET',
        agent: agents[secure ? 'https:' : 'http:'],
        lookup: guardedLookup(portOf(url), allowed),
        signal: ask.signal ? AbortSignal.any([ask.signal, deadline]) : deadline,
        headers: {
          'user-agent': 'Millrace',
          'accept-encoding': 'gzip',
          ...connection?.headers,
          ...ask.headers,
          ...(ask.body && { 'content-length': String(ask.body.length) }),
        },
      });
      const failed = (error: Error & { code?: string }) => reject(callFailed(url, error, deadline.aborted));
      request.on('error', failed);
      request.on('response', (response) => {
        collect(response).then((body) => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body, url });
        }, failed);
      });
      request.end(ask.body);
    });

  return {
    async call(target, ask = {}) {
      const deadline = AbortSignal.timeout(deadlineMs);
      let url = check(target);
      for (let hops = 0; ; hops++) {
        const answer = await once(url, ask, deadline);
        const { location } = answer.headers;
        const moved = answer.status >= 300 && answer.status < 400 && answer.status !== 304 && location !== undefined;
        if (!moved || (ask.method ?? 'GET') !== 'GET' || hops >= MAX_REDIRECTS) return answer;
        url = check(new URL(location, url));
      }
    },
    close() {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

/** The body, at most `MAX_REPLY` bytes before and after unpacking. */
async function collect(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_REPLY) {
      response.destroy();
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks, bytes);
  if (response.headers['content-encoding'] !== 'gzip' || bytes === 0) return body;
  return unpack(body, { maxOutputLength: MAX_REPLY }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw new MillraceError('The answer is not valid gzip.', {
      code: 'HTTP_REPLY_UNREADABLE',
      domain: 'external',
      cause,
    });
  });
}

function tooLarge(): MillraceError {
  return new MillraceError('The answer is larger than 1 MiB.', {
    code: 'HTTP_REPLY_TOO_LARGE',
    params: { limit: MAX_REPLY },
    hint: 'Ask for smaller pages.',
  });
}

function callFailed(url: URL, error: Error & { code?: string }, late: boolean): Error {
  if (error instanceof MillraceError) return error;
  if (error.code === 'OUTBOUND_BLOCKED') return outboundBlocked(url.hostname);
  const trouble = tlsTrouble(url.host, error);
  if (trouble !== undefined) return trouble;
  return new MillraceError(
    late ? `${url.host} did not answer in time.` : `${url.host} could not be reached (${error.code ?? error.message}).`,
    {
      code: late ? 'HTTP_TIMEOUT' : 'HTTP_UNREACHABLE',
      domain: 'external',
      params: { host: url.host, reason: error.code ?? error.message },
      hint: 'Check the address, and whether the system is up. It is tried again by itself.',
      cause: error,
    },
  );
}

/** What an answer that is not 2xx means. `again`: worth another try. */
export function refusal(answer: Answer): MillraceError {
  const { status, url } = answer;
  const again = status === 408 || status === 425 || status === 429 || status >= 500;
  const signIn = status === 401 || status === 403;
  return new MillraceError(
    signIn ? `${url.host} refused the sign-in (${status}).` : `${url.host} answered ${status}.`,
    {
      code: signIn ? 'HTTP_SIGN_IN' : again ? 'HTTP_UNAVAILABLE' : 'HTTP_REFUSED',
      domain: again ? 'external' : 'user',
      retry: again ? 'backoff' : 'never',
      params: { host: url.host, status },
      hint: signIn
        ? 'Check user and password or token of the connection.'
        : again
          ? 'The system is busy or down. It is tried again by itself.'
          : 'Check the address and what the system expects.',
    },
  );
}

/** Half a second doubled each time up to 30 s, half of it at random so that many callers do not come back together. */
export function backOff(attempt: number): number {
  const full = Math.min(500 * 2 ** attempt, 30_000);
  return full / 2 + Math.random() * (full / 2);
}

/** How long the answer asks to wait, ms; at most five minutes. */
export function askedToWait(answer: Answer, now: number): number | undefined {
  const wait = retryAfter(answer.headers['retry-after'], now);
  return wait === undefined ? undefined : Math.min(wait, 300_000);
}
