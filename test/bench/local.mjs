// `npm run -s bench -- local`: the two graphs of test/bench/graphs beside the hand-written script of ../shared/bench, over the
// same seeded orders, in turn, so that both meet the same machine. Every round's results are compared with the script's.
// W1: filter, revenue = qty × price, 10 s event-time windows per country. W2: filter, add revenue, write every order.
// Prints the medians: records/s of wall time, CPU seconds, peak memory, and ratio = CPU seconds of the script ÷ ours (1 = equal).
import { createReadStream, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { measure, median } from './measure.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

export const options = {
  records: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '3' },
  only: { type: 'string' },
};

export async function run({ records, rounds, only }) {
  const scripts = join(process.env.MILLRACE_SHARED ?? resolve(root, '../shared'), 'bench');
  if (!existsSync(join(scripts, 'fast.mjs'))) {
    process.stderr.write(
      `The baseline scripts are not at ${scripts}. Set MILLRACE_SHARED to the folder that holds bench/.\n`,
    );
    return 1;
  }
  const input = await orders(scripts, Number(records));
  const work = mkdtempSync(join(tmpdir(), 'millrace-bench-'));
  let wrong = 0;
  try {
    for (const name of only ? [only] : ['w1', 'w2']) {
      const samples = { script: [], millrace: [] };
      const theirs = join(work, `${name}.script.ndjson`);
      const ours = join(work, `${name}.millrace.ndjson`);
      let verdict = 'OK';
      for (let round = 0; round < Number(rounds); round++) {
        samples.script.push(await measure(process.execPath, [join(scripts, 'fast.mjs'), name, input, theirs]));
        rmSync(ours, { force: true });
        samples.millrace.push(
          await measure(process.execPath, [join(root, 'bin/millrace.mjs'), ...call(name, input, ours)]),
        );
        const found = name === 'w1' ? await verifyWindows(scripts, ours, theirs) : await sameOrders(ours, theirs);
        if (!found.startsWith('OK')) verdict = found;
      }
      if (verdict !== 'OK') wrong++;
      print(name, Number(records), samples, verdict);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return wrong === 0 ? 0 : 1;
}

function call(name, input, output) {
  return [
    'run',
    join(here, 'graphs', `${name}.json`),
    '--set',
    `orders.path=${input}`,
    '--set',
    `result.path=${output}`,
    '--json',
  ];
}

/** The generator's output is kept between calls: it is the same for the same number of records. */
async function orders(scripts, records) {
  const folder = join(root, '.millrace', 'bench');
  const file = join(folder, `orders-${records}.ndjson`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  await measure(process.execPath, [join(scripts, 'gen.mjs'), String(records), `${file}.part`]);
  renameSync(`${file}.part`, file);
  return file;
}

async function verifyWindows(scripts, ours, theirs) {
  const { stdout } = await measure(process.execPath, [join(scripts, 'verify.mjs'), ours, theirs]);
  return stdout.trim();
}

/** W2 keeps the order of its input: the files are compared line by line as values. Revenue may differ in the last digits: ours is decimal. */
async function sameOrders(ours, theirs) {
  const left = lines(ours);
  const right = lines(theirs);
  for (let line = 1; ; line++) {
    const [a, b] = [await left.next(), await right.next()];
    if (a.done || b.done)
      return a.done && b.done ? 'OK' : `WRONG: ${a.done ? 'rows are missing' : 'too many rows'} from line ${line}`;
    if (a.value === b.value) continue;
    const [x, y] = [JSON.parse(a.value), JSON.parse(b.value)];
    const near = Math.abs(x.revenue - y.revenue) <= 1e-9 * Math.abs(y.revenue);
    if (!near || JSON.stringify({ ...x, revenue: 0 }) !== JSON.stringify({ ...y, revenue: 0 }))
      return `WRONG: line ${line} differs`;
  }
}

function lines(file) {
  return createInterface({ input: createReadStream(file) })[Symbol.asyncIterator]();
}

function print(name, records, samples, verdict) {
  const [theirs, ours] = [samples.script, samples.millrace].map((runs) => ({
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(runs.map(({ cpu }) => cpu)),
    memory: median(runs.map(({ memory }) => memory)),
  }));
  const row = (label, { wall, cpu, memory }) =>
    `${name}  ${label.padEnd(9)}${String(Math.round(records / wall)).padStart(9)} records/s  ${cpu.toFixed(2).padStart(6)} s CPU  ${memory.toFixed(0).padStart(5)} MiB\n`;
  process.stdout.write(row('script', theirs) + row('millrace', ours));
  process.stdout.write(
    `${name}  ratio ${(theirs.cpu / ours.cpu).toFixed(2)}  wall ratio ${(theirs.wall / ours.wall).toFixed(2)}  ${verdict}\n`,
  );
}
