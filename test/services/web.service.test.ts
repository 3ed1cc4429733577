import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ownFolder } from '../support/folder.js';
import { publish, serverProcess } from '../support/server.mjs';
import { crashes } from './support/crashes.js';
import { compare, full, type Row, readLines, record, writeRecords } from './support/records.js';
import { Child, type End, flow, until, writeGraph } from './support/run.js';
import { type Shop, webShop, withoutDelivery } from './support/web.js';

const COUNT = full || process.env.CI === 'true' ? 100_000 : 20_000;
/** Records of a test with kills. */
const KILLED = full ? 20_000 : 5000;

let server: Awaited<ReturnType<typeof serverProcess>> | undefined;
afterEach(async () => {
  await server?.kill();
  server = undefined;
});

const files = (rate?: number): End => ({
  operator: 'files.read',
  config: { path: 'in.ndjson', ...(rate && { rate }) },
});
const file: End = { operator: 'files.write', config: { path: 'out.ndjson' } };
const hook = (shop: Shop, more: object = {}): End => ({
  operator: 'http.webhook',
  config: { url: `${shop.address}/hook`, ...more },
});
const api = (shop: Shop, more: object = {}): End => ({
  operator: 'http.poll',
  config: {
    connection: shop.address,
    url: '/orders',
    records: 'orders',
    interval: '200 ms',
    paging: 'page',
    pageSize: 400,
    sinceField: 'at',
    sinceParam: 'since',
    id: ['id'],
    ...more,
  },
});

async function folderWith(count: number): Promise<string> {
  const folder = ownFolder();
  await writeRecords(join(folder, 'in.ndjson'), count);
  return folder;
}

/** A run that is killed with the test, whatever becomes of it. */
function run(folder: string, graph: unknown, env: { readonly [name: string]: string } = {}): Child {
  const child = new Child(writeGraph(folder, graph), join(folder, 'data'), env);
  onTestFinished(async () => {
    if (!child.result) await child.kill();
  });
  return child;
}

async function ended(child: Child): Promise<void> {
  const { code } = await child.ended;
  expect(code, `${child.stdout}\n${child.stderr}`).toBe(0);
}

const EQUAL = { lost: [], duplicates: [], changed: [], strange: [] };
function report(what: string, count: number, started: number, more = ''): void {
  const speed = Math.round(count / ((performance.now() - started) / 1000)).toLocaleString('en');
  process.stdout.write(`${what}: ${count} records equal; ${speed} records/s (starts included)${more}\n`);
}

/** Sends records to an ingest address in lists, each under a key of its own, until each has its 202; a server that is gone is waited for. */
async function post(path: string, from: number, to: number, size = 500): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < to) {
      const first = next;
      next = Math.min(to, next + size);
      const body = Array.from({ length: next - first }, (_, i) => record(first + i));
      await until(`the records from ${first} on to be taken`, async () => {
        const answer = await server
          ?.call(path, { body, headers: { 'idempotency-key': `from-${first}` } })
          .catch(() => undefined);
        if (answer === undefined) await pause(50);
        return answer?.status === 202;
      });
    }
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}

/** A workflow that takes records over HTTP and WebSocket; answers the path of its entrance. */
async function entrance(data: string, sink: End, env: NodeJS.ProcessEnv): Promise<string> {
  server = await serverProcess(data, env);
  const { id } = await publish(server, flow({ operator: 'http.ingest', config: {} }, sink));
  return `/ingest/${id}/in`;
}

/** Kills the server with -9 and starts it on the same data. */
async function restarted(data: string, env: NodeJS.ProcessEnv): Promise<void> {
  await server?.kill('SIGKILL');
  server = undefined;
  server = await serverProcess(data, env);
}

