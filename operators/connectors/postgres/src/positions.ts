import { MillraceError } from '@millrace/sdk';
import type { StoredPosition } from '@millrace/sdk/tables';
import type { Client } from 'pg';

const TABLE = `CREATE TABLE IF NOT EXISTS millrace_positions (
  workflow text NOT NULL, node text NOT NULL, partition text NOT NULL,
  epoch bigint NOT NULL, sequence bigint NOT NULL, "offset" bigint NOT NULL,
  refused text NOT NULL DEFAULT '', updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workflow, node, partition))`;

/** Makes the table of positions when it is missing. Throws POSITIONS_MISSING with the statement when the user may not. */
export async function ensurePositions(client: Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    `SELECT to_regclass('millrace_positions') IS NOT NULL AS there`,
  );
  if (rows[0]!.there) return;
  try {
    await client.query(TABLE);
  } catch (cause) {
    const state = (cause as { code?: string }).code;
    // Two tasks that make it in the same moment: one of them finds the other's.
    if (state === '23505' || state === '42P07') return;
    if (state !== '42501' && state !== '3F000' && state !== '25006') throw cause;
    throw new MillraceError(
      'The table millrace_positions is missing and the user of the connection may not create it.',
      {
        code: 'POSITIONS_MISSING',
        domain: 'user',
        retry: 'backoff',
        hint: `Run this as the owner of the database, then give the user SELECT, INSERT and UPDATE on it: ${TABLE.replaceAll(/\s+/g, ' ')}`,
        cause,
      },
    );
  }
}

export interface PositionKey {
  workflow: string;
  node: string;
  partition: string;
}

/** Takes over the row of a partition unless a later epoch has it, and reads it. Waits for a write to it that is under way. */
export async function claimPosition(client: Client, key: PositionKey, epoch: number): Promise<StoredPosition> {
  const { rows } = await client.query<{ [column: string]: string }>({
    name: 'millrace_claim',
    text: `INSERT INTO millrace_positions AS p (workflow, node, partition, epoch, sequence, "offset")
VALUES ($1, $2, $3, $4, 0, -1)
ON CONFLICT (workflow, node, partition) DO UPDATE SET epoch = greatest(p.epoch, EXCLUDED.epoch)
RETURNING epoch, sequence, "offset", refused`,
    values: [key.workflow, key.node, key.partition, epoch],
  });
  const row = rows[0]!;
  return {
    epoch: Number(row.epoch),
    sequence: Number(row.sequence),
    offset: Number(row.offset),
    refused: row.refused!,
  };
}
