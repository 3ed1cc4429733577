/** Longest name that is compared; longer ones are garbage or an attack, and get no suggestion. */
const MAX_LENGTH = 80;
/** Most candidates looked at. */
const MAX_CANDIDATES = 5000;

/** Optimal string alignment distance (insert, delete, replace, swap neighbours), or `limit + 1` when it is larger than `limit`. */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1)
      ) {
        cost = Math.min(cost, before[j - 2]! + 1);
      }
      row.push(cost);
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

/** What people confuse least: case, and the separators of order_id, order-id, orderId, "Order ID". */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

/**
 * The candidate somebody most likely meant by `name`, or undefined when none is near. A name that differs in case and
 * separators only is always near; so is the last part of a dotted candidate (`filter` for `core.filter`).
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length === 0 || name.length > MAX_LENGTH) return undefined;
  const wanted = plain(name);
  const reach = wanted.length <= 3 ? 1 : wanted.length <= 6 ? 2 : 3;
  let best: string | undefined;
  let bestCost = reach + 1;
  let seen = 0;
  for (const candidate of candidates) {
    if (candidate === name || candidate.length > MAX_LENGTH) continue;
    if (++seen > MAX_CANDIDATES) break;
    const tail = candidate.slice(candidate.lastIndexOf('.') + 1);
    let cost = editDistance(wanted, plain(candidate), bestCost);
    if (tail !== candidate) cost = Math.min(cost, editDistance(wanted, plain(tail), bestCost) + 0.5);
    // A swap of everything is no suggestion: at least half of the letters must stay.
    if (cost < bestCost && cost <= wanted.length / 2) {
      best = candidate;
      bestCost = cost;
    }
  }
  return best;
}
