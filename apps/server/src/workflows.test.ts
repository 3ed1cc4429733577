import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '@millrace/connector-http/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { login } from './login.js';
import { readSettings } from './settings.js';
import { orderGraph, type TestServer, testServer } from './testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

const create = async (graph: object = orderGraph()) => (await made.send('/api/workflows', { body: { graph } })).body;
async function publish(graph?: object) {
  const workflow = await create(graph);
  const reply = await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
  return { workflow, reply, run: reply.body.run };
}
const filesOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the first link', () => {
  const tokenOf = (line: string) => line.split('#t=')[1]!;

  it('is traded once for a session that survives a restart', async () => {
    const link = made.printed.find((line) => line.startsWith('Open http://127.0.0.1:'))!;
    expect(link).toMatch(/\/#t=[A-Za-z0-9_-]{43}$/);
    const reply = await made.send('/api/session', { token: false, body: { token: tokenOf(link) } });
    const cookie = String(reply.headers['set-cookie']);
    expect(reply.status).toBe(204);
    expect(cookie).toMatch(/^millrace_session=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Strict$/);
    expect((await made.send('/api/session', { token: false, body: { token: tokenOf(link) } })).status).toBe(401);
    await made.restart();
    const headers = { cookie: cookie.split(';')[0]! };
    expect((await made.send('/api/session', { token: false, headers })).body).toEqual({
      user: { name: 'owner', role: 'admin' },
    });
    expect((await made.send('/api/session', { token: false, method: 'DELETE', headers })).status).toBe(204);
    expect((await made.send('/api/session', { token: false, headers })).status).toBe(401);
  });

  it('can be had again from the command line, beside the running server', async () => {
    const url = await login(readSettings({ MILLRACE_DATA: join(made.dir, 'data') }));
    expect(url.startsWith(`http://127.0.0.1:${made.server.port}/#t=`)).toBe(true);
    expect((await made.send('/api/session', { token: false, body: { token: tokenOf(url) } })).status).toBe(204);
  });

  it('and all other tokens are nowhere on disk', async () => {
    const token = tokenOf(made.printed[0]!);
    for (const file of filesOf(join(made.dir, 'data'))) {
      const text = readFileSync(file, 'latin1');
      for (const secret of [token, made.tokens.admin]) expect(text.includes(secret), file).toBe(false);
      expect(statSync(file).mode & 0o077, file).toBe(0);
    }
    expect(statSync(join(made.dir, 'data')).mode & 0o777).toBe(0o700);
  });
});

describe('a data directory', () => {
  it('has one server, and says who it is', async () => {
    const other = testServer({ env: { MILLRACE_DATA: join(made.dir, 'data') } });
    await expect(other).rejects.toMatchObject({
      code: 'DATA_DIR_IN_USE',
      params: { pid: process.pid, url: made.server.url },
    });
  });
});

