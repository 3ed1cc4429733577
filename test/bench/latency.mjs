// From the moment a record is sent by HTTP to the moment its effect is seen in a live view: filter, running total, view. The server runs
// in a process of its own; records are sent on a fixed schedule (open loop), each in a request of its own; a WebSocket follows the view.
// A record is seen with the first row whose count has reached it: the total counts every record, so its n-th row holds the first n records
// that were stored. Every record is on disk before its 202.
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { publish, serverProcess } from '../support/server.mjs';

export const options = {
  rate: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
};

const WARM_UP = 3;

const graph = {
  schema: 1,
  name: 'Latency',
  nodes: [
    { id: 'orders', operator: 'http.ingest', config: {} },
    { id: 'paid', operator: 'core.filter', config: { where: "status == 'paid'" } },
    {
      id: 'total',
      operator: 'core.running-aggregate',
      config: {
        groupBy: ['shop'],
        aggregates: [
          { fn: 'count', as: 'n' },
          { fn: 'sum', field: 'amount', as: 'revenue' },
        ],
      },
    },
    { id: 'view', operator: 'view.table', config: { name: 'totals', key: ['shop'] } },
  ],
  edges: [
    { id: 'e1', source: 'orders', target: 'paid' },
    { id: 'e2', source: 'paid', target: 'total' },
    { id: 'e3', source: 'total', target: 'view' },
  ],
};

export async function run({ rate: rateText, seconds: secondsText, json }) {
  const rate = Number(rateText);
  const count = rate * (Number(secondsText) + WARM_UP);
  const dir = mkdtempSync(join(tmpdir(), 'latency-'));
  const server = await serverProcess(join(dir, 'data'));
  try {
    const { id } = await publish(server, graph);
    const seen = new Float64Array(count + 1).fill(Number.NaN);
    const socket = await follow(server, 'totals', (n) => {
      const now = performance.now();
      for (let i = n; i > 0 && Number.isNaN(seen[i]); i--) seen[i] = now;
    });
    const { sent, answered, refused } = await send(server, `/ingest/${id}/orders`, count, rate);
    await until(() => !Number.isNaN(seen[count - refused]), 10_000);
    socket.terminate();
    // The n-th stored record is the n-th answered one up to those in flight together: positions give the exact order.
    const order = answered.sort((a, b) => a.position - b.position);
    const skip = rate * WARM_UP;
    const toSeen = order.map(({ index }, n) => seen[n + 1] - sent[index]).slice(skip);
    const toAnswer = order.map(({ index, at }) => at - sent[index]).slice(skip);
    const result = {
      rate,
      records: toSeen.length,
      refused,
      sentToSeen: quantiles(toSeen),
      sentTo202: quantiles(toAnswer),
    };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : text(result));
    return toSeen.some(Number.isNaN) ? 1 : 0;
  } finally {
    await server.kill('SIGTERM');
    rmSync(dir, { recursive: true, force: true });
  }
}

async function follow(server, view, counted) {
  const { body } = await server.call('/api/live-ticket', { body: {} });
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/live?ticket=${body.ticket}`);
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'rows' && message.rows.length > 0) counted(message.rows[0].n);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(JSON.stringify({ subscribe: { view } }));
  return socket;
}

/** Sends on a fixed schedule, whatever the answers do; a late tick catches up, so a stall of the server cannot hide. */
async function send(server, path, count, rate) {
  const sent = new Float64Array(count);
  const answered = [];
  let refused = 0;
  const started = performance.now();
  const open = new Set();
  for (let index = 0; index < count; ) {
    const due = Math.min(count, Math.floor(((performance.now() - started) * rate) / 1000) + 1);
    for (; index < due; index++) {
      const i = index;
      // The schedule's time, not the time at which this process got round to it.
      sent[i] = Math.min(performance.now(), started + (i * 1000) / rate);
      const call = server
        .call(path, { body: { status: 'paid', shop: 'a', amount: 1.25, i } })
        .then(({ status, body }) => {
          if (status === 202) answered.push({ index: i, position: Number(body.id), at: performance.now() });
          else refused++;
        })
        .finally(() => open.delete(call));
      open.add(call);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
  return { sent, answered, refused };
}

async function until(ready, ms) {
  const end = performance.now() + ms;
  while (!ready() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 5));
}

function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] * 100) / 100;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function text({ rate, records, refused, sentToSeen, sentTo202 }) {
  const line = (name, { p50, p95, p99, max }) =>
    `${name.padEnd(14)} p50 ${p50} ms   p95 ${p95} ms   p99 ${p99} ms   max ${max} ms\n`;
  return `${records} records at ${rate}/s by HTTP, one request each, ${refused} refused; ${cpus().length} CPUs, Node ${process.version}\n${line('sent to seen', sentToSeen)}${line('sent to 202', sentTo202)}`;
}
