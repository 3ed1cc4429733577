import { decodeUtf8, parseStrictJson } from '@millrace/connector-http/strict-json';
import type { Value } from '@millrace/sdk';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { type Credentials, mayAct } from '../auth/credentials.js';
import { describeError, HttpError } from '../http/errors.js';
import { chosenProtocol, offeredProtocols, socketUser } from '../http/socket-token.js';
import type { UpgradeTarget } from '../live/websocket.js';
import { type IngestNode, type IngestService, recordTexts } from './service.js';

/** Bytes of one message. */
const MAX_FRAME = 256 * 1024;
/** What one socket may have on its way to the disk; beyond that it is not read, and TCP holds the sender. */
const MAX_IN_FLIGHT = 1000;
const MAX_IN_FLIGHT_BYTES = 1024 * 1024;
const MAX_CONNECTIONS = 500;
const HEARTBEAT = 15_000;
/** ms between tries while the log of the node is full. */
const FULL_PAUSE = 250;
/** ms that a sender has to answer when the server goes. */
const CLOSE_GRACE = 1000;
const PROTOCOL = 'millrace.ingest';

export interface IngestSocketOptions {
  ingest: IngestService;
  credentials: Credentials;
  ingested(node: IngestNode, records: number): void;
}

interface Message {
  texts: string[];
  /** What the confirmation names: the sender's id, or the number of the message on this socket. */
  name: string | number;
  id: string | undefined;
  bytes: number;
}

/**
 * `/ingest/<workflow>/<node>` as a WebSocket. Each message is one record or a list; it is confirmed with `{ ack: n }` (n counts messages
 * from 1) once it is on disk. With the sub-protocol `millrace.ingest` messages are `{ id, record }` or `{ id, records }`, confirmed with
 * `{ ack: id }`, and an id that comes again within 24 hours is confirmed without being taken twice: senders repeat what was not
 * confirmed. A message that cannot be taken is answered with `{ error, n | id }` and the socket goes on.
 */
export function ingestSockets(options: IngestSocketOptions): UpgradeTarget {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME,
    perMessageDeflate: false,
    handleProtocols: chosenProtocol(PROTOCOL),
  });
  return {
    prefix: '/ingest/',
    async take(request, socket, head, url) {
      const user = await socketUser(request, options.credentials);
      if (user === undefined || !mayAct(user.role, 'ingest')) return '401 Unauthorized';
      const [, , workflowId = '', nodeId = '', ...rest] = url.pathname.split('/');
      const node = rest.length > 0 ? undefined : await options.ingest.node(workflowId, nodeId);
      if (node === undefined) return '404 Not Found';
      if (sockets.clients.size >= MAX_CONNECTIONS) return '503 Service Unavailable';
      const named = offeredProtocols(request).includes(PROTOCOL);
      sockets.handleUpgrade(request, socket, head, (client) => new IngestSocket(client, node, named, options));
      return undefined;
    },
    close() {
      for (const client of sockets.clients) {
        client.close(1001);
        // A held socket is not read, so it would never see the answer to its close; a sender repeats what was not confirmed.
        if (client.isPaused) client.terminate();
        else setTimeout(() => client.terminate(), CLOSE_GRACE).unref();
      }
      sockets.close();
    },
  };
}

class IngestSocket {
  readonly #client: WebSocket;
  readonly #node: IngestNode;
  readonly #named: boolean;
  readonly #options: IngestSocketOptions;
  #count = 0;
  #inFlight = 0;
  #bytes = 0;
  /** Set while the log is full: messages wait their turn behind it, so their order is kept. */
  #waiting: Message[] = [];
  #full = false;

  constructor(client: WebSocket, node: IngestNode, named: boolean, options: IngestSocketOptions) {
    this.#client = client;
    this.#node = node;
    this.#named = named;
    this.#options = options;
    let alive = true;
    const beat = setInterval(() => {
      // A socket that is held does not read its pongs.
      if (!alive && !client.isPaused) return client.terminate();
      alive = false;
      client.ping();
    }, HEARTBEAT);
    beat.unref();
    client.on('pong', () => {
      alive = true;
    });
    client.on('message', (data, isBinary) => {
      alive = true;
      this.#take(data, isBinary);
    });
    client.on('error', () => client.terminate());
    client.on('close', () => clearInterval(beat));
  }

