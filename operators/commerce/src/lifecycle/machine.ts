/** The states of an order, in the order in which they usually follow one another. */
export const STATES = [
  'created',
  'paid',
  'packed',
  'shipped',
  'delivered',
  'cancelled',
  'returned',
  'refunded',
] as const;
export type OrderState = (typeof STATES)[number];

/** The usual moves. Those on the way from created to delivered may be skipped; see `judge`. */
const MOVES: { readonly [from in OrderState]: readonly OrderState[] } = {
  created: ['paid', 'cancelled'],
  paid: ['packed', 'shipped', 'cancelled', 'refunded'],
  packed: ['shipped', 'cancelled'],
  shipped: ['delivered', 'returned'],
  delivered: ['returned', 'refunded'],
  cancelled: ['refunded'],
  returned: ['refunded'],
  refunded: [],
};
/** The way an order takes when all goes well. */
const WAY: readonly OrderState[] = ['created', 'paid', 'packed', 'shipped', 'delivered'];

export type Verdict =
  /** A usual move. */
  | { kind: 'move'; skipped: readonly OrderState[] }
  /** The order is further along: the news came late, and is only noted. */
  | { kind: 'behind' }
  | { kind: 'repeat' }
  | { kind: 'illegal' };

/**
 * What a new state means for an order. `from` undefined: nothing is known of it. `had`: states it has been in, by their time.
 * A parcel that was shipped was shipped, so a jump ahead on the way is a move that names what was skipped (packed is nobody's duty
 * and is never named).
 */
export function judge(from: OrderState | undefined, to: OrderState, had: ReadonlySet<OrderState>): Verdict {
  if (had.has(to)) return { kind: 'repeat' };
  const place = WAY.indexOf(to);
  const skipped = (after: number) => WAY.slice(after + 1, Math.max(place, 0)).filter((state) => state !== 'packed');
  if (from === undefined) {
    if (to === 'created') return { kind: 'move', skipped: [] };
    return { kind: 'move', skipped: place > 0 ? skipped(-1) : ['created'] };
  }
  if (MOVES[from].includes(to)) return { kind: 'move', skipped: [] };
  const at = WAY.indexOf(from);
  if (at >= 0 && place > at) return { kind: 'move', skipped: skipped(at) };
  // Also after a return: the news of an earlier step may come last.
  const furthest = Math.max(...[...had].map((state) => WAY.indexOf(state)));
  if (place >= 0 && place < furthest) return { kind: 'behind' };
  return { kind: 'illegal' };
}
