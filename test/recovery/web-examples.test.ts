import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { publish, serverProcess } from '../support/server.mjs';
import { root } from '../support/shared.js';

const dir = mkdtempSync(join(tmpdir(), 'web-examples-'));
let server: Awaited<ReturnType<typeof serverProcess>> | undefined;
const close: (() => unknown)[] = [];
afterEach(async () => {
  await server?.kill();
  for (const one of close.splice(0)) one();
  rmSync(dir, { recursive: true, force: true });
});

const example = (name: string) => JSON.parse(readFileSync(join(root, 'examples', name, 'graph.json'), 'utf8'));

async function listen(
  handle: (url: URL, request: IncomingMessage, body: string) => { status?: number; json?: unknown },
) {
  const http = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { status = 200, json } = handle(new URL(request.url!, 'http://h'), request, body);
      response.writeHead(status, { 'retry-after': '0' }).end(json === undefined ? undefined : JSON.stringify(json));
    });
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  close.push(
    () => http.closeAllConnections(),
    () => http.close(),
  );
  return { http, port: (http.address() as AddressInfo).port };
}

async function restarted(data: string, env: NodeJS.ProcessEnv) {
  await server?.kill('SIGKILL');
  server = await serverProcess(data, env);
}

/** Publishes a workflow anew with three tasks for each stage instead of one: it goes on where it was. Gives the new run. */
async function rescaled(id: string) {
  const { body } = await server!.call(`/api/workflows/${id}`);
  const graph = { ...body.graph, settings: { ...body.graph.settings, parallelism: 3 } };
  const saved = await server!.call(`/api/workflows/${id}`, { method: 'PUT', body: { graph, revision: body.revision } });
  expect(saved.status).toBe(200);
  const published = await server!.call(`/api/workflows/${id}/publish`, { body: { revision: saved.body.revision } });
  expect(published.status, JSON.stringify(published.body)).toBe(200);
  return published.body.run as { id: string };
}

