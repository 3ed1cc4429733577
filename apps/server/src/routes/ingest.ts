import { SIGNATURE_HEADER, TIMESTAMP_HEADER } from '@millrace/connector-http/signature';
import { Type } from '@millrace/sdk';
import { mayAct } from '../auth/credentials.js';
import { mediaType, readBody } from '../http/body.js';
import { HttpError, notFound } from '../http/errors.js';
import type { Call, Route } from './route.js';
import { object } from './shapes.js';

const MEDIA = ['application/json', 'application/x-ndjson'];

/** Records from outside. Public in the table because a node with a secret takes signed requests; everyone else needs a token. */
export const ingestRoutes: readonly Route[] = [
  {
    method: 'post',
    path: '/ingest/:workflowId/:nodeId',
    role: 'public',
    tag: 'ingest',
    summary:
      'Takes records for an ingest node; 202 when they are on disk. Needs an API token or the signature of the node’s secret.',
    schema: { reply: Type.Union([object({ id: Type.String() }), object({ ids: Type.Array(Type.String()) })]) },
    status: 202,
    raw: true,
    handle: take,
  },
];

async function take({ params, identity, request, response, services }: Call): Promise<void> {
  const allowed = identity !== undefined && mayAct(identity.user.role, 'ingest');
  const signature = header(request.headers[SIGNATURE_HEADER]);
  if (!allowed && signature === undefined) throw unauthorised();
  const type = mediaType(request);
  if (!MEDIA.includes(type))
    throw new HttpError(415, 'MEDIA_TYPE', 'Records are taken as application/json or application/x-ndjson.');
  const key = header(request.headers['idempotency-key']);
  if (key !== undefined && (key === '' || key.length > 255))
    throw new HttpError(400, 'IDEMPOTENCY_KEY', 'An Idempotency-Key has 1 to 255 characters.');
  const node = await services.ingest.node(params.workflowId!, params.nodeId!);
  if (node === undefined) throw allowed ? notFound('ingest node in a published workflow') : unauthorised();
  const body = await readBody(request);
  if (
    !allowed &&
    !services.ingest.signed(node, { timestamp: header(request.headers[TIMESTAMP_HEADER]), signature }, body)
  )
    throw unauthorised();
  const answer = await services.ingest.take(node, body, type, key);
  services.prometheus.ingested(node.workflowId, node.nodeId, 'id' in answer ? 1 : answer.ids.length);
  // Asked for thousands of times a second: without what Express does around a JSON answer.
  response.statusCode = 202;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(answer));
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function unauthorised(): HttpError {
  return new HttpError(401, 'UNAUTHORISED', 'This needs an API token, or the signature of the node’s secret.', {
    headers: { 'www-authenticate': 'Bearer' },
  });
}
