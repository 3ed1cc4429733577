import { Type } from '@millrace/sdk';
import type { Route } from './route.js';
import { object } from './shapes.js';

const tag = 'connections';
const Name = Type.String({ minLength: 1, maxLength: 64 });
/** With room for the certificates of a few authorities. */
const Url = Type.String({ minLength: 1, maxLength: 32_768 });
const Kind = Type.String({ minLength: 1, maxLength: 64 });
const View = Type.Object({ name: Type.String(), kind: Type.String(), url: Type.String() });
const Outcome = Type.Object({ ok: Type.Boolean() });

/**
 * Addresses with secrets are made by administrators: they decide which private hosts nodes may reach. Editors may test them and
 * use them by name.
 */
export const connectionRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/connections',
    role: 'viewer',
    tag,
    summary: 'The kept connections, without their secrets, and the systems that can be connected.',
    schema: { reply: object({ connections: Type.Array(View), kinds: Type.Array(Type.Object({})) }) },
    handle: async ({ services }) => ({
      connections: await services.connections.list(),
      kinds: services.connections.kinds(),
    }),
  },
  {
    method: 'post',
    path: '/api/connections',
    role: 'admin',
    tag,
    summary: 'Keeps an address under a name, encrypted.',
    schema: { body: object({ name: Name, kind: Kind, url: Url }), reply: View },
    status: 201,
    audit: 'connection.create',
    handle: ({ body, user, services }) => services.connections.create(body.name, body.kind, body.url, user.name),
  },
  {
    method: 'post',
    path: '/api/connections/test',
    role: 'admin',
    tag,
    summary: 'Tries an address that is not kept yet. `***` in it stands for the secret of the connection `name`.',
    schema: { body: object({ kind: Kind, url: Url, name: Type.Optional(Name) }), reply: Outcome },
    audit: 'connection.test',
    handle: ({ body, services }) => services.connections.testUrl(body.kind, body.url, body.name),
  },
  {
    method: 'put',
    path: '/api/connections/:name',
    role: 'admin',
    tag,
    summary: 'Another address for a name. `***` in it keeps the secret, as long as the host is the same.',
    schema: { body: object({ url: Url }), reply: View },
    audit: 'connection.replace',
    handle: ({ params, body, user, services }) => services.connections.replace(params.name!, body.url, user.name),
  },
  {
    method: 'delete',
    path: '/api/connections/:name',
    role: 'admin',
    tag,
    summary: 'Forgets a connection that no workflow uses.',
    schema: {},
    status: 204,
    audit: 'connection.delete',
    handle: ({ params, services }) => services.connections.delete(params.name!),
  },
  {
    method: 'post',
    path: '/api/connections/:name/test',
    role: 'editor',
    tag,
    summary: 'Reaches the system of a connection and signs in.',
    schema: { body: object({}), reply: Outcome },
    audit: 'connection.test',
    handle: ({ params, services }) => services.connections.test(params.name!),
  },
];
