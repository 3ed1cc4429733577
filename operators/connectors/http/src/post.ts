import http from 'node:http';
import https from 'node:https';
import { MillraceError } from '@millrace/sdk';
import { allowedPrivateHosts, guardedLookup, outboundBlocked, portOf, urlProblem } from './guard.js';

/** Bytes of a reply that are read before the connection is cut. */
const MAX_REPLY = 1024 * 1024;

export interface Reply {
  status: number;
  /** Retry-After in ms, undefined when absent or unreadable. */
  retryAfterMs: number | undefined;
}

export interface Poster {
  /** Sends one POST. Rejects with an external `WEBHOOK_UNREACHABLE` / `WEBHOOK_TIMEOUT`, or `OUTBOUND_BLOCKED`. */
  post(body: Buffer, headers: { [name: string]: string }, signal: AbortSignal): Promise<Reply>;
  close(): void;
}

/** Posts to one URL over kept connections, each opened through the guard. `deadlineMs` bounds a call from start to status line. */
export function createPoster(
  target: string,
  deadlineMs: number,
  nowMs: () => number,
  env: NodeJS.ProcessEnv = process.env,
): Poster {
  const allowed = allowedPrivateHosts(env);
  const problem = urlProblem(target, allowed);
  if (problem) throw new MillraceError(problem.message, { code: problem.code });
  const url = new URL(target);
  const secure = url.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: 32, lookup: guardedLookup(portOf(url), allowed) };
  const agent = secure ? new https.Agent(agentOptions) : new http.Agent(agentOptions);
  const request = secure ? https.request : http.request;
  return {
    post: (body, headers, signal) =>
      new Promise<Reply>((resolve, reject) => {
        const deadline = AbortSignal.timeout(deadlineMs);
        const call = request(url, {
          method: 'POST',
          agent,
          headers: { ...headers, 'content-length': String(body.length) },
          signal: AbortSignal.any([signal, deadline]),
        });
        call.on('error', (error) => reject(callFailed(url, error, deadline.aborted)));
        call.on('response', (response) => {
          drain(response, deadlineMs);
          resolve({
            status: response.statusCode ?? 0,
            retryAfterMs: retryAfter(response.headers['retry-after'], nowMs()),
          });
        });
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}

/** The status line decides; the rest is read only so that the connection can be used again, and only so far. */
function drain(response: http.IncomingMessage, deadlineMs: number): void {
  let bytes = 0;
  const timer = setTimeout(() => response.destroy(), deadlineMs);
  timer.unref();
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_REPLY) response.destroy();
  });
  response.on('error', () => undefined);
  response.on('close', () => clearTimeout(timer));
}

function callFailed(url: URL, error: Error & { code?: string }, late: boolean): MillraceError {
  if (error.code === 'OUTBOUND_BLOCKED') return outboundBlocked(url.hostname);
  return new MillraceError(
    late ? `${url.host} did not answer in time.` : `${url.host} could not be reached (${error.code ?? error.message}).`,
    {
      code: late ? 'WEBHOOK_TIMEOUT' : 'WEBHOOK_UNREACHABLE',
      domain: 'external',
      params: { host: url.host, reason: error.code ?? error.message },
      hint: 'The call is made again later with the same Idempotency-Key.',
      cause: error,
    },
  );
}

/** Retry-After as seconds or as a date (RFC 9110), ms from now. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