describe('REST', () => {
  it('brings every kind of value through a webhook and back through a polled API', async () => {
    const shop = await webShop();
    const sending = await folderWith(COUNT);
    const started = performance.now();
    await ended(run(sending, flow(files(), hook(shop, { batchSize: 100 })), shop.env));
    expect(compare(COUNT, shop.taken, withoutDelivery)).toEqual(EQUAL);
    report('http.webhook', COUNT, started);

    shop.shown = shop.taken.map(withoutDelivery);
    const folder = ownFolder();
    const back = performance.now();
    const reading = run(folder, flow(api(shop), file));
    const seen = () => readLines(join(folder, 'out.ndjson'));
    await until(
      'the records to come back',
      () => reading.result !== undefined || lastOf(folder) === COUNT - 1,
      120_000,
    );
    // Later rounds list the last ones again.
    await pause(600);
    await reading.kill('SIGTERM');
    expect(compare(COUNT, seen())).toEqual(EQUAL);
    report('http.poll', COUNT, back);
  });

  it('brings every kind of value from the ingest to a webhook', async () => {
    const shop = await webShop();
    const path = await entrance(join(ownFolder(), 'data'), hook(shop, { batchSize: 100 }), shop.env);
    const started = performance.now();
    await post(path, 0, COUNT);
    await until('the records to arrive', () => shop.taken.length >= COUNT, 120_000);
    expect(compare(COUNT, shop.taken, withoutDelivery)).toEqual(EQUAL);
    report('http.ingest → http.webhook', COUNT, started);
  });

  it('takes each record of an API once over five kills', async () => {
    const shop = await webShop();
    // 100 records every 200 ms.
    const count = 2 * KILLED;
    shop.shown = Array.from({ length: count }, (_, n) => record(n));
    shop.delay = 200;
    const folder = ownFolder();
    const result = await crashes({
      graph: writeGraph(folder, flow(api(shop, { pageSize: 100 }), file)),
      dataDir: join(folder, 'data'),
      count,
      read: () => readLines(join(folder, 'out.ndjson')),
    });
    expect(result).toMatchObject(EQUAL);
  });

  it('posts each record under one id over five kills, refusals and cut connections', async () => {
    const shop = await webShop();
    shop.trouble = { refuse: 17, cut: 23 };
    const folder = await folderWith(KILLED);
    const result = await crashes({
      graph: writeGraph(folder, flow(files(full ? 600 : 300), hook(shop, { batchSize: 10 }))),
      dataDir: join(folder, 'data'),
      count: KILLED,
      env: shop.env,
      read: () => shop.taken,
      progress: () => new Set(shop.taken.map(({ id }) => id)).size,
      tidy: withoutDelivery,
      deliveryId: ({ delivery }) => delivery as string,
    });
    expect(result).toMatchObject({ lost: [], changed: [], strange: [], unlike: [] });
    expect(result.duplicates.length, 'records that came again').toBeGreaterThan(0);
    expect(shop.calls.refused + shop.calls.cut).toBeGreaterThan(20);
  });

  it('takes each record that it answered for once over five kills of the server', async () => {
    const shop = await webShop();
    const data = join(ownFolder(), 'data');
    const path = await entrance(data, hook(shop, { batchSize: 20 }), shop.env);
    const sending = post(path, 0, KILLED, 20);
    const arrived = () => new Set(shop.taken.map(({ id }) => id)).size;
    for (let kill = 1; kill <= 5; kill++) {
      await until(`records before kill ${kill}`, () => arrived() > (KILLED * (kill - 1)) / 6);
      expect(arrived()).toBeLessThan(KILLED);
      await restarted(data, shop.env);
    }
    await sending;
    await until('the rest of the records', () => arrived() === KILLED, 60_000);
    const { duplicates, ...rest } = compare(KILLED, shop.taken, withoutDelivery);
    expect(rest).toEqual({ lost: [], changed: [], strange: [] });
    expectSameIds(shop.taken);
    process.stdout.write(
      `http.ingest → http.webhook: 5 kills of the server, lost 0, again ${duplicates.length} under the same id\n`,
    );
  });
});

