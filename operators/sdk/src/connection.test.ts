import { describe, expect, it } from 'vitest';
import { connectionUrl, hidePassword, parseConnectionUrl } from './connection.js';

describe('connections', () => {
  it('are looked up by name in the environment, and a URL stands for itself', () => {
    expect(connectionUrl('orders-db', { MILLRACE_CONNECTION_ORDERS_DB: 'postgres://h/db' })).toBe('postgres://h/db');
    expect(connectionUrl('postgres://h/db', {})).toBe('postgres://h/db');
    expect(() => connectionUrl('orders-db', {})).toThrow('There is no connection named "orders-db".');
  });

  it('may name several hosts, with user, password, path and options', () => {
    expect(parseConnectionUrl('kafka://u:p%40ss:x@a:9092,[::1]:9093/v%2Fh?tls=true')).toEqual({
      scheme: 'kafka',
      user: 'u',
      password: 'p@ss:x',
      hosts: [
        { host: 'a', port: 9092 },
        { host: '::1', port: 9093 },
      ],
      path: 'v/h',
      options: { tls: 'true' },
    });
  });

  it('say what is wrong with an address that cannot be read', () => {
    for (const url of ['localhost:5432', 'postgres://', 'postgres://a:b:c/d'])
      expect(() => parseConnectionUrl(url)).toThrow('The address of the connection cannot be read.');
  });

  it('hide the password in messages', () => {
    expect(hidePassword('postgres://u:secret@h/db')).toBe('postgres://u:***@h/db');
  });
});
