import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { IngestLog } from '@millrace/connector-http/ingest-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { orderGraph, type TestServer, testServer } from '../testing/test-server.js';

let made: TestServer;
let proxy: Server;
let lines: Socket[];
const open: WebSocket[] = [];
beforeEach(async () => {
  made = await testServer();
  lines = [];
  proxy = createServer((line) => {
    const far = connect(made.server.port, '127.0.0.1');
    line.pipe(far).pipe(line);
    for (const end of [line, far]) end.on('error', () => undefined);
    line.on('close', () => far.destroy());
    far.on('close', () => line.destroy());
    lines.push(line);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const workflow = (await made.send('/api/workflows', { body: { graph: orderGraph() } })).body;
  await made.send(`/api/workflows/${workflow.id}/publish`, { body: { revision: workflow.revision } });
});
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate();
  proxy.close();
  await made.dispose();
});

interface Client {
  socket: WebSocket;
  told: { ack?: string | number; error?: { code: string }; id?: string; n?: number; wait?: string }[];
}
async function connectTo(
  path = '/ingest/orders/orders',
  {
    token = made.tokens.ingest,
    protocols = [] as string[],
    port = (proxy.address() as AddressInfo).port,
    headers = {},
  } = {},
): Promise<Client> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, {
    headers: { ...(token !== '' && { authorization: `Bearer ${token}` }), ...headers },
  });
  open.push(socket);
  const told: Client['told'] = [];
  socket.on('message', (data) => told.push(JSON.parse(data.toString())));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return { socket, told };
}

/** The records in the node's log, in order. */
function logged(): { [field: string]: unknown }[] {
  const dir = join(made.dir, 'data', 'ingest', 'orders', 'orders');
  return readdirSync(dir)
    .filter((name) => name.endsWith('.log') && /^\d/.test(name))
    .sort()
    .flatMap((name) => [...readFileSync(join(dir, name), 'utf8').matchAll(/\{"order":[^}]*\}/g)])
    .map(([text]) => JSON.parse(text!));
}

