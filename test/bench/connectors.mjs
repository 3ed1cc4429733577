// `npm run -s bench -- connectors [--system kafka] [--records 100000] [--rounds 3]`: our sinks and sources beside the bare client
// library doing the same, in turn, in the same run, against a real server that is started for it (or named by its variable).
//
// Method. The same orders go from a file into the system and from the system into a file, once through a graph of two nodes in this
// process, once through a short script with the client alone: batches of 1,000, as safe as the client can be made (acknowledged
// by the server, persistent), each record parsed once. A start with one record is subtracted from our time, connecting is not part
// of the script's. Printed: medians of the rounds in records/s of wall time and CPU time per record (all threads), and ours ÷ bare of
// both. On a machine that does other things too only the second says much.

import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { serverNamed } from '../services/lib/catalogue.mjs';
import { startServer } from '../services/lib/instance.mjs';
import { median } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const BATCH = 1000;

export const options = {
  system: { type: 'string', multiple: true },
  records: { type: 'string', default: '100000' },
  rounds: { type: 'string', default: '3' },
  expect: { type: 'string', default: '0' },
};

export async function run({ system, records, rounds, expect }) {
  const known = readdirSync(join(here, 'connectors')).map((file) => file.replace('.mjs', ''));
  let slow = 0;
  for (const name of system ?? known) {
    const { service, cases } = await import(`./connectors/${name}.mjs`);
    const given = process.env[serverNamed(service).env];
    const server = given ? undefined : await startServer(service);
    const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
    try {
      const bench = new Bench(folder, Number(records));
      await bench.writeOrders();
      for (const one of await cases(given ?? server.url, bench)) {
        const ratio = await compare(name, one, bench, Number(rounds));
        if (ratio < Number(expect)) slow++;
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await server?.stop();
    }
  }
  return slow === 0 ? 0 : 1;
}

/** What the cases of a system work with. */
class Bench {
  constructor(folder, count) {
    this.folder = folder;
    this.count = count;
    this.file = join(folder, 'orders.ndjson');
    this.one = join(folder, 'one.ndjson');
  }

  async writeOrders() {
    const out = createWriteStream(this.file);
    for (let n = 0; n < this.count; n++) {
      if (!out.write(`${JSON.stringify(order(n))}\n`)) await once(out, 'drain');
    }
    out.end();
    await once(out, 'finish');
    writeFileSync(this.one, `${JSON.stringify(order(0))}\n`);
  }

  /** Hands the lines of the orders to `send`, a thousand at a time. Answers what it took. */
  async sendLines(send) {
    const since = stopwatch();
    let lines = [];
    for await (const line of createInterface({ input: createReadStream(this.file) })) {
      lines.push(line);
      if (lines.length === BATCH) {
        await send(lines);
        lines = [];
      }
    }
    if (lines.length > 0) await send(lines);
    return since();
  }

  /** A file that takes what a script has read. */
  openResult() {
    return createWriteStream(join(this.folder, `bare-${Math.random()}.ndjson`));
  }

  /** What a graph takes to its end; `until`: looked at to see that a live one is done. */
  async graph(source, sink, done) {
    const { handle, since } = await start(this.folder, source, sink);
    if (done) {
      while (!(await done(handle))) await new Promise((resolve) => setTimeout(resolve, 20));
      const used = since();
      await handle.pause();
      await handle.done;
      return used;
    }
    const report = await handle.done;
    if (report.status !== 'finished') throw new Error(`the run is ${report.status}: ${JSON.stringify(report.error)}`);
    return since();
  }
}

function order(n) {
  return {
    id: `order-${n}`,
    customer: `customer-${(n * 7919) % 5000}`,
    status: ['created', 'paid', 'shipped', 'returned'][n % 4],
    total: (n % 50_000) / 100,
    currency: 'EUR',
    createdAt: new Date(1_700_000_000_000 + n * 1000).toISOString(),
    lines: [
      { sku: `SKU-${n % 997}`, qty: 1 + (n % 3), price: 19.99 },
      { sku: `SKU-${(n * 31) % 997}`, qty: 1, price: 5.5 },
    ],
  };
}

async function start(folder, source, sink) {
  const { startRun } = await import(pathToFileURL(join(root, 'runtime/embedded/dist/index.js')).href);
  const { validateGraph } = await import(pathToFileURL(join(root, 'runtime/graph/dist/index.js')).href);
  const { planGraph } = await import(pathToFileURL(join(root, 'runtime/planner/dist/index.js')).href);
  const module = pathToFileURL(join(root, 'apps/cli/dist/catalogue.js')).href;
  const catalogue = await (await import(module)).loadCatalogue([]);
  const graph = {
    schema: 1,
    name: 'Bench',
    nodes: [
      { id: 'in', ...source },
      { id: 'out', ...sink },
    ],
    edges: [{ id: 'e', source: 'in', target: 'out' }],
  };
  const checked = validateGraph(graph, catalogue);
  if (!checked.graph) throw new Error(JSON.stringify(checked.findings));
  const since = stopwatch();
  const handle = await startRun({
    plan: planGraph(checked.graph, catalogue),
    catalogue: { module, plugins: [] },
    baseDir: folder,
    dataDir: mkdtempSync(join(folder, 'data-')),
  });
  return { handle, since };
}

async function compare(system, { name, ...cases }, bench, rounds) {
  const times = { ours: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    times.bare.push(await cases.bare());
    times.ours.push(await cases.ours());
  }
  const [ours, bare] = [times.ours, times.bare].map((all) => ({
    wall: median(all.map(({ wall }) => wall)),
    cpu: median(all.map(({ cpu }) => cpu)),
  }));
  const rate = ({ wall }) =>
    `${Math.round(bench.count / wall)
      .toLocaleString('en')
      .padStart(9)} records/s`;
  const cost = ({ cpu }) => `${((cpu / bench.count) * 1e6).toFixed(1).padStart(6)} µs CPU`;
  process.stdout.write(
    `${system.padEnd(10)}${name.padEnd(22)}ours ${rate(ours)} ${cost(ours)}   bare ${rate(bare)} ${cost(bare)}   ratio ${(bare.wall / ours.wall).toFixed(2)}, by CPU ${(bare.cpu / ours.cpu).toFixed(2)}\n`,
  );
  return bare.wall / ours.wall;
}

/** Seconds of wall and of CPU (all threads of this process) since it was made. */
export function stopwatch() {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { wall: (performance.now() - wall) / 1000, cpu: (user + system) / 1e6 };
  };
}

/** What the second costs is taken off the first: the start of a run. */
export function less(all, start) {
  return { wall: all.wall - start.wall, cpu: all.cpu - start.cpu };
}
