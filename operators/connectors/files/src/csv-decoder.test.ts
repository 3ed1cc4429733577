import { BadInput, type Value } from '@millrace/sdk';
import { describe, expect, it } from 'vitest';
import { ByteWindow } from './byte-window.js';
import { CsvDecoder, type CsvOptions } from './csv-decoder.js';

/** Decodes bytes that arrive in pieces of this size. */
function decode(bytes: string | Buffer, options: Partial<CsvOptions> = {}, piece = 1 << 20): Value[] {
  const decoder = new CsvDecoder('a.csv', { delimiter: ',', quote: '"', header: true, zone: 'UTC', ...options });
  const all = Buffer.from(bytes);
  const window = new ByteWindow();
  const out: Value[] = [];
  let begun = false;
  for (let at = 0, ended = false; ; ) {
    begun ||= decoder.begin(window, ended);
    while (begun && decoder.take(window, out, 100, ended)) {}
    if (ended) return out;
    const room = window.makeRoom();
    const count = Math.min(piece, room, all.length - at);
    all.copy(window.buffer, window.end, at, at + count);
    window.end += count;
    at += count;
    ended = at === all.length;
  }
}

const bad = (values: readonly Value[]): Value[] =>
  values.filter((v) => v instanceof BadInput).map((v: BadInput) => [v.error.params.line, v.raw, v.error.params.reason]);
const good = (values: readonly Value[]): Value[] => values.filter((v) => !(v instanceof BadInput));

describe('CsvDecoder', () => {
  it('sends ragged rows away, each with its line and reason, and keeps the good ones', () => {
    const values = decode('sku,qty\nA1,1,EXTRA\nA2\n,,,\n\nA3,3\n');
    expect(bad(values)).toEqual([
      [2, 'A1,1,EXTRA', '3 cells where 2 are expected'],
      [3, 'A2', '1 cells where 2 are expected'],
      [4, ',,,', '4 cells where 2 are expected'],
    ]);
    expect(good(values)).toEqual([{ sku: 'A3', qty: '3' }]);
  });

  it('loses one line, not the file, to a quote that is never closed', () => {
    expect(bad(decode('id,note\nA1,"never closed\nA2,1\n'))).toEqual([
      [2, 'A1,"never closed', expect.stringMatching(/not closed/)],
    ]);
    expect(good(decode('id,note\nA1,"never closed\nA2,1\n'))).toEqual([{ id: 'A2', note: '1' }]);
    const rest = Array.from({ length: 200_000 }, (_, i) => `B${i},x\n`).join('');
    const values = decode(`id,note\nA1,"never closed\n${rest}`);
    expect([bad(values).length, good(values).length]).toEqual([1, 200_000]);
  });

  it('reads a row of nearly 1 MiB in quotes and refuses a longer line', () => {
    const note = 'x,\n'.repeat(340_000);
    expect(good(decode(`id,note\n1,"${note}"\n2,b\n`, {}, 100_000))).toEqual([
      { id: '1', note },
      { id: '2', note: 'b' },
    ]);
    const values = decode(`id,note\n1,${'x'.repeat(3_000_000)}\n2,b\n`, {}, 100_000);
    expect((values[0] as BadInput).error.code).toBe('FILE_LINE_TOO_LONG');
    expect(values[1]).toEqual({ id: '2', note: 'b' });
  });

  it('refuses a header with too many columns at once', () => {
    const started = process.cpuUsage();
    expect(() => decode(`${Array.from({ length: 200_000 }, (_, i) => `c${i}`).join(',')}\n`)).toThrow(
      expect.objectContaining({ code: 'FILE_TOO_MANY_COLUMNS' }),
    );
    expect(process.cpuUsage(started).user / 1000, 'ms of CPU').toBeLessThan(500);
    expect(() => decode(`${Array.from({ length: 10_001 }, () => 'c').join(',')}\n`)).toThrow(/10001 columns/);
    expect(() => decode('a,"b\nc\n')).toThrow(expect.objectContaining({ code: 'FILE_BAD_HEADER' }));
  });

  it('names blank and repeated columns, and takes __proto__ for a name like any other', () => {
    const [row] = decode('id,,id,__proto__\n1,2,3,4\n');
    expect(Object.entries(row)).toEqual([
      ['id', '1'],
      ['column2', '2'],
      ['id_2', '3'],
      ['__proto__', '4'],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });

  it('works without a header, and with names of its own', () => {
    expect(decode('1,2\n3,4\n', { header: false })).toEqual([
      { column1: '1', column2: '2' },
      { column1: '3', column2: '4' },
    ]);
    expect(decode('1,2\n', { header: false, columns: ['a', 'b'] })).toEqual([{ a: '1', b: '2' }]);
    expect(decode('x,y\n1,2\n', { columns: ['a', 'b'] })).toEqual([{ a: '1', b: '2' }]);
  });

  it('types cells where asked, with null for empty ones, and sends away what does not fit', () => {
    const types = { qty: 'number', paid: 'boolean', at: 'time' } as const;
    const values = decode(
      'id,qty,paid,at\n1, 2.50 ,Yes,2011-10-02 10:32:00\n2,,,\n3,-9007199254740993,0,2011-10-02T10:32:00.250+02:00\n4,"1,5",no,\n5,1,maybe,\n6,1,no,tomorrow\n7,.5,no,\n',
      { types, zone: 'Europe/Paris' },
    );
    expect(good(values)).toEqual([
      { id: '1', qty: 2.5, paid: true, at: '2011-10-02T08:32:00Z' },
      { id: '2', qty: null, paid: null, at: null },
      { id: '3', qty: '-9007199254740993', paid: false, at: '2011-10-02T08:32:00.250Z' },
      { id: '7', qty: 0.5, paid: false, at: null },
    ]);
    expect(bad(values).map((b) => b[2])).toEqual([
      '"1,5" in column "qty" is not a number',
      '"maybe" in column "paid" is neither true nor false',
      '"tomorrow" in column "at" is not a time',
    ]);
    expect(() => decode('a,b\n1,2\n', { types: { c: 'number' } })).toThrow(
      expect.objectContaining({ code: 'FILE_COLUMN_UNKNOWN' }),
    );
  });

  it('sends away rows that are not UTF-8 and reads the others, also in the header', () => {
    const bytes = Buffer.concat([
      Buffer.from('näme,x\nzoë,1\n'),
      Buffer.from([0x62, 0xff, 0x2c, 0x32, 10]),
      Buffer.from('"über\nall",3\n'),
    ]);
    const values = decode(bytes);
    expect(good(values)).toEqual([
      { näme: 'zoë', x: '1' },
      { näme: 'über\nall', x: '3' },
    ]);
    expect(bad(values)).toEqual([[3, 'b\ufffd,2', 'not valid UTF-8']]);
    expect((values[1] as BadInput).error.params.byte).toBe(15);
  });

  it('gives the same whatever the pieces in which bytes arrive', () => {
    const csv = `\ufeffid;note\r\n${Array.from({ length: 300 }, (_, i) => `${i};"n""ö\r\n${i}"\r\n`).join('')}last;`;
    const whole = decode(csv, { delimiter: ';' });
    expect(whole.length).toBe(301);
    for (const piece of [1, 2, 3, 7, 64, 1000]) expect(decode(csv, { delimiter: ';' }, piece)).toEqual(whole);
  });
});
