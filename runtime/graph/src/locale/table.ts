/**
 * Sentences by finding code. `{name}` is a param; a part in square brackets is left out when one of its params is missing
 * (brackets that are meant to be seen are written ⟦ ⟧). A key
 * `CODE.reason` is used for findings whose `reason` (or `what`) param says so. `words` translates kinds and other fixed words in params.
 */
export interface Locale {
  readonly words: { readonly [word: string]: string };
  /** Between the items of a list. */
  readonly comma: string;
  /** Between choices. */
  readonly or: string;
  readonly sentences: { readonly [code: string]: string };
}

/** The same sentences for the document's own schema and for a node's config. */
export function forBoth(sentences: { readonly [rule: string]: string }): { [code: string]: string } {
  const table: { [code: string]: string } = {};
  for (const prefix of ['DOCUMENT', 'CONFIG']) {
    for (const rule of Object.keys(sentences)) table[`${prefix}_${rule}`] = sentences[rule]!;
  }
  return table;
}
