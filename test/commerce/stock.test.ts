import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readStoredRun } from '@millrace/embedded';
import { describe, expect, it, type TestContext } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows } from '../support/ndjson.js';
import { answer, needShared, root } from '../support/shared.js';

const SORTED = 'data/online_retail.ndjson.gz';
/** The same lines in order of arrival, up to 300 s late: sorting by time must make them the same story. */
const SHUFFLED = 'data/online_retail_disordered300.ndjson.gz';
const SALES =
  "goods.where=matches(stock_code, '^[0-9]{5}') && quantity > 0 && unit_price > 0 && !startsWith(invoice_no, 'C')";

interface Outcome {
  accepted: Row[];
  refused: Row[];
  moves: Row[];
  repeats: Row[];
  ledger: Row[];
  wanted: Record<string, number | string>;
}

async function run(test: TestContext, input: string, parallelism: number, ...settings: string[]): Promise<Outcome> {
  const [lines, answers] = needShared(test, input, 'answers/online_retail.json') as [string, string];
  const folder = ownFolder();
  const outputs = ['accepted', 'refused', 'moves', 'repeats'];
  const sets = [`lines.path=${lines}`, ...outputs.map((name) => `${name}.path=${join(folder, `${name}.ndjson`)}`)];
  await millraceOk([
    'run',
    join(root, 'test/commerce/graphs/stock.json'),
    ...[...sets, ...settings].flatMap((setting) => ['--set', setting]),
    ...['--parallelism', String(parallelism), '--data-dir', join(folder, 'data'), '--json'],
  ]);
  const stored = readStoredRun(join(folder, 'data'))!;
  const ledger = stored.view('ledger') as Row[];
  await stored.close();
  const [accepted, refused, moves, repeats] = outputs.map((name) => readRows(join(folder, `${name}.ndjson`)));
  const [wanted] = answer(answers, 'inventory_100') as [Outcome['wanted']];
  return { accepted: accepted!, refused: refused!, moves: moves!, repeats: repeats!, ledger, wanted };
}

const sum = (rows: readonly Row[], field: string) => rows.reduce((total, row) => total + Number(row[field] ?? 0), 0);

/** The proof on the ledger: adds up, nothing below zero, nothing oversold; and it says the same as the answers that were sent. */
function expectBalanced({ accepted, refused, moves, repeats, ledger }: Outcome): void {
  expect(repeats).toEqual([]);
  expect(
    ledger.filter(({ balanced, oversold, available }) => !balanced || oversold !== 0 || Number(available) < 0),
  ).toEqual([]);
  expect(sum(ledger, 'accepted')).toBe(sum(accepted, 'reserved'));
  expect(sum(ledger, 'refused')).toBe(sum(accepted, 'short') + sum(refused, 'short'));
  expect(sum(ledger, 'requests')).toBe(accepted.length + refused.length);
  expect(sum(ledger, 'restocked')).toBe(sum(moves, 'units'));
}

const FORMS = [
  { form: 'in order', input: SORTED, parallelism: 1 },
  { form: 'shuffled within the bound, on three tasks', input: SHUFFLED, parallelism: 3 },
];

describe('100 units of every product of a wholesaler', { timeout: 300_000 }, () => {
  it.for(FORMS)('whole lines or nothing, $form', async ({ input, parallelism }, test) => {
    const outcome = await run(test, input, parallelism, SALES);
    const { accepted, refused, ledger, wanted } = outcome;
    expectBalanced(outcome);
    expect({
      skus: ledger.length,
      requested: sum(accepted, 'quantity') + sum(refused, 'quantity'),
      aon_accepted: sum(accepted, 'reserved'),
      aon_rejected: sum(refused, 'short'),
      aon_rejected_lines: refused.length,
    }).toEqual({
      skus: wanted.skus,
      requested: wanted.requested,
      aon_accepted: wanted.aon_accepted,
      aon_rejected: wanted.aon_rejected,
      aon_rejected_lines: wanted.aon_rejected_lines,
    });
    const stock = ledger
      .map(({ stock_code, available }) => `${stock_code}:${available}\n`)
      .sort()
      .join('');
    expect(createHash('md5').update(stock).digest('hex')).toBe(wanted.aon_final_stock_md5);
  });

  it.for(FORMS)('as many units as there are, $form', async ({ input, parallelism }, test) => {
    const outcome = await run(test, input, parallelism, SALES, 'stock.mode=partial');
    expectBalanced(outcome);
    expect([sum(outcome.accepted, 'reserved'), sum(outcome.ledger, 'refused')]).toEqual([
      outcome.wanted.partial_accepted,
      outcome.wanted.partial_rejected,
    ]);
  });

  it.for(FORMS)('with returned goods back in stock, $form', async ({ input, parallelism }, test) => {
    const outcome = await run(test, input, parallelism);
    expectBalanced(outcome);
    expect([sum(outcome.accepted, 'reserved'), sum(outcome.refused, 'short')]).toEqual([
      outcome.wanted.restock_accepted,
      outcome.wanted.restock_rejected,
    ]);
    expect(sum(outcome.moves, 'units')).toBe(outcome.wanted.restock_returned);
  });
});
