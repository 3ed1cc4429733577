import { fieldReader, MillraceError, type Value } from '@millrace/sdk';

/** Reads the JSON of a message; whole numbers that a double cannot hold are refused by nobody here and come as doubles. */
export function readMessage(data: Buffer): Value {
  try {
    return JSON.parse(data.toString('utf8')) as Value;
  } catch (cause) {
    throw new MillraceError('The message is not JSON.', { code: 'BAD_JSON', cause });
  }
}

/** The records of a message: itself, a list, or a list inside. Undefined: a message without records, such as a greeting. */
export function recordsIn(message: Value, path: string | undefined): Value[] | undefined {
  const found: Value = path === undefined || path === '' ? message : fieldReader(path)(message);
  if (Array.isArray(found)) return found;
  return found !== null && typeof found === 'object' ? [found] : undefined;
}
