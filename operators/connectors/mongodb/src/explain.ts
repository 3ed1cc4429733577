import { type ErrorInfo, MillraceError } from '@millrace/sdk';
import { tlsTrouble } from '@millrace/sdk/tls';

interface DriverError extends Error {
  code?: number | string;
  codeName?: string;
  errorLabels?: string[];
  reason?: { servers?: Map<string, { error?: unknown }> };
}

type Naming = Pick<ErrorInfo, 'code' | 'domain' | 'retry'> & { hint: string };

const fix = (code: string, hint: string): Naming => ({ code, domain: 'user', retry: 'backoff', hint });
const UNREACHABLE: Naming = {
  code: 'DATABASE_UNREACHABLE',
  domain: 'external',
  hint: 'Check that the database runs and can be reached; the node goes on by itself.',
};
const LOGIN = fix('DATABASE_LOGIN', 'Correct user and password of the connection; the node goes on by itself.');
const RIGHTS = fix('DATABASE_RIGHTS', 'Give the user of the connection this right; the node goes on by itself.');
const REFUSED: Naming = {
  code: 'ROW_REFUSED',
  domain: 'user',
  retry: 'never',
  hint: 'Mend the record, then process the dead letter again.',
};

/** Numbers of the server's errors: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const BY_NUMBER: { [code: number]: Naming } = {
  2: REFUSED, // BadValue
  9: REFUSED, // FailedToParse
  13: RIGHTS,
  14: REFUSED, // TypeMismatch
  15: REFUSED, // Overflow
  18: LOGIN,
  52: REFUSED, // DollarPrefixedFieldName
  56: REFUSED, // EmptyFieldName
  57: REFUSED, // DottedFieldName
  121: REFUSED, // DocumentValidationFailure
  10334: REFUSED, // BSONObjectTooLarge
  11000: REFUSED, // DuplicateKey
  17280: REFUSED, // KeyTooLong
};

const CLIENT_SIDE = /^(BSON|MongoInvalidArgument|MongoBatchReExecution|RangeError)/;

/** Names what the driver threw: what is tried again, what a person has to put right, and what is a record's own fault. */
export function explain(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const trouble = tlsTrouble('MongoDB', thrown);
  if (trouble !== undefined) return trouble;
  const error = (thrown instanceof Error ? thrown : new Error(String(thrown))) as DriverError;
  if (error instanceof TypeError)
    return new MillraceError(error.message, {
      code: 'CONNECTOR_BROKEN',
      domain: 'internal',
      retry: 'never',
      cause: thrown,
    });
  const { code } = deepest(error);
  const naming =
    (typeof code === 'number' ? BY_NUMBER[code] : undefined) ??
    (CLIENT_SIDE.test(error.name) && error.name !== 'MongoAPIError'
      ? REFUSED
      : /Authentication failed|auth/i.test(error.message) && code === undefined && /Auth/.test(error.name)
        ? LOGIN
        : UNREACHABLE);
  return new MillraceError(`MongoDB: ${`${error.message}.`.replace(/\.\.$/, '.')}`.slice(0, 1000), {
    ...naming,
    params: { ...(typeof code === 'number' && { number: code }) },
    cause: thrown,
  });
}

/** A server that cannot be chosen hides why (a refused login, for example) in what each server said. */
function deepest(error: DriverError): DriverError {
  for (const { error: inner } of error.reason?.servers?.values() ?? [])
    if (typeof (inner as DriverError | undefined)?.code === 'number') return inner as DriverError;
  const { cause } = error;
  return typeof error.code !== 'number' && cause instanceof Error ? deepest(cause as DriverError) : error;
}
