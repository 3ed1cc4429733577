import { tableUnknown } from '@millrace/sdk/tables';
import type { Client } from 'cassandra-driver';

export interface Column {
  name: string;
  /** CQL type: `bigint`, `frozen<list<text>>`. */
  type: string;
  kind: 'partition_key' | 'clustering' | 'regular' | 'static';
}

/** The columns of a table, keys first. Throws TABLE_UNKNOWN. */
export async function columnsOf(client: Client, table: string): Promise<Column[]> {
  const [keyspace, name] = table.includes('.') ? (table.split('.') as [string, string]) : [client.keyspace, table];
  const { rows } = await client.execute(
    'SELECT column_name, type, kind, position FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?',
    [keyspace, name],
  );
  if (rows.length === 0) throw tableUnknown(table);
  const order = ['partition_key', 'clustering', 'regular', 'static'];
  return rows
    .map((row) => ({
      name: row.column_name as string,
      type: row.type as string,
      kind: row.kind as Column['kind'],
      position: row.position as number,
    }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.position - b.position);
}