it('rest-to-rest: every gold order reaches the desk under one key, over kills, refusals and a wrong password', async () => {
  const total = 150;
  const orders = Array.from({ length: total }, (_, n) => ({
    orderId: `A${n}`,
    customerId: `c${n % 7}`,
    status: n % 5 === 4 ? 'open' : 'paid',
    total: n,
    updatedAt: new Date(1_700_000_000_000 + n * 1000).toISOString(),
  }));
  let shown = 40;
  let password = 'old';
  let questions = 0;
  const desk = new Map<string, string>();
  let calls = 0;
  const shop = await listen((url, request) => {
    const wanted = `Basic ${Buffer.from(`shop:${password}`).toString('base64')}`;
    if (request.headers.authorization !== wanted) return { status: 401 };
    const since = url.searchParams.get('updated_since') ?? '';
    const page = Number(url.searchParams.get('page'));
    const fresh = orders.slice(0, shown).filter((order) => order.updatedAt >= since);
    return { json: { orders: fresh.slice((page - 1) * 20, page * 20) } };
  });
  const customers = await listen((url) => {
    if (++questions % 3 === 0) return { status: 503 };
    return { json: { level: Number(url.pathname.slice('/customers/c'.length)) < 3 ? 'gold' : 'blue' } };
  });
  const receiver = await listen((_url, request, body) => {
    if (++calls % 11 === 0) return { status: 503 };
    desk.set(request.headers['idempotency-key'] as string, JSON.parse(body).orderId);
    return { status: 204 };
  });
  const graph = example('rest-to-rest');
  graph.nodes[0].config.interval = '100 ms';
  graph.nodes[4].config.url = `http://127.0.0.1:${receiver.port}/hooks`;
  const env = { MILLRACE_ALLOW_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` };
  const data = join(dir, 'data');
  server = await serverProcess(data, env);
  const address = (pass: string) => `http://shop:${pass}@127.0.0.1:${shop.port}`;
  const connect = (name: string, url: string) =>
    server!.call('/api/connections', { body: { name, kind: 'http', url } });
  expect((await connect('shop-api', address('old'))).status).toBe(201);
  expect((await connect('customer-api', `http://127.0.0.1:${customers.port}`)).status).toBe(201);
  let { id, run } = await publish(server, graph);
  const gold = (upTo: number) =>
    orders.slice(0, upTo).filter((order) => order.status === 'paid' && Number(order.customerId.slice(1)) < 3);
  const reached = () => new Set(desk.values()).size;
  await expect.poll(reached, { timeout: 30_000, interval: 5 }).toBeGreaterThan(3);
  await restarted(data, env);
  await expect.poll(reached, { timeout: 30_000 }).toBe(gold(40).length);
  shown = 100;
  await expect.poll(reached, { timeout: 30_000, interval: 2 }).toBeGreaterThan(gold(40).length + 2);
  await restarted(data, env);
  await expect.poll(reached, { timeout: 30_000 }).toBe(gold(100).length);
  shown = 120;
  await expect.poll(reached, { timeout: 30_000, interval: 2 }).toBeGreaterThan(gold(100).length);
  run = await rescaled(id);
  await expect.poll(reached, { timeout: 30_000 }).toBe(gold(120).length);

  // The shop changes its password: the node says so; a changed connection is enough, nothing is restarted by hand.
  password = 'new';
  shown = total;
  const problem = async () => {
    const { body } = await server!.call(`/api/runs/${run.id}/metrics?step=1`);
    return body.samples.at(-1)?.nodes.orders?.problem?.code;
  };
  await expect.poll(problem, { timeout: 30_000 }).toBe('HTTP_SIGN_IN');
  await server.call('/api/connections/shop-api', { method: 'PUT', body: { url: address('new') } });
  await expect.poll(reached, { timeout: 60_000 }).toBe(gold(total).length);
  await expect.poll(problem, { timeout: 30_000 }).toBeUndefined();
  expect([...desk.values()].sort()).toEqual(
    gold(total)
      .map((order) => order.orderId)
      .sort(),
  );
}, 180_000);

it('websocket-ticker: counts what is missed over kills, and sends the moves to whoever follows', async () => {
  const { http } = (await listen(() => ({ status: 404 }))) as { http: Server };
  const { port } = http.address() as AddressInfo;
  const feed = new WebSocketServer({ server: http });
  let seq = 0;
  let first: number | undefined;
  const start = 1_700_000_000_000;
  const timer = setInterval(() => {
    for (let i = 0; i < 5; i++) {
      seq++;
      const tick = {
        seq,
        sku: ['TEA', 'CUP'][seq % 2],
        price: 10 + (seq % 10),
        // A minute of the feed passes in a moment.
        at: new Date(start + seq * 1000).toISOString(),
      };
      for (const socket of feed.clients) {
        if (!subscribed.has(socket)) continue;
        first ??= seq;
        socket.send(JSON.stringify({ tick }));
      }
    }
  }, 5);
  const subscribed = new Set<unknown>();
  feed.on('connection', (socket) => {
    socket.send('{"hello":"feed"}');
    socket.on('message', (text) => text.toString() === '{"subscribe":"prices"}' && subscribed.add(socket));
  });
  close.push(
    () => clearInterval(timer),
    () => feed.close(),
    () => {
      for (const socket of feed.clients) socket.terminate();
    },
  );
  const data = join(dir, 'ticker');
  server = await serverProcess(data);
  await server.call('/api/connections', {
    body: { name: 'price-feed', kind: 'websocket', url: `ws://127.0.0.1:${port}/` },
  });
  const { id } = await publish(server, example('websocket-ticker'));
  const rows = async (view: string) =>
    (await server!.call(`/api/views/${view}?limit=1000`)).body.rows as { [field: string]: never }[];
  await expect.poll(async () => (await rows('price-board')).length, { timeout: 30_000 }).toBe(2);
  expect(await rows('price-gaps')).toEqual([]);

  const moves: { value?: { sku: string; low: number; high: number } }[] = [];
  const follower = new WebSocket(`${server.url.replace('http', 'ws')}/channels/price-moves`, [
    `bearer.${server.token}`,
  ]);
  follower.on('error', () => undefined);
  follower.on('message', (text) => moves.push(JSON.parse(text.toString())));
  close.push(() => follower.terminate());
  await expect.poll(() => moves.filter((move) => move.value).length, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(moves.find((move) => move.value)?.value).toMatchObject({ low: expect.any(Number), high: expect.any(Number) });

  for (let kills = 1; kills <= 3; kills++) {
    await restarted(data, {});
    await expect.poll(async () => (await rows('price-gaps')).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(kills);
    await pause(100);
  }
  const before = (await rows('price-gaps')).length;
  await rescaled(id);
  await expect.poll(async () => (await rows('price-gaps')).length, { timeout: 30_000 }).toBeGreaterThan(before);
  clearInterval(timer);
  const last = seq;
  await expect
    .poll(async () => Math.max(...(await rows('price-board')).map((row) => Number(row.seq))), { timeout: 30_000 })
    .toBe(last);
  // Every tick since the first one that was sent is received or counted as missed, over all kills and both runs.
  const ledger = async () => {
    const { body } = await server!.call('/api/runs');
    let received = 0;
    for (const run of body.runs) {
      const { samples } = (await server!.call(`/api/runs/${run.id}/metrics?step=1`)).body;
      received += samples.at(-1).nodes.newest.in;
    }
    const missed = (await rows('price-gaps')).reduce((sum, gap) => sum + Number(gap.missed), 0);
    return received + missed;
  };
  await expect.poll(ledger, { timeout: 15_000 }).toBe(last - (first ?? 0) + 1);
}, 180_000);
