import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type Row, record } from './records.js';

/** What a test does with a database by itself, in the words of its client. */
export interface Sql {
  run(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** Columns that hold the records of `record`, by type names of PostgreSQL and of MariaDB. */
export const COLUMNS = {
  postgres:
    'id text PRIMARY KEY, n int, text text, number double precision, whole bigint, big bigint, flag boolean, nothing text, nested jsonb, list jsonb, at bigint, large text',
  mysql:
    'id varchar(20) PRIMARY KEY, n int, text longtext, number double, whole bigint, big bigint, flag tinyint(1), nothing text, nested json, list json, at bigint, large longtext',
};

/** A column that the record lacks comes back empty. */
export function tidy({ updated_at, delivery, ...row }: Row): Row {
  const { large, ...rest } = row;
  return (large === null ? rest : row) as Row;
}

export interface Shopkeeper {
  /** Rows that are in the table for sure. */
  written(): number;
  done: Promise<void>;
}

/**
 * Writes records 0 … count − 1 into a table over several connections at once, in transactions that stay open for a while: rows become
 * visible in another order than their times say. What fails is written again.
 */
export function keepWriting(
  count: number,
  options: {
    connect: () => Promise<Sql>;
    insert: (rows: Row[]) => { text: string; values: unknown[] };
    perSecond: number;
    hold?: number;
    lanes?: number;
  },
): Shopkeeper {
  const { connect, insert, perSecond, hold = 400, lanes = 4 } = options;
  const size = 25;
  let next = 0;
  let written = 0;
  let stopped = false;
  const started = Date.now();
  const lane = async () => {
    let sql: Sql | undefined;
    while (next < count && !stopped) {
      const from = next;
      next = Math.min(count, next + size);
      const rows = Array.from({ length: next - from }, (_, i) => record(from + i));
      await pause(Math.max(0, started + (from / perSecond) * 1000 - Date.now()));
      for (let done = false; !done && !stopped; ) {
        try {
          sql ??= await connect();
          await sql.run('BEGIN');
          const { text, values } = insert(rows);
          await sql.run(text, values);
          await pause(Math.random() * hold);
          await sql.run('COMMIT');
          done = true;
        } catch {
          await sql?.close().catch(() => undefined);
          sql = undefined;
          await pause(100);
        }
      }
      written += rows.length;
    }
    await sql?.close().catch(() => undefined);
  };
  const done = Promise.all(Array.from({ length: lanes }, lane)).then(() => undefined);
  onTestFinished(async () => {
    stopped = true;
    await done;
  });
  return { written: () => written, done };
}
