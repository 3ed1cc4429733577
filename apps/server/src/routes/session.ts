import { Type } from '@millrace/sdk';
import { readCookie, SESSION_COOKIE, sessionCookie } from '../auth/cookies.js';
import { SESSION_TTL } from '../auth/credentials.js';
import { HttpError } from '../http/errors.js';
import type { Role } from '../store/port.js';
import type { Route } from './route.js';
import { object } from './shapes.js';

const UserShape = object({ name: Type.String(), role: Type.String() });
const TokenShape = object({
  id: Type.String(),
  name: Type.String(),
  role: Type.String(),
  createdAt: Type.Number(),
  expiresAt: Type.Union([Type.Number(), Type.Null()]),
});

export const sessionRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/api/session',
    role: 'public',
    tag: 'session',
    summary: 'Trades a login token for a session cookie.',
    schema: { body: object({ token: Type.String({ minLength: 1, maxLength: 256 }) }) },
    status: 204,
    audit: 'session.open',
    handle: async ({ body, response, services }) => {
      const traded = await services.credentials.trade(body.token);
      if (traded === undefined) {
        throw new HttpError(401, 'LOGIN_TOKEN_INVALID', 'This link has been used or is too old.', {
          hint: 'Run `millrace login` for a new one.',
        });
      }
      response.locals.user = traded.user;
      response.setHeader(
        'set-cookie',
        sessionCookie(traded.session, SESSION_TTL, services.settings.publicUrl?.protocol === 'https:'),
      );
    },
  },
  {
    method: 'get',
    path: '/api/session',
    role: 'viewer',
    tag: 'session',
    summary: 'Who is logged in.',
    schema: { reply: object({ user: UserShape }) },
    handle: ({ user }) => ({ user }),
  },
  {
    method: 'delete',
    path: '/api/session',
    role: 'viewer',
    tag: 'session',
    summary: 'Ends the session.',
    schema: {},
    status: 204,
    audit: 'session.close',
    handle: async ({ request, response, services }) => {
      const token = readCookie(request.headers.cookie, SESSION_COOKIE);
      if (token !== undefined) await services.credentials.endSession(token);
      response.setHeader('set-cookie', sessionCookie('', 0, services.settings.publicUrl?.protocol === 'https:'));
    },
  },
  {
    method: 'get',
    path: '/api/tokens',
    role: 'admin',
    tag: 'session',
    summary: 'Lists API tokens, without their text.',
    schema: { reply: object({ tokens: Type.Array(TokenShape) }) },
    handle: async ({ services }) => ({
      tokens: (await services.credentials.apiTokens()).map(({ id, name, role, createdAt, expiresAt }) => ({
        id,
        name,
        role,
        createdAt,
        expiresAt,
      })),
    }),
  },
  {
    method: 'post',
    path: '/api/tokens',
    role: 'admin',
    tag: 'session',
    summary: 'Makes an API token; its text is shown this once.',
    schema: {
      body: object({
        name: Type.String({ minLength: 1, maxLength: 100 }),
        role: Type.Union((['ingest', 'viewer', 'editor', 'admin'] satisfies Role[]).map((role) => Type.Literal(role))),
        days: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
      }),
      reply: object({ id: Type.String(), token: Type.String() }),
    },
    status: 201,
    audit: 'token.create',
    handle: async ({ body, services }) => {
      const { token, doc } = await services.credentials.createApiToken(
        { name: body.name, role: body.role },
        body.days === undefined ? undefined : body.days * 86_400_000,
      );
      return { id: doc.id, token };
    },
  },
  {
    method: 'delete',
    path: '/api/tokens/:id',
    role: 'admin',
    tag: 'session',
    summary: 'Revokes an API token.',
    schema: {},
    status: 204,
    audit: 'token.revoke',
    handle: async ({ params, services }) => {
      if (!(await services.credentials.revokeApiToken(params.id!)))
        throw new HttpError(404, 'NOT_FOUND', 'There is no such token.');
    },
  },
  {
    method: 'get',
    path: '/api/audit',
    role: 'admin',
    tag: 'session',
    summary: 'What was changed, newest first.',
    schema: {
      query: object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
        before: Type.Optional(Type.Number()),
      }),
      reply: object({ entries: Type.Array(Type.Object({})) }),
    },
    handle: async ({ query, services }) => ({
      entries: await services.store.audit.list(query.limit ?? 100, query.before),
    }),
  },
];
