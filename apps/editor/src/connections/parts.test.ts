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
      options: fc.constantFrom('', 'x=1&y=2'),
    });
    fc.assert(
      fc.property(parts, fc.constantFrom('postgres://h', 'https://h', 'redis://h'), (one, example) => {
        expect(splitParts(joinParts(one, example))).toEqual(one);
      }),
    );
  });
});
