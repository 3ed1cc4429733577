import {
  type Behaviour,
  type Context,
  defineOperator,
  keepTrying,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
} from '@millrace/sdk';
import type { WebSocket } from 'ws';
import type { ChannelRecord } from './channel-hub.js';
import { openSocket } from './connection.js';

/** Where the server of this run takes records for its channels, and what lets a task in. The server sets both for its tasks. */
export const CHANNELS_URL = 'MILLRACE_CHANNELS_URL';
export const CHANNELS_TOKEN = 'MILLRACE_CHANNELS_TOKEN';
export const CHANNEL_NAME = '^[a-z][a-z0-9_-]{0,63}$';

/** Records of one frame to the server. */
const FRAME_RECORDS = 500;
/** ms to wait for the server to confirm a frame. */
const CONFIRM = 10_000;

const config = Type.Object(
  {
    channel: Type.String({
      title: 'Channel',
      description: 'Name under which others follow it: lower-case letters, digits, - and _.',
      pattern: CHANNEL_NAME,
      'x-ui': { placeholder: 'orders' },
    }),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const write = defineOperator({
  type: 'websocket.write',
  version: 1,
  docs: {
    title: 'Live channel',
    summary: 'Sends records live to everyone who follows a channel of this server.',
    description: [
      'Use it to show something live on a page or screen of your own: each record is sent, the moment it passes, to everyone who follows the channel. Records that nobody follows are not kept: to keep them, write them to a file or a database as well. A table to look at in Millrace itself is the operator Live table.',
      'Who was away for a moment gets what was missed: the last 1,000 records or 60 seconds are kept. Who was away longer, or reads too slowly, is told how many records are missing and is never waited for.',
      '**For whoever programs the page.** Open a WebSocket to `/channels/<channel>` of this server with an API token (the role `viewer` is enough); each record comes as `{ seq, time, op, value }`. Come back with `?since=<seq>&epoch=<epoch>`, both from what came before, to get what was missed; `{ gap: { from, to, count } }` stands for what is gone. A restart of the server begins a new count.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'broadcast',
    zh: { title: '实时频道', summary: '将记录实时发送给关注本服务器频道的所有人。' },
  },
  config,
  summary: ({ channel }) => `/channels/${channel}`,
  inputs: { in: { title: 'Records', accepts: 'any' } },
  outputs: {},
  traits: { outside: true, delivery: 'at-most-once', parallelism: 'single' },
  examples: [{ title: 'Orders live, for a screen in the warehouse', config: { channel: 'orders' }, input: [] }],
  create: (setup) => new ChannelWriter(setup),
});

class ChannelWriter implements Behaviour {
  readonly #setup: Setup<Config>;
  #socket: WebSocket | undefined;
  #frame = 0;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
  }

  async onBatch(records: readonly StreamRecord[], _port: string, _ctx: Context): Promise<void> {
    for (let i = 0; i < records.length; i += FRAME_RECORDS) {
      const part = records
        .slice(i, i + FRAME_RECORDS)
        .map(({ value, time, op }): ChannelRecord => ({ value, time, op }));
      await keepTrying(this.#setup, () => this.#send(part));
    }
  }

  async #send(records: readonly ChannelRecord[]): Promise<void> {
    const seq = ++this.#frame;
    const socket = await this.#open();
    const confirmed = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => socket.terminate(), CONFIRM);
      const listen = (data: Buffer) => {
        if ((JSON.parse(data.toString()) as { ack?: number }).ack !== seq) return;
        done();
        resolve();
      };
      const cut = () => {
        done();
        this.#socket = undefined;
        reject(lost());
      };
      const done = () => {
        clearTimeout(timer);
        socket.off('message', listen);
        socket.off('close', cut);
      };
      socket.on('message', listen);
      socket.on('close', cut);
    });
    socket.send(JSON.stringify({ seq, records }));
    await confirmed;
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === 1) return this.#socket;
    const base = process.env[CHANNELS_URL];
    if (!base) throw noServer();
    const url = new URL(base);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/${this.#setup.config.channel}`;
    url.searchParams.set('publish', '1');
    const token = process.env[CHANNELS_TOKEN] ?? '';
    const socket = await openSocket({ url: url.href, headers: { authorization: `Bearer ${token}` } });
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }

  close(): void {
    this.#socket?.terminate();
  }
}

function lost(): MillraceError {
  return new MillraceError('The server of the live channel was lost.', {
    code: 'CHANNEL_LOST',
    domain: 'external',
    hint: 'It is tried again by itself.',
  });
}

function noServer(): MillraceError {
  return new MillraceError('No Millrace server serves live channels for this run.', {
    code: 'CHANNEL_NO_SERVER',
    domain: 'user',
    retry: 'backoff',
    hint: `Publish the workflow on a server, or set ${CHANNELS_URL} (such as wss://millrace.example/channels) and ${CHANNELS_TOKEN} (an API token of an editor).`,
  });
}
