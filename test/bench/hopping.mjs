// `npm run -s bench -- hopping [--records 300000]`: what a hopping window costs when it slides often. 60 min every 15 min beside
// 60 min every second, 20 keys, the same records; cost = time in the window node ÷ (records taken + rows sent), the best of some rounds. Beside it
// the CPU time of the whole process, its start, the source and the store included. Run it on a machine with nothing else to do: time in the node
// is taken by the wall clock.
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
  const slides = ['15 min', '1 s'];
  const found = { '15 min': [], '1 s': [] };
  // In turn, so that both meet the same machine.
  for (let round = 0; round < Number(rounds); round++) {
    for (const slide of slides) {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-hopping-'));
      const { nodes, cpu } = await runGraph(folder, hopping(Number(records), slide));
      rmSync(folder, { recursive: true, force: true });
      const { in: taken, out, aptUs } = nodes.windows;
      found[slide].push({ cost: (aptUs * taken) / (taken + out), whole: (cpu * 1e6) / (taken + out), out, taken });
    }
  }
  const best = (slide, what) => Math.min(...found[slide].map((one) => one[what]));
  for (const slide of slides) {
    const { taken, out } = found[slide][0];
    process.stdout.write(
      `hopping  60 min / ${slide.padEnd(6)} ${taken} records in, ${out} rows out, ${best(slide, 'cost').toFixed(2)} µs per record or row; ` +
        `CPU of the whole process ${best(slide, 'whole').toFixed(2)} µs\n`,
    );
  }
  const ratio = best('1 s', 'cost') / best('15 min', 'cost');
  const whole = best('1 s', 'whole') / best('15 min', 'whole');
  process.stdout.write(
    `hopping  ratio ${ratio.toFixed(2)} (at most 2), of the whole process ${whole.toFixed(2)}  ${ratio <= 2 ? 'OK' : 'WRONG'}\n`,
  );
  return ratio <= 2 ? 0 : 1;
}
