import type { Category, Manifest } from '../api/types.js';
import { operatorName, operatorSummary } from '../canvas/names.js';

export const CATEGORIES: readonly Category[] = ['source', 'shape', 'combine', 'commerce', 'predict', 'sink'];

/** How well an operator fits a search text: names first, then type ids, then summaries. 0 = not at all. */
export function score(manifest: Manifest, text: string, locale: string): number {
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const name = `${operatorName(manifest, manifest.type, locale)} ${manifest.docs.title}`.toLowerCase();
  const summary = `${operatorSummary(manifest, locale)} ${manifest.docs.summary}`.toLowerCase();
  let total = 0;
  for (const word of words) {
    const at = name.indexOf(word);
    if (at === 0) total += 10;
    else if (at > 0) total += /\s/.test(name[at - 1]!) ? 8 : 5;
    else if (manifest.type.toLowerCase().includes(word)) total += 4;
    else if (summary.includes(word)) total += 2;
    else return 0;
  }
  return total;
}

export function searchOperators(manifests: Iterable<Manifest>, text: string, locale: string): Manifest[] {
  return [...manifests]
    .map((manifest) => ({ manifest, points: score(manifest, text, locale) }))
    .filter((entry) => entry.points > 0)
    .sort(
      (a, b) =>
        b.points - a.points ||
        CATEGORIES.indexOf(a.manifest.docs.category) - CATEGORIES.indexOf(b.manifest.docs.category),
    )
    .map((entry) => entry.manifest);
}
