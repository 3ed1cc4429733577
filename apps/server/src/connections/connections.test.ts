import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectionUrl } from '@millrace/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/test-server.js';
import { addressOf, holdsSecret, withSecretsOf } from './address.js';

const SECRET = 'hunter2';
const URL_OF = `https://api:${SECRET}@shop.example:8443/v1?region=eu&bearer=${SECRET}`;

describe('the address of a connection', () => {
  it('is shown with host, user and path, never with its secrets', () => {
    expect(addressOf(URL_OF)).toEqual({
      host: 'shop.example:8443',
      user: 'api',
      hasPassword: true,
      path: 'v1',
      masked: 'https://api:***@shop.example:8443/v1?region=eu&bearer=***',
    });
    expect(addressOf('kafka://a:9092,[::1]:9093').masked).toBe('kafka://a:9092,[::1]:9093');
  });

  it('takes kept secrets back for the same host only', () => {
    const masked = addressOf(URL_OF).masked;
    expect(withSecretsOf(masked.replace('/v1', '/v2'), URL_OF)).toBe(URL_OF.replace('/v1', '/v2'));
    expect(() => withSecretsOf(masked.replace('shop.example', 'evil.example'), URL_OF)).toThrow(
      expect.objectContaining({ code: 'SECRET_AGAIN' }),
    );
    expect(() => withSecretsOf(masked, undefined)).toThrow(expect.objectContaining({ code: 'SECRET_AGAIN' }));
  });

  it('holds a secret when it has a password, a token, or looks as if', () => {
    expect(holdsSecret('postgres://u:p@h/db')).toBe(true);
    expect(holdsSecret('https://h/?header.X-Api-Key=1')).toBe(true);
    expect(holdsSecret('postgres://u@h:port/db')).toBe(true);
    expect(holdsSecret('postgres://u@h/db')).toBe(false);
    expect(holdsSecret('shop-db')).toBe(false);
  });
});

