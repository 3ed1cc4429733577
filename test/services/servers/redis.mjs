import { Redis } from 'ioredis';
import { debian } from '../lib/process.mjs';

const PASSWORD = 'millrace-test';

/**
 * Redis from Debian, with an append-only file as production needs it. `options` are lines of redis.conf: `maxmemory`,
 * `appendfsync` … The default user needs no password; user `millrace` has one, for tests of wrong ones.
 */
export const redis = {
  name: 'redis',
  env: 'REDIS_URL',
  install: () => debian('/usr/bin/redis-server', ['redis-server']),
  command: ({ folder, ports, options }) => {
    const settings = {
      port: ports[0],
      bind: '127.0.0.1',
      dir: folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'everysec',
      'maxmemory-policy': 'noeviction',
      user: `millrace on >${PASSWORD} ~* &* +@all`,
      ...options,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [
      `--${name}`,
      // The user rule is words of their own; an empty value is a word too.
      ...(name === 'user' ? String(value).split(' ') : [String(value)]),
    ]);
    return { file: '/usr/bin/redis-server', args };
  },
  ready: async ({ url }) => {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: null, maxRetriesPerRequest: 0 });
    client.on('error', () => {});
    try {
      await client.connect();
      // Answers LOADING until the append-only file is read.
      await client.get('ready');
    } finally {
      client.disconnect();
    }
  },
  url: ({ ports }) => `redis://127.0.0.1:${ports[0]}`,
  moreEnv: ({ ports }) => ({ REDIS_AUTH_URL: `redis://millrace:${PASSWORD}@127.0.0.1:${ports[0]}` }),
};