  #take(data: RawData, isBinary: boolean): void {
    const n = ++this.#count;
    let name: string | number = n;
    try {
      if (isBinary) throw new HttpError(422, 'NOT_TEXT', 'A message must be text.');
      const parsed = parseStrictJson(decodeUtf8(data as Buffer));
      const { id, records } = this.#named ? envelope(parsed) : { id: undefined, records: listOf(parsed) };
      if (id !== undefined) name = id;
      this.#write({ texts: recordTexts(records), name, id, bytes: (data as Buffer).length });
    } catch (thrown) {
      this.#refuse(name, thrown);
    }
  }

  #write(message: Message): void {
    this.#inFlight++;
    this.#bytes += message.bytes;
    if (this.#inFlight >= MAX_IN_FLIGHT || this.#bytes >= MAX_IN_FLIGHT_BYTES) this.#client.pause();
    if (this.#full) this.#waiting.push(message);
    else void this.#append(message);
  }

  async #append(message: Message): Promise<void> {
    const { ingest, ingested } = this.#options;
    try {
      await ingest.append(this.#node, message.texts, message.id);
      ingested(this.#node, message.texts.length);
      this.#send({ ack: message.name });
    } catch (thrown) {
      const { code } = thrown as { code?: string };
      const gone = this.#client.readyState !== this.#client.OPEN;
      if ((code === 'INGEST_FULL' || code === 'INGEST_UNAVAILABLE') && !gone) return this.#hold(message, code);
      this.#refuse(message.name, thrown);
    }
    this.#inFlight--;
    this.#bytes -= message.bytes;
    if (this.#client.isPaused && !this.#full && this.#inFlight < MAX_IN_FLIGHT / 2) this.#client.resume();
  }

  /** The log takes no more: the socket is held, and what has come waits in order until there is room. */
  #hold(message: Message, code: string): void {
    this.#waiting.push(message);
    if (this.#full) return;
    this.#full = true;
    this.#client.pause();
    this.#send({ wait: code });
    let trying = false;
    const again = setInterval(async () => {
      if (this.#client.readyState !== this.#client.OPEN) {
        clearInterval(again);
        return this.#client.terminate();
      }
      const [first] = this.#waiting;
      if (first === undefined || trying) return;
      let refused: unknown;
      trying = true;
      try {
        await this.#options.ingest.append(this.#node, first.texts, first.id);
      } catch (thrown) {
        const found = (thrown as { code?: string }).code;
        if (found === 'INGEST_FULL' || found === 'INGEST_UNAVAILABLE') return;
        refused = thrown;
      } finally {
        trying = false;
      }
      clearInterval(again);
      this.#full = false;
      const waiting = this.#waiting;
      this.#waiting = [];
      this.#inFlight -= waiting.length;
      for (const one of waiting) this.#bytes -= one.bytes;
      if (refused === undefined) {
        this.#options.ingested(this.#node, first.texts.length);
        this.#send({ ack: first.name });
      } else this.#refuse(first.name, refused);
      for (const one of waiting.slice(1)) this.#write(one);
      if (this.#inFlight < MAX_IN_FLIGHT / 2) this.#client.resume();
    }, FULL_PAUSE);
    again.unref();
  }

  #refuse(name: string | number, thrown: unknown): void {
    const { error } = describeError(thrown).body;
    this.#send({ error, ...(typeof name === 'string' ? { id: name } : { n: name }) });
  }

  #send(message: object): void {
    if (this.#client.readyState === this.#client.OPEN) this.#client.send(JSON.stringify(message));
  }
}

function envelope(message: Value): { id: string; records: unknown[] } {
  const { id, record, records } = (message ?? {}) as { id?: unknown; record?: unknown; records?: unknown };
  if (typeof id !== 'string' || id === '' || id.length > 250)
    throw new HttpError(422, 'MESSAGE_ID', 'A message needs an id of 1 to 250 characters.');
  if (Array.isArray(records)) return { id, records };
  return { id, records: [record] };
}

function listOf(message: Value): unknown[] {
  return Array.isArray(message) ? message : [message];
}