describe('a workflow', () => {
  it('is saved on the revision it was read at; a second save of it gets 409 with both versions', async () => {
    const { id, revision } = await create();
    const url = `/api/workflows/${id}`;
    expect((await made.send(url, { method: 'PUT', body: { revision, graph: orderGraph('Mine') } })).body).toMatchObject(
      { revision: revision + 1 },
    );
    const second = await made.send(url, { method: 'PUT', body: { revision, graph: orderGraph('Yours') } });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({
      error: { code: 'REVISION_CONFLICT', params: { yours: revision } },
      theirs: { revision: revision + 1, graph: { name: 'Mine' } },
    });
    expect((await made.send(url)).body.name).toBe('Mine');
  });

  it('may be unfinished as a draft, and is then not published', async () => {
    const draft = { ...orderGraph(), edges: [] };
    const { reply } = await publish(draft);
    expect(reply.status).toBe(422);
    expect(reply.body.error).toMatchObject({
      code: 'GRAPH_INVALID',
      findings: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]),
    });
    expect(made.engine.started).toHaveLength(0);
  });

  it.each([
    ['a reserved id', { nodes: [{ id: '__proto__', operator: 'core.filter' }] }, 'NODE_ID'],
    [
      'two nodes of one id',
      {
        nodes: [
          { id: 'a', operator: 'x' },
          { id: 'a', operator: 'x' },
        ],
      },
      'NODE_ID_DUPLICATE',
    ],
    ['a path as id', { nodes: [{ id: '../../etc', operator: 'x' }] }, 'NODE_ID_INVALID'],
    [
      'too many nodes',
      { nodes: Array.from({ length: 1001 }, (_, i) => ({ id: `n${i}`, operator: 'x' })) },
      'TOO_MANY_NODES',
    ],
    ['a field of the server', { ownerId: 'attacker' }, 'UNKNOWN_PROPERTY'],
    ['a link of its own', { nodes: [{ id: 'a', operator: 'x', docsUrl: 'javascript:alert(1)' }] }, 'UNKNOWN_PROPERTY'],
    [
      'a position that cannot be drawn',
      { nodes: [{ id: 'a', operator: 'x', position: { x: 'left', y: null } }] },
      'POSITION_INVALID',
    ],
  ])('with %s is not stored', async (_title, part, code) => {
    const reply = await made.send('/api/workflows', { body: { graph: { ...orderGraph(), edges: [], ...part } } });
    expect(reply.status).toBe(422);
    expect(reply.body.error.code).toMatch(code);
    expect((await made.send('/api/workflows')).body.workflows).toEqual([]);
  });

  it('is checked and described while it is broken', async () => {
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: 'status ==' };
    const { body } = await made.send('/api/validate', { body: { graph } });
    expect(body.findings.length).toBeGreaterThan(0);
    expect(Object.keys(body.nodes).sort()).toEqual(['orders', 'paid', 'table']);
    expect(body.nodes.orders.outputs.out.mode).toEqual({ mode: 'append' });
    expect(body.nodes.paid.summary).toBeNull();
  });

  it('shows what publishing would change', async () => {
    const { workflow } = await publish();
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: "status == 'open'" };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const { body } = await made.send(`/api/workflows/${workflow.id}/plan`, { body: { revision: 2 } });
    expect(body.changes).toEqual([{ nodeId: 'paid', change: 'config', state: 'none', live: false }]);
    expect(body.restarts).toBe(true);
    expect(body.plan).toContain('orders');
  });

  it('tells files outside its folder from those inside', async () => {
    mkdirSync(join(made.dir, 'data', 'files', 'in'), { recursive: true });
    const graph = orderGraph();
    (graph.nodes[0] as { config: object }).config = { log: '../../../../proc/self' };
    expect((await publish(graph)).reply.body.error.findings).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'PATH_OUTSIDE_ROOT', nodeId: 'orders' })]),
    );
    (graph.nodes[0] as { config: object }).config = { log: 'in/orders' };
    expect((await publish({ ...graph, name: 'Inside' })).reply.status).toBe(200);
  });

  it('keeps secrets out of every file and answer', async () => {
    const graph = orderGraph();
    (graph.nodes[0] as { config: object }).config = { secret: 'hunter2-hunter2' };
    const { workflow, reply } = await publish(graph);
    expect(reply.status).toBe(200);
    expect(workflow.graph.nodes[0].config.secret).toEqual({ $secret: expect.stringMatching(/^[0-9a-f]{24}$/) });
    await made.restart();
    expect(made.engine.started.map((start) => JSON.stringify(start)).join('')).not.toContain('hunter2');
    expect((await made.send(`/api/workflows/${workflow.id}/versions`)).text).not.toContain('hunter2');
    expect(made.logs.join('')).not.toContain('hunter2');
    for (const file of filesOf(join(made.dir, 'data')))
      expect(readFileSync(file, 'latin1').includes('hunter2'), file).toBe(false);
  });

  it('that runs is deleted only by name, with everything that belongs to it', async () => {
    const { workflow } = await publish();
    expect((await made.send(`/api/workflows/${workflow.id}`, { method: 'DELETE' })).status).toBe(409);
    expect((await made.send(`/api/workflows/${workflow.id}?confirm=Orders`, { method: 'DELETE' })).status).toBe(204);
    expect((await made.send('/api/runs')).body.runs).toEqual([]);
    expect(readdirSync(join(made.dir, 'data', 'ingest'))).toEqual([]);
  });
});

