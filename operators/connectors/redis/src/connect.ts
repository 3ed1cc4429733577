import { type ConnectionUse, MillraceError, parseConnectionUrl, toMillraceError } from '@millrace/sdk';
import { tlsMode, tlsSettings, tlsTrouble } from '@millrace/sdk/tls';
import type { Redis } from 'ioredis';

/** ms. */
const CONNECT_TIMEOUT = 10_000;
/** ms without an answer after which a connection is given up. */
const COMMAND_TIMEOUT = 15_000;

const EXAMPLE = 'redis://user:password@redis1:6379/0';

/** Options of a `redis://` or `rediss://` address. Throws CONNECTION_URL. */
export function redisOptions(url: string) {
  const parts = parseConnectionUrl(url);
  const { scheme, hosts, user, password, path } = parts;
  const database = path === '' ? 0 : Number(path);
  if ((scheme !== 'redis' && scheme !== 'rediss') || !Number.isInteger(database) || hosts.length !== 1) {
    throw new MillraceError(
      'A Redis address starts with redis:// or rediss://, has one host and the number of a database.',
      {
        code: 'CONNECTION_URL',
        hint: `For example ${EXAMPLE}`,
      },
    );
  }
  const [{ host, port = 6379 }] = hosts as [{ host: string; port: number | undefined }];
  const tls = tlsSettings(parts, tlsMode(parts, scheme === 'rediss' ? 'true' : 'false'));
  return {
    host,
    port,
    db: database,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    ...(tls && { tls }),
  };
}

/**
 * A connection that does not mend itself: a command on a lost one fails at once, and whoever needs it opens another. So nothing is
 * sent twice behind our back.
 */
export async function connectRedis(url: string): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const client = new Client({
    ...redisOptions(url),
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT,
    commandTimeout: COMMAND_TIMEOUT,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  // Without a listener ioredis prints errors; the commands that fail carry them.
  let failure: unknown;
  client.on('error', (error) => {
    failure = error;
  });
  try {
    await client.connect();
    await client.ping();
    return client;
  } catch (error) {
    client.disconnect();
    throw failure ?? error;
  }
}

/** Keeps one connection and opens another when it is lost or was found broken. */
export class RedisLink {
  #client: Promise<Redis> | undefined;
  #closed = false;

  constructor(private readonly url: string) {}

  /** Does something with the connection; an error that is not an answer of the server closes it. */
  async use<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the connection is closed');
    const opening = this.#open();
    const client = await opening;
    try {
      return await work(client);
    } catch (error) {
      if ((error as Error).name !== 'ReplyError') {
        if (this.#client === opening) this.#client = undefined;
        client.disconnect();
      }
      throw error;
    }
  }

  #open(): Promise<Redis> {
    if (this.#client) return this.#client;
    const opening = connectRedis(this.url);
    this.#client = opening;
    const forget = () => {
      if (this.#client === opening) this.#client = undefined;
    };
    opening.then((client) => void client.once('close', forget), forget);
    return opening;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = await this.#client?.catch(() => undefined);
    client?.disconnect();
  }
}

/** What something thrown by the client means for the person who looks at the node. All of it is worth another try. */
export function explainRedis(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (!(thrown instanceof Error)) return toMillraceError(thrown);
  const trouble = tlsTrouble('Redis', thrown);
  if (trouble !== undefined) return trouble;
  const { message } = thrown;
  const user = (code: string, text: string, hint: string) =>
    new MillraceError(text, { code, domain: 'user', retry: 'backoff', hint, cause: thrown });
  if (/WRONGPASS|NOAUTH|invalid password|without any password/.test(message)) {
    return user(
      'REDIS_LOGIN',
      'Redis refuses the user name or the password of the connection.',
      'Correct them under Connections.',
    );
  }
  if (/NOPERM/.test(message)) {
    return user(
      'REDIS_RIGHTS',
      `The Redis user lacks a right it needs: ${message}.`,
      'Give the user the command and the keys.',
    );
  }
  if (/WRONGTYPE/.test(message)) {
    return user(
      'REDIS_WRONG_TYPE',
      'The key holds another kind of value than the node works with.',
      'Choose another key, or remove what is there.',
    );
  }
  if (/^MOVED|^ASK |CROSSSLOT/.test(message)) {
    return user(
      'REDIS_CLUSTER',
      'This is a Redis Cluster, which these operators do not speak to.',
      'Use a single Redis, or a proxy before the cluster.',
    );
  }
  if (/DB index is out of range/.test(message)) {
    return user(
      'REDIS_DATABASE',
      'Redis has no database of that number.',
      'Correct the number at the end of the address.',
    );
  }
  const full = message.startsWith('OOM');
  return new MillraceError(full ? 'Redis has no memory left.' : `Redis cannot be used at the moment: ${message}`, {
    code: full ? 'REDIS_FULL' : 'REDIS_UNAVAILABLE',
    domain: 'external',
    params: { reason: message },
    hint: full
      ? 'Raise maxmemory, or remove data. It goes on by itself once there is room.'
      : 'Check that the server runs and can be reached from here.',
    cause: thrown,
  });
}

export const redisConnection: ConnectionUse = {
  kind: 'redis',
  title: 'Redis',
  example: EXAMPLE,
  async test(url) {
    try {
      (await connectRedis(url)).disconnect();
    } catch (error) {
      throw explainRedis(error);
    }
  },
};
