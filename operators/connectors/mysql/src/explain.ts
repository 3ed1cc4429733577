import { type ErrorInfo, MillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';

interface ClientError extends Error {
  errno?: number;
  code?: string;
  sqlState?: string;
}

type Naming = Pick<ErrorInfo, 'code' | 'domain' | 'retry'> & { hint: string };

const fix = (code: string, hint: string): Naming => ({ code, domain: 'user', retry: 'backoff', hint });
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
const SLOW = {
  ...BUSY,
  code: 'DATABASE_SLOW',
  hint: 'The statement took longer than the node allows. Raise its time ("Give up … after"), or let an index make the database faster; the node tries again by itself.',
};
const FULL = {
  ...BUSY,
  code: 'DATABASE_FULL',
  hint: 'The database has no room or no connections left; whoever looks after it can make some. The node tries again by itself.',
};
const LOGIN = fix('DATABASE_LOGIN', 'Correct user and password of the connection; the node goes on by itself.');
const RIGHTS = fix('DATABASE_RIGHTS', 'Give the user of the connection this right; the node goes on by itself.');

/** By the server's error number, the same in MySQL and MariaDB unless said otherwise. */
const BY_NUMBER: { [number: number]: Naming } = {
  1021: FULL,
  1040: FULL,
  1044: RIGHTS,
  1045: LOGIN,
  1049: fix('DATABASE_UNKNOWN', 'Correct the name of the database in the connection, or create it.'),
  1054: fix('COLUMN_UNKNOWN', 'Add the column or choose another one; the node goes on by itself.'),
  1114: FULL,
  1142: RIGHTS,
  1143: RIGHTS,
  1146: fix('TABLE_UNKNOWN', 'Create the table or choose another one; the node goes on by itself.'),
  1203: FULL,
  1205: BUSY,
  1213: BUSY,
  1226: FULL,
  1227: RIGHTS,
  1251: LOGIN,
  1265: REFUSED,
  1364: REFUSED,
  1366: REFUSED,
  1698: LOGIN,
  1969: SLOW,
  3024: SLOW,
  3140: REFUSED,
  3819: REFUSED,
  4025: REFUSED,
};

/** Names what the client threw: what is tried again, what a person has to put right, and what is a record's own fault. */
export function explain(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const trouble = tlsTrouble('MySQL', thrown);
  if (trouble !== undefined) return trouble;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as ClientError;
  if (error instanceof TypeError || error instanceof RangeError)
    return new MillraceError(error.message, {
      code: 'CONNECTOR_BROKEN',
      domain: 'internal',
      retry: 'never',
      cause: thrown,
    });
  const { errno = 0, sqlState = '' } = error;
  // Data that does not fit (22), constraints (23), and what a trigger says (45).
  const naming =
    BY_NUMBER[errno] ??
    (/^(22|23|45)/.test(sqlState)
      ? REFUSED
      : error.code === 'PROTOCOL_SEQUENCE_TIMEOUT'
        ? SLOW
        : /SSL|TLS|certificate|self.signed/i.test(error.message)
          ? fix('DATABASE_TLS', 'Check tls of the connection and the certificate of the server.')
          : sqlState.startsWith('42')
            ? fix(
                'DATABASE_ERROR',
                'Show this sentence of the database to whoever looks after it; the node tries again by itself.',
              )
            : UNREACHABLE);
  const words = error.message === '' ? String(error.code ?? error.name) : error.message;
  return new MillraceError(`MySQL: ${`${words}.`.replace(/\.\.$/, '.')}`.slice(0, 1000), {
    ...naming,
    params: { ...(errno !== 0 && { number: errno }) },
    cause: thrown,
  });
}
