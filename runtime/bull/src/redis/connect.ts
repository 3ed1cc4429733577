import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** How to reach Redis. */
export interface RedisTarget {
  /** redis://[user:password@]host:port[/db], rediss:// for TLS; several, separated by commas, for the nodes of a cluster. */
  url: string;
  /** The servers are a Redis Cluster. */
  cluster?: boolean;
}

export type RedisClient = Redis | Cluster;

/**
 * commit: the data plane's writes; never sent twice by the client, fails at once while there is no connection.
 * block: commands that wait at the server; alone on its connection.
 * control: queues, leases, questions; waits for the connection to come back.
 */
export type Purpose = 'commit' | 'block' | 'control';

/** ms without a sign of life after which a connection is given up and built anew. */
export const DEAD_AFTER = 4_000;

type Options = Omit<RedisOptions, 'replyMapping'>;

const COMMON: Options = {
  retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), 1_000),
  connectTimeout: 2_000,
  keepAlive: 5_000,
  protocol: 2,
};

const BY_PURPOSE: { [purpose in Purpose]: Options } = {
  commit: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: DEAD_AFTER,
  },
  block: {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    socketTimeout: DEAD_AFTER,
  },
  control: { maxRetriesPerRequest: null },
};

/**
 * A client for one purpose; it connects by itself, again and again. `name` shows in CLIENT LIST.
 * Errors of the connection are kept quiet here: whoever waits for a command learns of them.
 */
export function connect(target: RedisTarget, purpose: Purpose, name: string): RedisClient {
  const options: Options = { ...COMMON, ...BY_PURPOSE[purpose], connectionName: name.replace(/[^\w:.-]/g, '_') };
  const urls = target.url.split(',').map((url) => url.trim());
  let client: RedisClient;
  if (target.cluster) {
    const first = new URL(urls[0]!);
    const { enableOfflineQueue = true, retryStrategy, maxRetriesPerRequest, ...redisOptions } = options;
    client = new Cluster(urls, {
      enableOfflineQueue,
      clusterRetryStrategy: retryStrategy as (times: number) => number,
      redisOptions: {
        ...redisOptions,
        ...(maxRetriesPerRequest === undefined ? {} : { maxRetriesPerRequest }),
        ...(first.username && { username: decodeURIComponent(first.username) }),
        ...(first.password && { password: decodeURIComponent(first.password) }),
        ...(first.protocol === 'rediss:' && { tls: {} }),
      },
    });
  } else client = new Redis(urls[0]!, options);
  client.on('error', () => undefined);
  return client;
}
