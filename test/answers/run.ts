import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows } from '../support/ndjson.js';
import type { Flow } from './flow.js';

/** Runs a flow whose source is `events` over a file; answers the rows of each sink. Nothing may be late, skipped or dead. */
export async function runFlow(flow: Flow, input: string, parallelism: number): Promise<{ [answer: string]: Row[] }> {
  const dir = ownFolder();
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'graph.json'), JSON.stringify(flow.document));
  const args = ['run', join(dir, 'graph.json'), '--set', `events.path=${input}`];
  const { stdout } = await millraceOk([...args, '--parallelism', String(parallelism), '--json'], { timeout: 280_000 });
  const { status, nodes } = JSON.parse(stdout) as { status: string; nodes: Record<string, Record<string, number>> };
  expect(status).toBe('finished');
  for (const node of Object.values(nodes)) expect(node).toMatchObject({ late: 0, skipped: 0, deadLettered: 0 });
  return Object.fromEntries(flow.answers.map((id) => [id, readRows(join(dir, `${id}.ndjson`))]));
}

/**
 * Compares rows with the answer, field by field of the answer, in the answer's order of `by`. Numbers may differ by what the answer was
 * rounded to: 0.002 for money.
 */
export function expectAnswer(
  rows: readonly Row[],
  answer: readonly Row[],
  by: readonly string[],
  within = 0.002,
): void {
  const key = (row: Row): string => by.map((field) => String(row[field]).padStart(12)).join('\u0000');
  const order = (list: readonly Row[]): Row[] => [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const found = order(rows);
  const wanted = order(answer);
  expect(found.map(key)).toEqual(wanted.map(key));
  for (const [i, row] of wanted.entries()) {
    for (const [field, value] of Object.entries(row)) {
      const actual = found[i]![field];
      if (typeof value === 'number')
        expect(Math.abs(Number(actual) - value), `${key(row)} ${field}: ${actual} for ${value}`).toBeLessThan(within);
      else expect(actual, `${key(row)} ${field}`).toEqual(value);
    }
  }
}