describe('a run', () => {
  it('goes on after the server has stopped and started', async () => {
    const { run } = await publish();
    expect(run.status).toBe('running');
    await made.restart();
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('running');
    expect(made.engine.started.map((start) => start.dataDir)).toEqual([
      join(made.dir, 'data', 'runs', run.id),
      join(made.dir, 'data', 'runs', run.id),
    ]);
  });

  it('that was paused stays paused over a restart, and resumes', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/pause`, { method: 'POST' })).body.status).toBe('paused');
    await made.restart();
    expect(made.engine.started).toHaveLength(1);
    expect((await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).body.status).toBe('running');
    expect((await made.send(`/api/runs/${run.id}/finish`, { method: 'POST' })).body).toMatchObject({
      status: 'finished',
      endedAt: expect.any(Number),
    });
    expect((await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).status).toBe(409);
  });

  it('that cannot start leaves the one before running', async () => {
    const { workflow, run } = await publish();
    await made.send(`/api/workflows/${workflow.id}`, {
      method: 'PUT',
      body: { revision: 1, graph: orderGraph('Two') },
    });
    made.engine.refuse = new Error('no room');
    expect(
      (await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: 2 } })).status,
    ).toBeGreaterThanOrEqual(500);
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('running');
    expect((await made.send(`/api/workflows/${workflow.id}`)).body.publishedVersion).toBe(1);
  });

  it('does not lose state without leave', async () => {
    const { workflow } = await publish();
    const graph = orderGraph();
    (graph.nodes[2] as { config: object }).config = { name: 'other' };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const url = `/api/workflows/${workflow.id}/publish`;
    const refused = await made.send(url, { body: { revision: 2 } });
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'STATE_LOSS', params: { nodes: ['table', 'orders'] } });
    const accepted = await made.send(url, { body: { revision: 2, acceptStateLoss: ['orders', 'table'] } });
    expect(accepted.body.version).toBe(2);
    expect(made.engine.started.map((start) => start.migrate)).toEqual([false, false]);
  });

  it('hands its state on to the next version, and a run that stops is gone with its directory', async () => {
    const { workflow, run } = await publish();
    const dir = made.engine.started[0]!.dataDir;
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'state'), 'x');
    const graph = orderGraph();
    (graph.nodes[1] as { config: object }).config = { where: "status == 'open'" };
    await made.send(`/api/workflows/${workflow.id}`, { method: 'PUT', body: { revision: 1, graph } });
    const next = (await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: 2 } })).body.run;
    expect(made.engine.started[1]).toMatchObject({ migrate: true });
    expect(readFileSync(join(made.engine.started[1]!.dataDir, 'state'), 'utf8')).toBe('x');
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('killed');
    expect((await made.send(`/api/workflows/${workflow.id}`)).body.run).toMatchObject({
      id: next.id,
      status: 'running',
    });
    expect(readdirSync(join(made.dir, 'data', 'runs'))).toEqual([next.id]);
  });

  it('has a savepoint: one file', async () => {
    const { run } = await publish();
    const { status, body } = await made.send(`/api/runs/${run.id}/savepoint`, { method: 'POST' });
    expect(status).toBe(201);
    expect(readFileSync(join(made.dir, 'data', 'savepoints', body.savepoint), 'utf8')).toBe('state');
  });

  it('that failed says why, and can be resumed', async () => {
    const { run } = await publish();
    made.engine.alive[0]!.end({ status: 'failed', error: { code: 'OPERATOR_THREW', message: 'no' } });
    await expect
      .poll(async () => (await made.send(`/api/runs/${run.id}`)).body)
      .toMatchObject({ status: 'failed', error: { code: 'OPERATOR_THREW' } });
    await made.restart();
    expect((await made.send(`/api/runs/${run.id}`)).body.status).toBe('failed');
    const resumed = (await made.send(`/api/runs/${run.id}/resume`, { method: 'POST' })).body;
    expect(resumed).toMatchObject({ status: 'running' });
    expect(resumed.error).toBeUndefined();
  });

  it('is rescaled by a pause that drains and a start with the new numbers', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/rescale`, { body: { nodes: { paid: 2 } } })).body.status).toBe(
      'running',
    );
    expect(made.engine.started[1]).toMatchObject({ migrate: true, dataDir: made.engine.started[0]!.dataDir });
    expect(made.engine.started[1]!.plan.stages.some((stage) => stage.parallelism === 2)).toBe(true);
  });

  it('shows views while it runs and after', async () => {
    const { run } = await publish();
    made.engine.alive[0]!.rows = { table: [{ id: 'b', n: 2 }, { id: 'a', n: 10 }, { id: 'c' }] };
    const read = async () => (await made.send('/api/views/paid-orders?sort=n&desc=1&limit=2')).body;
    expect(await read()).toMatchObject({
      name: 'paid-orders',
      columns: ['id', 'n'],
      rows: [
        { id: 'a', n: 10 },
        { id: 'b', n: 2 },
      ],
      total: 3,
    });
    await made.send(`/api/runs/${run.id}/pause`, { method: 'POST' });
    expect((await read()).rows).toHaveLength(2);
    expect((await made.send('/api/views')).body.views).toEqual([
      { name: 'paid-orders', workflowId: 'orders', nodeId: 'table', title: 'paid-orders', rows: 3 },
    ]);
  });

  it('lets samples, dead letters and replays through to the engine', async () => {
    const { run } = await publish();
    expect((await made.send(`/api/runs/${run.id}/edges/e1/sample?limit=5`)).body.records[0].value).toEqual({
      edgeId: 'e1',
      limit: 5,
    });
    expect((await made.send(`/api/runs/${run.id}/edges/nope/sample`)).status).toBe(404);
    expect((await made.send(`/api/runs/${run.id}/dead-letters`)).body.letters).toEqual([{ id: 'paid:1' }]);
    expect((await made.send(`/api/runs/${run.id}/dead-letters/replay`, { body: { ids: ['paid:1'] } })).body).toEqual({
      replayed: 1,
    });
    expect(
      (
        await made.send(`/api/runs/${run.id}/dead-letters/replay`, {
          body: { ids: ['paid:1'] },
          token: made.tokens.viewer,
        })
      ).status,
    ).toBe(403);
  });

  it('is written into the audit with who did it', async () => {
    const { workflow, run } = await publish();
    await made.send(`/api/runs/${run.id}/kill`, { method: 'POST', token: made.tokens.editor });
    const { entries } = (await made.send('/api/audit')).body;
    expect(entries.slice(0, 3)).toMatchObject([
      { action: 'run.kill', user: 'editor', target: run.id },
      { action: 'workflow.publish', user: 'admin', target: workflow.id },
      { action: 'workflow.create', user: 'admin' },
    ]);
  });
});

