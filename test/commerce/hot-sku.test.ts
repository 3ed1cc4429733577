import { describe, expect, it } from 'vitest';
import { ownFolder } from '../support/folder.js';
import { flashSale, wrongWith } from './hot-sku.mjs';

describe('a flash sale on one product', () => {
  it('sells exactly what there was, each order answered once, though the process is killed three times', async () => {
    const sale = { orders: 30_000, stock: 20_000, rate: 12_000, killAt: [100_000, 400_000, 700_000] };
    const outcome = await flashSale(ownFolder(), sale);
    expect(outcome.kills, 'kills that hit a living process').toBeGreaterThanOrEqual(2);
    expect(wrongWith(sale, outcome)).toEqual([]);
  });
});
