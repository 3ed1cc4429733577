import { randomUUID } from 'node:crypto';
import pino, { type DestinationStream, type Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/** What never reaches a log, wherever it stands in a logged object. */
const HIDDEN = [
  'token',
  'secret',
  'password',
  'authorization',
  'cookie',
  'session',
  'ticket',
  '["set-cookie"]',
  '["x-millrace-signature"]',
  '["idempotency-key"]',
];

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = HIDDEN.flatMap((name) =>
    name.startsWith('[')
      ? [`req.headers${name}`, `res.headers${name}`, `headers${name}`]
      : [name, `*.${name}`, `*.*.${name}`],
  );
  const options = { level, redact: { paths, censor: '[hidden]' } };
  // Standard output belongs to the link that people open.
  return pino(options, destination ?? pino.destination({ dest: 2, sync: false }));
}

/** One line a request: method, path without its query (tickets travel there), status, time. Bodies are never logged. */
export function requestLog(logger: Logger) {
  return pinoHttp({
    logger,
    genReqId: () => randomUUID(),
    customLogLevel: (_request, response, error) =>
      error || response.statusCode >= 500 ? 'error' : response.statusCode >= 400 ? 'info' : 'debug',
    serializers: {
      req: (request: { id: unknown; method: string; url: string }) => ({
        id: request.id,
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}
