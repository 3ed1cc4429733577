import { Type } from '@millrace/sdk';
import { serveEvents } from '../live/sse.js';
import type { Route } from './route.js';
import { Empty, Id, object } from './shapes.js';

export const liveRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/views',
    role: 'viewer',
    tag: 'views',
    summary: 'Lists views.',
    schema: { reply: object({ views: Type.Array(Type.Object({})) }) },
    handle: async ({ services }) => ({ views: await services.views.list() }),
  },
  {
    method: 'get',
    path: '/api/views/:name',
    role: 'viewer',
    tag: 'views',
    summary: 'Rows of a view.',
    schema: {
      query: object({
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, default: 100 })),
        sort: Type.Optional(Type.String({ pattern: '^[^$.][^$]{0,255}$' })),
        desc: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(1)], { default: 0 })),
      }),
      reply: object({
        name: Type.String(),
        title: Type.String(),
        columns: Type.Array(Type.String()),
        rows: Type.Array(Type.Unknown()),
        total: Type.Integer(),
        updatedAt: Type.Number(),
      }),
    },
    handle: async ({ params, query, user, services }) => {
      const { limit, sort } = query;
      const hide = !services.privacy.maySee(user);
      const view = await services.views.find(params.name!);
      return services.views.read(view, { limit, hide, desc: query.desc === 1, ...(sort !== undefined && { sort }) });
    },
  },
  {
    method: 'post',
    path: '/api/live-ticket',
    role: 'viewer',
    tag: 'live',
    summary: 'A ticket for the live WebSocket `/api/live?ticket=`: 30 seconds, once.',
    schema: { body: Empty, reply: object({ ticket: Type.String() }) },
    handle: ({ user, services }) => ({ ticket: services.tickets.issue(user) }),
  },
  {
    method: 'get',
    path: '/api/events',
    role: 'viewer',
    tag: 'live',
    summary: 'Server-sent events of one run, or of changes of all runs, workflows and views.',
    schema: { query: object({ run: Type.Optional(Id) }) },
    raw: true,
    handle: async ({ query, request, response, services }) => {
      if (query.run !== undefined) await services.runs.get(query.run);
      serveEvents(request, response, services.hub, query.run);
    },
  },
  {
    method: 'get',
    path: '/api/openapi.json',
    role: 'viewer',
    tag: 'live',
    summary: 'This API as OpenAPI 3.1.',
    schema: {},
    handle: ({ services }) => services.openApi,
  },
  {
    method: 'get',
    path: '/metrics',
    role: 'viewer',
    tag: 'live',
    summary: 'Metrics for Prometheus.',
    schema: {},
    raw: true,
    handle: async ({ response, services }) => {
      response.type(services.prometheus.contentType).send(await services.prometheus.text());
    },
  },
];
