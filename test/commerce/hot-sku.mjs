// A flash sale: all orders want one product of one stock, and the process is killed without warning while it serves them.
// Then everything is counted again from the results alone.
import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readStoredRun } from '@millrace/embedded';

const BIN = process.env.MILLRACE_BIN ?? join(import.meta.dirname, '../../bin/millrace.mjs');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Orders of 1 to 3 units, and every 50th one sent twice. The first record brings `stock` units. */
async function writeOrders(file, orders, stock) {
  const out = createWriteStream(file);
  out.write(`${JSON.stringify({ action: 'restock', requestId: 'delivery', sku: 'HOT', quantity: stock, at: 0 })}\n`);
  let chunk = '';
  for (let i = 1; i <= orders; i++) {
    const line = `{"orderId":${i},"sku":"HOT","quantity":${1 + ((i * 7) % 3)},"at":${i * 10}}\n`;
    chunk += i % 50 === 0 ? line + line : line;
    if (chunk.length > 1 << 20) {
      if (!out.write(chunk)) await new Promise((resolve) => out.once('drain', resolve));
      chunk = '';
    }
  }
  await new Promise((resolve) => out.end(chunk, resolve));
}

function graphOf(rate) {
  const file = (id, path) => ({ id, operator: 'files.write', config: { path } });
  return {
    schema: 1,
    name: 'Flash sale',
    nodes: [
      {
        id: 'orders',
        operator: 'files.read',
        config: { path: 'orders.ndjson', time: { field: 'at' }, ...(rate && { rate }) },
      },
      {
        id: 'stock',
        operator: 'commerce.stock-reserve',
        config: { mode: 'partial', pool: [], afterReserve: 'sell' },
      },
      file('accepted', 'accepted.ndjson'),
      file('refused', 'refused.ndjson'),
      file('repeats', 'repeats.ndjson'),
      { id: 'ledger', operator: 'view.table', config: { name: 'ledger', key: ['sku'] } },
    ],
    edges: [
      { id: 'in', source: 'orders', target: 'stock' },
      ...['accepted', 'refused', 'repeats', 'ledger'].map((port) => ({
        id: port,
        source: 'stock',
        sourceHandle: port,
        target: port,
      })),
    ],
  };
}

function start(folder) {
  const args = ['run', join(folder, 'graph.json'), '--data-dir', join(folder, 'data'), '--json'];
  const child = spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const ended = new Promise((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, output: () => output })),
  );
  return { child, ended };
}

async function read(file, each) {
  for await (const line of createInterface({ input: createReadStream(file) })) each(JSON.parse(line));
}

/**
 * Runs the sale in a folder and counts what came out. `killAt`: sizes of the file of accepted orders, in bytes, at which the process is killed.
 * @param {string} folder
 * @param {{ orders: number, stock: number, killAt?: readonly number[], rate?: number }} options
 */
export async function flashSale(folder, { orders, stock, killAt = [], rate }) {
  await writeOrders(join(folder, 'orders.ndjson'), orders, stock);
  writeFileSync(join(folder, 'graph.json'), JSON.stringify(graphOf(rate)));
  const accepted = join(folder, 'accepted.ndjson');
  const size = () => (existsSync(accepted) ? statSync(accepted).size : 0);
  let kills = 0;
  for (const at of killAt) {
    const { child, ended } = start(folder);
    let over = false;
    void ended.then(() => {
      over = true;
    });
    while (!over && size() < at) await pause(5);
    child.kill('SIGKILL');
    if ((await ended).signal === 'SIGKILL') kills++;
  }
  const last = await start(folder).ended;
  if (last.code !== 0) throw new Error(last.output());
  const report = JSON.parse(last.output().slice(last.output().indexOf('{')));

  const answers = new Map();
  let sold = 0;
  let short = 0;
  let twice = 0;
  const answer = ({ orderId, reserved, short: missing }) => {
    if (answers.has(orderId)) twice++;
    answers.set(orderId, reserved);
    sold += reserved;
    short += missing;
  };
  await read(accepted, answer);
  await read(join(folder, 'refused.ndjson'), answer);
  let repeats = 0;
  await read(join(folder, 'repeats.ndjson'), () => repeats++);
  const stored = readStoredRun(join(folder, 'data'));
  const [ledger] = stored.view('ledger');
  await stored.close();
  return { kills, sold, short, answered: answers.size, twice, repeats, ledger, seconds: report.durationMs / 1000 };
}

/** What is wrong with the outcome of a sale, in words; empty when it is right. */
export function wrongWith({ orders, stock }, { sold, short, answered, twice, repeats, ledger }) {
  let wanted = 0;
  for (let i = 1; i <= orders; i++) wanted += 1 + ((i * 7) % 3);
  const wrong = [];
  const check = (what, found, right) => {
    if (found !== right) wrong.push(`${what}: ${found}, not ${right}`);
  };
  check('orders answered', answered, orders);
  check('orders answered twice', twice, 0);
  check('repeats noticed', repeats, Math.floor(orders / 50));
  check('units sold', sold, Math.min(stock, wanted));
  check('units sold and refused', sold + short, wanted);
  check('sold in the ledger', ledger.sold, sold);
  check('left in the ledger', ledger.available, stock - sold);
  check('oversold', ledger.oversold, 0);
  check('balanced', ledger.balanced, true);
  return wrong;
}
