import { checkOperator } from '@millrace/sdk/testing';
import { describe, expect, it } from 'vitest';
import { type Column, placeholder, reader, writer } from './columns.js';
import { connection, quote } from './connect.js';
import { explain } from './explain.js';
import { mysqlOperators } from './index.js';

const column = (full: string, json = false): Column => ({
  name: 'c',
  type: full.replace(/[( ].*/, ''),
  full,
  json,
  generated: false,
});

describe('the operators of MySQL', () => {
  it.each(mysqlOperators.map((spec) => [spec.type, spec] as const))('%s does what it declares', async (_type, spec) => {
    await checkOperator(spec);
  });

  it('say what is wrong with a connection', async () => {
    const signal = AbortSignal.timeout(10_000);
    await expect(connection.test('mysql://127.0.0.1:1/shop', signal)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    await expect(connection.test('mysql://127.0.0.1:1', signal)).rejects.toMatchObject({ code: 'CONNECTION_URL' });
  });
});

describe('values', () => {
  it.each([
    ['tinyint(1)', '1', true],
    ['tinyint(4)', '1', 1],
    ['bigint(20) unsigned', '18446744073709551615', '18446744073709551615'],
    ['decimal(12,2)', '10.50', 10.5],
    ['double', '1e21', 1e21],
    ['timestamp(6)', '2024-01-05 10:00:00.123456', '2024-01-05T10:00:00.123456Z'],
    ['datetime', '2024-01-05 10:00:00', '2024-01-05T10:00:00'],
    ['varchar(20)', '1', '1'],
    ['longblob', 'AP8=\n', 'AP8='],
  ])('%s %s is read as %j', (full, text, value) => {
    expect(reader(column(full))(text)).toEqual(value);
  });

  it.each([
    ['timestamp(6)', '2024-01-05T10:00:00.123456Z', '2024-01-05 10:00:00.123456'],
    ['timestamp(6)', '2024-01-05T10:00:00+02:00', '2024-01-05 08:00:00.000'],
    ['datetime', 1_700_000_000_000, '2023-11-14 22:13:20.000'],
    ['bigint(20)', '9007199254740993', 9007199254740993n],
    ['text', { a: 1 }, '{"a":1}'],
    ['varbinary(9)', 'AP8=', Buffer.from([0, 255])],
  ])('%s %j is written as it should', (full, value, written) => {
    expect(writer(column(full))(value)).toEqual(written);
  });

  it('are compared as what they are', () => {
    expect(placeholder(column('bigint(20) unsigned'))).toBe('CAST(? AS UNSIGNED)');
    expect(placeholder(column('varchar(9)'))).toBe('?');
  });

  it('never become names', () => {
    expect(quote('a`; DROP TABLE x; --')).toBe('`a``; DROP TABLE x; --`');
    expect(() => quote('a?')).toThrow(expect.objectContaining({ code: 'NAME_UNUSABLE' }));
  });
});

describe('what the database says', () => {
  it.each([
    [1045, '28000', 'DATABASE_LOGIN', 'backoff'],
    [1146, '42S02', 'TABLE_UNKNOWN', 'backoff'],
    [1213, '40001', 'DATABASE_BUSY', 'backoff'],
    [1062, '23000', 'ROW_REFUSED', 'never'],
    [1406, '22001', 'ROW_REFUSED', 'never'],
    [4025, '23000', 'ROW_REFUSED', 'never'],
    [1927, '70100', 'DATABASE_UNREACHABLE', 'backoff'],
  ])('%i becomes %s', (errno, sqlState, code, retry) => {
    expect(explain(Object.assign(new Error('it failed'), { errno, sqlState }))).toMatchObject({ code, retry });
  });
});
