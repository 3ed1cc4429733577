import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseIso, type Value } from '@millrace/sdk';

const shared = process.env.MILLRACE_SHARED ?? resolve(import.meta.dirname, '../../../../../../shared');

/** True when the folder of real rows and known answers is there. Says so when it is not: the tests are skipped then. */
export function haveRealData(test: string): boolean {
  const here = existsSync(resolve(shared, 'data'));
  if (!here) process.stdout.write(`${test} is skipped: there is no folder ${shared}/data.\n`);
  return here;
}

export function rowsOf(name: string): Value[] {
  const text = gunzipSync(readFileSync(resolve(shared, `data/${name}.ndjson.gz`))).toString();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
}

export const answersOf = (name: string): Value =>
  JSON.parse(readFileSync(resolve(shared, `answers/${name}.json`), 'utf8')).answers;

/** A line of a real sale, as the answers count it: no cancellation, no gift, no postage. */
export const isSaleLine = (row: Value): boolean =>
  row.quantity > 0 && row.unit_price > 0 && !row.invoice_no.startsWith('C') && /^\d{5}/.test(row.stock_code);

export const timeOf = (row: Value): number => parseIso(row.event_time);

/** A figure for the reader of the test's output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
