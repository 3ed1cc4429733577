import { readFile, stat } from 'node:fs/promises';
import { type Clock, encodeKey, MillraceError, type Value } from '@millrace/sdk';
import { type Answer, type LookupTarget, NO_ROWS } from './lookup.js';
import { parseTable, type TableFormat } from './table-file.js';

type KeyOf = (row: Value) => unknown[];

function indexOf(rows: readonly Value[], keyOf: KeyOf): Map<string, Value[]> {
  const index = new Map<string, Value[]>();
  for (const row of rows) {
    const key = encodeKey(keyOf(row));
    const same = index.get(key);
    if (same === undefined) index.set(key, [row]);
    else same.push(row);
  }
  return index;
}

/** Rows that never change. */
export function fixedTable(rows: readonly Value[], keyOf: KeyOf): LookupTarget {
  const index = indexOf(rows, keyOf);
  const known = (key: string): Answer => index.get(key) ?? NO_ROWS;
  return { known, ask: async (key) => known(key) };
}

export interface FileTableOptions {
  /** Absolute path. */
  readonly path: string;
  /** Path as the config says it, for errors. */
  readonly name: string;
  readonly format: TableFormat;
  readonly keyOf: KeyOf;
  /** Look at the file again after so many ms; undefined = read it once. */
  readonly refresh: number | undefined;
  readonly clock: Clock;
}

/** Rows of a file, read when the task starts, and again when the file has changed. */
export function fileTable({ path, name, format, keyOf, refresh, clock }: FileTableOptions): LookupTarget {
  let index = new Map<string, Value[]>();
  let version = '';
  let lookAgain = 0;
  let looking: Promise<void> | undefined;
  const look = async () => {
    try {
      const { mtimeMs, size, ino } = await stat(path);
      const found = `${mtimeMs} ${size} ${ino}`;
      if (found !== version) {
        index = indexOf(parseTable(await readFile(path, 'utf8'), format, name), keyOf);
        version = found;
      }
    } catch (cause) {
      if (cause instanceof MillraceError) throw cause;
      throw new MillraceError(`The table "${name}" cannot be read: ${(cause as Error).message}.`, {
        code: 'LOOKUP_TABLE_UNREADABLE',
        domain: 'external',
        params: { path: name },
        cause,
        hint: 'Check that the file is there and may be read.',
      });
    }
    lookAgain = refresh === undefined ? Number.POSITIVE_INFINITY : clock.now() + refresh;
  };
  return {
    open: look,
    known: (key) => (clock.now() < lookAgain ? (index.get(key) ?? NO_ROWS) : undefined),
    async ask(key) {
      if (clock.now() >= lookAgain) {
        looking ??= look().finally(() => {
          looking = undefined;
        });
        await looking;
      }
      return index.get(key) ?? NO_ROWS;
    },
  };
}