describe('ingest', () => {
  const url = '/ingest/orders/orders';
  const order = { orderId: 'A1', qty: 1 };

  it('answers 202 with ids, for one record, a list, and lines', async () => {
    await publish();
    expect(await made.send(url, { body: order, token: made.tokens.ingest })).toMatchObject({
      status: 202,
      body: { id: '0' },
    });
    expect((await made.send(url, { body: [order, order] })).body.ids).toHaveLength(2);
    expect(
      (await made.send(url, { raw: '{"a":1}\n{"a":2}\n', headers: { 'content-type': 'application/x-ndjson' } })).body
        .ids,
    ).toHaveLength(2);
  });

  it('takes 50 requests at once with one key once', async () => {
    await publish();
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => made.send(url, { body: order, headers: { 'idempotency-key': 'k' } })),
    );
    expect(new Set(replies.map((reply) => reply.status)).size).toBeLessThanOrEqual(2);
    for (const reply of replies) expect([202, 409]).toContain(reply.status);
    const again = await made.send(url, { body: order, headers: { 'idempotency-key': 'k' } });
    expect(again).toMatchObject({ status: 202, body: { id: '0' } });
    expect(await made.send(url, { body: { ...order, qty: 2 }, headers: { 'idempotency-key': 'k' } })).toMatchObject({
      status: 422,
      body: { error: { code: 'IDEMPOTENCY_MISMATCH' } },
    });
    const log = join(made.dir, 'data', 'ingest', 'orders', 'orders', '0000000000000000.log');
    expect(readFileSync(log, 'utf8').match(/A1/g)).toHaveLength(1);
  });

  it.each([
    ['nobody', { token: false as const }, 401],
    ['a page of another site', { headers: { origin: 'http://evil.example' } }, 403],
    ['a form', { headers: { 'content-type': 'text/plain' } }, 415],
  ])('refuses %s', async (_title, options, status) => {
    await publish();
    expect((await made.send(url, { body: order, ...options })).status).toBe(status);
  });

  it.each([
    ['49,000 brackets', '['.repeat(49_000) + ']'.repeat(49_000), 400, 'TOO_DEEP'],
    ['two megabytes', `{"a":"${'x'.repeat(2_000_000)}"}`, 413, 'BODY_TOO_LARGE'],
    ['a record of 300 KiB', `{"a":"${'x'.repeat(300_000)}"}`, 413, 'RECORD_TOO_LARGE'],
    ['a number', '5', 422, 'NOT_A_RECORD'],
    ['nothing', '[]', 422, 'NO_RECORDS'],
    ['a field twice', '{"orderId":"A1","qty":1,"qty":-999}', 400, 'DUPLICATE_KEY'],
  ])('refuses %s', async (_title, raw, status, code) => {
    await publish();
    const reply = await made.send(url, { raw });
    expect([reply.status, reply.body.error.code]).toEqual([status, code]);
  });

  it('keeps long numbers as text', async () => {
    await publish();
    await made.send(url, { raw: '{"orderId":9007199254740993,"price":0.1}' });
    expect(
      readFileSync(join(made.dir, 'data', 'ingest', 'orders', 'orders', '0000000000000000.log'), 'utf8'),
    ).toContain('{"orderId":"9007199254740993","price":0.1}');
  });

  it('knows only ingest nodes of published workflows', async () => {
    await create();
    expect((await made.send(url, { body: order })).status).toBe(404);
    expect((await made.send('/ingest/orders/paid', { body: order })).status).toBe(404);
  });

  it('takes a signed request once, while its timestamp is fresh', async () => {
    const graph = orderGraph();
    (graph.nodes[0] as { config: object }).config = { secret: 'a long enough secret' };
    await publish(graph);
    const raw = JSON.stringify(order);
    const at = Math.floor(Date.now() / 1000);
    const signed = (timestamp: number, secret = 'a long enough secret', body = raw) =>
      made.send(url, {
        raw,
        token: false,
        headers: { 'x-millrace-timestamp': String(timestamp), 'x-millrace-signature': sign(secret, timestamp, body) },
      });
    expect((await signed(at)).status).toBe(202);
    expect((await signed(at)).status).toBe(401);
    expect((await signed(at - 400)).status).toBe(401);
    expect((await signed(at + 1, 'another secret')).status).toBe(401);
    expect((await signed(at + 1, 'a long enough secret', `${raw} `)).status).toBe(401);
    expect((await made.send(url, { raw, token: false })).status).toBe(401);
  });
});

