// `npm run -s bench -- state [--keys 10000000] [--windows 2000000]`: state that does not fit into memory. A running count with TTL over
// so many different keys, a tenth of which come twice, and so many windows that close at one watermark; each once undisturbed for its
// rate and peak memory, and once killed in the middle and resumed, which must give the same. Embedded: 1,000,000 keys of a task stay in memory.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, killGraph, runGraph } from './graph-run.mjs';

export const options = {
  keys: { type: 'string', default: '10000000' },
  windows: { type: 'string', default: '2000000' },
};

const time = { field: 't', disorder: 0 };

function counting(keys) {
  const events = Math.floor(keys * 1.1);
  return {
    name: `${keys} keys, running count with TTL`,
    events,
    graph: graphOf('Running count', {
      events: ['bench.count', { events, keys, time }],
      count: [
        'core.running-aggregate',
        { groupBy: ['k'], aggregates: [{ fn: 'count', as: 'n' }], forgetAfter: '1 d' },
        'events',
      ],
      twice: ['core.filter', { where: 'n == 2' }, 'count'],
      result: ['files.write', { path: 'result.ndjson', fsync: false }, 'twice'],
    }),
    check: ({ count, result }) => count.out === events && result.handled === events - keys,
  };
}

function closing(windows) {
  return {
    name: `${windows} windows close at one watermark`,
    events: windows,
    graph: graphOf('Windows', {
      events: ['bench.count', { events: windows, keys: windows, step: 0, time }],
      windows: [
        'core.window-aggregate',
        { window: 'tumbling', size: '1 h', groupBy: ['k'], aggregates: [{ fn: 'count', as: 'n' }] },
        'events',
      ],
      total: [
        'core.window-aggregate',
        {
          window: 'tumbling',
          size: '1 h',
          aggregates: [
            { fn: 'sum', field: 'n', as: 'n' },
            { fn: 'distinctApprox', field: 'k', as: 'k' },
          ],
        },
        'windows',
      ],
      result: ['files.write', { path: 'result.ndjson', fsync: false }, 'total'],
    }),
    check: ({ windows: node, result }) => node.out === windows && result.in === 1,
  };
}

export async function run({ keys, windows }) {
  let wrong = 0;
  for (const { name, events, graph, check } of [counting(Number(keys)), closing(Number(windows))]) {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-state-'));
    try {
      const whole = await runGraph(folder, graph, { more: ['--data-dir', join(folder, 'whole')] });
      const right = check(whole.nodes);
      rmSync(join(folder, 'result.ndjson'));
      rmSync(join(folder, 'whole'), { recursive: true });
      const again = { more: ['--data-dir', join(folder, 'killed')] };
      const hit = await killGraph(folder, graph, again, whole.wall * 600);
      const resumed = await runGraph(folder, graph, again);
      const same = hit && check(resumed.nodes);
      if (!right || !same) wrong++;
      const rate = Math.round(events / whole.wall);
      process.stdout.write(
        `state  ${name}: ${rate} records/s, ${whole.cpu.toFixed(1)} s CPU, peak ${whole.memory.toFixed(0)} MiB  ${right ? 'OK' : 'WRONG'}; ` +
          `killed at 60 %, resumed in ${resumed.wall.toFixed(1)} s, peak ${resumed.memory.toFixed(0)} MiB  ${same ? 'OK' : hit ? 'WRONG' : 'NOT HIT'}\n`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return wrong === 0 ? 0 : 1;
}
