import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { mayAct, type User } from '../auth/credentials.js';
import type { Tickets } from '../auth/tickets.js';
import { sameOrigin } from '../http/origin.js';
import type { PageOptions } from '../runs/views.js';
import type { Hub, LiveMessage } from './hub.js';
import { Outbox } from './outbox.js';
import type { ViewFeeds } from './view-feeds.js';

const PATH = '/api/live';
const HEARTBEAT = 5000;
const MAX_FRAME = 256 * 1024;
const MAX_RUNS = 100;
const MAX_VIEWS = 20;
const NO_RUN = JSON.stringify({ type: 'error', error: { code: 'NOT_FOUND', message: 'There is no such run.' } });
const MAX_CONNECTIONS = 500;
/** Messages a client may send in one heartbeat: subscriptions are rare. */
const MAX_MESSAGES = 100;

/** Serves the sockets under one path; whom it lets in is its own affair. */
export interface UpgradeTarget {
  /** Beginning of its paths, e.g. `/ingest/`. */
  prefix: string;
  /** Answers the status line of a refusal, or takes the socket and answers undefined. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): Promise<string | undefined>;
  close(): void;
}

export interface LiveOptions {
  hub: Hub;
  tickets: Tickets;
  hostAllowed: (host: string | undefined) => boolean;
  publicUrl: URL | undefined;
  feeds: ViewFeeds;
  /** Other paths that are served over WebSockets. */
  others: readonly UpgradeTarget[];
  /** True if the user may see personal data. */
  maySee: (user: User) => boolean;
  /** True if there is such a run. */
  runExists: (id: string) => Promise<boolean>;
}

/** Serves the one live connection of each editor tab: Host, Origin and a single-use ticket are checked before the upgrade. */
export function serveLive(server: Server, options: LiveOptions): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://server');
    const target = options.others.find(({ prefix }) => url.pathname.startsWith(prefix));
    if (target !== undefined) return void handOver(target, request, socket, head, url, options);
    const user = admit(request, options);
    if (typeof user === 'string') return refuse(socket, user);
    if (sockets.clients.size >= MAX_CONNECTIONS) return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, (client) => attach(client, options, user));
  });
  return {
    close: () => {
      for (const client of sockets.clients) client.close(1001);
      sockets.close();
      for (const target of options.others) target.close();
    },
  };
}

/** Programs sign in with a token, never with a cookie, so a page of another site gains nothing here; the Host is checked all the same. */
async function handOver(
  target: UpgradeTarget,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  url: URL,
  { hostAllowed }: LiveOptions,
): Promise<void> {
  socket.on('error', () => undefined);
  const refusal = hostAllowed(request.headers.host)
    ? await target.take(request, socket, head, url).catch(() => '500 Internal Server Error')
    : '421 Misdirected Request';
  if (refusal !== undefined) refuse(socket, refusal);
}

