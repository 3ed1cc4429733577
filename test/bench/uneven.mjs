// `npm run -s bench -- uneven [--seconds 20]`: two inputs of a join of which one brings a thousand times as many records, and a diamond
// whose branches, one of them slow, meet again. `--seconds 600` for the long form. There must be no deadlock (every record arrives) and
// memory must not grow: the peak of the second half is at most a quarter above that of the first.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { graphOf, runGraph } from './graph-run.mjs';

export const options = { seconds: { type: 'string', default: '20' } };

const time = { field: 't', disorder: 0 };

function join1000(seconds) {
  const fast = 20_000;
  const slow = fast / 1000;
  return {
    name: 'join of 20,000 and 20 records/s',
    graph: graphOf('Join', {
      fast: ['bench.count', { events: fast * seconds, keys: 100, step: 1000 / fast, perSecond: fast, time }],
      slow: ['bench.count', { events: slow * seconds, keys: 100, step: 1000 / slow, perSecond: slow, time }],
      join: [
        'core.interval-join',
        { leftKey: ['k'], rightKey: ['k'], lower: '-1 s', upper: '1 s', type: 'left', select: 'nest' },
        { left: 'fast', right: 'slow' },
      ],
      matched: ['core.filter', { where: 'right != null' }, 'join'],
      result: ['files.write', { path: 'result.ndjson', fsync: false }, 'matched'],
    }),
    check: ({ join: node, fast: left, slow: right }) => node.in === left.out + right.out && node.out >= left.out,
  };
}

function diamond(seconds) {
  const rate = 20_000;
  return {
    name: 'diamond with one slow branch',
    graph: graphOf('Diamond', {
      events: ['bench.count', { events: rate * seconds, keys: 1000, step: 1000 / rate, perSecond: rate, time }],
      left: ['core.filter', { where: 'k % 1000 == 0' }, 'events'],
      right: [
        'core.window-aggregate',
        { window: 'tumbling', size: '1 s', groupBy: ['k'], aggregates: [{ fn: 'count', as: 'n' }] },
        'events',
      ],
      both: [
        'core.interval-join',
        { leftKey: ['k'], rightKey: ['k'], lower: 0, upper: '1 s', select: 'nest' },
        { left: 'left', right: 'right' },
      ],
      result: ['files.write', { path: 'result.ndjson', fsync: false }, 'both'],
    }),
    check: ({ events, both, left, right }) => events.out === rate * seconds && both.in === left.out + right.out,
  };
}

export async function run({ seconds }) {
  let wrong = 0;
  for (const make of [join1000, diamond]) {
    const peaks = [];
    let right = true;
    for (const share of [0.5, 1]) {
      const folder = mkdtempSync(join(tmpdir(), 'millrace-uneven-'));
      const { name, graph, check } = make(Math.round(Number(seconds) * share));
      const { nodes, memory, wall } = await runGraph(folder, graph, { more: ['--parallelism', '2'] });
      rmSync(folder, { recursive: true, force: true });
      right &&= check(nodes);
      peaks.push(memory);
      process.stdout.write(
        `uneven  ${name}, ${wall.toFixed(0)} s: peak ${memory.toFixed(0)} MiB  ${check(nodes) ? 'OK' : 'WRONG'}\n`,
      );
    }
    const flat = peaks[1] <= peaks[0] * 1.25 + 16;
    process.stdout.write(`uneven  memory ${flat ? 'flat' : 'GROWS'} over twice the time\n`);
    if (!right || !flat) wrong++;
  }
  return wrong === 0 ? 0 : 1;
}
