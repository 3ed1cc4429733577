import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';

export type Row = Record<string, unknown> & { id: string };

/** True with `--full`: the counts of the acceptance, else those of every change. */
export const full = process.env.MILLRACE_FULL === '1';

/** Bytes of the few large records. */
const LARGE = 200 * 1024;

const TEXTS = [
  'plain',
  '',
  'Grüße aus Köln',
  '订单已付款',
  '👩‍👩‍👧‍👦 🛒',
  'quote " backslash \\ \u2028',
  "O'Neil; drop table x --",
  'tab\tline\nend',
];
const NUMBERS = [0, -1, 1.5, 0.1, -0.001, 1e21, 5e-324, 123456789.125, 9007199254740991, -9007199254740991];

/** The n-th record: every kind of JSON value, numbers beyond 2^53 as text, deep objects, now and then 200 KB. The same for the same n. */
export function record(n: number): Row {
  const row: Row = {
    id: `r${String(n).padStart(7, '0')}`,
    n,
    text: TEXTS[n % TEXTS.length],
    number: NUMBERS[n % NUMBERS.length],
    whole: n * 7919,
    big: '9007199254740993',
    flag: n % 2 === 0,
    nothing: null,
    nested: {
      sku: `SKU-${n % 97}`,
      price: { amount: (n % 10_000) / 100, currency: 'EUR' },
      tags: ['a', null, n, { deep: [true, [], {}] }],
    },
    list: n % 3 === 0 ? [] : [1, 'two', false, null],
    at: 1_700_000_000_000 + n,
  };
  if (n % 25_000 === 12_345 || n === 7) row.large = 'ä🛒x'.repeat(Math.ceil(LARGE / 7));
  return row;
}

/** The server of our MongoDB tests, other than MongoDB itself, keeps no list directly in a list: such a one is left out and put back. */
export const noListInList = (row: Row): Row => swap(row, '[true,[],{}]', '[true,{}]');
export const listInList = (row: Row): Row => swap(row, '[true,{}]', '[true,[],{}]');
function swap(row: Row, from: string, to: string): Row {
  return { ...row, nested: JSON.parse(JSON.stringify(row.nested).replace(from, to)) };
}

/** `count` records as NDJSON; `change` is done to each. */
export async function writeRecords(file: string, count: number, change = (row: Row) => row): Promise<void> {
  const stream = createWriteStream(file);
  let chunk = '';
  for (let n = 0; n < count; n++) {
    chunk += `${JSON.stringify(change(record(n)))}\n`;
    if (chunk.length > 1 << 18 || n === count - 1) {
      if (!stream.write(chunk)) await once(stream, 'drain');
      chunk = '';
    }
  }
  stream.end();
  await once(stream, 'finish');
}

/** Whole lines of a growing file. */
export function readLines(file: string): Row[] {
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

export interface Comparison {
  /** Ids that never arrived. */
  lost: string[];
  /** Ids that arrived more than once. */
  duplicates: string[];
  /** Ids whose value is another one now, with both. */
  changed: { id: string; sent: unknown; got: unknown }[];
  /** Ids that nobody sent. */
  strange: string[];
}

/**
 * What became of the records 0 … count − 1.
 * @param tidy makes rows comparable where a system has marks of its own (an added column, another order of keys needs none)
 */
export function compare(count: number, rows: Iterable<Row>, tidy: (row: Row) => Row = (row) => row): Comparison {
  const seen = new Map<string, number>();
  const result: Comparison = { lost: [], duplicates: [], changed: [], strange: [] };
  for (const row of rows) {
    const n = /^r\d{7}$/.test(row.id) ? Number(row.id.slice(1)) : -1;
    if (n < 0 || n >= count) {
      result.strange.push(row.id);
      continue;
    }
    const times = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, times);
    if (times === 2) result.duplicates.push(row.id);
    const sent = record(n);
    const got = tidy(row);
    if (canonical(sent) !== canonical(got) && result.changed.length < 5)
      result.changed.push({ id: row.id, sent: short(sent), got: short(got) });
  }
  for (let n = 0; n < count; n++) {
    const id = `r${String(n).padStart(7, '0')}`;
    if (!seen.has(id)) result.lost.push(id);
  }
  return result;
}

/** JSON with sorted keys: stores such as jsonb keep no order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

const short = ({ large, ...row }: Row): unknown =>
  large === undefined ? row : { ...row, large: `${String(large).length} characters` };
