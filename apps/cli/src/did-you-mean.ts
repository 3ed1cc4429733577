/**
 * ` Did you mean "x"?` for the nearest of `known`, or nothing when none is near. Loads what it needs only now: it serves people
 * who mistyped, and must cost the others nothing.
 */
export async function didYouMean(typed: string, known: Iterable<string>, prefix = ''): Promise<string> {
  const { suggest } = await import('@millrace/graph');
  const nearest = suggest(typed, known);
  return nearest === undefined ? '' : ` Did you mean "${prefix}${nearest}"?`;
}
