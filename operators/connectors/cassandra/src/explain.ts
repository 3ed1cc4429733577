import { type ErrorInfo, MillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';

interface DriverError extends Error {
  code?: number;
  innerErrors?: { [host: string]: unknown };
}

type Naming = Pick<ErrorInfo, 'code' | 'domain' | 'retry'> & { hint: string };

const fix = (code: string, hint: string): Naming => ({ code, domain: 'user', retry: 'backoff', hint });
const UNREACHABLE: Naming = {
  code: 'DATABASE_UNREACHABLE',
  domain: 'external',
  hint: 'Check that the cluster runs and can be reached; the node goes on by itself.',
};
const BUSY: Naming = {
  code: 'DATABASE_BUSY',
  domain: 'external',
  hint: 'Too few servers that keep the row answered in time; the node tries again by itself.',
};
const LOGIN = fix('DATABASE_LOGIN', 'Correct user and password of the connection; the node goes on by itself.');
const REFUSED: Naming = {
  code: 'ROW_REFUSED',
  domain: 'user',
  retry: 'never',
  hint: 'Mend the record or the table, then process the dead letter again.',
};

/** Codes of the native protocol, section 9: https://cassandra.apache.org/doc/latest/cassandra/reference/native-protocol.html */
const BY_CODE: { [code: number]: Naming } = {
  256: LOGIN,
  4096: BUSY,
  4097: BUSY,
  4098: BUSY,
  4352: BUSY,
  4608: BUSY,
  4864: BUSY,
  5376: BUSY,
  8192: fix(
    'DATABASE_ERROR',
    'Show this sentence of the database to whoever looks after it; the node tries again by itself.',
  ),
  8448: fix('DATABASE_RIGHTS', 'Give the user of the connection this right; the node goes on by itself.'),
  8704: REFUSED,
};

/** Names what the driver threw: what is tried again, what a person has to put right, and what is a record's own fault. */
export function explain(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const trouble = tlsTrouble('Cassandra', thrown);
  if (trouble !== undefined) return trouble;
  const error = deepest((thrown instanceof Error ? thrown : new Error(String(thrown))) as DriverError);
  const naming =
    (typeof error.code === 'number' ? BY_CODE[error.code] : undefined) ??
    (/[Aa]uthentication/.test(`${error.name} ${error.message}`)
      ? LOGIN
      : /[Kk]eyspace .* does not exist/.test(error.message)
        ? fix('DATABASE_UNKNOWN', 'Correct the keyspace of the connection, or create it.')
        : // What the driver cannot encode: a text for a number, a list for a set.
          error instanceof TypeError || error instanceof RangeError || error.name === 'SyntaxError'
          ? REFUSED
          : UNREACHABLE);
  const named =
    naming === REFUSED && /[Kk]eyspace .* does not exist/.test(error.message)
      ? fix('DATABASE_UNKNOWN', 'Correct the keyspace of the connection, or create it.')
      : naming;
  return new MillraceError(`Cassandra: ${`${error.message}.`.replace(/\.\.$/, '.')}`.slice(0, 1000), {
    ...named,
    params: {},
    cause: thrown,
  });
}

/** "All hosts tried" hides what each of them said. */
function deepest(error: DriverError): DriverError {
  for (const inner of Object.values(error.innerErrors ?? {})) {
    if (
      inner instanceof Error &&
      (typeof (inner as DriverError).code === 'number' || /uthentication/.test(inner.message))
    )
      return inner as DriverError;
  }
  return error;
}
