import { MillraceError, type StreamRecord } from '@millrace/sdk';

/** What keeps a record from any table, whatever the database says. */
export function recordProblem(config: {
  table: string;
  mode?: 'insert' | 'upsert';
}): (record: StreamRecord) => MillraceError | undefined {
  return ({ value, op }) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      return new MillraceError('The record is not an object, so it has no fields to put into columns.', {
        code: 'RECORD_NOT_OBJECT',
        params: { table: config.table },
        hint: 'Make it an object with "Set fields" before this node.',
      });
    }
    if (op === 'delete' && config.mode !== 'upsert') {
      return new MillraceError('A record says that its row is gone, and this node only adds rows.', {
        code: 'DELETE_NEEDS_KEY',
        params: { table: config.table },
        hint: 'Set the node to upsert and name the key columns.',
      });
    }
    return undefined;
  };
}