/** Who is there, or why it is not let in. */
function admit(request: IncomingMessage, { tickets, hostAllowed, publicUrl }: LiveOptions): User | string {
  if (!hostAllowed(request.headers.host)) return '421 Misdirected Request';
  if (!sameOrigin(request, publicUrl)) return '403 Forbidden';
  const url = new URL(request.url ?? '/', 'http://server');
  if (url.pathname !== PATH) return '404 Not Found';
  const user = tickets.take(url.searchParams.get('ticket') ?? '');
  return user !== undefined && mayAct(user.role, 'viewer') ? user : '401 Unauthorized';
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function attach(client: WebSocket, { hub, runExists, feeds, maySee }: LiveOptions, user: User): void {
  const hide = !maySee(user);
  const runs = new Set<string>();
  const views = new Map<string, () => void>();
  let workflows = false;
  let alive = true;
  let messages = 0;
  const outbox = new Outbox({
    buffered: () => client.bufferedAmount,
    write: (text) => client.send(text),
    giveUp: () => drop(client, 1013),
  });
  const followRun = async (run: string, on: boolean) => {
    if (!on) return void runs.delete(run);
    if (!(await runExists(run).catch(() => false))) return outbox.send(NO_RUN);
    if (runs.size < MAX_RUNS) runs.add(run);
  };
  const detach = hub.add({
    wants: (message) => wanted(message, runs, workflows),
    send: (text, key) => outbox.send(text, key),
  });
  const timer = setInterval(() => {
    if (!alive) return client.terminate();
    alive = false;
    messages = 0;
    client.ping();
    outbox.flush();
    outbox.send('{"type":"ping"}', 'ping');
  }, HEARTBEAT);
  client.on('pong', () => {
    alive = true;
  });
  client.on('message', (data, isBinary) => {
    alive = true;
    if (client.readyState !== client.OPEN) return;
    if (isBinary || ++messages > MAX_MESSAGES) return drop(client, 1008);
    const request = readRequest(data.toString());
    if (request === undefined) return drop(client, 1007);
    if (request.workflows) workflows = request.on;
    if (request.view !== undefined) followView({ ...request.view, hide }, request.on, views, feeds, outbox);
    if (request.run !== undefined) void followRun(request.run, request.on);
  });
  client.on('error', () => client.terminate());
  client.on('close', () => {
    clearInterval(timer);
    detach();
    for (const stop of views.values()) stop();
  });
}

function followView(
  { name, ...options }: ViewWish & { hide: boolean },
  on: boolean,
  views: Map<string, () => void>,
  feeds: ViewFeeds,
  outbox: Outbox,
): void {
  views.get(name)?.();
  views.delete(name);
  if (!on || views.size >= MAX_VIEWS) return;
  views.set(
    name,
    feeds.follow(name, options, (text) => outbox.send(text, `rows ${name}`)),
  );
}

/** Ends a connection with a reason, and for good when the other side does not close it too. */
function drop(client: WebSocket, code: number): void {
  client.close(code);
  setTimeout(() => client.terminate(), 500).unref();
}

interface ViewWish extends Omit<PageOptions, 'hide'> {
  name: string;
}

interface LiveRequest {
  on: boolean;
  run: string | undefined;
  workflows: boolean;
  view: ViewWish | undefined;
}

/** `{ subscribe: { run?, workflows?, view? } }` or `{ unsubscribe: … }`; undefined for anything else. */
function readRequest(text: string): LiveRequest | undefined {
  let message: { subscribe?: unknown; unsubscribe?: unknown };
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return undefined;
  }
  if (message === null || typeof message !== 'object') return undefined;
  const wish = (message.subscribe ?? message.unsubscribe) as
    | { run?: unknown; workflows?: unknown; view?: unknown }
    | null
    | undefined;
  if (wish === null || typeof wish !== 'object') return undefined;
  const run = typeof wish.run === 'string' && wish.run.length <= 64 ? wish.run : undefined;
  return {
    on: message.subscribe !== undefined,
    run,
    workflows: wish.workflows === true,
    view: readViewWish(wish.view),
  };
}

/** A view by name, or `{ name, limit?, sort?, desc? }`. */
function readViewWish(wish: unknown): ViewWish | undefined {
  const { name, limit, sort, desc } = (typeof wish === 'string' ? { name: wish } : (wish ?? {})) as {
    [field: string]: unknown;
  };
  if (typeof name !== 'string' || name.length > 300) return undefined;
  const rows = Number.isInteger(limit) ? Math.min(Math.max(Number(limit), 1), 1000) : 100;
  return {
    name,
    limit: rows,
    desc: desc === true || desc === 1,
    ...(typeof sort === 'string' && sort.length <= 256 && { sort }),
  };
}

/** A run's metrics go to those who watch the run; changes of runs, workflows and views also to those who watch the list. */
export function wanted(message: LiveMessage, runs: ReadonlySet<string>, workflows: boolean): boolean {
  if (message.type === 'metrics') return runs.has(message.runId);
  if (message.type === 'run') return workflows || runs.has(message.run.id);
  return workflows || (message.type === 'view' && runs.size > 0);
}
