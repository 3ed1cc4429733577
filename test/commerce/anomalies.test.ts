import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { millraceOk } from '../support/cli.js';
import { ownFolder } from '../support/folder.js';
import { type Row, readRows } from '../support/ndjson.js';
import { root } from '../support/shared.js';

/** The first seconds of the shop teach the detectors what is usual; the last visits are cut off by the end of the stream. */
const LEARNING = 20_000;
const CUT = 10_000;

interface Case {
  label: unknown;
  from: number;
}

/** What was wrong with each order or visit, from the labels that the detectors never see. */
function truth(rows: readonly Row[], id: string): Map<unknown, Case> {
  const cases = new Map<unknown, Case>();
  for (const row of rows) {
    const known = cases.get(row[id]);
    const from = Math.min(known?.from ?? Number.POSITIVE_INFINITY, Number(row.ts));
    cases.set(row[id], { label: row.label, from });
  }
  return cases;
}

describe('the seeded anomalies of the simulated shop', () => {
  it('are all found by fraud scores and monitors, with few false alarms', async () => {
    const folder = ownFolder();
    cpSync(join(root, 'test/commerce/graphs/anomalies.json'), join(folder, 'graph.json'));
    await millraceOk(['run', join(folder, 'graph.json')]);
    const read = (file: string) => readRows(join(folder, `${file}.ndjson`));
    const orders = truth(read('truth-orders'), 'orderId');
    const payments = truth(read('truth-payments'), 'orderId');
    const visits = truth(read('truth-clicks'), 'sessionId');
    const times = [...visits.values()].map(({ from }) => from);
    const begin = times.reduce((a, b) => Math.min(a, b));
    const end = times.reduce((a, b) => Math.max(a, b));

    const payAlerts = read('payment-alerts');
    const because = (...names: string[]) =>
      new Set(
        payAlerts
          .filter((row) => (row.fraudReasons as Row[]).some(({ check }) => names.includes(String(check))))
          .map(({ orderId }) => orderId),
      );
    const watched = [
      ['bot', 'commerce.monitor', visits, new Set(read('bot-alarms').map(({ sessionId }) => sessionId))],
      [
        'price-glitch',
        'commerce.monitor',
        orders,
        new Set(
          read('prices')
            .filter(({ strain }) => Number(strain) > 1)
            .map(({ orderId }) => orderId),
        ),
      ],
      ['bulk-order', 'commerce.fraud-score', orders, new Set(read('line-alerts').map(({ orderId }) => orderId))],
      ['card-testing', 'commerce.fraud-score', payments, because('declined payments', 'cards on one device')],
      ['foreign-card', 'commerce.fraud-score', payments, because('card from abroad')],
    ] as const;
    for (const [label, operator, cases, alarmed] of watched) {
      const counted = [...cases].filter(([, { from }]) => from >= begin + LEARNING && from <= end - CUT);
      const seeded = counted.filter(([, found]) => found.label === label);
      const missed = seeded.filter(([id]) => !alarmed.has(id)).map(([id]) => id);
      const good = counted.filter(([, found]) => found.label === null);
      const falseAlarms = good.filter(([id]) => alarmed.has(id)).length;
      const rate = falseAlarms / good.length;
      process.stdout.write(
        `${operator}, ${label}: ${seeded.length - missed.length} of ${seeded.length} found, false alarms ${falseAlarms} of ${good.length} (${(100 * rate).toFixed(2)} %)\n`,
      );
      expect(seeded.length, label).toBeGreaterThan(100);
      expect(missed, label).toEqual([]);
      // One honest customer in a hundred pays with a card from abroad: nothing tells these from the seeded ones.
      expect(rate, label).toBeLessThan(label === 'foreign-card' ? 0.02 : 0.005);
    }
  });
});
