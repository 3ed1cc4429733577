import { once } from 'node:events';
import { MillraceError } from '@millrace/sdk';
import type { ChannelModel, ConfirmChannel, Options } from 'amqplib';
import { connectRabbit } from './connect.js';

/** A message on its way to an exchange. */
export interface Outgoing {
  exchange: string;
  routingKey: string;
  content: Buffer;
  options: Options.Publish & { messageId: string };
}

/**
 * ms without any confirmation after which a connection is given up. A server that has just been started may take messages for a
 * queue that has no leader yet and never confirm them.
 */
const SILENCE = 15_000;

/** Publishes with confirms: a message is done when the server has taken it, not when it is written to the socket. */
export class Publisher {
  #channel: ConfirmChannel | undefined;
  #connection: ChannelModel | undefined;
  #blocked = false;
  /** Rejects when the channel is lost. */
  #gone: Promise<never> | undefined;
  /** Ids of messages that no queue takes. */
  readonly #returned = new Set<string>();

  constructor(
    private readonly url: string,
    private readonly queue: { name: string; create: 'never' | 'quorum' | 'classic' } | undefined,
    private readonly exchange: string | undefined,
    /** Told when the server takes no messages because it is short of memory or disk, and when it does again. */
    private readonly onBlocked: (reason: string | undefined) => void,
  ) {}

  async connect(): Promise<ConfirmChannel> {
    if (this.#channel) return this.#channel;
    const connection = await connectRabbit(this.url);
    try {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => undefined);
      channel.once('close', () => this.#lost(channel));
      connection.once('close', () => this.#lost(channel));
      const blocked = (reason: string | undefined) => {
        this.#blocked = reason !== undefined;
        this.onBlocked(reason);
      };
      connection.on('blocked', blocked);
      connection.on('unblocked', () => blocked(undefined));
      connection.once('close', () => this.#blocked && blocked(undefined));
      channel.on('return', ({ properties }: { properties: { messageId: string } }) => {
        this.#returned.add(properties.messageId);
      });
      if (this.queue !== undefined) {
        const { name, create } = this.queue;
        if (create === 'never') await channel.checkQueue(name);
        else await channel.assertQueue(name, { durable: true, arguments: { 'x-queue-type': create } });
      }
      if (this.exchange !== undefined) await channel.checkExchange(this.exchange);
      this.#gone = new Promise<never>((_, reject) => {
        const gone = () => reject(new Error('the connection was lost before the server confirmed'));
        channel.once('error', reject);
        channel.once('close', gone);
        connection.once('close', gone);
      });
      this.#gone.catch(() => undefined);
      this.#connection = connection;
      this.#channel = channel;
      return channel;
    } catch (error) {
      await connection.close().catch(() => undefined);
      throw error;
    }
  }

  #lost(channel: ConfirmChannel): void {
    if (this.#channel === channel) this.#channel = undefined;
  }

  /**
   * Publishes and waits for the confirms. Messages that were confirmed are taken out of `left`; those that no queue takes are
   * handed back. Throws when the connection is lost or the server refuses: call it again with what is left.
   */
  async publish(left: Set<Outgoing>): Promise<Outgoing[]> {
    const channel = await this.connect();
    const unrouted: Outgoing[] = [];
    let failure: unknown;
    let open = 0;
    let last = performance.now();
    let settled: () => void = () => undefined;
    const all = new Promise<void>((resolve) => {
      settled = resolve;
    });
    const { lost, stop } = this.#watched(() => last);
    try {
      for (const message of left) {
        const { exchange, routingKey, content, options } = message;
        open++;
        const room = channel.publish(exchange, routingKey, content, options, (error) => {
          open--;
          last = performance.now();
          if (error) failure ??= error;
          else {
            left.delete(message);
            if (this.#returned.delete(options.messageId)) unrouted.push(message);
          }
          if (open === 0) settled();
        });
        if (!room) await Promise.race([once(channel, 'drain'), lost]);
      }
      if (open > 0) await Promise.race([all, lost]);
    } finally {
      stop();
    }
    if (failure !== undefined) {
      for (const message of unrouted) left.add(message);
      throw nacked(failure);
    }
    return unrouted;
  }

  /** Rejects when the connection is lost, or when nothing has been confirmed for too long. */
  #watched(last: () => number): { lost: Promise<never>; stop: () => void } {
    let timer: NodeJS.Timeout | undefined;
    const silent = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (this.#blocked || performance.now() - last() < SILENCE) return;
        this.#abandon();
        reject(new Error(`the server has confirmed nothing for ${SILENCE / 1000} s`));
      }, 1000);
    });
    const lost = Promise.race([this.#gone!, silent]);
    lost.catch(() => undefined);
    return { lost, stop: () => clearInterval(timer) };
  }

  /** Drops the connection without asking a server that does not answer. */
  #abandon(): void {
    const { stream } = (this.#connection?.connection ?? {}) as { stream?: { destroy(): void } };
    stream?.destroy();
    this.#channel = undefined;
    this.#connection = undefined;
  }

  async close(): Promise<void> {
    const connection = this.#connection;
    this.#channel = undefined;
    this.#connection = undefined;
    await connection?.close().catch(() => undefined);
  }
}

function nacked(cause: unknown): MillraceError {
  return new MillraceError('RabbitMQ could not store some of the messages.', {
    code: 'RABBITMQ_NOT_STORED',
    domain: 'external',
    hint: 'A queue may be full, or its server in trouble: look at the management page of RabbitMQ.',
    cause,
  });
}
