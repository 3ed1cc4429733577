import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signatureHolds } from '@millrace/connector-http/signature';
import { afterEach, expect, it } from 'vitest';
import { publish, serverProcess } from '../support/server.mjs';

const RECORDS = 400;
const SECRET = 'a secret of some length';

const dir = mkdtempSync(join(tmpdir(), 'webhook-'));
let server: Awaited<ReturnType<typeof serverProcess>> | undefined;
const close: (() => unknown)[] = [];
afterEach(async () => {
  await server?.kill();
  for (const one of close) one();
  rmSync(dir, { recursive: true, force: true });
});

/** A receiver that honours Idempotency-Key, fails now and then before it has taken a call, and now and then after. */
async function receiver() {
  const taken = new Map<string, number>();
  let calls = 0;
  let repeats = 0;
  let badSignatures = 0;
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const header = (name: string) => request.headers[name] as string | undefined;
      const headers = { timestamp: header('x-millrace-timestamp'), signature: header('x-millrace-signature') };
      if (!signatureHolds(SECRET, headers, body, Date.now())) badSignatures++;
      calls++;
      if (calls % 17 === 0) return response.writeHead(503, { 'retry-after': '0' }).end();
      const key = request.headers['idempotency-key'] as string;
      if (taken.has(key)) repeats++;
      taken.set(key, (JSON.parse(body.toString()) as { id: number }).id);
      if (calls % 23 === 0) return request.socket.destroy();
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  close.push(
    () => http.closeAllConnections(),
    () => http.close(),
  );
  return {
    port: (http.address() as AddressInfo).port,
    taken,
    repeats: () => repeats,
    badSignatures: () => badSignatures,
  };
}

it('every record reaches the receiver under one key, over refusals, cut connections and kills of the server', async () => {
  const shop = await receiver();
  const env = { MILLRACE_ALLOW_PRIVATE_HOSTS: `127.0.0.1:${shop.port}` };
  const data = join(dir, 'data');
  server = await serverProcess(data, env);
  const { id } = await publish(server, {
    schema: 1,
    name: 'Hook',
    nodes: [
      { id: 'orders', operator: 'http.ingest', config: {} },
      { id: 'hook', operator: 'http.webhook', config: { url: `http://127.0.0.1:${shop.port}/`, secret: SECRET } },
    ],
    edges: [{ id: 'e1', source: 'orders', target: 'hook' }],
  });
  const path = `/ingest/${id}/orders`;
  const ids = Array.from({ length: RECORDS }, (_, n) => ({ id: n }));
  expect((await server.call(path, { body: ids })).status).toBe(202);
  for (const share of [0.2, 0.6]) {
    await expect.poll(() => shop.taken.size, { timeout: 30_000, interval: 2 }).toBeGreaterThan(RECORDS * share);
    await server.kill('SIGKILL');
    server = await serverProcess(data, env);
  }
  await expect.poll(() => shop.taken.size, { timeout: 30_000 }).toBeGreaterThanOrEqual(RECORDS);
  expect([...shop.taken.values()].sort((a, b) => a - b)).toEqual(ids.map((record) => record.id));
  // At least once: cut connections alone make repeats, and each came under the key of its first delivery.
  expect(shop.repeats()).toBeGreaterThan(0);
  expect(shop.badSignatures()).toBe(0);
}, 90_000);
