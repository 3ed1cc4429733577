/** What is known of a customer. */
export interface Customer {
  id: string;
  /** Orders so far. */
  orders: number;
  /** Spent so far, refunds taken off. */
  spent: number;
  /** Event time of the latest order, ms. */
  last: number;
}

/** 1 (lowest fifth) to 5 (highest fifth). */
export interface Scores {
  recency: number;
  frequency: number;
  monetary: number;
}

/**
 * Fifths of all customers by how lately, how often and for how much they bought: 1 + ⌊5 · (customers strictly below) ÷ (all customers)⌋. Equal
 * customers have equal scores. RFM as in Hughes, "Strategic database marketing" (1994); Bult, Wansbeek (Marketing Science 14, 1995).
 */
export function scoreAll(customers: readonly Customer[]): Map<string, Scores> {
  const found = new Map<string, Scores>(customers.map(({ id }) => [id, { recency: 1, frequency: 1, monetary: 1 }]));
  const rank = (part: keyof Scores, of: (customer: Customer) => number) => {
    const sorted = [...customers].sort((a, b) => of(a) - of(b));
    let below = 0;
    sorted.forEach((customer, i) => {
      if (i > 0 && of(customer) !== of(sorted[i - 1]!)) below = i;
      found.get(customer.id)![part] = 1 + Math.floor((5 * below) / sorted.length);
    });
  };
  rank('recency', ({ last }) => last);
  rank('frequency', ({ orders }) => orders);
  rank('monetary', ({ spent }) => spent);
  return found;
}

export const SEGMENTS = [
  'champion',
  'loyal',
  'new',
  'promising',
  'at-risk',
  'cannot-lose',
  'sleeping',
  'lost',
] as const;
export type Segment = (typeof SEGMENTS)[number];

/** The name of a score. `worth` is the mean of frequency and monetary. */
export function segmentOf({ recency, frequency, monetary }: Scores, orders: number): Segment {
  const worth = (frequency + monetary) / 2;
  if (recency >= 4 && worth >= 4) return 'champion';
  if (recency >= 4 && orders === 1) return 'new';
  if (recency >= 3) return worth >= 3 ? 'loyal' : 'promising';
  if (worth >= 4.5 && recency === 1) return 'cannot-lose';
  if (worth >= 3) return 'at-risk';
  return recency === 2 ? 'sleeping' : 'lost';
}

const YEAR = 365.25 * 86_400_000;
/** A customer is judged over at least a quarter of a year: one order on the first day does not make a hundred a year. */
const LEAST_AGE = YEAR / 4;

/**
 * What a customer will still bring in: m · r ÷ (1 + i − r), m what a year brings (spent ÷ years as a customer, times the margin), r the share
 * of customers who stay from one year to the next, i the yearly interest at which later money counts less.
 * Gupta, Lehmann, "Customers as assets" (Journal of Interactive Marketing 17, 2003).
 */
export function lifetimeValue(
  spent: number,
  first: number,
  now: number,
  { margin, retention, discount }: { margin: number; retention: number; discount: number },
): number {
  const years = Math.max(now - first, LEAST_AGE) / YEAR;
  return (Math.max(0, spent) / years) * margin * (retention / (1 + discount - retention));
}
