import { MillraceError } from '@millrace/sdk';
import { connect, type Purpose, type RedisClient, type RedisTarget } from './connect.js';
import { plainError } from './script.js';

/** Replies of a server that will serve the same command a little later. */
const LATER = /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|TRYAGAIN|MISCONF|NOREPLICAS|OOM|MOVED|ASK|UNBLOCKED)\b/;

type Log = (level: 'info' | 'warn', message: string, fields?: { [name: string]: unknown }) => void;

/** A connection that outlives its server's absence: a command whose outcome is unknown is asked again once there is a connection. */
export class Link {
  readonly client: RedisClient;
  /** Times the connection was lost. */
  cuts = 0;
  #closed = false;
  #down = false;

  constructor(
    target: RedisTarget,
    purpose: Purpose,
    private readonly name: string,
    private readonly log: Log = () => undefined,
  ) {
    this.client = connect(target, purpose, name);
    this.client.on('close', () => {
      this.cuts++;
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Sends until there is a reply. `send` must therefore be something that may be done twice. Rejects with STORE_CLOSED after `close`, and
   * with the server's refusal when waiting would not help.
   */
  async call<T>(send: (client: RedisClient) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      if (this.#closed) throw closed();
      try {
        await this.#ready();
        const reply = await send(this.client);
        if (this.#down) {
          this.#down = false;
          this.log('info', 'Redis answers again', { connection: this.name });
        }
        return reply;
      } catch (thrown) {
        if (this.#closed) throw closed();
        const error = plainError(thrown);
        if (error.name === 'ReplyError' && !LATER.test(error.message)) throw refused(error);
        if (!this.#down) {
          this.#down = true;
          this.log('warn', 'Redis does not answer; trying again', { connection: this.name, reason: error.message });
        }
        await pause(Math.min(20 * 2 ** Math.min(attempt, 5), 500));
      }
    }
  }

  async #ready(): Promise<void> {
    const { client } = this;
    if (client.status === 'ready') return;
    await new Promise<void>((resolve, reject) => {
      const settle = (done: () => void) => {
        clearTimeout(timer);
        client.off('ready', ready);
        client.off('end', ended);
        done();
      };
      const ready = () => settle(resolve);
      const ended = () => settle(() => reject(new Error('the connection has ended')));
      const timer = setTimeout(() => settle(() => reject(new Error('no connection within 1 s'))), 1_000);
      client.once('ready', ready);
      client.once('end', ended);
    });
  }

  close(): void {
    this.#closed = true;
    this.client.disconnect();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function closed(): MillraceError {
  return new MillraceError('The connection to Redis was closed.', {
    code: 'STORE_CLOSED',
    domain: 'internal',
    retry: 'never',
  });
}

function refused(error: Error): MillraceError {
  return new MillraceError(`Redis refused a command: ${error.message.slice(0, 300)}`, {
    code: 'REDIS_REFUSED',
    domain: 'external',
    retry: 'backoff',
    hint: /^(NOAUTH|WRONGPASS|NOPERM)/.test(error.message)
      ? 'Check user and password in the Redis URL.'
      : 'Check version and settings of the Redis server.',
  });
}