describe('connections of the server', () => {
  let made: TestServer;
  let api: Server;
  let wanted: string;
  beforeEach(async () => {
    wanted = `Basic ${Buffer.from(`api:${SECRET}`).toString('base64')}`;
    api = createServer((request, response) => {
      response.statusCode = request.headers.authorization === wanted ? 200 : 401;
      response.end('[{"id":1,"total":20}]');
    });
    await new Promise<void>((done) => api.listen(0, '127.0.0.1', done));
    made = await testServer();
  });
  afterEach(async () => {
    await made.dispose();
    api.close();
    delete process.env.MILLRACE_CONNECTION_SHOP;
  });
  const url = (password = SECRET) => `http://api:${password}@127.0.0.1:${(api.address() as AddressInfo).port}/`;
  const create = (name = 'shop', address = url()) =>
    made.send('/api/connections', { body: { name, kind: 'http', url: address } });
  const graph = (connection: string) => ({
    schema: 1,
    name: 'Poll',
    nodes: [
      { id: 'orders', operator: 'http.poll', config: { connection, url: '/orders' } },
      { id: 'table', operator: 'view.table', config: { name: 'orders' } },
    ],
    edges: [{ id: 'e', source: 'orders', target: 'table' }],
  });

  it('are listed without secrets, kept over a restart, and are in the environment of task threads', async () => {
    expect((await create()).status).toBe(201);
    await made.restart();
    const { body, text } = await made.send('/api/connections', { token: made.tokens.viewer });
    expect(body.connections).toMatchObject([
      { name: 'shop', kind: 'http', user: 'api', hasPassword: true, usedBy: [] },
    ]);
    expect(body.kinds).toContainEqual(expect.objectContaining({ kind: 'http', title: 'Web API' }));
    expect(text).not.toContain(SECRET);
    expect(connectionUrl('shop')).toBe(url());
    expect(made.logs.join()).not.toContain(SECRET);
    const kept = JSON.stringify(await made.server.services.store.connections.list());
    expect(kept).not.toContain(SECRET);
    const audit = await made.server.services.store.audit.list(10);
    expect(audit).toContainEqual(expect.objectContaining({ action: 'connection.create', target: 'shop' }));
  });

  it('are made by administrators, tested by editors, seen by viewers', async () => {
    const body = { name: 'shop', kind: 'http', url: url() };
    expect((await made.send('/api/connections', { body, token: made.tokens.editor })).status).toBe(403);
    expect((await made.send('/api/connections/test', { body, token: made.tokens.editor })).status).toBe(403);
    await create();
    expect((await made.send('/api/connections/shop/test', { method: 'POST', token: made.tokens.viewer })).status).toBe(
      403,
    );
  });

  it.each([
    ['Shop!', 'http', 'https://h/', 422, 'CONNECTION_NAME'],
    ['shop', 'fax', 'https://h/', 422, 'CONNECTION_KIND_UNKNOWN'],
    ['shop', 'http', 'not an address', 422, 'CONNECTION_URL'],
  ])('named %s of kind %s at %s answer %i %s', async (name, kind, address, status, code) => {
    const reply = await made.send('/api/connections', { body: { name, kind, url: address } });
    expect([reply.status, reply.body.error.code]).toEqual([status, code]);
  });

  it('are made once, also under a name that has the same variable', async () => {
    await create('shop-db');
    expect((await create('shop_db')).body.error.code).toBe('CONNECTION_EXISTS');
    delete process.env.MILLRACE_CONNECTION_SHOP_DB;
  });

  it('say in a test that the password is wrong, and that it is right after it was replaced', async () => {
    await create('shop', url('wrong'));
    const wrong = await made.send('/api/connections/shop/test', { method: 'POST', token: made.tokens.editor });
    expect(wrong.body).toMatchObject({ ok: false, error: { code: 'HTTP_SIGN_IN' } });
    expect((await made.send('/api/connections/shop', { method: 'PUT', body: { url: url() } })).status).toBe(200);
    const right = await made.send('/api/connections/shop/test', { method: 'POST', token: made.tokens.editor });
    expect(right.body).toMatchObject({ ok: true });
    const [shown] = (await made.send('/api/connections')).body.connections;
    const again = await made.send('/api/connections/test', { body: { kind: 'http', url: shown.url, name: 'shop' } });
    expect(again.body).toMatchObject({ ok: true });
    expect(wrong.text + right.text + again.text).not.toContain(SECRET);
  });

  it('are not deleted while a workflow uses them, and it is named', async () => {
    await create();
    const workflow = await made.send('/api/workflows', { body: { graph: graph('shop') } });
    const refused = await made.send('/api/connections/shop', { method: 'DELETE' });
    expect(refused.status).toBe(409);
    expect(refused.body.error.params.workflows).toEqual([{ id: workflow.body.id, name: 'Poll' }]);
    await made.send(`/api/workflows/${workflow.body.id}`, { method: 'DELETE' });
    expect((await made.send('/api/connections/shop', { method: 'DELETE' })).status).toBe(204);
    expect(process.env.MILLRACE_CONNECTION_SHOP).toBeUndefined();
  });

  it('that are unknown are a finding with the only fitting one as fix', async () => {
    await create();
    const { body } = await made.send('/api/validate', { body: { graph: graph('shopp') } });
    expect(body.findings).toContainEqual({
      code: 'CONNECTION_UNKNOWN',
      severity: 'error',
      params: { connection: 'shopp', kind: 'http' },
      path: '/nodes/0/config/connection',
      nodeId: 'orders',
      fix: { code: 'SET', path: '/nodes/0/config/connection', value: 'shop' },
    });
    const fine = await made.send('/api/validate', { body: { graph: graph('shop') } });
    expect(fine.body.findings).toEqual([]);
  });

  it('written into a graph are no way around: a finding, and with a password the graph is not stored', async () => {
    const { body } = await made.send('/api/validate', { body: { graph: graph('http://127.0.0.1:1/') } });
    expect(body.findings.map((finding: { code: string }) => finding.code)).toContain('CONNECTION_INLINE');
    const stored = await made.send('/api/workflows', { body: { graph: graph(url()) } });
    expect([stored.status, stored.body.error.code]).toEqual([422, 'CONNECTION_SECRET_INLINE']);
    const sample = await made.send('/api/samples', {
      body: { operator: 'http.poll', config: { connection: url(), url: '/' } },
    });
    expect(sample.status).toBe(422);
  });

  it('give a sample of 20 records with their fields', async () => {
    await create();
    const sample = await made.send('/api/samples', {
      body: { operator: 'http.poll', config: { connection: 'shop', url: '/orders' } },
      token: made.tokens.editor,
    });
    expect(sample.body).toEqual({
      values: [{ id: 1, total: 20 }],
      type: { fields: { id: 'number', total: 'number' }, open: true },
    });
  });
});
