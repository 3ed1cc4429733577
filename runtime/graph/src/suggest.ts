/** Longest name that is compared; longer ones are garbage or an attack, and get no suggestion. */
const MAX_LENGTH = 80;
/** Most candidates looked at. */
const MAX_CANDIDATES = 5000;

/** Three rows of the distance table, used again by every call. */
const ROWS = [new Uint8Array(MAX_LENGTH + 2), new Uint8Array(MAX_LENGTH + 2), new Uint8Array(MAX_LENGTH + 2)] as const;

/**
 * Optimal string alignment distance (insert, delete, replace, swap neighbours), or `limit + 1` when it is larger than `limit`. Only the
 * diagonal band that can still be within the limit is looked at, so the cost is the length times the limit. At most 80 characters.
 */
export function editDistance(a: string, b: string, limit: number): number {
  const n = b.length;
  const beyond = limit + 1;
  if (Math.abs(a.length - n) > limit) return beyond;
  let row: Uint8Array = ROWS[0];
  let previous: Uint8Array = ROWS[1];
  let before: Uint8Array = ROWS[2];
  for (let j = 0; j <= n; j++) previous[j] = Math.min(j, beyond);
  for (let i = 1; i <= a.length; i++) {
    const first = Math.max(1, i - limit);
    const last = Math.min(n, i + limit);
    row[first - 1] = first === 1 ? Math.min(i, beyond) : beyond;
    let best = row[first - 1]!;
    const letter = a.charCodeAt(i - 1);
    for (let j = first; j <= last; j++) {
      const other = b.charCodeAt(j - 1);
      // Right of its band the row above was not filled.
      const above = j < i + limit ? previous[j]! : beyond;
      let cost = Math.min(above + 1, row[j - 1]! + 1, previous[j - 1]! + (letter === other ? 0 : 1), beyond);
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row[j] = cost;
      if (cost < best) best = cost;
    }
    if (best > limit) return beyond;
    [row, previous, before] = [before, row, previous];
  }
  return previous[n]!;
}

/** What people confuse least: case, and the separators of order_id, order-id, orderId, "Order ID". */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

/** Looks for the candidate somebody most likely meant by a name. */
export type Suggest = (name: string, candidates: Iterable<string>) => string | undefined;

/**
 * The candidate somebody most likely meant by `name`, or undefined when none is near. A name that differs in case and
 * separators only is always near; so is the last part of a dotted candidate (`filter` for `core.filter`).
 */
export const suggest: Suggest = (name, candidates) => search(name, candidates, MAX_CANDIDATES).found;

/** A `suggest` that gives up after so many comparisons in all: a document full of wrong names must not cost seconds. */
export function createSuggester(comparisons = 20_000): Suggest {
  let left = comparisons;
  return (name, candidates) => {
    if (left <= 0) return undefined;
    const { found, seen } = search(name, candidates, Math.min(left, MAX_CANDIDATES));
    left -= seen;
    return found;
  };
}

function search(name: string, candidates: Iterable<string>, most: number): { found: string | undefined; seen: number } {
  let found: string | undefined;
  let seen = 0;
  if (name.length === 0 || name.length > MAX_LENGTH) return { found, seen };
  const wanted = plain(name);
  const reach = wanted.length <= 3 ? 1 : wanted.length <= 6 ? 2 : 3;
  let bestCost = reach + 1;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > MAX_LENGTH) continue;
    if (++seen > most) break;
    let cost = editDistance(wanted, plain(candidate), reach);
    const dot = candidate.lastIndexOf('.');
    if (dot >= 0) cost = Math.min(cost, editDistance(wanted, plain(candidate.slice(dot + 1)), reach) + 0.5);
    // At least half of the letters must stay: two short names are not alike because both are short.
    if (cost < bestCost && cost <= wanted.length / 2) {
      found = candidate;
      bestCost = cost;
    }
  }
  return { found, seen };
}
