import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinParts, NO_PARTS, splitParts } from './parts.js';

describe('the parts of an address', () => {
  it.each([
    [
      'kafka://user:password@broker:9092',
      { host: 'a:1, b:2', user: 'u', password: 'p@ss/word' },
      'kafka://u:p%40ss%2Fword@a:1,b:2',
    ],
    ['https://user:password@api.example/v1', { host: 'api', path: '/v1/x', token: 't' }, 'http://api/v1/x?bearer=t'],
    ['https://user:password@api.example/v1', { host: 'api', tls: true }, 'https://api'],
    ['amqp://user:password@host/vhost', { host: 'h', tls: true, path: 'shop' }, 'amqps://h/shop'],
    [
      'postgres://user:password@host/db',
      { host: 'h', tls: true, path: 'db', options: 'a=1' },
      'postgres://h/db?tls=true&a=1',
    ],
    [
      'mysql://user:password@host/db',
      { host: 'h', tls: true, path: 'db', ca: '-----BEGIN X-----\na+/=\n' },
      'mysql://h/db?tls=true&ca=-----BEGIN%20X-----%0Aa%2B%2F%3D',
    ],
    ['kafka://user:password@host', { host: 'h', tls: true, ca: '/etc/ca.pem' }, 'kafkas://h?ca=%2Fetc%2Fca.pem'],
    [
      'postgres://user:password@host/db',
      { host: 'h', ca: '/etc/ca.pem', options: 'sslmode=require&a=1' },
      'postgres://h?a=1',
    ],
    [
      'postgres://user:password@host/db',
      { host: 'h', tls: true, options: 'sslmode=verify-ca' },
      'postgres://h?sslmode=verify-ca',
    ],
  ])('of %s become an address', (example, parts, url) => {
    expect(joinParts({ ...NO_PARTS, ...parts }, example)).toBe(url);
  });

  it('come back as they went in', () => {
    const text = fc.string({ maxLength: 12 }).filter((one) => one !== '***');
    const parts = fc.record({
      host: fc.constantFrom('h', 'h:1', 'a:1,b:2'),
      user: text.filter((one) => one !== ''),
      password: text,
      token: fc.constant(''),
      path: fc.constantFrom('', 'db', 'a/b'),
      tls: fc.boolean(),
      ca: fc.constantFrom('', '/etc/ca.pem', '-----BEGIN CERTIFICATE-----\nMI+/=\n-----END CERTIFICATE-----'),
      options: fc.constantFrom('', 'x=1&y=2'),
    });
    fc.assert(
      fc.property(parts, fc.constantFrom('postgres://h', 'https://h', 'redis://h'), (one, example) => {
        // Without encryption there is nothing to vouch for.
        expect(splitParts(joinParts(one, example))).toEqual(one.tls ? one : { ...one, ca: '' });
      }),
    );
  });

  it.each([
    ['postgres://h/db?sslmode=verify-full', { tls: true, options: 'sslmode=verify-full' }],
    ['postgres://h/db?sslmode=disable', { tls: false, options: '' }],
    ['mysql://h/db?tls=verify-ca', { tls: true, options: 'tls=verify-ca' }],
    ['mysql://h/db?tls=false', { tls: false, options: '' }],
  ])('of %s say whether the line is encrypted', (url, parts) => {
    expect(splitParts(url)).toMatchObject(parts);
  });
});
