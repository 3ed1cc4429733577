// `npm run -s bench -- hopping [--records 300000]`: what a hopping window costs when it slides often. 60 min every 15 min beside
// 60 min every second, 20 keys, the same records; cost = CPU time of the window node ÷ (records taken + rows sent).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, runGraph } from './graph-run.mjs';

export const options = { records: { type: 'string', default: '300000' }, rounds: { type: 'string', default: '3' } };

function hopping(records, slide) {
  return graphOf('Hopping', {
    // Three hours of event time, whatever the number of records.
    events: [
      'bench.count',
      { events: records, keys: 20, step: 10_800_000 / records, time: { field: 't', disorder: 0 } },
    ],
    windows: [
      'core.window-aggregate',
      {
        window: 'hopping',
        size: '60 min',
        slide,
        groupBy: ['k'],
        aggregates: [
          { fn: 'count', as: 'n' },
          { fn: 'sum', field: 'n', as: 'sum' },
        ],
      },
      'events',
    ],
    none: ['core.filter', { where: 'n < 0' }, 'windows'],
    result: ['files.write', { path: 'result.ndjson', fsync: false }, 'none'],
  });
}

export async function run({ records, rounds }) {
  const costs = {};
  for (const slide of ['15 min', '1 s']) {
    const found = [];
    for (let round = 0; round < Number(rounds); round++) {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-hopping-'));
      const { nodes } = await runGraph(folder, hopping(Number(records), slide));
      rmSync(folder, { recursive: true, force: true });
      const { in: taken, out, aptUs } = nodes.windows;
      found.push({ cost: (aptUs * taken) / (taken + out), out, taken });
    }
    const best = found.reduce((a, b) => (a.cost < b.cost ? a : b));
    costs[slide] = best.cost;
    process.stdout.write(
      `hopping  60 min / ${slide.padEnd(6)} ${best.taken} records in, ${best.out} rows out, ${best.cost.toFixed(2)} µs per record or row\n`,
    );
  }
  const ratio = costs['1 s'] / costs['15 min'];
  process.stdout.write(`hopping  ratio ${ratio.toFixed(2)} (at most 2)  ${ratio <= 2 ? 'OK' : 'WRONG'}\n`);
  return ratio <= 2 ? 0 : 1;
}
