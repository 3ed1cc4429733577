import { checkOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { explainRedis, redisOptions } from './connect.js';
import { readStream, redisOperators } from './index.js';
import { LookupCache } from './lookup-cache.js';
import { compareIds } from './read-stream.js';

describe('the declarations', () => {
  it.each(redisOperators.map((operator) => [operator.type, operator] as const))('of %s hold', async (_, operator) => {
    await checkOperator(operator);
  });

  it('want a time to begin at one', () => {
    const codes = (config: object) =>
      readStream.lint?.({ connection: 'c', stream: 's', ...config } as never).map(({ code }) => code);
    expect(codes({ start: 'time' })).toEqual(['REDIS_START_TIME']);
    expect(codes({ start: 'time', startTime: '2026-11-01T00:00:00Z' })).toEqual([]);
  });
});

describe('the address of a server', () => {
  it('holds user, password, database and encryption', () => {
    expect(redisOptions('rediss://shop:p%40ss@r/3')).toMatchObject({
      host: 'r',
      port: 6379,
      db: 3,
      username: 'shop',
      password: 'p@ss',
      tls: { rejectUnauthorized: true, servername: 'r' },
    });
    expect(redisOptions('redis://r:7000')).toEqual({ host: 'r', port: 7000, db: 0 });
  });

  it.each(['http://r', 'redis://a,b', 'redis://a/shop'])('%s is refused', (url) => {
    expect(() => redisOptions(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_URL' }));
  });
});

describe('what a server says', () => {
  it.each([
    ['WRONGPASS invalid username-password pair or user is disabled.', 'REDIS_LOGIN', 'user'],
    ['NOAUTH Authentication required.', 'REDIS_LOGIN', 'user'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'REDIS_WRONG_TYPE', 'user'],
    ['MOVED 3999 127.0.0.1:6381', 'REDIS_CLUSTER', 'user'],
    ["OOM command not allowed when used memory > 'maxmemory'.", 'REDIS_FULL', 'external'],
    ['LOADING Redis is loading the dataset in memory', 'REDIS_UNAVAILABLE', 'external'],
    ['connect ECONNREFUSED 127.0.0.1:1', 'REDIS_UNAVAILABLE', 'external'],
  ])('"%s" is named', (message, code, domain) => {
    expect(explainRedis(new Error(message))).toMatchObject({ code, domain, retry: 'backoff' });
  });
});

describe('the order of stream ids', () => {
  it('goes by time, then by number', () => {
    const ids = ['10-0', '9-5', '10-2', '10-10'];
    expect(ids.sort(compareIds)).toEqual(['9-5', '10-0', '10-2', '10-10']);
  });
});

describe('the answers that are remembered', () => {
  it('last for a time, and the least recently used leave first', () => {
    let now = 0;
    const cache = new LookupCache<string>(2, 100, { now: () => now, sleep: () => Promise.resolve() });
    cache.set('a', '1');
    cache.set('b', '2');
    expect(cache.get('a')).toBe('1');
    cache.set('c', '3');
    expect(cache.get('b')).toBeUndefined();
    now = 100;
    expect(cache.get('a')).toBeUndefined();
    expect(cache.length).toBe(1);
  });

  it('are none when nothing shall be remembered', () => {
    const cache = new LookupCache<string>(0, 100, { now: () => 0, sleep: () => Promise.resolve() });
    cache.set('a', '1');
    expect(cache.get('a')).toBeUndefined();
  });
});
