import type { StreamRecord } from '@millrace/sdk';
import { checkOperator } from '@millrace/sdk/testing';
import { types } from 'cassandra-driver';
import { describe, expect, it } from 'vitest';
import type { Column } from './columns.js';
import { connection } from './connect.js';
import { explain } from './explain.js';
import { cassandraOperators } from './index.js';
import { statementMaker } from './row-statement.js';
import { converter, jsonOf } from './values.js';

const columns: Column[] = [
  { name: 'customer', type: 'text', kind: 'partition_key' },
  { name: 'order_id', type: 'text', kind: 'clustering' },
  { name: 'total', type: 'decimal', kind: 'regular' },
];
const record = (value: unknown, op: StreamRecord['op'] = 'insert'): StreamRecord => ({
  value,
  op,
  time: 5,
  key: undefined,
  born: 0,
});

describe('the operators of Cassandra', () => {
  it.each(cassandraOperators.map((spec) => [spec.type, spec] as const))(
    '%s does what it declares',
    async (_type, spec) => {
      await checkOperator(spec);
    },
  );

  it('say what is wrong with a connection', async () => {
    const signal = AbortSignal.timeout(20_000);
    await expect(connection.test('cassandra://127.0.0.1:1/shop', signal)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    await expect(connection.test('cassandra://127.0.0.1:1', signal)).rejects.toMatchObject({ code: 'CONNECTION_URL' });
  });
});

describe('a row', () => {
  const make = statementMaker('orders', columns);

  it('is written whole with its own write time', () => {
    expect(make(record({ customer: 'c', orderId: 'o', total: 1.5, other: 1 }), 5000n)).toMatchObject({
      query: 'INSERT INTO "orders" ("customer", "order_id", "total") VALUES (?, ?, ?) USING TIMESTAMP ?',
      params: ['c', 'o', '1.5', 5000n],
    });
    expect(make(record({ customer: 'c', orderId: 'o' }, 'delete'), 6000n)).toMatchObject({
      query: 'DELETE FROM "orders" USING TIMESTAMP ? WHERE "customer" = ? AND "order_id" = ?',
      params: [6000n, 'c', 'o'],
    });
  });

  it.each([
    ['KEY_MISSING', { customer: 'c' }],
    ['ROW_REFUSED', { customer: 'c', orderId: 'o', total: 'much' }],
    ['ROW_REFUSED', { customer: 'c', orderId: 'o', order_id: 'p' }],
    ['RECORD_NOT_OBJECT', 5],
  ])('is refused with %s: %j', (code, value) => {
    expect(() => make(record(value), 1n)).toThrow(expect.objectContaining({ code }));
  });

  it('is not written into a table that counts', () => {
    expect(() => statementMaker('views', [...columns, { name: 'n', type: 'counter', kind: 'regular' }])).toThrow(
      expect.objectContaining({ code: 'TABLE_COUNTS' }),
    );
  });

  it.each([
    ['bigint', '9007199254740993', 9007199254740993n],
    ['int', 5, 5],
    ['timestamp', '2024-01-05T10:00:00Z', new Date('2024-01-05T10:00:00Z')],
    ['text', { a: 1 }, '{"a":1}'],
    ['frozen<list<bigint>>', [1, '2'], [1n, 2n]],
    ['map<text, frozen<set<int>>>', { a: [1] }, { a: [1] }],
    ['blob', 'AP8=', Buffer.from([0, 255])],
  ])('%s takes %j', (type, value, made) => {
    expect(converter(type)(value)).toEqual(made);
  });

  it.each([
    [9007199254740993n, '9007199254740993'],
    [types.BigDecimal.fromString('10.5'), 10.5],
    [types.Uuid.fromString('6b29fc40-ca47-1067-b31d-00dd010662da'), '6b29fc40-ca47-1067-b31d-00dd010662da'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Map([['a', 1n]]), { a: 1 }],
    [types.LocalDate.fromString('2024-01-05'), '2024-01-05'],
  ])('%s is read as %j', (value, json) => {
    expect(jsonOf(value)).toEqual(json);
  });
});

describe('what the cluster says', () => {
  it.each([
    [0x0100, 'DATABASE_LOGIN', 'backoff'],
    [0x1100, 'DATABASE_BUSY', 'backoff'],
    [0x2200, 'ROW_REFUSED', 'never'],
  ])('%i becomes %s', (code, name, retry) => {
    expect(explain(Object.assign(new Error('it failed'), { code }))).toMatchObject({ code: name, retry });
  });
});
