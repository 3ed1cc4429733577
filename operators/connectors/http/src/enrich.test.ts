import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { enrich } from './enrich.js';

let server: Server;
let origin: string;
let calls: { url: string; body: string; headers: IncomingMessage['headers'] }[];
let answer: (url: URL, response: ServerResponse) => void | Promise<void>;
let atOnce = 0;
let most = 0;

beforeEach(async () => {
  calls = [];
  most = 0;
  answer = (url, response) => void response.end(JSON.stringify({ path: url.pathname, data: { level: 'gold' } }));
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      calls.push({ url: request.url!, body, headers: request.headers });
      most = Math.max(most, ++atOnce);
      response.on('close', () => atOnce--);
      void answer(new URL(request.url!, origin), response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const run = (config: object, values: object[]) =>
  runOperator(enrich, { connection: origin, url: '/customers/{id}', into: 'customer', ...config })
    .feedAll(values)
    .settled();

/** One record, with the clock moved on until it is through: waits between tries cost no time. */
async function hurried(config: object) {
  const harness = runOperator(enrich, { connection: origin, url: '/customers/{id}', into: 'customer', ...config });
  harness.feed({ id: 1 });
  let done = false;
  const settled = harness.settled().finally(() => (done = true));
  for (let ms = 0; !done; ms += 5000) {
    await new Promise((next) => setTimeout(next, 5));
    if (!done) harness.clock(ms);
  }
  return settled;
}

describe('http.enrich', () => {
  it('keeps its declaration', async () => {
    await checkOperator(enrich);
  });

  it('adds the answer, or a part of it', async () => {
    const harness = await run({ pick: 'data.level' }, [{ id: 1, total: 2 }]);
    expect(harness.output()).toEqual([{ id: 1, total: 2, customer: 'gold' }]);
  });

  it('keeps the order of records while calls run side by side', async () => {
    answer = async (url, response) => {
      const n = Number(url.pathname.split('/').pop());
      await new Promise((done) => setTimeout(done, (20 - n) * 4));
      response.end(String(n * 10));
    };
    const harness = await run(
      { concurrency: 8 },
      Array.from({ length: 20 }, (_, id) => ({ id })),
    );
    expect(harness.output()).toEqual(Array.from({ length: 20 }, (_, id) => ({ id, customer: id * 10 })));
    expect(most).toBeGreaterThan(2);
    expect(most).toBeLessThanOrEqual(8);
  });

  it('encodes values, so that a record cannot lead the call elsewhere', async () => {
    const hostile = ['../../admin', 'a/b?x=1#y', '@evil.example', '订单 1', '%2e%2e'];
    const harness = await run(
      { cacheFor: 0 },
      hostile.map((id) => ({ id })),
    );
    expect(harness.dead).toEqual([]);
    expect(calls.map((call) => decodeURIComponent(call.url.slice('/customers/'.length))).sort()).toEqual(
      [...hostile].sort(),
    );
    for (const call of calls) expect(call.url.split('/')).toHaveLength(3);
    const dots = await run({}, [{ id: '..' }, { id: '' }, { id: null }, { id: { a: 1 } }, {}]);
    expect(dots.dead.map(({ error }) => error.code)).toEqual(Array(5).fill('ADDRESS_VALUE'));
  });

  it('asks the same question once, for a while', async () => {
    const harness = await run(
      { cacheFor: '1 min' },
      Array.from({ length: 50 }, (_, i) => ({ id: i % 3 })),
    );
    expect(calls).toHaveLength(3);
    harness.clock(59_000).feed({ id: 1 });
    await harness.settled();
    expect(calls).toHaveLength(3);
    harness.clock(60_001).feed({ id: 1 });
    await harness.settled();
    expect(calls).toHaveLength(4);
  });

  it('sends the record, or some fields, by POST', async () => {
    await run({ url: '/score', method: 'POST', send: ['id', 'a.b'] }, [{ id: 1, a: { b: 2 }, secret: 3 }]);
    expect(calls[0]).toMatchObject({ url: '/score', body: '{"id":1,"a.b":2}' });
    expect(calls[0]!.headers['content-type']).toBe('application/json');
  });

  it('leaves the field empty when nothing is found, or puts the record aside', async () => {
    answer = (_url, response) => {
      response.statusCode = 404;
      response.end('no');
    };
    expect((await run({}, [{ id: 1 }])).output()).toEqual([{ id: 1, customer: null }]);
    expect((await run({ missing: 'fail' }, [{ id: 1 }])).dead.map(({ error }) => error.code)).toEqual(['HTTP_REFUSED']);
  });

  it('tries again when the system is busy, and puts the record aside when that does not help', async () => {
    let n = 0;
    answer = (_url, response) => {
      response.statusCode = ++n < 3 ? 503 : 200;
      response.end('"ok"');
    };
    const harness = await hurried({ retries: 2 });
    expect(harness.output()).toEqual([{ id: 1, customer: 'ok' }]);
    expect(harness.problem).toBeNull();
    n = -100;
    const failing = await hurried({ retries: 1 });
    expect(failing.dead.map(({ error }) => error.code)).toEqual(['HTTP_UNAVAILABLE']);
    expect(failing.problem?.code).toBe('HTTP_UNAVAILABLE');
  });

  it('gives up a call that takes too long', async () => {
    answer = () => undefined;
    const harness = await run({ timeout: 50, retries: 0 }, [{ id: 1 }]);
    expect(harness.dead.map(({ error }) => error.code)).toEqual(['HTTP_TIMEOUT']);
  });

  it('calls nobody for a deleted row', async () => {
    const harness = runOperator(enrich, { connection: origin, url: '/c/{id}', into: 'c' });
    harness.feed({ value: { id: 1 }, op: 'delete' });
    await harness.settled();
    expect(harness.records()[0]).toMatchObject({ value: { id: 1, c: null }, op: 'delete' });
    expect(calls).toEqual([]);
  });

  it.each([
    ['https://{host}.shop.example/x', 'ADDRESS_TEMPLATE'],
    ['https://shop.example{path}', 'ADDRESS_TEMPLATE'],
    ['https://shop.example/{}', 'ADDRESS_TEMPLATE'],
    ['http://169.254.169.254/{id}', 'OUTBOUND_BLOCKED'],
  ])('refuses the address %s as %s', (url, code) => {
    expect(enrich.lint?.({ url, into: 'x' })).toContainEqual(expect.objectContaining({ code }));
  });
});
