import type { NextFunction, Request, Response } from 'express';
import pino, { type DestinationStream, type Logger } from 'pino';

/** What never reaches a log, wherever it stands in a logged object. */
const HIDDEN = ['token', 'secret', 'password', 'authorization', 'cookie', 'session', 'ticket', '$secret'];

export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = HIDDEN.flatMap((name) => {
    const step = name.startsWith('$') ? `["${name}"]` : name;
    return step === name ? [step, `*.${step}`, `*.*.${step}`] : [step, `*${step}`, `*.*${step}`];
  });
  // Standard output belongs to the link that people open.
  return pino(
    { level, redact: { paths, censor: '[hidden]' } },
    destination ?? pino.destination({ dest: 2, sync: false }),
  );
}

/** One line a request: method, path without its query (tickets travel there), status, time. Headers and bodies are never logged. */
export function requestLog(logger: Logger) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const started = performance.now();
    response.on('finish', () => {
      const { statusCode: status } = response;
      const level = status >= 500 ? 'error' : status >= 400 ? 'info' : 'debug';
      if (!logger.isLevelEnabled(level)) return;
      const path = request.originalUrl.split('?')[0];
      logger[level]({ method: request.method, path, status, ms: Math.round(performance.now() - started) }, 'request');
    });
    next();
  };
}
