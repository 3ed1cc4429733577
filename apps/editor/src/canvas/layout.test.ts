import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curve, levelOf, sparkPaths } from './geometry.js';
import { place } from './layout.js';

const box = (id: string) => ({ id, width: 184, height: 76 });

describe('the tidy layout', () => {
  it('flows left to right on the grid', () => {
    const places = place({
      nodes: ['a', 'b', 'c'].map(box),
      edges: [
        { source: 'a', target: 'b' },
        { source: 'b', target: 'c' },
      ],
    });
    expect(places.get('a')!.x).toBeLessThan(places.get('b')!.x);
    expect(places.get('b')!.x).toBeLessThan(places.get('c')!.x);
    for (const { x, y } of places.values()) expect([x % 18, y % 18].map(Math.abs)).toEqual([0, 0]);
  });

  it('covers no card with another, whatever the graph, and gives the same answer twice', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 14 }),
        fc.array(fc.tuple(fc.nat(13), fc.nat(13)), { maxLength: 24 }),
        (count, pairs) => {
          const nodes = Array.from({ length: count }, (_, n) => box(`n${n}`));
          const edges = pairs
            .filter(([a, b]) => a < b && b < count)
            .map(([a, b]) => ({ source: `n${a}`, target: `n${b}` }));
          const places = place({ nodes, edges });
          expect(places.size).toBe(count);
          const all = [...places.values()];
          for (let i = 0; i < all.length; i++)
            for (let j = i + 1; j < all.length; j++)
              expect(Math.abs(all[i]!.x - all[j]!.x) >= 184 || Math.abs(all[i]!.y - all[j]!.y) >= 76).toBe(true);
          expect(place({ nodes, edges })).toEqual(places);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('geometry', () => {
  it('changes the level of detail at 75, 45 and 20 percent', () => {
    expect([1, 0.75, 0.74, 0.45, 0.44, 0.2, 0.19].map(levelOf)).toEqual([
      'full',
      'full',
      'simple',
      'simple',
      'block',
      'block',
      'dot',
    ]);
  });
  it('puts the label of a flat edge above it and that of a steep one beside it', () => {
    expect(curve(0, 0, 300, 0).label).toEqual({ x: 150, y: -13 });
    expect(curve(0, 0, 140, 400).label.x).toBeGreaterThan(70);
    expect(curve(0, 400, 140, 0).label.x).toBeLessThan(70);
  });
  it('draws nothing wild for a sparkline of zeros or of one value', () => {
    expect(sparkPaths([], 30, 16).line).toBe('M0 14L30 14');
    expect(sparkPaths([0, 0, 0], 30, 16).line).not.toContain('NaN');
    expect(sparkPaths([5, 5], 30, 16).line).not.toContain('NaN');
  });
});
