import { checkOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { kafkaOperators, read, write } from './index.js';
import { clusterSettings } from './settings.js';

describe('the declarations', () => {
  it.each(kafkaOperators.map((operator) => [operator.type, operator] as const))('of %s hold', async (_, operator) => {
    await checkOperator(operator);
  });

  it('find what the schema cannot see', () => {
    const codes = (spec: typeof read | typeof write, config: object) =>
      spec.lint?.({ connection: 'c', ...config } as never).map(({ code }) => code);
    expect(codes(read, { topic: 't', start: 'time' })).toEqual(['KAFKA_START_TIME']);
    expect(codes(read, { topic: 't', start: 'time', startTime: '2026-11-01T00:00:00Z' })).toEqual([]);
    expect(codes(read, { topic: 't', until: 'end', start: 'latest' })).toEqual(['KAFKA_NOTHING_TO_READ']);
    expect(codes(read, { topic: 't', format: 'csv' })).toEqual(['CSV_COLUMNS']);
    expect(codes(write, {})).toEqual(['KAFKA_TOPIC']);
    expect(codes(write, { topic: 't', topicFrom: 'f' })).toEqual(['KAFKA_TOPIC']);
  });

  it('say how safe the sink is with its config', () => {
    expect(write.delivery?.({ topic: 't' })).toBe('exactly-once');
    expect(write.delivery?.({ topic: 't', delivery: 'at-least-once' })).toBe('at-least-once');
  });
});

describe('the address of a cluster', () => {
  it('holds several brokers, user, mechanism and encryption', () => {
    expect(clusterSettings('kafka://shop:p%40ss@a,b:9093?mechanism=scram-sha-512&tls=true')).toMatchObject({
      brokers: [
        { host: 'a', port: 9092 },
        { host: 'b', port: 9093 },
      ],
      options: { tls: {}, sasl: { mechanism: 'SCRAM-SHA-512', username: 'shop', password: 'p@ss' } },
    });
    expect(clusterSettings('kafkas://a').options).toMatchObject({ tls: {} });
    expect(clusterSettings('kafka://a').options).not.toHaveProperty('sasl');
  });

  it.each(['redis://a', 'kafka://a?tls=maybe', 'kafka://u:p@a?mechanism=gssapi'])('%s is refused', (url) => {
    expect(() => clusterSettings(url)).toThrow(expect.objectContaining({ code: 'CONNECTION_URL' }));
  });
});