describe('ingest over a WebSocket', () => {
  it('confirms each message once it is on disk: one record, a list', async () => {
    const { socket, told } = await connectTo();
    socket.send('{"order":1}');
    socket.send('[{"order":2},{"order":3}]');
    await vi.waitFor(() => expect(told).toEqual([{ ack: 1 }, { ack: 2 }]));
    expect(logged().map(({ order }) => order)).toEqual([1, 2, 3]);
  });

  it('cut 100 times, has every record once: the sender repeats what was not confirmed', async () => {
    const total = 2000;
    const confirmed = new Set<number>();
    let cuts = 0;
    while (confirmed.size < total) {
      const client = await connectTo(undefined, { protocols: ['millrace.ingest'] });
      const gone = new Promise<void>((done) => client.socket.on('close', () => done()));
      client.socket.on('message', (data) => {
        const { ack } = JSON.parse(data.toString());
        confirmed.add(Number(ack));
        if (cuts < 100 && confirmed.size >= (cuts + 1) * 15) {
          cuts++;
          for (const line of lines) line.resetAndDestroy();
        }
        if (confirmed.size === total) client.socket.close();
      });
      for (let n = 1; n <= total; n++)
        if (!confirmed.has(n)) client.socket.send(JSON.stringify({ id: String(n), record: { order: n } }));
      await gone;
    }
    expect(cuts).toBe(100);
    const orders = logged().map(({ order }) => order as number);
    expect([...orders].sort((a, b) => a - b)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
  });

  it.each([
    ['{"order":', 'BAD_JSON'],
    ['7', 'NOT_A_RECORD'],
    ['[]', 'NO_RECORDS'],
    ['{"a":1,"a":2}', 'DUPLICATE_KEY'],
  ])('says of %s that it is %s, and goes on', async (text, code) => {
    const { socket, told } = await connectTo();
    socket.send(text);
    socket.send('{"order":1}');
    await vi.waitFor(() => expect(told).toHaveLength(2));
    expect(told.find((one) => one.error)).toMatchObject({ error: { code }, n: 1 });
    expect(told.find((one) => one.ack)).toEqual({ ack: 2 });
  });

  it('ends a socket that sends more than 256 KiB in a message', async () => {
    const { socket } = await connectTo();
    const closed = new Promise<number>((done) => socket.on('close', done));
    socket.send(JSON.stringify({ text: 'x'.repeat(300_000) }));
    expect(await closed).toBe(1009);
  });

  it.each([
    ['nobody', { token: '' }, undefined, 401],
    ['a wrong token', { token: 'mr_wrong' }, undefined, 401],
    ['a cookie', { token: '', headers: { cookie: 'millrace_session=x' } }, undefined, 401],
    ['another host name', { headers: { host: 'evil.example' } }, undefined, 421],
    ['a node that is not there', {}, '/ingest/orders/paid', 404],
  ])('lets in no %s', async (_title, options, path, status) => {
    await expect(connectTo(path, options)).rejects.toThrow(String(status));
  });

  it('takes a token as sub-protocol, for web pages', async () => {
    const { socket, told } = await connectTo(undefined, {
      token: '',
      protocols: ['millrace.ingest', `bearer.${made.tokens.ingest}`],
    });
    expect(socket.protocol).toBe('millrace.ingest');
    socket.send('{"id":"a","record":{"order":1}}');
    await vi.waitFor(() => expect(told).toEqual([{ ack: 'a' }]));
  });

  it('holds the sender while the log is full, and takes everything in order when there is room', async () => {
    const log: IngestLog = made.server.services.ingest.log('orders', 'orders');
    const append = log.append.bind(log);
    let full = true;
    vi.spyOn(log, 'append').mockImplementation((values, key) =>
      full && values[0]!.includes('"order":2')
        ? Promise.reject(Object.assign(new Error('full'), { code: 'INGEST_FULL', domain: 'external' }))
        : append(values, key),
    );
    const { socket, told } = await connectTo();
    for (const order of [1, 2, 3, 4]) socket.send(JSON.stringify({ order }));
    await vi.waitFor(() => expect(told).toContainEqual({ wait: 'INGEST_FULL' }));
    full = false;
    await vi.waitFor(() => expect(told.filter((one) => one.ack)).toHaveLength(4), { timeout: 5000 });
    expect(new Set(logged().map(({ order }) => order))).toEqual(new Set([1, 2, 3, 4]));
  });
});

describe('a sender that is held while the log is full', () => {
  const refuse = (code: string) => {
    const log: IngestLog = made.server.services.ingest.log('orders', 'orders');
    return vi
      .spyOn(log, 'append')
      .mockImplementation(() => Promise.reject(Object.assign(new Error('refused'), { code, domain: 'external' })));
  };

  it('does not keep the server from stopping', async () => {
    refuse('INGEST_FULL');
    const { socket, told } = await connectTo();
    const gone = new Promise<void>((done) => socket.on('close', () => done()));
    socket.send('{"order":1}');
    await vi.waitFor(() => expect(told).toContainEqual({ wait: 'INGEST_FULL' }));
    await made.server.close();
    await gone;
    await made.restart();
  });

  it('is told when its message is refused in the end: it is not confirmed', async () => {
    refuse('INGEST_FULL');
    const { socket, told } = await connectTo();
    socket.send('{"order":1}');
    await vi.waitFor(() => expect(told).toContainEqual({ wait: 'INGEST_FULL' }));
    refuse('RECORD_TOO_LARGE');
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ error: expect.anything(), n: 1 }), { timeout: 5000 });
    expect(told.some((one) => one.ack !== undefined)).toBe(false);
  });
});

describe('a live channel of the server', () => {
  const port = () => made.server.port;
  it('goes to viewers with a token, and is published by this server’s tasks and by editors only', async () => {
    const follower = await connectTo('/channels/orders', { token: made.tokens.viewer, port: port() });
    await vi.waitFor(() => expect(follower.told).toHaveLength(1));
    await expect(connectTo('/channels/orders?publish=1', { token: made.tokens.viewer, port: port() })).rejects.toThrow(
      '403',
    );
    await expect(connectTo('/channels/orders', { token: made.tokens.ingest, port: port() })).rejects.toThrow('403');
    await expect(connectTo('/channels/Not%20a%20name', { token: made.tokens.viewer, port: port() })).rejects.toThrow(
      '404',
    );
    const inner = new URL(process.env.MILLRACE_CHANNELS_URL!);
    const task = await connectTo('/channels/orders?publish=1', {
      token: process.env.MILLRACE_CHANNELS_TOKEN!,
      port: Number(inner.port),
    });
    task.socket.send(JSON.stringify({ seq: 1, records: [{ value: { n: 1 }, time: 5, op: 'insert' }] }));
    await vi.waitFor(() => expect(task.told).toEqual([{ ack: 1 }]));
    await vi.waitFor(() => expect(follower.told).toHaveLength(2));
    expect(follower.told[1]).toEqual({ seq: 1, time: 5, op: 'insert', value: { n: 1 } });
    await expect(
      connectTo('/channels/orders?publish=1', { token: made.tokens.admin, port: Number(inner.port) }),
    ).rejects.toThrow();
  });
});
