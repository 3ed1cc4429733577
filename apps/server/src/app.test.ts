import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayAct } from './auth/credentials.js';
import { routes } from './routes/table.js';
import type { Role } from './store/port.js';
import { orderGraph, type TestServer, testServer } from './testing/test-server.js';

let made: TestServer;
let editorDir: string;
beforeAll(async () => {
  editorDir = mkdtempSync(join(tmpdir(), 'editor-'));
  mkdirSync(join(editorDir, 'assets'));
  writeFileSync(join(editorDir, 'index.html'), '<!doctype html><title>Millrace</title>');
  writeFileSync(join(editorDir, 'assets', 'main-abc.js'), 'export {}');
  writeFileSync(join(editorDir, 'assets', 'main-abc.js.gz'), gzipSync('export {}'));
  made = await testServer({ editorDir });
});
afterAll(async () => {
  await made.dispose();
  rmSync(editorDir, { recursive: true });
});

/** Sends bytes as they are and answers everything that came back. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(made.server.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk));
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
}

const path = (route: { path: string }) => route.path.replace(/:\w+/g, 'x');

describe('every route of the table', () => {
  it.each(
    routes.filter((route) => route.role !== 'public').map((route) => [`${route.method} ${route.path}`, route] as const),
  )('%s answers nobody with 401', async (_name, route) => {
    const reply = await made.send(path(route), { method: route.method.toUpperCase(), token: false });
    expect(reply.status).toBe(401);
    expect(reply.body.error.code).toBe('UNAUTHORISED');
  });

  const cases = routes
    .filter((route) => route.role !== 'public')
    .flatMap((route) =>
      (['ingest', 'viewer', 'editor'] as Role[])
        .filter((role) => !mayAct(role, route.role as Role))
        .map((role) => [route.method, route.path, role, route] as const),
    );
  it.each(cases)('%s %s refuses the role %s', async (_method, _path, role, route) => {
    const reply = await made.send(path(route), { method: route.method.toUpperCase(), token: made.tokens[role] });
    expect([reply.status, reply.body.error.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('stands in the OpenAPI document with its role', async () => {
    const { body } = await made.send('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const route of routes) {
      const operation = body.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method];
      expect(operation?.['x-role'], `${route.method} ${route.path}`).toBe(route.role);
    }
    const ids = Object.values(body.paths as object).flatMap((item) =>
      Object.values(item).map((operation) => (operation as { operationId: string }).operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('writes down what it changes', () => {
    const silent = routes
      .filter((route) => route.method !== 'get' && route.audit === undefined)
      .map((route) => route.path);
    expect(silent).toEqual([
      '/ingest/:workflowId/:nodeId',
      '/api/validate',
      '/api/workflows/:id/plan',
      '/api/expressions/check',
      '/api/samples',
      '/api/live-ticket',
    ]);
  });
});

describe('a stranger', () => {
  it('learns only that the server lives', async () => {
    expect(await made.send('/healthz', { token: false })).toMatchObject({ status: 200, body: { status: 'ok' } });
    for (const hidden of ['/metrics', '/api/queues', '/api/health?verbose=1', '/api'])
      expect((await made.send(hidden, { token: false })).status, hidden).toBe(401);
    for (const hidden of [
      '/admin/queues',
      '/debug',
      '/.env',
      '/assets/../../package.json',
      '/assets/%2e%2e/%2e%2e/etc/passwd',
    ]) {
      const reply = await made.send(hidden, { token: false });
      expect([404, 403], hidden).toContain(reply.status);
      expect(reply.body.error.code, hidden).toBeDefined();
    }
  });

  it('cannot use a token that nobody made', async () => {
    for (const token of [
      'eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZG1pbiIsInJvbGUiOiJhZG1pbiJ9.',
      'mr_',
      'x'.repeat(500),
    ]) {
      expect((await made.send('/api/workflows', { token })).status).toBe(401);
    }
  });

  it('is slowed down after five wrong login tokens', async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++)
      statuses.push((await made.send('/api/session', { token: false, body: { token: `wrong ${i}` } })).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  });
});

describe('a page of another site', () => {
  it('is refused whatever it sends', async () => {
    const headers = { origin: 'http://evil.example', 'content-type': 'text/plain' };
    expect(await made.send('/api/workflows', { raw: JSON.stringify({ graph: orderGraph() }), headers })).toMatchObject({
      status: 403,
      body: { error: { code: 'ORIGIN' } },
    });
    expect((await made.send('/api/workflows', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await made.send('/api/workflows', { headers: { 'sec-fetch-site': 'same-site' } })).status).toBe(403);
    expect((await made.send('/api/workflows', { headers: { origin: 'http://127.0.0.1:1' } })).status).toBe(403);
    expect((await made.send('/api/workflows', { headers: { origin: 'null' } })).status).toBe(403);
  });

  it('gets no CORS headers', async () => {
    const reply = await made.send('/api/workflows', {
      method: 'OPTIONS',
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('is allowed when it is our own', async () => {
    expect(
      (await made.send('/api/workflows', { headers: { origin: made.server.url, 'sec-fetch-site': 'same-origin' } }))
        .status,
    ).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1',
    '[::2]',
    '',
  ])('host "%s" is answered with 421', async (host) => {
    expect(await raw(`GET /api/workflows HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 421 .*HOST_NOT_ALLOWED/s,
    );
  });

  it.each(['localhost', 'LOCALHOST:1234', '127.0.0.1', '[::1]:8640'])('host "%s" is ours', async (host) => {
    expect(await raw(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });
});

describe('a body', () => {
  const validate = (options: object) => made.send('/api/validate', options);
  it.each([
    ['too deep', `{"graph":${'['.repeat(49_000)}${']'.repeat(49_000)}}`, 400, 'TOO_DEEP'],
    ['with a field twice', '{"graph":{},"graph":{}}', 400, 'DUPLICATE_KEY'],
    ['with a number too large', '{"graph":{"x":9007199254740993}}', 400, 'NUMBER_UNSAFE'],
    ['with an infinite position', '{"graph":{"nodes":[{"position":{"x":1e999}}]}}', 400, 'NUMBER_UNSAFE'],
    ['that is no JSON', '{"graph":', 400, 'BAD_JSON'],
    ['with an unknown field', '{"graph":{},"ownerId":"attacker"}', 422, 'UNKNOWN_PROPERTY'],
  ])('%s is refused', async (_title, text, status, code) => {
    const reply = await validate({ raw: text });
    expect([reply.status, reply.body.error.code]).toEqual([status, code]);
  });

  it('that is no UTF-8 is refused', async () => {
    expect(
      await validate({ raw: Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]) }),
    ).toMatchObject({ status: 400, body: { error: { code: 'BAD_ENCODING' } } });
  });

  it('that says it is too large is refused before it is sent', async () => {
    const answer = await raw(
      `POST /api/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${made.tokens.admin}\r\nContent-Type: application/json\r\nContent-Length: 2000010\r\n\r\n{"a":"`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('that grows too large is cut', async () => {
    const answer = await raw(
      `POST /api/validate HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${made.tokens.admin}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that is a gzip bomb is cut', async () => {
    const bomb = gzipSync(Buffer.alloc(5e7, 32));
    const before = process.memoryUsage().rss;
    const reply = await validate({ raw: bomb, headers: { 'content-encoding': 'gzip' } });
    expect(reply.status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(30e6);
  });

  it('of another type is refused', async () => {
    expect((await validate({ raw: '{}', headers: { 'content-type': 'text/plain' } })).status).toBe(415);
    expect((await validate({ raw: '{}', headers: { 'content-encoding': 'br' } })).status).toBe(415);
  });

  it('in gzip is read', async () => {
    expect(
      (
        await validate({
          raw: gzipSync(JSON.stringify({ graph: orderGraph() })),
          headers: { 'content-encoding': 'gzip' },
        })
      ).body.findings,
    ).toEqual([]);
  });

  it('with two lengths is refused and the connection closed', async () => {
    const answer = await raw(
      'POST /ingest/a/b HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that plays an operator of a query language is plain data', async () => {
    expect(
      (await made.send('/api/session', { token: false, body: { token: { $ne: null } } })).status,
    ).toBeGreaterThanOrEqual(400);
    for (const query of ['status[$ne]=done', 'sort[$where]=sleep(1000)', '__proto__[x]=1', 'fields=$password'])
      expect((await made.send(`/api/runs?${query}`)).status, query).toBe(400);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('the editor', () => {
  it('is served with strict headers', async () => {
    const { headers, text } = await made.send('/', { token: false });
    expect(text).toContain('Millrace');
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data:;font-src 'self';connect-src 'self';worker-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': 'no-cache',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('answers its own addresses with its page', async () => {
    const reply = await made.send('/workflows/live-shop', { token: false, headers: { accept: 'text/html' } });
    expect([reply.status, reply.text.includes('Millrace')]).toEqual([200, true]);
    expect(
      (await made.send('/workflows/live-shop', { token: false, headers: { accept: 'application/json' } })).status,
    ).toBe(404);
  });

  it('has assets that never change, packed when the client takes that', async () => {
    const plain = await made.send('/assets/main-abc.js', { token: false });
    expect(plain.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      vary: expect.stringMatching(/accept-encoding/i),
    });
    const packed = await made.send('/assets/main-abc.js', { token: false, headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': expect.stringContaining('javascript'),
    });
    expect((await made.send('/assets/gone.js', { token: false })).headers['cache-control']).toBeUndefined();
  });
});

it('logs neither tokens nor bodies', async () => {
  await made.send('/api/validate', { body: { graph: { password: 'hunter2' } } });
  await made.send('/api/live?ticket=hunter2');
  const text = made.logs.join('');
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain(made.tokens.admin);
});
