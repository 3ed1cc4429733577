import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '@millrace/connector-http/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderGraph, type TestServer, testServer } from '../testing/test-server.js';

let made: TestServer;
beforeEach(async () => {
  made = await testServer();
});
afterEach(() => made.dispose());

const create = async (graph: object = orderGraph()) => (await made.send('/api/workflows', { body: { graph } })).body;

async function publish(graph?: object) {
  const workflow = (await made.send('/api/workflows', { body: { graph: graph ?? orderGraph() } })).body;
  const reply = await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
  return { workflow, reply, run: reply.body.run };
}

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
