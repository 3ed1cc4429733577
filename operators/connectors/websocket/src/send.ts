import {
  type Behaviour,
  type Context,
  defineOperator,
  Field,
  keepTrying,
  MillraceError,
  type Setup,
  type Static,
  type StreamRecord,
  Type,
} from '@millrace/sdk';
import type { WebSocket } from 'ws';
import { openSocket, socketAddress, websocketConnection } from './connection.js';

/** Bytes under way on the line before more is sent. */
const MAX_UNDER_WAY = 1024 * 1024;
/** ms to wait for an answer. */
const CONFIRM = 10_000;

const config = Type.Object(
  {
    connection: Field.connection('websocket'),
    path: Type.Optional(
      Type.String({
        title: 'Path',
        description:
          'End of the address: where to send to, such as /orders. Empty: the address of the connection as it is.',
        maxLength: 1024,
        'x-ui': { placeholder: '/ingest/orders/in' },
      }),
    ),
    confirm: Type.Optional(
      Type.Enum(['none', 'millrace'], {
        title: 'Confirmation',
        description:
          'none: a record counts as delivered once it is sent. millrace: only when the other side is a node HTTP in of another Millrace, which confirms each record when it is on disk.',
        default: 'none',
      }),
    ),
  },
  { additionalProperties: false },
);
type Config = Static<typeof config>;

export const send = defineOperator({
  type: 'websocket.send',
  version: 1,
  docs: {
    title: 'WebSocket out',
    summary: 'Sends each record to a WebSocket server.',
    description: [
      'Use it to pass records on live to a system that takes them over a WebSocket, an open line between two programs: a board of your own, a partner, another Millrace. Where nothing may be lost, take the operator Webhook instead, or send to another Millrace.',
      'Records are sent in order, each as one message. When the line is cut it is opened again by itself; plain servers do not say what has arrived, so records that were on their way are lost. Another Millrace confirms each record once it is on disk: then every record arrives, and one that is sent again carries the same id and is taken once.',
      '**For your IT helper.** Messages are JSON. A slow receiver slows the node down.',
    ].join('\n\n'),
    category: 'sink',
    icon: 'send',
    zh: { title: 'WebSocket 输出', summary: '将每条记录发送到 WebSocket 服务器。' },
  },
  config,
  connection: websocketConnection,
  summary: ({ connection, path }) => `${connection}${path ?? ''}`,
  inputs: { in: { title: 'Records', accepts: 'append' } },
  outputs: {},
  traits: { outside: true, delivery: 'at-most-once', parallelism: 'single' },
  examples: [
    {
      title:
        'Each order to a WebSocket (only on the command line may an address stand in place of the name of a connection)',
      config: { connection: 'ws://127.0.0.1:9/', path: '/orders' },
      input: [],
    },
  ],
  delivery: ({ confirm }) => (confirm === 'millrace' ? 'at-least-once' : 'at-most-once'),
  create: (setup) => new Sender(setup),
});

class Sender implements Behaviour {
  readonly #setup: Setup<Config>;
  #socket: WebSocket | undefined;

  constructor(setup: Setup<Config>) {
    this.#setup = setup;
  }

  async onBatch(records: readonly StreamRecord[], _port: string, ctx: Context): Promise<void> {
    const frames = new Map(records.map((record) => [ctx.deliveryId(record), record]));
    const confirm = this.#setup.config.confirm === 'millrace';
    // What was confirmed is not sent again within this batch.
    await keepTrying(this.#setup, () => (confirm ? this.#confirmed(frames, ctx) : this.#plain(frames)));
  }

  async #plain(frames: Map<string, StreamRecord>): Promise<void> {
    const socket = await this.#open();
    for (const [id, record] of frames) {
      await new Promise<void>((resolve, reject) => {
        const written = (error?: Error | null) => (error ? reject(cut()) : resolve());
        socket.send(JSON.stringify(record.value), written);
      });
      frames.delete(id);
    }
  }

  async #confirmed(frames: Map<string, StreamRecord>, ctx: Context): Promise<void> {
    const socket = await this.#open();
    await new Promise<void>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const ids = frames.keys();
      const end = (error?: Error) => {
        clearTimeout(timer);
        socket.off('message', answered);
        socket.off('close', closed);
        if (error) reject(error);
        else resolve();
      };
      const closed = () => end(cut());
      const more = () => {
        clearTimeout(timer);
        timer = setTimeout(() => socket.terminate(), CONFIRM);
        while (socket.bufferedAmount < MAX_UNDER_WAY) {
          const { value: id, done } = ids.next();
          if (done) break;
          socket.send(JSON.stringify({ id, record: frames.get(id)!.value }));
        }
        if (frames.size === 0) end();
      };
      const answered = (data: Buffer) => {
        const { ack, error, id } = JSON.parse(data.toString()) as {
          ack?: string;
          id?: string;
          error?: { code: string; message: string };
        };
        const record = frames.get(ack ?? id ?? '');
        if (record === undefined) return;
        frames.delete((ack ?? id)!);
        if (error) ctx.fail(record, new MillraceError(error.message, { code: error.code }));
        more();
      };
      socket.on('message', answered);
      socket.on('close', closed);
      more();
    });
  }

  async #open(): Promise<WebSocket> {
    if (this.#socket?.readyState === 1) return this.#socket;
    const { connection, path, confirm } = this.#setup.config;
    const socket = await openSocket(socketAddress(connection, path), {
      protocols: confirm === 'millrace' ? ['millrace.ingest'] : [],
      signal: this.#setup.signal,
    });
    socket.on('error', () => undefined);
    this.#socket = socket;
    return socket;
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
  }
}

function cut(): MillraceError {
  return new MillraceError('The line to the WebSocket server was cut.', {
    code: 'SOCKET_CUT',
    domain: 'external',
    hint: 'It is connected again by itself.',
  });
}
