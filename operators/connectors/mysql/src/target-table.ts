import { MillraceError, type Setup, type Value } from '@millrace/sdk';
import {
  ColumnMatcher,
  type Delivery,
  type RowGroup,
  requireColumns,
  rowGroups,
  type StoredPosition,
  type TransactionalTable,
} from '@millrace/sdk/tables';
import { type Column, columnsOf, writer } from './columns.js';
import { Database, quote, quoteTable } from './connect.js';

interface Target {
  connection: string;
  table: string;
  mode?: 'insert' | 'upsert';
  key?: readonly string[];
  columns?: readonly string[];
}

const POSITIONS = `CREATE TABLE IF NOT EXISTS millrace_positions (
  workflow varchar(191) NOT NULL, node varchar(191) NOT NULL, part varchar(191) NOT NULL,
  epoch bigint NOT NULL, sequence bigint NOT NULL, place bigint NOT NULL,
  refused longtext NOT NULL, updated_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  PRIMARY KEY (workflow, node, part)) ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`;

/** Characters of one INSERT, well below the smallest packet that servers take by default. */
const MOST_CHARACTERS = 2_000_000;

/** A table to write to, over one connection. */
export class TargetTable implements TransactionalTable {
  private constructor(
    private readonly database: Database,
    private readonly target: Target,
    private readonly workflow: string,
    private readonly node: string,
    private readonly writers: ReadonlyMap<string, (value: Value) => unknown>,
    private readonly matcher: ColumnMatcher,
  ) {}

