// The workload "stock": orders that compete for the stock of 200 products, and an oracle that knows from the input log alone what
// must come out. The oracle shares no code with the operator or the runtime.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SKUS = 200;
/** Share of the demand that there is stock for; with whole lines refused, about a fifth of the orders is. */
const SUPPLY = 0.83;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Lines of the input log: half of the stock at the start, deliveries of the other half in between, and `count` orders, most of them
 * for few products (Zipf).
 * @param {{ seed: number, count: number }} options
 * @returns {string[]}
 */
export function orderLines({ seed, count }) {
  const random = randomOf(seed);
  const weights = Array.from({ length: SKUS }, (_, i) => 1 / (i + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const pick = () => {
    let at = random() * total;
    for (let i = 0; i < SKUS; i++) {
      at -= weights[i];
      if (at < 0) return i;
    }
    return SKUS - 1;
  };
  const orders = [];
  const demand = new Array(SKUS).fill(0);
  for (let n = 0; n < count; n++) {
    const sku = pick();
    const quantity = 1 + Math.floor(random() * 4);
    demand[sku] += quantity;
    orders.push({ orderId: `o${n}`, sku: `sku-${sku}`, quantity });
  }
  const restock = (sku, quantity) => ({ action: 'restock', sku: `sku-${sku}`, quantity });
  const lines = [];
  const later = [];
  for (let sku = 0; sku < SKUS; sku++) {
    const units = Math.floor(demand[sku] * SUPPLY);
    const first = Math.floor(units / 2);
    if (first > 0) lines.push(restock(sku, first));
    if (units - first > 0)
      later.push({ at: Math.floor((0.3 + 0.5 * random()) * count), row: restock(sku, units - first) });
  }
  later.sort((a, b) => a.at - b.at);
  for (let n = 0; n < count; n++) {
    while (later.length > 0 && later[0].at <= n) lines.push(later.shift().row);
    lines.push(orders[n]);
  }
  lines.push(...later.map(({ row }) => row));
  return lines.map((line, i) => `${JSON.stringify({ ...line, at: 1_700_000_000_000 + i * 2 })}\n`);
}

/**
 * @param {{ input: string, rate?: number, follow?: boolean, parallelism?: number, rememberFor?: string }} options `rate`: records per
 *   second; absent: as fast as it goes. `follow`: the input grows, and never ends. `rememberFor`: how long an order is remembered, in
 *   time of the orders, of which there is one each 2 ms
 */
export function stockGraph({ input, rate, follow, parallelism = 4, rememberFor }) {
  const write = (name) => ({ id: name, operator: 'files.write', config: { path: `${name}.ndjson` } });
  const edge = (port) => ({ id: `e-${port}`, source: 'stock', sourceHandle: port, target: port });
  return {
    schema: 1,
    name: 'Chaos: stock',
    nodes: [
      {
        id: 'orders',
        operator: 'files.read',
        config: { path: input, time: { field: 'at' }, ...(rate && { rate }), ...(follow && { follow }) },
      },
      {
        id: 'stock',
        operator: 'commerce.stock-reserve',
        config: { mode: 'line', pool: ['sku'], afterReserve: 'sell', ...(rememberFor && { rememberFor }) },
        parallelism,
      },
      ...['accepted', 'refused', 'updates', 'repeats'].map(write),
      { id: 'ledger', operator: 'view.table', config: { key: ['sku'] } },
    ],
    edges: [
      { id: 'e-in', source: 'orders', target: 'stock' },
      ...['accepted', 'refused', 'updates', 'repeats', 'ledger'].map(edge),
    ],
  };
}

const rows = (file) =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : [];

/** Answers that are in the result files now. */
export function answersIn(folder) {
  return ['accepted', 'refused', 'updates', 'repeats'].reduce((sum, name) => {
    const file = join(folder, `${name}.ndjson`);
    return sum + (existsSync(file) ? readFileSync(file).reduce((n, byte) => (byte === 10 ? n + 1 : n), 0) : 0);
  }, 0);
}

/**
 * What the input log demands, compared with what came out.
 * - `lost`: input records that nothing answered; `twice`: answers beyond the first, also those the operator itself saw to be repeats
 * - `wrongKeys`: products with an answer or a ledger that is not what the log demands; `negativeSkus`: products that gave away more
 *   than they had
 * @param {string} folder
 * @param {string} input
 * @param {readonly Record<string, unknown>[]} ledger final rows of the ledger; undefined: not looked at
 */
export function judge(folder, input, ledger) {
  const stock = new Map();
  const expected = new Map();
  const demanded = new Map();
  let restocks = 0;
  let refused = 0;
  for (const { action, orderId, sku, quantity } of rows(join(folder, input))) {
    const item = stock.get(sku) ?? { available: 0, cameIn: 0, sold: 0, requests: 0, restocks: 0 };
    stock.set(sku, item);
    if (action === 'restock') {
      item.available += quantity;
      item.cameIn += quantity;
      item.restocks++;
      restocks++;
      continue;
    }
    const given = item.available >= quantity;
    if (given) {
      item.available -= quantity;
      item.sold += quantity;
    } else refused++;
    item.requests++;
    expected.set(orderId, given);
    demanded.set(orderId, { sku, quantity });
  }

  const answers = new Map();
  const wrong = new Set();
  const sold = new Map();
  let strange = 0;
  const hear = (row, given) => {
    const { orderId, sku } = row;
    if (!expected.has(orderId)) {
      strange++;
      wrong.add(sku);
      return;
    }
    answers.set(orderId, (answers.get(orderId) ?? 0) + 1);
    const asked = demanded.get(orderId);
    if (expected.get(orderId) !== given || asked.sku !== sku || asked.quantity !== row.quantity) wrong.add(sku);
    if (given) sold.set(sku, (sold.get(sku) ?? 0) + row.reserved);
  };
  for (const row of rows(join(folder, 'accepted.ndjson'))) hear(row, true);
  for (const row of rows(join(folder, 'refused.ndjson'))) hear(row, false);
  const repeats = rows(join(folder, 'repeats.ndjson')).length;
  const updates = new Map();
  for (const { sku } of rows(join(folder, 'updates.ndjson'))) updates.set(sku, (updates.get(sku) ?? 0) + 1);

  let lost = 0;
  let twice = repeats;
  for (const id of expected.keys()) {
    const times = answers.get(id) ?? 0;
    if (times === 0) lost++;
    else twice += times - 1;
  }
  for (const [sku, { restocks: due }] of stock) {
    const got = updates.get(sku) ?? 0;
    lost += Math.max(0, due - got);
    twice += Math.max(0, got - due);
  }

  const negative = new Set();
  for (const [sku, units] of sold) if (units > (stock.get(sku)?.cameIn ?? 0)) negative.add(sku);
  if (ledger) {
    const seen = new Set();
    for (const row of ledger) {
      const item = stock.get(row.sku);
      const same =
        item &&
        row.available === item.available &&
        row.restocked === item.cameIn &&
        row.sold === item.sold &&
        row.requests === item.requests &&
        row.balanced === true &&
        row.oversold === 0;
      if (!same || seen.has(row.sku)) wrong.add(row.sku);
      if (row.available < 0 || row.oversold > 0) negative.add(row.sku);
      seen.add(row.sku);
    }
    for (const sku of stock.keys()) if (!seen.has(sku)) wrong.add(sku);
  }
  return {
    lost,
    twice,
    wrongKeys: wrong.size,
    negativeSkus: negative.size,
    orders: expected.size,
    restocks,
    refusedShare: Number((refused / expected.size).toFixed(3)),
    strange,
  };
}
