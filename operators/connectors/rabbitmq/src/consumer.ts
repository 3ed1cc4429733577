import {
  connectionUrl,
  keepTrying,
  MillraceError,
  type SourceBatch,
  type SourceReader,
  type SourceSetup,
  type Value,
} from '@millrace/sdk';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { connectRabbit, explainRabbit } from './connect.js';
import { Ledger, type LedgerState } from './ledger.js';
import type { ReadConfig } from './read-config.js';
import { toValue } from './to-value.js';

/** Ids remembered: more than can be in flight or acknowledged without the server having noted it. */
const WINDOW = 10_000;

/** Consumes one queue; connects again whenever the connection or the channel is lost. */
export class QueueReader implements SourceReader {
  readonly #ledger: Ledger;
  readonly #toValue: (message: ConsumeMessage) => Value;
  readonly #url: string;
  #waiting: ConsumeMessage[] = [];
  #from = 0;
  #connection: ChannelModel | undefined;
  #channel: Channel | undefined;
  #closed = false;
  #failure: unknown;

  constructor(
    private readonly setup: SourceSetup<ReadConfig>,
    position: Value | null,
  ) {
    const { connection, prefetch = 3000 } = setup.config;
    this.#url = connectionUrl(connection);
    this.#ledger = new Ledger(position as LedgerState | null, Math.max(WINDOW, 2 * prefetch));
    this.#toValue = toValue(setup.config);
    void this.#stayConnected();
  }

  async #stayConnected(): Promise<void> {
    try {
      while (!this.#closed) {
        const { lost } = await keepTrying(this.setup, () => this.#connect(), { explain: explainRabbit });
        await lost;
        this.#channel = undefined;
        this.#waiting = [];
        this.#from = 0;
        this.#ledger.reset();
        await this.#connection?.close().catch(() => undefined);
      }
    } catch (error) {
      this.#failure = error;
      this.setup.wake();
    }
  }

  /** `lost` resolves when the channel is. */
  async #connect(): Promise<{ lost: Promise<void> }> {
    if (this.#closed) throw closedReader();
    const { queue, create = 'never', prefetch = 3000 } = this.setup.config;
    const connection = await connectRabbit(this.#url);
    try {
      const channel = await connection.createChannel();
      let refusal: unknown;
      channel.on('error', (error: unknown) => {
        refusal = error;
      });
      const lost = new Promise<void>((resolve) => {
        channel.once('close', resolve);
        connection.once('close', resolve);
      });
      if (create === 'never') await channel.checkQueue(queue);
      else await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': create } });
      await channel.prefetch(prefetch);
      const cancelled = new Promise<void>((resolve) => {
        channel
          .consume(queue, (message) => (message === null ? resolve() : this.#arrived(channel, message)))
          .catch(() => resolve());
      });
      if (refusal !== undefined) throw refusal;
      this.#connection = connection;
      this.#channel = channel;
      if (this.#closed) await connection.close();
      return { lost: Promise.race([lost, cancelled]) };
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  #arrived(channel: Channel, message: ConsumeMessage): void {
    const { messageId } = message.properties as { messageId?: string };
    const id = this.setup.config.messageIds === 'ignored' ? undefined : messageId;
    if (this.#ledger.arrived(message.fields.deliveryTag, id)) {
      this.#waiting.push(message);
      if (this.#waiting.length - this.#from === 1) this.setup.wake();
    } else this.#acknowledge(channel, this.#ledger.acknowledgeable());
  }

  #acknowledge(channel: Channel, tag: number | undefined): void {
    if (tag === undefined) return;
    try {
      channel.ack({ fields: { deliveryTag: tag } } as ConsumeMessage, true);
    } catch {
      // The channel is being closed: the server delivers them again, and they are dropped then.
    }
  }

  poll(max: number): SourceBatch | null {
    if (this.#failure !== undefined) throw this.#failure;
    const n = Math.min(max, this.#waiting.length - this.#from);
    if (n === 0) return null;
    const values = new Array<Value>(n);
    const times = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const message = this.#waiting[this.#from + i]!;
      const { timestamp } = message.properties as { timestamp?: unknown };
      values[i] = this.#toValue(message);
      times[i] = typeof timestamp === 'number' ? timestamp * 1000 : Number.NaN;
    }
    this.#from += n;
    if (this.#from === this.#waiting.length) {
      this.#waiting = [];
      this.#from = 0;
    }
    const first = this.#ledger.take(n);
    const ledger = this.#ledger;
    return {
      values,
      times,
      get position() {
        return ledger.state(first + n);
      },
      after: (done) => ledger.state(first + done),
    };
  }

  committed(position: Value): void {
    if (this.#channel) this.#acknowledge(this.#channel, this.#ledger.committed(position as LedgerState));
    else this.#ledger.committed(position as LedgerState);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.close().catch(() => undefined);
  }
}

/** Ends the attempts to connect. */
function closedReader(): MillraceError {
  return new MillraceError('The reader is closed.', { code: 'READER_CLOSED', domain: 'internal', retry: 'never' });
}