describe('the live connection', () => {
  const open = (ticket: string, headers: { [name: string]: string } = {}) =>
    new Promise<{ socket: WebSocket; messages: { type: string }[] } | number>((resolve) => {
      const messages: { type: string }[] = [];
      const socket = new WebSocket(`ws://127.0.0.1:${made.server.port}/api/live?ticket=${ticket}`, { headers });
      socket.on('message', (data) => messages.push(JSON.parse(String(data))));
      socket.on('open', () => resolve({ socket, messages }));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
  const ticket = async () => (await made.send('/api/live-ticket', { body: {} })).body.ticket as string;
  const until = async (ready: () => boolean) => {
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
  };

  it('needs a ticket that works once, our host and our origin', async () => {
    const one = await ticket();
    expect(await open(one, { origin: 'http://evil.example' })).toBe(403);
    expect(await open(one, { host: 'evil.example' })).toBe(421);
    const live = await open(one, { origin: made.server.url });
    expect(live).not.toBeTypeOf('number');
    (live as { socket: WebSocket }).socket.terminate();
    expect(await open(one)).toBe(401);
    expect(await open('')).toBe(401);
  });

  it('tells of workflows, runs and metrics that were asked for', async () => {
    const { socket, messages } = (await open(await ticket())) as {
      socket: WebSocket;
      messages: { type: string; [name: string]: unknown }[];
    };
    socket.send(JSON.stringify({ subscribe: { workflows: true } }));
    socket.send(JSON.stringify({ subscribe: { run: 'no-such-run' } }));
    await until(() => messages.some((message) => message.type === 'error'));
    const { run } = await publish();
    await until(
      () =>
        messages.some((message) => message.type === 'run') && messages.some((message) => message.type === 'workflow'),
    );
    expect(messages.some((message) => message.type === 'metrics')).toBe(false);
    socket.send(JSON.stringify({ subscribe: { run: run.id } }));
    await until(() => messages.some((message) => message.type === 'metrics' && message.runId === run.id));
    socket.terminate();
  });

  it('ends for a client that sends nonsense', async () => {
    for (const [message, code] of [
      ['{"op":', 1007],
      ['[]', 1007],
      [Buffer.alloc(300_000), 1009],
    ] as const) {
      const { socket } = (await open(await ticket())) as { socket: WebSocket };
      const closed = new Promise((resolve) => socket.on('close', resolve));
      socket.send(typeof message === 'string' ? message : message.toString('latin1'));
      expect(await closed).toBe(code);
    }
  });
});

describe('expressions', () => {
  it('are checked and tried on samples', async () => {
    const check = async (body: object) => (await made.send('/api/expressions/check', { body })).body;
    expect(await check({ expression: 'qty * 2 > 5', type: null, samples: [{ qty: 3 }, { qty: 'x' }] })).toMatchObject({
      findings: [],
      results: [
        { ok: true, value: true },
        { ok: false, error: { code: expect.any(String) } },
      ],
    });
    expect((await check({ expression: 'qty *', type: null })).findings[0]).toMatchObject({
      severity: 'error',
      range: expect.any(Object),
    });
  });
});

describe('settings', () => {
  it('refuse to serve other machines without authentication, and say what to add', () => {
    const refused = (env: NodeJS.ProcessEnv) => {
      try {
        readSettings(env);
        return undefined;
      } catch (error) {
        return error as { code: string; message: string; params: { exitCode: number; lines: string[] } };
      }
    };
    expect(refused({ HOST: '0.0.0.0' })).toMatchObject({
      code: 'PUBLIC_BIND_REFUSED',
      params: {
        exitCode: 2,
        lines: [expect.stringMatching(/^PUBLIC_URL=/), expect.stringMatching(/^MILLRACE_ADMIN_TOKEN=.{43}$/)],
      },
    });
    expect(refused({ HOST: '192.168.1.5', PUBLIC_URL: 'https://m.example' })?.params.lines).toHaveLength(1);
    expect(
      refused({ HOST: '0.0.0.0', PUBLIC_URL: 'https://m.example', MILLRACE_ADMIN_TOKEN: 'x'.repeat(40) }),
    ).toBeUndefined();
    for (const host of ['127.0.0.1', 'localhost', '::1', '127.1.2.3']) expect(refused({ HOST: host })).toBeUndefined();
    expect(refused({ PORT: '70000' })).toMatchObject({ code: 'SETTING_WRONG' });
  });
});