describe('WebSocket', () => {
  it('brings every kind of value from a feed, which waits for the reader', async () => {
    const folder = ownFolder();
    const url = await feedOf(async (socket) => {
      for (let n = 0; n < COUNT; n++) {
        socket.send(JSON.stringify(record(n)));
        if (socket.bufferedAmount > 1 << 20) await until('the reader', () => socket.bufferedAmount < 1 << 19, 60_000);
      }
    });
    const started = performance.now();
    const reading = run(folder, flow({ operator: 'websocket.read', config: { connection: url } }, file));
    await until('the records', () => reading.result !== undefined || lastOf(folder) === COUNT - 1, 120_000);
    const seconds = performance.now();
    await reading.kill('SIGTERM');
    expect(compare(COUNT, readLines(join(folder, 'out.ndjson')))).toEqual(EQUAL);
    report('websocket.read', COUNT, started - (performance.now() - seconds));
  });

  it('brings every kind of value to the ingest, and to whoever follows a channel', async () => {
    const path = await entrance(
      join(ownFolder(), 'data'),
      { operator: 'websocket.write', config: { channel: 'all' } },
      {},
    );
    const rows: Row[] = [];
    let gaps = 0;
    const follower = new WebSocket(`${server!.url.replace('http', 'ws')}/channels/all`, [`bearer.${server!.token}`]);
    follower.on('message', (data) => {
      const { value, gap } = JSON.parse(data.toString()) as { value?: Row; gap?: { count: number } };
      if (value) rows.push(value);
      gaps += gap?.count ?? 0;
    });
    onTestFinished(() => follower.terminate());
    await new Promise((resolve) => follower.once('open', resolve));
    const folder = await folderWith(COUNT);
    const started = performance.now();
    await ended(run(folder, flow(files(), sendTo(path))));
    await until('the records', () => rows.length + gaps >= COUNT, 120_000);
    // A channel waits for nobody: what the follower was too slow for is counted, nothing comes twice or changed.
    const { lost, ...rest } = compare(COUNT, rows);
    expect(rest).toEqual({ duplicates: [], changed: [], strange: [] });
    expect(lost).toHaveLength(gaps);
    report('websocket.send → http.ingest → websocket.write', rows.length, started, `, ${gaps} told as a gap`);
  });

  it('sends each record once to another Millrace over five kills of the sender and one of the receiver', async () => {
    const shop = await webShop();
    const data = join(ownFolder(), 'data');
    const port = String(20_000 + Math.floor(Math.random() * 10_000));
    const env = { ...shop.env, PORT: port };
    const path = await entrance(data, hook(shop, { batchSize: 50 }), env);
    const folder = await folderWith(KILLED);
    const bounce = { done: false };
    const progress = () => new Set(shop.taken.map(({ id }) => id)).size;
    const result = await crashes({
      graph: writeGraph(folder, flow(files(full ? 600 : 300), sendTo(path))),
      dataDir: join(folder, 'data'),
      count: KILLED,
      // The sender ends when all is confirmed; the receiver may still be on its way with it.
      read: async () => {
        await until('the receiver to pass on what it confirmed', () => progress() === KILLED, 60_000);
        return shop.taken;
      },
      progress: async () => {
        if (!bounce.done && progress() > KILLED / 3) {
          bounce.done = true;
          await restarted(data, env);
        }
        return progress();
      },
      tidy: withoutDelivery,
      deliveryId: ({ delivery }) => delivery as string,
    });
    expect(bounce.done).toBe(true);
    expect(result).toMatchObject({ lost: [], changed: [], strange: [], unlike: [] });
  });

  it('takes nothing of a feed twice over five kills, and counts what it missed', async () => {
    const folder = ownFolder();
    const count = 2 * KILLED;
    let sent = 0;
    const url = await feedOf(undefined, (feed) => {
      let unheard = 0;
      const timer = setInterval(() => {
        // While the reader is dead the feed goes on for a moment: that is what it misses.
        const listening = feed.clients.size > 0;
        for (let i = 0; i < 10 && sent < count && (listening || (sent > 0 && unheard < 60)); i++, sent++) {
          unheard = listening ? 0 : unheard + 1;
          for (const socket of feed.clients) socket.send(JSON.stringify({ ...record(sent), seq: sent + 1 }));
        }
      }, 20);
      onTestFinished(() => clearInterval(timer));
    });
    const graph = flow({ operator: 'websocket.read', config: { connection: url, sequence: 'seq' } }, file) as {
      nodes: object[];
      edges: object[];
    };
    graph.nodes.push({ id: 'gaps', operator: 'files.write', config: { path: 'gaps.ndjson' } });
    graph.edges.push({ id: 'g', source: 'in', sourceHandle: 'gaps', target: 'gaps' });
    const path = writeGraph(folder, graph);
    const rows = () => readLines(join(folder, 'out.ndjson'));
    const missed = () => readLines(join(folder, 'gaps.ndjson')).reduce((sum, gap) => sum + Number(gap.missed), 0);
    let child = new Child(path, join(folder, 'data'));
    try {
      for (let kill = 1; kill <= 5; kill++) {
        const before = rows().length;
        await until(`records before kill ${kill}`, () => rows().length > before + 100);
        expect(sent).toBeLessThan(count);
        await child.kill();
        child = new Child(path, join(folder, 'data'));
      }
      await until('the last record', () => rows().at(-1)?.seq === count, 60_000);
    } finally {
      await child.kill();
    }
    const { lost, ...rest } = compare(count, rows(), ({ seq, ...row }) => row as Row);
    expect(rest).toEqual({ duplicates: [], changed: [], strange: [] });
    expect(missed()).toBe(lost.length);
    process.stdout.write(
      `websocket.read: 5 kills, ${rows().length} taken, ${missed()} of ${lost.length} missed told, twice 0\n`,
    );
  });
});

