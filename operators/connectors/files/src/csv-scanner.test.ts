import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvScanner } from './csv-scanner.js';

function records(text: string, delimiter = ','): string[][] {
  const scanner = new CsvScanner(delimiter, '"');
  scanner.start(text, true);
  const found: string[][] = [];
  for (let what = scanner.next(); what !== 'nothing'; what = scanner.next()) {
    if (what === 'record') found.push(scanner.fields);
    else if (what !== 'blank') throw new Error(what);
  }
  return found;
}

function written(rows: readonly (readonly string[])[], end: string, quoteAll: boolean): string {
  const cell = (text: string): string => (quoteAll || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join(',') + end).join('');
}

describe('CsvScanner', () => {
  it('reads quotes, doubled quotes, delimiters and line ends in quotes', () => {
    expect(records('a,"b ""x"", c","two\r\nlines",\n,"",z')).toEqual([
      ['a', 'b "x", c', 'two\r\nlines', ''],
      ['', '', 'z'],
    ]);
  });

  it('takes a quote inside an unquoted field for itself', () => {
    expect(records('pipe 12",1\n5" x 3",2\n')).toEqual([
      ['pipe 12"', '1'],
      ['5" x 3"', '2'],
    ]);
  });

  it('agrees with csv-parse', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ';', ' '), maxLength: 6 });
    const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), (table, end, quoteAll) => {
        const csv = written(table, end, quoteAll);
        const expected = parse(csv, { relax_column_count: true, record_delimiter: ['\n', '\r\n'] });
        expect(records(csv)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('says where each record starts and ends and how many lines it has', () => {
    const scanner = new CsvScanner(';', "'");
    scanner.start("a;'x\ny'\r\nb;c\n", true);
    expect([scanner.next(), scanner.from, scanner.to, scanner.lines, scanner.raw]).toEqual([
      'record',
      0,
      9,
      2,
      "a;'x\ny'",
    ]);
    expect([scanner.next(), scanner.from, scanner.to, scanner.lines, scanner.raw]).toEqual(['record', 9, 13, 1, 'b;c']);
    expect(scanner.next()).toBe('nothing');
  });

  it('uses nothing up while a quote is open', () => {
    const scanner = new CsvScanner(',', '"');
    scanner.start('b,c\na,"open\nb,c\n', false);
    expect([scanner.next(), scanner.next(), scanner.to]).toEqual(['record', 'open', 4]);
  });

  it('calls text after a closing quote broken, to the end of that line', () => {
    const scanner = new CsvScanner(',', '"');
    scanner.start('"a"x,1\nb,2\n', true);
    expect([scanner.next(), scanner.raw]).toEqual(['broken', '"a"x,1']);
    expect([scanner.next(), scanner.fields]).toEqual(['record', ['b', '2']]);
  });
});
