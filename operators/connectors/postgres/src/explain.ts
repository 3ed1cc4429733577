import { type ErrorInfo, MillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';

interface ServerError extends Error {
  code?: string;
  detail?: string;
  column?: string;
  constraint?: string;
}

type Naming = Pick<ErrorInfo, 'code' | 'domain' | 'retry'> & { hint: string };

const REFUSED: Naming = {
  code: 'ROW_REFUSED',
  domain: 'user',
  retry: 'never',
  hint: 'Mend the record or the table, then process the dead letter again.',
};
const UNREACHABLE: Naming = {
  code: 'DATABASE_UNREACHABLE',
  domain: 'external',
  hint: 'Check that the database runs and can be reached; the node goes on by itself.',
};
const BUSY: Naming = {
  code: 'DATABASE_BUSY',
  domain: 'external',
  hint: 'Other work is in the way; the node tries again by itself.',
};
const fix = (code: string, hint: string): Naming => ({ code, domain: 'user', retry: 'backoff', hint });

/** By SQLSTATE, or by its class of two characters. */
const BY_STATE: { [state: string]: Naming } = {
  '28': fix('DATABASE_LOGIN', 'Correct user and password of the connection; the node goes on by itself.'),
  '3D': fix('DATABASE_UNKNOWN', 'Correct the name of the database in the connection, or create it.'),
  '42P01': fix('TABLE_UNKNOWN', 'Create the table or choose another one; the node goes on by itself.'),
  '3F000': fix('TABLE_UNKNOWN', 'Create the schema or choose another table; the node goes on by itself.'),
  '42703': fix('COLUMN_UNKNOWN', 'Add the column or choose another one; the node goes on by itself.'),
  '42501': fix('DATABASE_RIGHTS', 'Give the user of the connection this right; the node goes on by itself.'),
  '42P10': fix('KEY_NOT_UNIQUE', 'Make a unique index over exactly the key columns; the node goes on by itself.'),
  '42804': REFUSED,
  '428C9': REFUSED,
  '54': REFUSED,
  P0001: REFUSED,
  '21000': REFUSED,
  '22': REFUSED,
  '23': REFUSED,
  '44': REFUSED,
  '40': BUSY,
  '55': BUSY,
  '57014': {
    ...BUSY,
    code: 'DATABASE_SLOW',
    hint: 'The statement took longer than the node allows. Raise its time ("Give up … after"), or let an index make the database faster; the node tries again by itself.',
  },
  '57': UNREACHABLE,
  '53': {
    ...BUSY,
    code: 'DATABASE_FULL',
    hint: 'The database has no room or no connections left; whoever looks after it can make some. The node tries again by itself.',
  },
  '25006': { ...UNREACHABLE, hint: 'The server takes no writes now: it may be a standby. The node tries again.' },
  '08': UNREACHABLE,
};

/** Names what the client threw: what is tried again, what a person has to put right, and what is a record's own fault. */
export function explain(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const trouble = tlsTrouble('PostgreSQL', thrown);
  if (trouble !== undefined) return trouble;
  // A mistake of ours; trying again does not heal it.
  if (thrown instanceof TypeError || thrown instanceof RangeError)
    return new MillraceError(thrown.message, {
      code: 'CONNECTOR_BROKEN',
      domain: 'internal',
      retry: 'never',
      cause: thrown,
    });
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as ServerError;
  const state = error.code ?? '';
  const isState = /^[0-9A-Z]{5}$/.test(state) && !/^E[A-Z]+$/.test(state);
  const naming = isState
    ? (BY_STATE[state] ??
      BY_STATE[state.slice(0, 2)] ??
      fix(
        'DATABASE_ERROR',
        'Show this sentence of the database to whoever looks after it; the node tries again by itself.',
      ))
    : /SSL|TLS|certificate|self.signed/i.test(error.message)
      ? fix('DATABASE_TLS', 'Check sslmode of the connection and the certificate of the server.')
      : UNREACHABLE;
  // A refused socket of several addresses (localhost) has its words in its parts.
  const words =
    error instanceof AggregateError && error.message === ''
      ? error.errors.map((part: Error) => part.message).join(', ')
      : error.message;
  const detail = error.detail === undefined ? '' : ` ${error.detail}`;
  return new MillraceError(`PostgreSQL: ${`${words}.`.replace(/\.\.$/, '.')}${detail}`.slice(0, 1000), {
    ...naming,
    params: {
      ...(isState && { state }),
      ...(error.column !== undefined && { column: error.column }),
      ...(error.constraint !== undefined && { constraint: error.constraint }),
    },
    cause: thrown,
  });
}
