import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
function tokens(theme: string): { [name: string]: string } {
  const block = new RegExp(`\\[data-mantine-color-scheme="${theme}"\\] \\{([\\s\\S]*?)\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/--mr-(\w+): (#[0-9A-Fa-f]{3,6});/g)].map((match) => [
      match[1],
      match[2]!.length === 4 ? `#${[...match[2]!.slice(1)].map((c) => c + c).join('')}` : match[2],
    ]),
  );
}
/** WCAG 2 relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'])('colours of the %s theme', (theme) => {
  const t = tokens(theme);
  const pairs: Array<[string, string, number]> = [];
  for (const ground of ['canvas', 'panel', 'card', 'raised', 'sunken'])
    for (const text of ['ink', 'ink2', 'ink3', 'ok', 'warn', 'bad', 'pri']) pairs.push([text, ground, 4.5]);
  for (const status of ['ok', 'warn', 'bad']) pairs.push([status, `${status}t`, 4.5]);
  pairs.push(
    ['pri', 'prit', 4.5],
    ['prin', 'prib', 4.5],
    ['ink2', 'mutet', 4.5],
    ['field', 'panel', 3],
    ['field', 'canvas', 3],
  );
  for (const category of ['source', 'shape', 'combine', 'commerce', 'predict', 'sink'])
    pairs.push([category, `${category}t`, 4.5], [category, 'card', 3]);
  for (const mark of ['okf', 'warnf', 'badf', 'water']) pairs.push([mark, 'card', 3], [mark, 'canvas', 3]);

  it('can be read: text 4.5 to 1, marks 3 to 1', () => {
    const weak = pairs
      .filter(([front, back, need]) => contrast(t[front]!, t[back]!) < need)
      .map(([front, back]) => `${front} on ${back}: ${contrast(t[front]!, t[back]!).toFixed(2)}`);
    expect(weak).toEqual([]);
  });
});
