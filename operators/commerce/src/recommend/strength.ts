/**
 * How strongly one product points to another, between 0 and 1.
 *
 * together ÷ (first^(1−p) · second^p) · together ÷ (together + caution)
 *
 * `together`, `first`, `second`: (faded) baskets and visits with both, with the first, with the second. `p` = how much the popularity of the
 * second is taken away. p = 0 is the share of the first one's buyers who took the second too; p = ½ is the cosine of Linden, Smith, York,
 * "Amazon.com recommendations: item-to-item collaborative filtering" (IEEE Internet Computing, 2003); the exponent in between is that of
 * Deshpande, Karypis, "Item-based top-N recommendation algorithms" (ACM TOIS 22, 2004, section 4.1.2). The second factor holds pairs
 * back that were seen too rarely to be believed: Bell, Koren, "Scalable collaborative filtering with jointly derived neighborhood
 * interpolation weights" (ICDM 2007).
 */
export function strength(together: number, first: number, second: number, p: number, caution: number): number {
  if (together <= 0 || first <= 0 || second <= 0) return 0;
  const alike = p === 0.5 ? together / Math.sqrt(first * second) : together / (first ** (1 - p) * second ** p);
  return Math.min(1, alike) * (together / (together + caution));
}
