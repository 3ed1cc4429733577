// `npm run -s bench -- state [--keys 10000000] [--windows 2000000]`: state that does not fit into memory; 0 leaves one of the two out. A
// running count with TTL over so many different keys, a tenth of which come twice, and so many windows that close at one watermark; each once
// undisturbed for its rate and peak memory, and once killed in the middle and resumed, which must give the same. In the middle: when 60 % of
// the keys have been read; when a third of the time from the end of the input to the end of the run has passed, so that part of the windows
// have closed. Embedded: 1,000,000 keys of a task stay in memory.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, killGraph, runGraph } from './graph-run.mjs';

export const options = {
  keys: { type: 'string', default: '10000000' },
  windows: { type: 'string', default: '2000000' },
};

const time = { field: 't', disorder: 0 };

function counting(keys, log) {
  const events = Math.floor(keys * 1.1);
  const mark = Math.floor(events * 0.6);
  return {
    name: `${keys} keys, running count with TTL`,
    events,
    graph: graphOf('Running count', {
      events: ['bench.count', { events, keys, time, log, mark }],
      count: [
        'core.running-aggregate',
        { groupBy: ['k'], aggregates: [{ fn: 'count', as: 'n' }], forgetAfter: '1 d' },
        'events',
      ],
      twice: ['core.filter', { where: 'n == 2' }, 'count'],
      result: ['files.write', { path: 'result.ndjson', fsync: false }, 'twice'],
    }),
    middle: 0,
    hit: ({ from }) => from > 0 && from < events,
    check: ({ count, result }) => count.out === events && result.handled === events - keys,
  };
}

function closing(windows, log) {
  return {
    name: `${windows} windows close at one watermark`,
    events: windows,
    graph: graphOf('Windows', {
      events: ['bench.count', { events: windows, keys: windows, step: 0, time, log, mark: windows }],
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
    middle: 1 / 3,
    // All was read and committed, and no result written.
    hit: ({ from, written }) => from === windows && written === 0,
    check: ({ windows: node, result }) => node.out === windows && result.in === 1,
  };
}

/** Lines of the source's log: `opened` or `passed`, event, time. */
function linesOf(log) {
  try {
    return readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([what, event, at]) => ({ what, event: Number(event), at: Number(at) }));
  } catch {
    return [];
  }
}

function sizeOf(file) {
  return existsSync(file) ? statSync(file).size : 0;
}

/** Killed and resumed; again, and earlier, when the kill came after all was done. */
async function disturbed(folder, log, { graph, hit, events }, wait) {
  for (let tries = 3; ; tries--) {
    for (const name of ['result.ndjson', 'killed', log]) rmSync(join(folder, name), { recursive: true, force: true });
    const again = { more: ['--data-dir', join(folder, 'killed')] };
    const file = join(folder, log);
    const killed = await killGraph(folder, graph, again, () => {
      const passed = linesOf(file).find(({ what }) => what === 'passed');
      return passed !== undefined && Date.now() - passed.at >= wait;
    });
    const written = sizeOf(join(folder, 'result.ndjson'));
    if (!killed && tries > 1) {
      wait /= 2;
      continue;
    }
    const resumed = await runGraph(folder, graph, { more: [...again.more, '--overwrite'] });
    // An input that had ended before the kill is not opened again.
    const opened = linesOf(file).filter(({ what }) => what === 'opened');
    const from = opened.length > 1 ? opened.at(-1).event : events;
    if (hit({ from, written }) || tries === 1) return { resumed, from, hit: hit({ from, written }) };
    wait /= 2;
  }
}

export async function run({ keys, windows }) {
  let wrong = 0;
  for (const [make, count] of [
    [counting, Number(keys)],
    [closing, Number(windows)],
  ]) {
    if (count === 0) continue;
    const folder = mkdtempSync(join(tmpdir(), 'millrace-state-'));
    try {
      const log = 'source.log';
      const bench = make(count, join(folder, log));
      const { name, events, graph, middle, check } = bench;
      const whole = await runGraph(folder, graph, { more: ['--data-dir', join(folder, 'whole')] });
      const right = check(whole.nodes);
      const passed = linesOf(join(folder, log)).find(({ what }) => what === 'passed');
      const after = Date.now() - passed.at;
      const stored = sizeOf(join(folder, 'whole', 'run', 'data.mdb'));
      rmSync(join(folder, 'whole'), { recursive: true });
      const { resumed, from, hit } = await disturbed(folder, log, bench, after * middle);
      const same = hit && check(resumed.nodes);
      if (!right || !same) wrong++;
      const rate = Math.round(events / whole.wall);
      process.stdout.write(
        `state  ${name}: ${rate} records/s, ${whole.cpu.toFixed(1)} s CPU, peak ${whole.memory.toFixed(0)} MiB${stored > 0 ? `, ${(stored / 2 ** 20).toFixed(0)} MiB on disk` : ''}  ${right ? 'OK' : 'WRONG'}; ` +
          `killed, went on from record ${from}, resumed in ${resumed.wall.toFixed(1)} s, peak ${resumed.memory.toFixed(0)} MiB  ${same ? 'OK' : hit ? 'WRONG' : 'NOT HIT'}\n`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return wrong === 0 ? 0 : 1;
}
