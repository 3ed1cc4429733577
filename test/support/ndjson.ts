import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

export type Row = Record<string, unknown>;

/** The rows of an NDJSON file, plain or gzip by its name. */
export function readRows(file: string): Row[] {
  const bytes = readFileSync(file);
  return parseRows((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

export function parseRows(text: string): Row[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Rows in an order of their own, for comparing where the order of arrival is not part of the answer. */
export function sorted(rows: readonly Row[], ...by: string[]): Row[] {
  const key = (row: Row): string => by.map((field) => String(row[field])).join('\u0000');
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}
