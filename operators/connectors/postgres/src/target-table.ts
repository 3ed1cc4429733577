import { createHash } from 'node:crypto';
import { MillraceError, type Setup } from '@millrace/sdk';
import {
  ColumnMatcher,
  type Delivery,
  type RowGroup,
  requireColumns,
  rowGroups,
  type StoredPosition,
  type TransactionalTable,
} from '@millrace/sdk/tables';
import type { Client } from 'pg';
import { type Column, columnsOf } from './columns.js';
import { connect, quoteTable } from './connect.js';
import { claimPosition, ensurePositions } from './positions.js';
import { statementOf } from './statement.js';

interface Target {
  connection: string;
  table: string;
  mode?: 'insert' | 'upsert';
  key?: readonly string[];
  columns?: readonly string[];
}

/** Forms of a statement kept ready by the server; records of ever new shapes must not fill its memory. */
const MOST_PREPARED = 100;

/** A table to write to, over one connection. */
export class TargetTable implements TransactionalTable {
  readonly #prepared = new Map<string, string>();

  private constructor(
    private readonly client: Client,
    private readonly target: Target,
    private readonly place: { workflow: string; node: string },
    private readonly columns: ReadonlyMap<string, Column>,
    private readonly matcher: ColumnMatcher,
  ) {}

  static async open(
    target: Target,
    setup: Pick<Setup<unknown>, 'workflow' | 'nodeId' | 'signal'> & { timeout: number },
  ): Promise<TargetTable> {
    const client = await connect(target.connection, { timeout: setup.timeout, signal: setup.signal });
    try {
      const all = await columnsOf(client, target.table);
      const names = all.map(({ name }) => name);
      requireColumns(target.table, names, [...(target.columns ?? []), ...(target.key ?? [])]);
      const chosen = target.columns && new Set([...target.columns, ...(target.key ?? [])]);
      const columns = new Map(
        all.filter(({ name, generated }) => !generated && (chosen?.has(name) ?? true)).map((c) => [c.name, c]),
      );
      await ensurePositions(client);
      const place = { workflow: setup.workflow, node: setup.nodeId };
      return new TargetTable(client, target, place, columns, new ColumnMatcher(columns.keys()));
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
  }

  claim(partition: string, epoch: number): Promise<StoredPosition> {
    return claimPosition(this.client, { ...this.place, partition }, epoch);
  }

  async write(deliveries: readonly Delivery[], position: Parameters<TransactionalTable['write']>[1]): Promise<boolean> {
    const { partition, epoch, from, to } = position;
    const groups = rowGroups(deliveries, this.target, this.matcher);
    const text = statementOf(groups, { ...this.target, quoted: quoteTable(this.target.table) }, this.columns);
    const { rows } = await this.client.query<{ moved: number }>({
      ...this.#named(text),
      values: [
        this.place.workflow,
        this.place.node,
        partition,
        epoch,
        from.sequence,
        from.offset,
        to.sequence,
        to.offset,
        to.refused,
        ...groups.map(jsonOf),
      ],
    });
    return rows[0]!.moved === 1;
  }

  #named(text: string): { text: string; name?: string } {
    let name = this.#prepared.get(text);
    if (name === undefined) {
      if (this.#prepared.size >= MOST_PREPARED) return { text };
      name = `millrace_${createHash('sha1').update(text).digest('hex').slice(0, 20)}`;
      this.#prepared.set(text, name);
    }
    return { name, text };
  }

  close(): Promise<void> {
    return this.client.end();
  }
}

function jsonOf(group: RowGroup): string {
  try {
    return JSON.stringify(group.values);
  } catch (cause) {
    throw new MillraceError('A record cannot be written as JSON.', { code: 'ROW_REFUSED', cause });
  }
}
