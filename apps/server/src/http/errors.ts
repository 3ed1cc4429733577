import { MillraceError, toMillraceError } from '@millrace/sdk';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';

/** An error with its HTTP status, and what its answer holds besides the error itself. */
export class HttpError extends MillraceError {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly extra: { readonly [name: string]: unknown };

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      hint?: string;
      params?: Record<string, unknown>;
      headers?: { [name: string]: string };
      extra?: { [name: string]: unknown };
    } = {},
  ) {
    super(message, {
      code,
      ...(more.hint !== undefined && { hint: more.hint }),
      ...(more.params && { params: more.params }),
    });
    this.status = status;
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }
}

export function notFound(what: string): HttpError {
  return new HttpError(404, 'NOT_FOUND', `There is no such ${what}.`);
}

/** Status of errors that know nothing of HTTP, by code. Others: user 422, external 503, internal 500. */
const STATUS: { readonly [code: string]: number } = {
  BAD_JSON: 400,
  BAD_ENCODING: 400,
  DUPLICATE_KEY: 400,
  NUMBER_UNSAFE: 400,
  TOO_DEEP: 400,
  TOO_MANY_KEYS: 400,
  KEY_TOO_LONG: 400,
  IDEMPOTENCY_IN_FLIGHT: 409,
  IDEMPOTENCY_MISMATCH: 422,
  INGEST_FULL: 429,
  INGEST_UNAVAILABLE: 503,
  RECORD_TOO_LARGE: 413,
};

export interface ErrorBody {
  error: { code: string; message: string; hint?: string; params?: Record<string, unknown>; findings?: unknown };
}

/** Status, headers and body for anything thrown. What is nobody's fault outside is told without its inside. */
export function describeError(thrown: unknown): {
  status: number;
  headers: { readonly [name: string]: string };
  body: ErrorBody & { [name: string]: unknown };
  internal: boolean;
} {
  const error = toMillraceError(thrown, 'INTERNAL');
  const known = error instanceof HttpError;
  const unexpected = !known && (error.code === 'INTERNAL' || error.domain === 'internal');
  const status = known
    ? error.status
    : unexpected
      ? 500
      : (STATUS[error.code] ?? (error.domain === 'external' ? 503 : 422));
  const message = unexpected ? 'Something went wrong inside the server. Its log has the details.' : error.message;
  const { findings, ...params } = error.params;
  const body: ErrorBody = {
    error: {
      code: error.code,
      message,
      ...(error.hint !== undefined && { hint: error.hint }),
      ...(!unexpected && Object.keys(params).length > 0 && { params }),
      ...(findings !== undefined && { findings }),
    },
  };
  const retry =
    status === 429 || status === 503 || error.code === 'IDEMPOTENCY_IN_FLIGHT' ? { 'retry-after': '1' } : {};
  return {
    status,
    headers: { ...retry, ...(known ? error.headers : {}) },
    body: { ...body, ...(known ? error.extra : {}) },
    internal: unexpected,
  };
}

/** The last middleware: turns what was thrown into JSON. */
export function errorHandler(logger: Logger) {
  return (thrown: unknown, request: Request, response: Response, _next: NextFunction): void => {
    const { status, headers, body, internal } = describeError(thrown);
    if (internal) logger.error({ err: thrown, path: request.path }, 'request failed');
    answer(request, response, status, headers, body);
  };
}

function answer(
  request: Request,
  response: Response,
  status: number,
  headers: { readonly [name: string]: string },
  body: object,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  // A body that was not read to its end cannot be followed by another request.
  if (!request.complete) response.setHeader('connection', 'close');
  response.status(status).set(headers).json(body);
}
