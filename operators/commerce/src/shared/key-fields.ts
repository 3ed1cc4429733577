import { Field, fieldExpression, fieldReader, type Value } from '@millrace/sdk';

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

/** Fields that part the records into markets, stores, brands: each learns by itself, and they run in parallel. */
export const marketsField = (what: string) =>
  Field.fields({
    title: 'Apart for each',
    description: `Markets, stores or brands that have nothing to do with each other: each has its own ${what}, and they run in parallel. Empty: one for all, in one task (on one processor core).`,
    ui: { advanced: true },
  });
