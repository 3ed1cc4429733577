import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { authenticate } from './http/authenticate.js';
import { errorHandler, HttpError } from './http/errors.js';
import { securityHeaders } from './http/headers.js';
import { requestLog } from './http/logging.js';
import { mountRoutes, unauthorised } from './http/mount.js';
import { hostCheck, requireHost, requireSameOrigin } from './http/origin.js';
import { serveEditor } from './http/static.js';
import { routes } from './routes/table.js';
import type { Services } from './services.js';

export interface AppOptions {
  services: Services;
  /** Build of the editor; its pages are served when it is there. */
  editorDir: string;
}

/** The HTTP application, without a socket. */
export function createApp({ services, editorDir }: AppOptions): Express {
  const { settings, logger, credentials } = services;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(requestLog(logger));
  app.use(securityHeaders(settings.publicUrl?.protocol === 'https:'));
  app.use(requireHost(hostCheck(settings.publicUrl)));
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use(['/api', '/ingest', '/metrics'], requireSameOrigin(settings.publicUrl));
  app.post('/api/session', loginLimit());
  app.use(['/api', '/ingest', '/metrics'], authenticate(credentials));
  app.use(mountRoutes(routes, services));
  app.use('/api', unknownApi);
  app.use(serveEditor(editorDir));
  app.use((request: Request) => {
    if (request.path === '/')
      throw new HttpError(404, 'EDITOR_NOT_BUILT', 'The pages of the editor have not been built.', {
        hint: 'Run `npm run setup`.',
      });
    throw new HttpError(404, 'NOT_FOUND', `There is nothing at ${request.path.slice(0, 200)}.`);
  });
  app.use(errorHandler(logger));
  return app;
}

/** Strangers are not told which API paths exist. */
function unknownApi(request: Request, response: Response, _next: NextFunction): void {
  if (response.locals.identity === undefined) throw unauthorised();
  throw new HttpError(404, 'NOT_FOUND', `There is nothing at ${request.originalUrl.split('?')[0]!.slice(0, 200)}.`);
}

/** Five wrong tokens a minute from one address; the tokens themselves have 256 bits. */
function loginLimit() {
  return rateLimit({
    windowMs: 60_000,
    limit: 5,
    skipSuccessfulRequests: true,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: () => {
      throw new HttpError(429, 'LOGIN_LIMIT', 'Too many wrong login tokens.', {
        hint: 'Wait a minute, then use a fresh link from `millrace login`.',
        headers: { 'retry-after': '60' },
      });
    },
  });
}
