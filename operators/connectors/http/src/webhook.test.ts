import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ingest } from './ingest.js';
import { signatureHolds } from './signature.js';
import { webhook } from './webhook.js';

interface Call {
  body: string;
  headers: IncomingHttpHeaders;
}
let server: Server;
let url: string;
let calls: Call[];
let answer: (call: Call, response: ServerResponse) => void;

beforeEach(async () => {
  calls = [];
  answer = (_call, response) => response.end('ok');
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const call = { body, headers: request.headers };
      calls.push(call);
      answer(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  process.env.MILLRACE_ALLOW_PRIVATE_HOSTS = '127.0.0.1';
});
afterEach(() => {
  delete process.env.MILLRACE_ALLOW_PRIVATE_HOSTS;
  delete process.env.MILLRACE_SECRET_shop;
  server.closeAllConnections();
  server.close();
});

async function deliver(config: object, values: unknown[]) {
  // Back-off waits run on the harness clock, which answers at once.
  const harness = runOperator(webhook, { url, ...config });
  harness.feedAll(values.map((value) => ({ value })));
  const settled = harness.settled();
  await settled;
  harness.close();
  await harness.settled();
  return harness;
}

describe('http.webhook', () => {
  it('posts each record in order with its delivery id', async () => {
    const harness = await deliver({}, [{ n: 1 }, { n: 2 }]);
    expect(calls.map((call) => JSON.parse(call.body))).toEqual([{ n: 1 }, { n: 2 }]);
    expect(calls.map((call) => call.headers['idempotency-key'])).toEqual(['test:node:0:0', 'test:node:0:1']);
    expect(calls[0]?.headers['content-type']).toBe('application/json');
    expect(harness.dead).toHaveLength(0);
  });

  it('posts lists of up to batchSize records with the ids of all', async () => {
    await deliver({ batchSize: 2 }, [1, 2, 3]);
    expect(calls.map((call) => JSON.parse(call.body))).toEqual([[1, 2], [3]]);
    expect(calls[0]?.headers['x-millrace-delivery-ids']).toBe('test:node:0:0,test:node:0:1');
  });

  it('signs the raw body with a timestamp, from a kept secret', async () => {
    process.env.MILLRACE_SECRET_shop = 'a long enough secret';
    await deliver({ secret: { $secret: 'shop' } }, [{ a: 'é' }]);
    const { headers, body } = calls[0]!;
    const given = {
      timestamp: headers['x-millrace-timestamp'] as string,
      signature: headers['x-millrace-signature'] as string,
    };
    const at = Number(given.timestamp) * 1000;
    expect(signatureHolds('a long enough secret', given, Buffer.from(body), at)).toBe(true);
    expect(signatureHolds('a long enough secret', given, Buffer.from(`${body} `), at)).toBe(false);
    expect(signatureHolds('another secret', given, Buffer.from(body), at)).toBe(false);
    expect(signatureHolds('a long enough secret', given, Buffer.from(body), at + 301_000)).toBe(false);
  });

  it('tries 429 and 5xx again with the same id until it is taken', async () => {
    answer = (_call, response) => {
      response.statusCode = calls.length < 3 ? 503 : 200;
      response.setHeader('retry-after', '0');
      response.end();
    };
    const harness = await deliver({}, [{ n: 1 }]);
    expect(calls.map((call) => call.headers['idempotency-key'])).toEqual(Array(3).fill('test:node:0:0'));
    expect(calls.map((call) => call.headers['x-millrace-attempt'])).toEqual(['1', '2', '3']);
    expect(harness.dead).toHaveLength(0);
  });

  it('makes a dead letter of a record that the receiver refuses, and goes on', async () => {
    answer = (call, response) => {
      response.statusCode = call.body === '1' ? 422 : 204;
      response.end();
    };
    const harness = await deliver({}, [1, 2]);
    expect(harness.dead.map((dead) => dead.error)).toEqual([expect.objectContaining({ code: 'WEBHOOK_REFUSED' })]);
    expect(calls).toHaveLength(2);
  });

  it('gives up after its retries, as the receiver’s fault', async () => {
    answer = (_call, response) => {
      response.statusCode = 500;
      response.setHeader('retry-after', '0');
      response.end();
    };
    const harness = await deliver({ retries: 2 }, [1]);
    expect(calls).toHaveLength(3);
    expect(harness.dead[0]?.error).toMatchObject({ code: 'WEBHOOK_UNAVAILABLE', domain: 'external' });
  });

  it('does not follow a redirect', async () => {
    answer = (_call, response) => response.writeHead(307, { location: 'http://169.254.169.254/' }).end();
    expect((await deliver({}, [1])).dead[0]?.error).toMatchObject({ code: 'WEBHOOK_REFUSED' });
    expect(calls).toHaveLength(1);
  });

  it('cuts a call that does not answer in time', async () => {
    answer = () => undefined;
    const harness = await deliver({ timeout: 50, retries: 0 }, [1]);
    expect(harness.dead[0]?.error).toMatchObject({ code: 'WEBHOOK_TIMEOUT' });
  });

  it('counts a delivery by its status line and cuts a reply without end', async () => {
    let closed: (() => void) | undefined;
    const cut = new Promise<void>((resolve) => (closed = resolve));
    answer = (_call, response) => {
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      response.on('close', () => closed?.());
      more();
    };
    const harness = runOperator(webhook, { url });
    await harness.feed({ value: 1 }).settled();
    expect(harness.dead).toHaveLength(0);
    await cut;
  });

  it('refuses private hosts unless they are opened', () => {
    delete process.env.MILLRACE_ALLOW_PRIVATE_HOSTS;
    expect(webhook.lint?.({ url })).toEqual([expect.objectContaining({ code: 'OUTBOUND_BLOCKED', path: '/url' })]);
    expect(() => runOperator(webhook, { url })).toThrow(expect.objectContaining({ code: 'OUTBOUND_BLOCKED' }));
  });

  it('keeps its own headers', () => {
    expect(
      webhook
        .lint?.({ url: 'https://shop.example/', headers: { Host: 'x', 'Idempotency-Key': 'y', 'X-Shop': 'z' } })
        .map((finding) => finding.path),
    ).toEqual(['/headers/Host', '/headers/Idempotency-Key']);
  });
});

describe('the declarations', () => {
  it.each([webhook, ingest])('of $type hold', async (operator) => {
    await checkOperator(operator);
  });
});
