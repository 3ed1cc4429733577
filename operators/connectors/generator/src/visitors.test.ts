import { describe, expect, it } from 'vitest';
import { Random, Zipf } from './random.js';
import { Visitors } from './visitors.js';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 5);

describe('Visitors', () => {
  it('follows the day: half at five, most in the evening, the rate on average', () => {
    const visitors = new Visitors(1, MIDNIGHT, true, undefined);
    const at = (hour: number): number =>
      (visitors.ordinary((hour + 0.01) * HOUR) - visitors.ordinary((hour - 0.01) * HOUR)) / (0.02 * HOUR);
    expect(at(5)).toBeCloseTo(0.48, 1);
    expect(at(19)).toBeCloseTo(1.46, 1);
    expect(visitors.ordinary(24 * HOUR)).toBeCloseTo(24 * HOUR, 0);
    const rates = Array.from({ length: 24 }, (_, h) => at(h + 0.5));
    expect(Math.min(...rates)).toBeGreaterThan(0.4);
    expect(rates.indexOf(Math.max(...rates))).toBeGreaterThan(16);
  });

  it('adds visits during sales only, and says when they are on', () => {
    const visitors = new Visitors(1, MIDNIGHT, false, { every: 1000, duration: 100, factor: 5 });
    const added = (from: number, to: number): number => visitors.drawnBySale(to) - visitors.drawnBySale(from);
    expect(added(0, 1000)).toBe(0);
    expect(added(1000, 1050)).toBe(200);
    expect(added(1000, 2000)).toBe(400);
    expect(added(0, 10_500)).toBe(4000);
    expect(visitors.saleWithin(0, 1000)).toBeUndefined();
    expect(visitors.saleWithin(950, 1010)).toEqual([1000, 1010]);
    expect(visitors.saleWithin(1050, 1500)).toEqual([1050, 1100]);
    expect(visitors.saleWithin(1100, 2000)).toBeUndefined();
    expect(visitors.saleWithin(2090, 2200)).toEqual([2090, 2100]);
  });

  it('loses no visit between two looks', () => {
    const visitors = new Visitors(0.0137, MIDNIGHT + 7, true, { every: 977, duration: 31, factor: 3 });
    let sum = 0;
    for (let t = 0; t < 500_000; t += 13) sum += visitors.count(t + 13) - visitors.count(t);
    expect(sum).toBe(visitors.count(Math.ceil(500_000 / 13) * 13));
  });
});

describe('Random', () => {
  it('depends on seed, stream and index alone', () => {
    const draw = (seed: number, stream: number, index: number): number[] => {
      const random = new Random(seed, stream).at(index);
      return [random.unit(), random.unit(), random.unit()];
    };
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    const all = [draw(1, 2, 3), draw(2, 2, 3), draw(1, 3, 3), draw(1, 2, 4), draw(1, 2, 3 + 2 ** 32)];
    expect(new Set(all.flat()).size).toBe(15);
  });

  it('is even, also in the first number of neighbouring indexes', () => {
    const random = new Random(7, 1);
    const bins = new Array<number>(20).fill(0);
    for (let i = 0; i < 40_000; i++) bins[Math.floor(random.at(i).unit() * 20)]!++;
    for (const bin of bins) expect(Math.abs(bin - 2000)).toBeLessThan(200);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 40_000; i++) {
      const x = random.at(i).normal();
      sum += x;
      squares += x * x;
    }
    expect(sum / 40_000).toBeCloseTo(0, 1);
    expect(squares / 40_000).toBeCloseTo(1, 1);
  });

  it('draws by rank', () => {
    const zipf = new Zipf(4);
    const random = new Random(1, 1).at(0);
    const bins = [0, 0, 0, 0];
    for (let i = 0; i < 50_000; i++) bins[zipf.draw(random)]!++;
    for (const [i, bin] of bins.entries()) expect(bin / 50_000).toBeCloseTo(zipf.share(i), 1.7);
    expect(zipf.share(0)).toBeCloseTo(12 / 25, 10);
  });
});
