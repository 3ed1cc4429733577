import { checkOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { addressesOf, explainRabbit } from './connect.js';
import { rabbitmqOperators, read, write } from './index.js';

describe('the declarations', () => {
  it.each(rabbitmqOperators.map((operator) => [operator.type, operator] as const))(
    'of %s hold',
    async (_, operator) => {
      await checkOperator(operator);
    },
  );

  it('find a target that is missing or given twice', () => {
    const codes = (config: object) => write.lint?.({ connection: 'c', ...config } as never).map(({ code }) => code);
    expect(codes({})).toEqual(['RABBITMQ_TARGET']);
    expect(codes({ queue: 'q', exchange: 'e' })).toEqual(['RABBITMQ_TARGET']);
    expect(codes({ queue: 'q', routingKeyFrom: 'k' })).toEqual(['RABBITMQ_ROUTING']);
    expect(codes({ exchange: 'e', routingKeyFrom: 'k' })).toEqual([]);
  });

  it('promise exactly once only when every message must have an id', () => {
    expect(read.delivery?.({ queue: 'q' })).toBe('at-least-once');
    expect(read.delivery?.({ queue: 'q', messageIds: 'required' })).toBe('exactly-once');
  });
});

describe('the address of a server', () => {
  it('holds hosts, virtual host and encryption', () => {
    expect(addressesOf('amqps://shop:p%40ss@a,b:5600/orders')).toMatchObject([
      { protocol: 'amqps', hostname: 'a', port: 5671, username: 'shop', password: 'p@ss', vhost: 'orders' },
      { hostname: 'b', port: 5600 },
    ]);
    expect(addressesOf('amqp://a')).toMatchObject([{ port: 5672, username: 'guest', vhost: '/' }]);
    expect(() => addressesOf('http://a')).toThrow(expect.objectContaining({ code: 'CONNECTION_URL' }));
  });
});

describe('what a server says', () => {
  it.each([
    [
      'Handshake terminated by server: 403 (ACCESS-REFUSED) with message "ACCESS_REFUSED - Login was refused"',
      'RABBITMQ_LOGIN',
    ],
    ['Expected ConnectionOpenOk; got <ConnectionClose channel:0>', 'RABBITMQ_VHOST'],
    [
      `Operation failed: QueueDeclare; 404 (NOT-FOUND) with message "NOT_FOUND - no queue 'nope' in vhost '/'"`,
      'RABBITMQ_UNKNOWN',
    ],
    [
      `Channel closed by server: 406 (PRECONDITION-FAILED) with message "PRECONDITION_FAILED - inequivalent arg"`,
      'RABBITMQ_DIFFERENT',
    ],
    ['connect ECONNREFUSED 127.0.0.1:1', 'RABBITMQ_UNAVAILABLE'],
  ])('"%s" is named', (message, code) => {
    expect(explainRabbit(new Error(message))).toMatchObject({ code, retry: 'backoff' });
  });
});