const sendTo = (path: string): End => ({
  operator: 'websocket.send',
  config: {
    connection: `${server!.url.replace('http', 'ws')}?bearer=${server!.token}`,
    path,
    confirm: 'millrace',
  },
});

/** A WebSocket server of the test; `greet` has each new client. */
async function feedOf(
  greet?: (socket: WebSocket) => Promise<void>,
  begin?: (feed: WebSocketServer) => void,
): Promise<string> {
  const feed = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => feed.once('listening', resolve));
  if (greet) feed.on('connection', (socket) => void greet(socket).catch(() => socket.terminate()));
  begin?.(feed);
  onTestFinished(() => {
    for (const socket of feed.clients) socket.terminate();
    feed.close();
  });
  return `ws://127.0.0.1:${(feed.address() as { port: number }).port}/`;
}

/** Number of the last whole record in the result, −1 when there is none: cheap, for long files. */
function lastOf(folder: string): number {
  const file = join(folder, 'out.ndjson');
  if (!existsSync(file)) return -1;
  const size = statSync(file).size;
  const length = Math.min(size, 4096);
  const buffer = Buffer.alloc(length);
  const handle = openSync(file, 'r');
  readSync(handle, buffer, 0, length, size - length);
  closeSync(handle);
  const text = buffer.toString('utf8');
  const found = [...text.matchAll(/"id":"r(\d{7})"/g)].at(-1);
  return found && text.endsWith('\n') ? Number(found[1]) : -1;
}

/** Records that came more than once came under one id. */
function expectSameIds(taken: Shop['taken']): void {
  const ids = new Map<string, string>();
  for (const { id, delivery } of taken) {
    expect(delivery).not.toBe('');
    expect(ids.get(id) ?? delivery).toBe(delivery);
    ids.set(id, delivery);
  }
}
