import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CHANNEL_NAME, CHANNELS_TOKEN, CHANNELS_URL } from '@millrace/connector-websocket';
import { ChannelHub } from '@millrace/connector-websocket/channel-hub';
import type { Clock } from '@millrace/sdk';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Credentials, mayAct } from '../auth/credentials.js';
import { chosenProtocol, socketToken, socketUser } from '../http/socket-token.js';
import type { UpgradeTarget } from '../live/websocket.js';

const NAME = new RegExp(CHANNEL_NAME);
const MAX_FRAME = 8 * 1024 * 1024;
const MAX_SUBSCRIBERS = 500;
const HEARTBEAT = 15_000;

/**
 * `/channels/<name>`: whom the sink `websocket.write` speaks to. Subscribers come with the token of a viewer. Tasks of this server publish
 * over a socket on loopback that opens before any run does; workers on other machines over the public address with an editor's token.
 */
export class ChannelSockets implements UpgradeTarget {
  readonly prefix = '/channels/';
  readonly hub: ChannelHub;
  readonly #credentials: Credentials;
  readonly #secret = randomBytes(32).toString('base64url');
  readonly #sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: chosenProtocol('millrace.channel'),
  });
  readonly #inner: Server;
  readonly #beat: NodeJS.Timeout;
  readonly #alive = new WeakSet<WebSocket>();

  private constructor(clock: Clock, credentials: Credentials) {
    this.hub = new ChannelHub(clock);
    this.#credentials = credentials;
    this.#inner = createServer((_request, response) => response.writeHead(404).end());
    this.#inner.on('upgrade', (request, socket, head) => {
      socket.on('error', () => undefined);
      const name = nameOf(new URL(request.url ?? '/', 'http://server'));
      if (name === undefined || !this.#isOwn(socketToken(request))) return void socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#attach(client, name, undefined, true));
    });
    this.#beat = setInterval(() => this.#checkAll(), HEARTBEAT);
    this.#beat.unref();
  }

  /** Opens the way for tasks and puts it into `env`, from where they inherit it, unless it says another already. */
  static async open(
    clock: Clock,
    credentials: Credentials,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<ChannelSockets> {
    const channels = new ChannelSockets(clock, credentials);
    await new Promise<void>((done) => channels.#inner.listen(0, '127.0.0.1', done));
    channels.#inner.unref();
    env[CHANNELS_URL] = `ws://127.0.0.1:${(channels.#inner.address() as AddressInfo).port}/channels`;
    env[CHANNELS_TOKEN] = channels.#secret;
    return channels;
  }

  #isOwn(token: string | undefined): boolean {
    const given = Buffer.from(token ?? '');
    const own = Buffer.from(this.#secret);
    return given.length === own.length && timingSafeEqual(given, own);
  }

  async take(...[request, socket, head, url]: Parameters<UpgradeTarget['take']>): Promise<string | undefined> {
    const user = await socketUser(request, this.#credentials);
    const publish = url.searchParams.has('publish');
    if (user === undefined) return '401 Unauthorized';
    if (!mayAct(user.role, publish ? 'editor' : 'viewer')) return '403 Forbidden';
    const name = nameOf(url);
    if (name === undefined) return '404 Not Found';
    if (this.#sockets.clients.size >= MAX_SUBSCRIBERS) return '503 Service Unavailable';
    const seq = Number(url.searchParams.get('since') ?? Number.NaN);
    const since = Number.isSafeInteger(seq) ? { epoch: url.searchParams.get('epoch') ?? '', seq } : undefined;
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#attach(client, name, since, publish));
    return undefined;
  }

  #attach(client: WebSocket, name: string, since: { epoch: string; seq: number } | undefined, publish: boolean): void {
    client.on('error', () => client.terminate());
    this.#alive.add(client);
    client.on('pong', () => this.#alive.add(client));
    // Subscribers have nothing to say.
    if (publish) this.hub.servePublisher(name, client);
    else this.hub.subscribe(name, client, since);
  }

  #checkAll(): void {
    for (const client of this.#sockets.clients) {
      if (!this.#alive.delete(client)) client.terminate();
      else client.ping();
    }
  }

  close(): void {
    clearInterval(this.#beat);
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.#inner.close();
  }
}

function nameOf(url: URL): string | undefined {
  const name = url.pathname.slice('/channels/'.length);
  return url.pathname.startsWith('/channels/') && NAME.test(name) ? name : undefined;
}
