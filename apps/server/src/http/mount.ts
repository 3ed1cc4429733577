import { decodeUtf8, parseStrictJson, RECORD_LIMITS } from '@millrace/connector-http/strict-json';
import { type IRouter, type NextFunction, type Request, type Response, Router } from 'express';
import { type Identity, mayAct, type User } from '../auth/credentials.js';
import type { Call, Route } from '../routes/route.js';
import type { Services } from '../services.js';
import { mediaType, readBody } from './body.js';
import { HttpError } from './errors.js';
import { bodyChecker, type Checker, queryChecker } from './validation.js';

const NOBODY: User = { name: 'nobody', role: 'ingest' };
/** A graph has more fields than a record: a thousand nodes and three thousand edges. */
const BODY_LIMITS = { ...RECORD_LIMITS, keys: 100_000, bigIntegers: 'refuse' } as const;

/** A router made of the route table. */
export function mountRoutes(routes: readonly Route[], services: Services): IRouter {
  const router = Router();
  for (const route of routes) router[route.method](route.path, handler(route, services));
  return router;
}

function handler(route: Route, services: Services) {
  const checkQuery = queryChecker(route.schema.query ?? { type: 'object', additionalProperties: false });
  const checkBody = route.schema.body && bodyChecker(route.schema.body);
  return async (request: Request, response: Response, _next: NextFunction): Promise<void> => {
    const started = performance.now();
    response.on('finish', () =>
      services.prometheus.request(route.method, route.path, response.statusCode, (performance.now() - started) / 1000),
    );
    const identity = authorise(route, response.locals.identity as Identity | undefined);
    const params = checkParams(request.params);
    // Express 5 makes the query anew at each access, so the checked copy is the one to use.
    const query = checkQuery({ ...request.query });
    const body = route.raw ? undefined : await jsonBody(request, route, checkBody);
    const call: Call = { params, query, body, user: identity?.user ?? NOBODY, identity, request, response, services };
    const answer = await route.handle(call);
    if (route.audit !== undefined) await writeAudit(route.audit, call);
    if (route.raw) return;
    const { status = 200 } = route;
    response.setHeader('cache-control', 'no-store');
    if (status === 204) response.status(204).end();
    else response.status(status).json(answer);
  };
}

function authorise(route: Route, identity: Identity | undefined): Identity | undefined {
  if (route.role === 'public') return identity;
  if (identity === undefined) throw unauthorised();
  if (!mayAct(identity.user.role, route.role)) {
    throw new HttpError(403, 'FORBIDDEN', `This needs the role ${route.role}.`, { params: { role: route.role } });
  }
  return identity;
}

export function unauthorised(): HttpError {
  return new HttpError(401, 'UNAUTHORISED', 'This needs a session or an API token.', {
    hint: 'Run `millrace login` for a link.',
    headers: { 'www-authenticate': 'Bearer' },
  });
}

function checkParams(params: Request['params']): { [name: string]: string } {
  const checked: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'string' || value.length > 300 || value.includes('\0'))
      throw new HttpError(404, 'NOT_FOUND', 'There is no such thing.');
    checked[name] = value;
  }
  return checked;
}

async function jsonBody(request: Request, route: Route, check: Checker | undefined): Promise<unknown> {
  if (request.method === 'GET' || request.method === 'HEAD') return undefined;
  const bytes = await readBody(request);
  if (bytes.length === 0 && route.method === 'delete') return undefined;
  if (bytes.length > 0 && mediaType(request) !== 'application/json') {
    throw new HttpError(415, 'MEDIA_TYPE', 'The body must be application/json.');
  }
  const body: unknown = bytes.length === 0 ? {} : parseStrictJson(decodeUtf8(bytes), BODY_LIMITS);
  return check === undefined ? undefined : check(body);
}

async function writeAudit(action: string, { params, body, user, response, services }: Call): Promise<void> {
  const who = (response.locals.user as User | undefined) ?? user;
  await services.store.audit.append({
    at: services.clock.now(),
    user: who.name,
    action,
    target: Object.values(params).join('/') || String(body?.name ?? ''),
  });
}
