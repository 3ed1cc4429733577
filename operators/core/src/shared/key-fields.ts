import { fieldExpression, fieldReader, type Value } from '@millrace/sdk';

/** The key of a record by plain fields, as the expressions `key` speaks in. */
export function fieldsKey(by: readonly string[] | undefined): string[] {
  return (by ?? []).map(fieldExpression);
}

/** Tells records that lack a part of their key. Cheaper than decoding the key of every record. */
export function lacksKey(by: readonly string[]): (value: Value) => boolean {
  const readers = by.map(fieldReader);
  return (value) => {
    for (let i = 0; i < readers.length; i++) if (readers[i]!(value) === null) return true;
    return false;
  };
}

/** A duration as it was written, for the card of a node. */
export function durationWords(duration: number | string | undefined): string {
  return typeof duration === 'number' ? `${duration} ms` : (duration ?? '?');
}