  static async open(
    target: Target,
    setup: Pick<Setup<unknown>, 'workflow' | 'nodeId' | 'signal'> & { timeout: number },
  ): Promise<TargetTable> {
    const database = await Database.connect(target.connection, { timeout: setup.timeout, signal: setup.signal });
    try {
      const all = await columnsOf(database, target.table);
      requireColumns(
        target.table,
        all.map(({ name }) => name),
        [...(target.columns ?? []), ...(target.key ?? [])],
      );
      await requireTransactions(database, target.table);
      if (target.mode === 'upsert') await requireUnique(database, target.table, target.key ?? []);
      await ensurePositions(database);
      const chosen = target.columns && new Set([...target.columns, ...(target.key ?? [])]);
      const columns = all.filter(({ name, generated }: Column) => !generated && (chosen?.has(name) ?? true));
      const writers = new Map(columns.map((column) => [column.name, writer(column)]));
      return new TargetTable(
        database,
        target,
        setup.workflow,
        setup.nodeId,
        writers,
        new ColumnMatcher(writers.keys()),
      );
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async claim(partition: string, epoch: number): Promise<StoredPosition> {
    const key = [this.workflow, this.node, partition];
    await this.database.run(
      "INSERT INTO millrace_positions (workflow, node, part, epoch, sequence, place, refused) VALUES (?, ?, ?, ?, 0, -1, '') " +
        'ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch, VALUES(epoch))',
      [...key, epoch],
    );
    const [row] = await this.database.rows(
      'SELECT epoch, sequence, place, refused FROM millrace_positions WHERE workflow = ? AND node = ? AND part = ?',
      key,
    );
    const [stored, sequence, offset, refused] = row as [string, string, string, string];
    return { epoch: Number(stored), sequence: Number(sequence), offset: Number(offset), refused };
  }

  async write(deliveries: readonly Delivery[], position: Parameters<TransactionalTable['write']>[1]): Promise<boolean> {
    const { partition, epoch, from, to } = position;
    const groups = rowGroups(deliveries, this.target, this.matcher);
    await this.database.run('START TRANSACTION');
    try {
      const moved = await this.database.run(
        'UPDATE millrace_positions SET sequence = ?, place = ?, refused = ? ' +
          'WHERE workflow = ? AND node = ? AND part = ? AND epoch = ? AND sequence = ? AND place = ?',
        [to.sequence, to.offset, to.refused, this.workflow, this.node, partition, epoch, from.sequence, from.offset],
      );
      if (moved === 1) for (const group of groups) await this.#writeGroup(group);
      await this.database.run(moved === 1 ? 'COMMIT' : 'ROLLBACK');
      return moved === 1;
    } catch (error) {
      await this.database.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async #writeGroup(group: RowGroup): Promise<void> {
    const writers = group.fields.map(({ field, column }) => ({ field, write: this.writers.get(column)! }));
    let rows: unknown[][] = [];
    let size = 0;
    for (const value of group.values) {
      const row = writers.map(({ field, write }) => write(value[field]));
      rows.push(row);
      for (const cell of row) size += typeof cell === 'string' || Buffer.isBuffer(cell) ? cell.length : 8;
      if (size < MOST_CHARACTERS) continue;
      await this.#send(group, rows);
      rows = [];
      size = 0;
    }
    if (rows.length > 0) await this.#send(group, rows);
  }

  #send(group: RowGroup, rows: unknown[][]): Promise<number> {
    const names = group.fields.map(({ column }) => quote(column)).join(', ');
    const table = quoteTable(this.target.table);
    if (group.kind === 'delete')
      return this.database.run(`DELETE FROM ${table} WHERE (${names}) IN (?)`, [
        rows.length === 1 && rows[0]!.length === 1 ? rows[0] : rows,
      ]);
    return this.database.run(`INSERT INTO ${table} (${names}) VALUES ?${this.#conflict(group)}`, [rows]);
  }

  #conflict(group: RowGroup): string {
    if (this.target.mode !== 'upsert') return '';
    const key = this.target.key ?? [];
    const rest = group.fields.filter(({ column }) => !key.includes(column));
    const changed = rest.length === 0 ? group.fields.slice(0, 1) : rest;
    return ` ON DUPLICATE KEY UPDATE ${changed.map(({ column }) => `${quote(column)} = VALUES(${quote(column)})`).join(', ')}`;
  }

  async close(): Promise<void> {
    this.database.close();
  }
}

function split(table: string): [string | null, string] {
  return table.includes('.') ? (table.split('.') as [string, string]) : [null, table];
}

async function requireTransactions(database: Database, table: string): Promise<void> {
  const [row] = await database.rows(
    'SELECT engine FROM information_schema.tables WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ?',
    split(table),
  );
  const engine = row?.[0] ?? 'InnoDB';
  if (!/^(MyISAM|MEMORY|Aria|CSV|ARCHIVE)$/i.test(engine)) return;
  throw new MillraceError(`The table ${table} is kept by ${engine}, which has no transactions.`, {
    code: 'TABLE_NO_TRANSACTIONS',
    domain: 'user',
    retry: 'backoff',
    params: { table, engine },
    hint: `Change it with ALTER TABLE ${table} ENGINE=InnoDB; the node goes on by itself.`,
  });
}

async function requireUnique(database: Database, table: string, key: readonly string[]): Promise<void> {
  const rows = await database.rows(
    'SELECT index_name, column_name FROM information_schema.statistics WHERE non_unique = 0 AND table_schema = COALESCE(?, DATABASE()) AND table_name = ?',
    split(table),
  );
  const indexes = new Map<string, string[]>();
  for (const [index, column] of rows) indexes.set(index!, [...(indexes.get(index!) ?? []), column!]);
  const wanted = [...key].sort().join('\n');
  if ([...indexes.values()].some((columns) => columns.sort().join('\n') === wanted)) return;
  throw new MillraceError(`The table ${table} has no unique index over exactly ${key.join(', ')}.`, {
    code: 'KEY_NOT_UNIQUE',
    domain: 'user',
    retry: 'backoff',
    params: { table, key },
    hint: 'Make a unique index over exactly the key columns; the node goes on by itself.',
  });
}

async function ensurePositions(database: Database): Promise<void> {
  const there = await database.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = 'millrace_positions'",
  );
  if (there.length > 0) return;
  try {
    await database.run(POSITIONS);
  } catch (cause) {
    const { errno } = cause as { errno?: number };
    if (errno !== 1142 && errno !== 1044 && errno !== 1227) throw cause;
    throw new MillraceError(
      'The table millrace_positions is missing and the user of the connection may not create it.',
      {
        code: 'POSITIONS_MISSING',
        domain: 'user',
        retry: 'backoff',
        hint: `Run this as a user who may, then give the user SELECT, INSERT and UPDATE on it: ${POSITIONS.replaceAll(/\s+/g, ' ')}`,
        cause,
      },
    );
  }
}
