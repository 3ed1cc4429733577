import type { StreamRecord } from '@millrace/sdk';
import { checkOperator } from '@millrace/sdk/testing';
import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { connection } from './connect.js';
import { documentMaker, lastOfEach } from './documents.js';
import { explain } from './explain.js';
import { mongodbOperators } from './index.js';
import { jsonOf } from './values.js';

const record = (value: unknown, op: StreamRecord['op'] = 'insert'): StreamRecord => ({
  value,
  op,
  time: 0,
  key: undefined,
  born: 0,
});
const own = () => 'w:n:0:1-0';

describe('the operators of MongoDB', () => {
  it.each(mongodbOperators.map((spec) => [spec.type, spec] as const))(
    '%s does what it declares',
    async (_type, spec) => {
      await checkOperator(spec);
    },
  );

  it('say what is wrong with a connection', async () => {
    const signal = AbortSignal.timeout(20_000);
    await expect(connection.test('mongodb://127.0.0.1:1/shop', signal)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
    await expect(connection.test('mongodb://127.0.0.1:1', signal)).rejects.toMatchObject({ code: 'CONNECTION_URL' });
  });
});

describe('documents', () => {
  it('get their id from one key field, from several, from their own, or from the delivery', () => {
    expect(documentMaker({ key: ['a'] })(record({ a: 1, b: 2 }), own)).toMatchObject({
      id: 1,
      document: { _id: 1, b: 2 },
    });
    expect(documentMaker({ key: ['a', 'b.c'] })(record({ a: 1, b: { c: 2 } }), own).id).toEqual({ a: 1, 'b.c': 2 });
    expect(documentMaker({})(record({ _id: 'x' }), own).id).toBe('x');
    expect(documentMaker({})(record({ a: 1 }), own).id).toBe(own());
  });

  it.each([
    ['KEY_NOT_PLAIN', { a: { $gt: '' } }],
    ['KEY_NOT_PLAIN', { a: [1] }],
    ['KEY_MISSING', { b: 1 }],
    ['FIELD_NAME', { a: 1, $where: 'sleep(1000)' }],
    ['RECORD_NOT_OBJECT', 'text'],
  ])('never become conditions or commands: %s for %j', (code, value) => {
    expect(() => documentMaker({ key: ['a'] })(record(value), own)).toThrow(expect.objectContaining({ code }));
  });

  it('hold dates where the node says so, and the record stays as it was', () => {
    const value = { at: '2024-01-05T10:00:00Z', inner: { ms: 5 } };
    const { document } = documentMaker({ dates: ['at', 'inner.ms', 'none'] })(record(value), own);
    expect(document).toMatchObject({ at: new Date('2024-01-05T10:00:00Z'), inner: { ms: new Date(5) } });
    expect(value).toEqual({ at: '2024-01-05T10:00:00Z', inner: { ms: 5 } });
    expect(() => documentMaker({ dates: ['at'] })(record({ at: 'soon' }), own)).toThrow(
      expect.objectContaining({ code: 'DATE_INVALID' }),
    );
  });

  it('are written once a batch, the last one of an id', () => {
    const make = documentMaker({ key: ['a'] });
    const writes = [
      make(record({ a: 1, n: 1 }), own),
      make(record({ a: 2, n: 2 }), own),
      make(record({ a: 1 }, 'delete'), own),
    ];
    expect(lastOfEach(writes).map(({ id, document }) => [id, document?.n])).toEqual([
      [2, 2],
      [1, undefined],
    ]);
  });

  it.each([
    [new BSON.ObjectId('65a000000000000000000001'), '65a000000000000000000001'],
    [new Date(5), '1970-01-01T00:00:00.005Z'],
    [BSON.Long.fromString('9007199254740993'), '9007199254740993'],
    [BSON.Long.fromString('12'), 12],
    [BSON.Decimal128.fromString('12.5'), 12.5],
    [BSON.Decimal128.fromString('0.12345678901234567890'), '0.12345678901234567890'],
    [new BSON.Binary(Buffer.from([0, 255])), 'AP8='],
    [new BSON.UUID('6b29fc40-ca47-1067-b31d-00dd010662da'), '6b29fc40-ca47-1067-b31d-00dd010662da'],
    [new BSON.Int32(3), 3],
    [Number.NaN, 'NaN'],
    [/a+/i, '/a+/i'],
    [
      [undefined, { a: null }],
      [null, { a: null }],
    ],
  ])('%s is read as %j', (value, json) => {
    expect(jsonOf(value)).toEqual(json);
  });
});

describe('what the driver says', () => {
  it.each([
    [18, 'DATABASE_LOGIN', 'backoff'],
    [13, 'DATABASE_RIGHTS', 'backoff'],
    [11000, 'ROW_REFUSED', 'never'],
    [91, 'DATABASE_UNREACHABLE', 'backoff'],
  ])('%i becomes %s', (number, code, retry) => {
    expect(explain(Object.assign(new Error('it failed'), { code: number }))).toMatchObject({ code, retry });
  });
});
