import { ColumnMatcher, type Delivery, recordProblem, rowGroups } from '@millrace/sdk/tables';
import { checkOperator, runSource } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import type { Column } from './columns.js';
import { connection, quoteTable } from './connect.js';
import { explain } from './explain.js';
import { postgresOperators, postgresRead } from './index.js';
import { statementOf } from './statement.js';
import { types } from './values.js';

const columns = new Map<string, Column>(
  [
    ['order_id', 'text'],
    ['qty', 'integer'],
    ['at', 'timestamp with time zone'],
    ['photo', 'bytea'],
  ].map(([name, type]) => [name!, { name: name!, type: type!, base: type!, composite: false, generated: false }]),
);
const matcher = new ColumnMatcher(columns.keys());
const delivery = (value: object, op: 'insert' | 'upsert' | 'delete' = 'insert'): Delivery => ({
  record: { value, op, time: 0, key: undefined, born: 0 },
  place: { partition: 'p', sequence: 1, offset: 0 },
});
const upsert = { mode: 'upsert' as const, key: ['order_id'] };

describe('the operators of PostgreSQL', () => {
  it.each(postgresOperators.map((spec) => [spec.type, spec] as const))(
    '%s does what it declares',
    async (_type, spec) => {
      await checkOperator(spec);
    },
  );

  it('say what is wrong with a connection', async () => {
    const signal = AbortSignal.timeout(10_000);
    await expect(connection.test('postgres://127.0.0.1:1/shop', signal)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    await expect(connection.test('mysql://127.0.0.1:1/shop', signal)).rejects.toMatchObject({ code: 'CONNECTION_URL' });
    await expect(connection.test('postgres://h/shop?sslmode=maybe', signal)).rejects.toMatchObject({
      code: 'CONNECTION_URL',
    });
  });

  it('say that a connection is not known, and do not wait for it', async () => {
    await expect(
      runSource(postgresRead, { connection: 'nowhere', table: 'orders', key: ['id'], follow: false }),
    ).rejects.toMatchObject({ code: 'CONNECTION_UNKNOWN' });
  });
});

describe('what a write sends', () => {
  it('sorts records by the columns they name and leaves unknown fields out', () => {
    const groups = rowGroups(
      [delivery({ orderId: 'A', qty: 1, other: true }), delivery({ orderId: 'B' }), delivery({ orderId: 'C', qty: 2 })],
      {},
      matcher,
    );
    expect(groups.map(({ fields, values }) => [fields.map(({ column }) => column), values.length])).toEqual([
      [['order_id', 'qty'], 2],
      [['order_id'], 1],
    ]);
  });

  it('lets the last record of a key win, a delete too', () => {
    const groups = rowGroups(
      [
        delivery({ orderId: 'A', qty: 1 }, 'upsert'),
        delivery({ orderId: 'A', qty: 2 }, 'upsert'),
        delivery({ orderId: 'B', qty: 3 }, 'upsert'),
        delivery({ orderId: 'B', qty: 3 }, 'delete'),
      ],
      upsert,
      matcher,
    );
    expect(groups.map(({ kind, values }) => [kind, values.map((value) => value.qty)])).toEqual([
      ['insert', [2]],
      ['delete', [3]],
    ]);
  });

  it.each([
    ['KEY_MISSING', { qty: 1 }, upsert],
    ['KEY_MISSING', { orderId: null }, upsert],
    ['ROW_REFUSED', { nothing: 1 }, {}],
    ['ROW_REFUSED', { orderId: 'A', order_id: 'B' }, {}],
  ])('refuses with %s: %j', (code, value, shape) => {
    expect(() => rowGroups([delivery(value)], shape, matcher)).toThrow(expect.objectContaining({ code }));
  });

  it('quotes every name, and no value is part of the statement', () => {
    const evil = 'x"; DROP TABLE orders; --';
    const odd = new Map([[evil, { ...columns.get('qty')!, name: evil }]]);
    const text = statementOf(
      rowGroups([delivery({ [evil]: "'; DROP TABLE y; --" })], {}, new ColumnMatcher(odd.keys())),
      { quoted: quoteTable(evil) },
      odd,
    );
    expect(text).toContain('"x""; DROP TABLE orders; --"');
    expect(text.replaceAll('"x""; DROP TABLE orders; --"', '')).not.toContain('DROP');
  });

  it('refuses what is no row', () => {
    const problem = recordProblem({ table: 'orders' });
    expect(problem(delivery([1]).record)?.code).toBe('RECORD_NOT_OBJECT');
    expect(problem(delivery({ a: 1 }, 'delete').record)?.code).toBe('DELETE_NEEDS_KEY');
    expect(problem(delivery({ a: 1 }).record)).toBeUndefined();
  });
});

describe('what a read brings', () => {
  it.each([
    [16, 't', true],
    [17, '\\x00ff', 'AP8='],
    [20, '9007199254740993', '9007199254740993'],
    [701, 'NaN', 'NaN'],
    [1700, '12.50', 12.5],
    [1114, '2024-01-05 10:00:00.5', '2024-01-05T10:00:00.5'],
    [1184, '2024-01-05 10:00:00.123456+00', '2024-01-05T10:00:00.123456Z'],
    [1184, 'infinity', 'infinity'],
    [3802, '{"n": 9007199254740993}', { n: '9007199254740993' }],
    [25, 'text', 'text'],
  ])('type %i: %s becomes %j', (oid, text, value) => {
    expect((types.getTypeParser as (oid: number) => (text: string) => unknown)(oid)(text)).toEqual(value);
  });
});

describe('what the database says', () => {
  it.each([
    ['28P01', 'DATABASE_LOGIN', 'backoff'],
    ['42P01', 'TABLE_UNKNOWN', 'backoff'],
    ['40P01', 'DATABASE_BUSY', 'backoff'],
    ['57P01', 'DATABASE_UNREACHABLE', 'backoff'],
    ['23505', 'ROW_REFUSED', 'never'],
    ['22P02', 'ROW_REFUSED', 'never'],
    ['ECONNREFUSED', 'DATABASE_UNREACHABLE', 'backoff'],
    ['EPIPE', 'DATABASE_UNREACHABLE', 'backoff'],
  ])('%s becomes %s', (state, code, retry) => {
    const error = explain(Object.assign(new Error('it failed'), { code: state }));
    expect(error).toMatchObject({ code, retry });
    expect(error.hint).toBeTruthy();
  });
});
