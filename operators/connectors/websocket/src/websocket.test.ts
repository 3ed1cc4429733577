import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net';
import { BadInput, type Problem, type SourceReader, systemClock, type Value } from '@millrace/sdk';
import { checkOperator, runOperator } from '@millrace/sdk/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { ChannelHub } from './channel-hub.js';
import { websocketConnection } from './connection.js';
import { read } from './read.js';
import { send } from './send.js';
import { CHANNELS_TOKEN, CHANNELS_URL, write } from './write.js';

/** A WebSocket server of the test, and a line to it that can be cut. */
let http: Server;
let sockets: WebSocketServer;
let proxy: TcpServer;
let lines: Socket[];
let address: string;
let cuts: number;
let onSocket: (socket: WebSocket, url: URL) => void;
const open: SourceReader[] = [];

beforeEach(async () => {
  lines = [];
  cuts = 0;
  onSocket = () => undefined;
  http = createServer();
  sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket, request) => onSocket(socket, new URL(request.url!, 'http://h')));
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;
  proxy = createTcp((line) => {
    const far = connect(port, '127.0.0.1');
    line.pipe(far).pipe(line);
    for (const end of [line, far]) end.on('error', () => undefined);
    line.on('close', () => far.destroy());
    far.on('close', () => line.destroy());
    lines.push(line);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  address = `ws://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const reader of open.splice(0)) await reader.close?.();
  for (const line of lines) line.destroy();
  for (const client of sockets.clients) client.terminate();
  sockets.close();
  http.close();
  proxy.close();
});

function cut(): boolean {
  const alive = lines.filter((line) => !line.destroyed);
  for (const line of alive) line.resetAndDestroy();
  if (alive.length > 0) cuts++;
  return alive.length > 0;
}

interface Read {
  reader: SourceReader;
  out: Value[];
  gaps: Value[];
  bad: BadInput[];
  position: Value;
  problems: (Problem | null)[];
  step(max?: number): Promise<void>;
  until(done: () => boolean): Promise<void>;
}

async function follow(config: Value, position: Value = null): Promise<Read> {
  const problems: (Problem | null)[] = [];
  const source = read.create({
    config: { connection: address, ...config },
    nodeId: 'n',
    workflow: 'w',
    taskIndex: 0,
    epoch: 1,
    parallelism: 1,
    clock: systemClock,
    timeZone: 'UTC',
    inputModes: {},
    compile: () => () => null,
    problem: (problem: Problem | null) => void problems.push(problem),
    signal: new AbortController().signal,
    services: {
      print: () => undefined,
      log: () => undefined,
      resolvePath: (path: string) => path,
      overwrite: false,
      fresh: true,
    },
    wake: () => undefined,
  });
  const reader = await source.open('0', position);
  open.push(reader);
  const made: Read = {
    reader,
    out: [],
    gaps: [],
    bad: [],
    position,
    problems,
    step: async (max = 1000) => {
      const batch = await reader.poll(max);
      if (batch === null) return systemClock.sleep(1);
      for (const [i, value] of batch.values.entries()) {
        if (value instanceof BadInput) made.bad.push(value);
        else (batch.ports?.[i] === 'gaps' ? made.gaps : made.out).push(value);
      }
      made.position = JSON.parse(JSON.stringify(batch.position));
    },
    until: async (done) => {
      while (!done()) await made.step();
    },
  };
  return made;
}

it.each([read, write, send])('keeps its declaration', async (spec) => {
  await checkOperator(spec);
});

describe('websocket.read of a plain feed', () => {
  it('takes records, lists and parts of messages; what is no JSON goes to the dead letters', async () => {
    const told: string[] = [];
    onSocket = (socket) => {
      socket.on('message', (data) => told.push(data.toString()));
      for (const text of [
        '{"data":{"id":1}}',
        '{"data":[{"id":2},{"id":3}]}',
        '{"hello":"feed"}',
        'no json',
        '{"data":[7]}',
      ])
        socket.send(text);
    };
    const feed = await follow({ records: 'data', subscribe: ['{"op":"subscribe"}'] });
    await feed.until(() => feed.out.length === 3 && feed.bad.length === 2 && told.length === 1);
    expect(feed.out).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(feed.bad.map(({ error }) => error.code)).toEqual(['BAD_JSON', 'NOT_A_RECORD']);
    expect(told).toEqual(['{"op":"subscribe"}']);
    expect(feed.gaps).toEqual([]);
  });

  it('cut 100 times, takes each record or counts it as missed', async () => {
    let sent = 0;
    const timer = setInterval(() => {
      sent++;
      for (const socket of sockets.clients) socket.send(JSON.stringify({ n: sent }));
    }, 1);
    const feed = await follow({ sequence: 'n' });
    await feed.until(() => feed.out.length > 0);
    while (cuts < 100) {
      const before = feed.out.length;
      if (cut()) await feed.until(() => feed.out.length > before);
      else await feed.step();
    }
    clearInterval(timer);
    const last = sent;
    await feed.until(() => (feed.out.at(-1)?.n ?? 0) >= last - 1);
    const first: number = feed.out[0].n;
    const end: number = feed.out.at(-1).n;
    const missed = feed.gaps.reduce((sum, gap) => sum + gap.missed, 0);
    expect(feed.out.length + missed).toBe(end - first + 1);
    expect(feed.gaps.length).toBeGreaterThan(50);
    expect(cuts).toBe(100);
  });

  it('marks each interruption, also that of a restart, when records carry no number', async () => {
    onSocket = (socket) => socket.send('{"a":1}');
    const feed = await follow({});
    await feed.until(() => feed.out.length === 1);
    cut();
    await feed.until(() => feed.out.length === 2);
    expect(feed.gaps).toEqual([
      { from: expect.any(String), to: expect.any(String), reason: 'reconnect', missed: null },
    ]);
    await feed.reader.close?.();
    const again = await follow({}, feed.position);
    await again.until(() => again.out.length === 1);
    expect(again.gaps).toMatchObject([{ reason: 'restart', missed: null }]);
  });

  it('gives a gap the event time of the record before it, where the records have a time field', async () => {
    onSocket = (socket) => socket.send('{"meta":{"at":"2020-01-01T00:00:00Z"}}');
    const feed = await follow({ time: { field: 'meta.at' } });
    await feed.until(() => feed.out.length === 1);
    cut();
    await feed.until(() => feed.out.length === 2);
    expect(feed.gaps).toMatchObject([{ meta: { at: '2020-01-01T00:00:00Z' }, reason: 'reconnect' }]);
  });

  it('holds the line when the task does not take what comes', async () => {
    let sent = 0;
    /** Looks in a row that found the line held. */
    let held = 0;
    onSocket = (socket) => {
      const timer = setInterval(() => {
        held = socket.bufferedAmount > 0 ? held + 1 : 0;
        if (held === 0)
          for (let i = 0; i < 100; i++) socket.send(JSON.stringify({ n: ++sent, text: 'x'.repeat(1000) }));
      }, 1);
      socket.on('close', () => clearInterval(timer));
    };
    const feed = await follow({});
    await feed.until(() => feed.out.length > 10);
    // Buffers on the way are full for a moment now and then; here nobody takes anything.
    await vi.waitFor(() => expect(held).toBeGreaterThan(300), { timeout: 20_000, interval: 20 });
    const before = sent;
    await feed.until(() => feed.out.length > before);
    expect(feed.out.map((value) => value.n)).toEqual(feed.out.map((_, i) => i + 1));
  });

  it('says what is wrong while the server is not there, and goes on when it is', async () => {
    const { port } = proxy.address() as AddressInfo;
    await new Promise<void>((done) => proxy.close(() => done()));
    onSocket = (socket) => socket.send('{"a":1}');
    const feed = await follow({});
    await feed.until(() => feed.problems.length > 0);
    expect(feed.problems[0]).toMatchObject({ code: 'SOCKET_UNREACHABLE', hint: expect.any(String) });
    await new Promise<void>((done) => proxy.listen(port, '127.0.0.1', done));
    await feed.until(() => feed.out.length === 1);
    expect(feed.problems.at(-1)).toBeNull();
  });
});

describe('a connection to a WebSocket', () => {
  it('is tested by opening it; a refused sign-in is said in words', async () => {
    let seen = '';
    sockets.options.verifyClient = (({ req }: { req: { headers: { authorization?: string } } }) => {
      seen = req.headers.authorization ?? '';
      return seen === 'Bearer right';
    }) as never;
    const signal = AbortSignal.timeout(5000);
    await expect(websocketConnection.test(`${address}/x?bearer=right`, signal)).resolves.toBeUndefined();
    await expect(websocketConnection.test(`${address}/x?bearer=wrong`, signal)).rejects.toMatchObject({
      code: 'SOCKET_SIGN_IN',
    });
    await expect(websocketConnection.test('ws://127.0.0.1:9/', signal)).rejects.toMatchObject({
      code: 'SOCKET_UNREACHABLE',
    });
    await expect(websocketConnection.test('https://h/', signal)).rejects.toMatchObject({ code: 'CONNECTION_URL' });
  });
});

describe('a live channel', () => {
  const serve = (hub: () => ChannelHub) => {
    onSocket = (socket, url) => {
      const since = url.searchParams.get('since');
      if (url.searchParams.has('publish')) hub().servePublisher(url.pathname.slice(1), socket);
      else
        hub().subscribe(
          url.pathname.slice(1),
          socket,
          since === null ? undefined : { epoch: url.searchParams.get('epoch')!, seq: Number(since) },
        );
    };
  };
  const record = (n: number) => ({ value: { n }, time: 1000 + n, op: 'insert' as const });

  it('cut 100 times: sent = received + gap, in order, nothing twice', async () => {
    // Few are kept, so that some interruptions are longer than what is kept.
    const hub = new ChannelHub(systemClock, 20);
    serve(() => hub);
    let sent = 0;
    const feed = await follow({ protocol: 'millrace', path: '/orders' });
    while (sockets.clients.size === 0) await feed.step();
    const timer = setInterval(() => hub.publish('orders', [record(++sent)]), 1);
    await feed.until(() => feed.out.length > 0);
    while (cuts < 100) {
      const before = feed.out.length;
      if (cut()) {
        if (cuts % 10 === 0)
          hub.publish(
            'orders',
            Array.from({ length: 30 }, () => record(++sent)),
          );
        await feed.until(() => feed.out.length > before);
      } else await feed.step();
    }
    clearInterval(timer);
    await feed.until(() => feed.out.at(-1)?.n === sent);
    const missed = feed.gaps.reduce((sum, gap) => sum + gap.missed, 0);
    const begun: number = feed.out[0].n;
    expect(begun - 1 + feed.out.length + missed).toBe(sent);
    expect(missed).toBeGreaterThan(0);
    const numbers = feed.out.map((value) => value.n);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('goes on from the committed number after a restart of the reader; another life of the server is a gap', async () => {
    let hub = new ChannelHub(systemClock);
    serve(() => hub);
    const feed = await follow({ protocol: 'millrace', path: '/orders' });
    while (sockets.clients.size === 0) await feed.step();
    await systemClock.sleep(20);
    hub.publish('orders', [1, 2, 3].map(record));
    await feed.until(() => feed.out.length === 3);
    await feed.reader.close?.();
    hub.publish('orders', [4, 5].map(record));
    const again = await follow({ protocol: 'millrace', path: '/orders' }, feed.position);
    await again.until(() => again.out.length === 2);
    expect(again.out).toEqual([{ n: 4 }, { n: 5 }]);
    expect(again.gaps).toEqual([]);
    hub = new ChannelHub(systemClock);
    hub.publish('orders', [record(9)]);
    cut();
    await again.until(() => again.gaps.length === 1 && again.out.length === 3);
    expect(again.gaps[0]).toMatchObject({ missed: null });
  });

  it('waits for nobody: who reads too slowly gets a gap, the others everything', async () => {
    const hub = new ChannelHub(systemClock, 100);
    serve(() => hub);
    const quick = await follow({ protocol: 'millrace', path: '/c' });
    while (sockets.clients.size < 1) await quick.step();
    const slow = await follow({ protocol: 'millrace', path: '/c' });
    while (sockets.clients.size < 2) await quick.step();
    await systemClock.sleep(30);
    const total = 6000;
    const big = 'x'.repeat(4000);
    for (let n = 1; n <= total; n++) {
      hub.publish('c', [{ value: { n, big }, time: n, op: 'insert' }]);
      if (n % 20 === 0) await quick.until(() => quick.out.at(-1)?.n === n);
    }
    await slow.until(() => slow.out.at(-1)?.n === total);
    const missed = slow.gaps.reduce((sum, gap) => sum + gap.missed, 0);
    expect(quick.out).toHaveLength(total);
    expect(quick.gaps).toEqual([]);
    expect(missed).toBeGreaterThan(0);
    expect(slow.out.length + missed).toBe(total);
  });

  it('is written by the sink through the server, cut or not, and says so when there is none', async () => {
    const hub = new ChannelHub(systemClock);
    serve(() => hub);
    const feed = await follow({ protocol: 'millrace', path: '/orders' });
    while (sockets.clients.size === 0) await feed.step();
    await systemClock.sleep(20);
    vi.stubEnv(CHANNELS_URL, address);
    vi.stubEnv(CHANNELS_TOKEN, 't');
    const harness = runOperator(write, { channel: 'orders' });
    harness.feedAll([{ n: 1 }, { n: 2 }]);
    await harness.settled();
    harness.feed({ value: { n: 2 }, op: 'delete' });
    await harness.settled();
    await feed.until(() => feed.out.length === 3);
    expect(feed.out).toEqual([{ n: 1 }, { n: 2 }, { n: 2, deleted: true }]);
    harness.close();
    vi.unstubAllEnvs();
    const alone = runOperator(write, { channel: 'orders' });
    alone.feed({ n: 1 });
    await vi.waitFor(() => expect(alone.problem?.code).toBe('CHANNEL_NO_SERVER'));
  });
});

describe('websocket.send', () => {
  it('sends each record in order, and again with its id until it is confirmed', async () => {
    const taken = new Map<string, Value>();
    let frames = 0;
    onSocket = (socket) => {
      expect(socket.protocol).toBe('millrace.ingest');
      socket.on('message', (data) => {
        const { id, record } = JSON.parse(data.toString());
        frames++;
        taken.set(id, record);
        // Confirmations are lost with the line.
        if (frames % 30 === 0 && cuts < 5) cut();
        else
          socket.send(
            JSON.stringify(record.n === 7 ? { id, error: { code: 'NOT_A_RECORD', message: 'no' } } : { ack: id }),
          );
      });
    };
    const harness = runOperator(send, { connection: address, confirm: 'millrace' });
    harness.feedAll(Array.from({ length: 100 }, (_, n) => ({ n })));
    let done = false;
    const settled = harness.settled().finally(() => (done = true));
    for (let ms = 1000; !done; ms += 1000) {
      await systemClock.sleep(5);
      if (!done) harness.clock(ms);
    }
    await settled;
    expect([...taken.values()]).toEqual(Array.from({ length: 100 }, (_, n) => ({ n })));
    expect(frames).toBeGreaterThan(100);
    expect(harness.dead.map(({ record }) => record?.value)).toEqual([{ n: 7 }]);
    harness.close();
  });

  it('sends plain JSON to plain servers', async () => {
    const taken: string[] = [];
    onSocket = (socket) => socket.on('message', (data) => taken.push(data.toString()));
    const harness = runOperator(send, { connection: address });
    harness.feedAll([{ n: 1 }, { n: 2 }]);
    await harness.settled();
    await vi.waitFor(() => expect(taken).toEqual(['{"n":1}', '{"n":2}']));
    harness.close();
  });
});
