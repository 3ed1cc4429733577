import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestServer, testServer } from '../testing/test-server.js';
import { Hub } from './hub.js';
import { Outbox } from './outbox.js';
import { wanted } from './websocket.js';

let made: TestServer;
beforeAll(async () => {
  made = await testServer();
});
afterAll(() => made.dispose());

/** A WebSocket by hand: whatever bytes a hostile client likes. */
async function upgraded(): Promise<Socket> {
  const { ticket } = (await made.send('/api/live-ticket', { body: {} })).body;
  const socket = connect(made.server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    `GET /api/live?ticket=${ticket} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString('latin1')).toMatch(/^HTTP\/1\.1 101 /);
  return socket;
}

const frame = (first: number, payload: Buffer) => {
  const head =
    payload.length < 126
      ? Buffer.from([first, 0x80 | payload.length])
      : Buffer.from([first, 0x80 | 126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([head, Buffer.from([0, 0, 0, 0]), payload]);
};

describe('a hostile live client', () => {
  it('with 100,000 empty fragments costs no memory and is closed', async () => {
    const socket = await upgraded();
    const before = process.memoryUsage().rss;
    const closed = once(socket, 'close');
    socket.on('data', () => undefined);
    socket.write(frame(0x01, Buffer.alloc(0)));
    socket.write(Buffer.concat(Array.from({ length: 100_000 }, () => frame(0x00, Buffer.alloc(0)))));
    socket.write(frame(0x80, Buffer.from('x')));
    await closed;
    expect(process.memoryUsage().rss - before).toBeLessThan(30e6);
    expect((await made.send('/healthz')).status).toBe(200);
  });

  it('that never reads is cut off, and the others are served', async () => {
    const { hub } = made.server.services;
    const others = hub.size;
    const socket = await upgraded();
    socket.write(frame(0x81, Buffer.from('{"subscribe":{"run":"r","workflows":true}}')));
    await new Promise((resolve) => setTimeout(resolve, 20));
    socket.pause();
    expect(hub.size).toBe(others + 1);
    const run = { id: 'r', workflowId: 'w', filler: 'x'.repeat(50_000) };
    for (let i = 0; i < 400 && hub.size > others; i++) {
      hub.publish({ type: 'run', run });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => hub.size).toBe(others);
    socket.destroy();
  });

  it('may not send more than a few messages', async () => {
    const socket = await upgraded();
    const closed = once(socket, 'close');
    socket.on('data', () => undefined);
    socket.write(
      Buffer.concat(Array.from({ length: 2000 }, () => frame(0x81, Buffer.from('{"subscribe":{"workflows":true}}')))),
    );
    await closed;
  });
});

describe('slow clients of HTTP', () => {
  it('that send their headers byte by byte are cut off after ten seconds', async () => {
    const socket = connect(made.server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.write('GET /ingest/orders HTTP/1.1\r\nX-a:');
    const started = Date.now();
    await once(socket, 'close');
    expect(Date.now() - started).toBeLessThan(20_000);
  }, 30_000);
});

describe('an outbox', () => {
  it('keeps only the newest state while its reader lags', () => {
    const written: string[] = [];
    let waiting = 0;
    const outbox = new Outbox({
      buffered: () => waiting,
      write: (text) => void written.push(text),
      giveUp: () => void written.push('gave up'),
    });
    outbox.send('a1', 'a');
    waiting = 100_000;
    outbox.send('a2', 'a');
    outbox.send('b1', 'b');
    outbox.send('a3', 'a');
    outbox.send('event');
    expect(written).toEqual(['a1', 'event']);
    waiting = 0;
    outbox.flush();
    expect(written).toEqual(['a1', 'event', 'a3', 'b1']);
    waiting = 2_000_000;
    outbox.send('c');
    expect(written.at(-1)).toBe('gave up');
  });
});

describe('a hub', () => {
  it('makes JSON once and gives it to those who want it', () => {
    const hub = new Hub();
    const got: string[] = [];
    const leave = hub.add({
      wants: (message) => wanted(message, new Set(['r']), false),
      send: (text) => void got.push(text),
    });
    hub.add({ wants: () => false, send: () => void got.push('never') });
    hub.publish({ type: 'metrics', runId: 'r' });
    hub.publish({ type: 'metrics', runId: 'other' });
    hub.publish({ type: 'workflow', id: 'w', revision: 1 });
    leave();
    hub.publish({ type: 'metrics', runId: 'r' });
    expect(got).toEqual(['{"type":"metrics","runId":"r"}']);
  });
});
