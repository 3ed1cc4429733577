// `npm run -s bench -- nexmark [--query q5] [--events 1000000]`: events/s, CPU seconds per million events and peak memory of each Nexmark
// query on the embedded runtime, results written to a file. The generator's own cost is measured first, into a filter that lets
// nothing through, and is shown apart: the query's CPU is without it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUERIES } from '../nexmark/queries.mjs';
import { graphOf, root, runGraph } from './graph-run.mjs';

export const options = {
  query: { type: 'string' },
  events: { type: 'string', default: '1000000' },
  parallelism: { type: 'string', default: '1' },
};

const plugins = [join(root, 'operators/connectors/nexmark')];

async function measured(graph, parallelism) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-nexmark-'));
  try {
    return await runGraph(folder, graph, { plugins, more: ['--parallelism', parallelism] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function run({ query, events, parallelism }) {
  const n = Number(events);
  const perMillion = (seconds) => (seconds / n) * 1_000_000;
  const generators = new Map();
  /** CPU s of making the kinds of events that a query reads. */
  const generatorOf = async (config) => {
    const kinds = JSON.stringify(config.kinds ?? null);
    if (!generators.has(kinds)) {
      const ports = config.kinds ?? ['persons', 'auctions', 'bids'];
      const nodes = { events: ['nexmark.events', config] };
      for (const port of ports) {
        nodes[`no-${port}`] = ['core.filter', { where: 'false' }, `events.${port}`];
        nodes[`end-${port}`] = ['files.write', { path: `${port}.ndjson`, fsync: false }, `no-${port}`];
      }
      const { cpu } = await measured(graphOf('Generator', nodes), '1');
      generators.set(kinds, cpu);
      process.stdout.write(
        `nexmark  generator of ${ports.join(', ')}: ${perMillion(cpu).toFixed(2)} s CPU per million events\n`,
      );
    }
    return generators.get(kinds);
  };
  for (const name of query === undefined ? Object.keys(QUERIES) : [query]) {
    const graph = JSON.parse(readFileSync(join(root, 'test/nexmark/graphs', `${name}.json`), 'utf8'));
    const source = graph.nodes.find(({ operator }) => operator === 'nexmark.events');
    Object.assign(source.config, { events: n, partitions: Number(parallelism) });
    const generator = await generatorOf({ ...source.config, partitions: 1 });
    const { wall, cpu, memory } = await measured(graph, parallelism);
    process.stdout.write(
      `nexmark  ${name.padEnd(4)}${String(Math.round(n / wall)).padStart(9)} events/s  ${perMillion(cpu - generator)
        .toFixed(2)
        .padStart(
          6,
        )} s CPU per million events + generator ${perMillion(generator).toFixed(2)}  ${memory.toFixed(0).padStart(5)} MiB\n`,
    );
  }
  return 0;
}
