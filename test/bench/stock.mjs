// `npm run -s bench -- stock`: one million orders on one product of one stock, the hardest case of a flash sale, since one task has to
// serve them one after the other. Once undisturbed for the rate; once killed without warning twice, and counted again from the
// results: accepted = stock used, never below zero, each order answered once.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flashSale, wrongWith } from '../commerce/hot-sku.mjs';

export const options = {
  orders: { type: 'string', default: '1000000' },
  stock: { type: 'string', default: '700000' },
};

export async function run({ orders, stock }) {
  const sale = { orders: Number(orders), stock: Number(stock) };
  const bytes = 70 * Math.min(sale.orders, sale.stock / 2);
  let failed = 0;
  for (const [name, killAt] of [
    ['undisturbed', []],
    ['killed twice', [bytes * 0.25, bytes * 0.6]],
  ]) {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-stock-'));
    try {
      const outcome = await flashSale(folder, { ...sale, killAt });
      const wrong = wrongWith(sale, outcome);
      if (wrong.length > 0 || outcome.kills < killAt.length) failed++;
      const rate =
        killAt.length === 0
          ? `${Math.round(sale.orders / outcome.seconds)} orders/s, ${outcome.seconds.toFixed(1)} s`
          : `${outcome.kills} kills`;
      process.stdout.write(
        `stock  ${name.padEnd(13)} ${sale.orders} orders on 1 product: ${rate}; ${outcome.sold} of ${sale.stock} units sold, oversold ${outcome.ledger.oversold}, ${outcome.repeats} repeats noticed  ${wrong.length === 0 ? 'OK' : `WRONG: ${wrong.join('; ')}`}\n`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return failed === 0 ? 0 : 1;
}
